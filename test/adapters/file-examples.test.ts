// The examples that read files and an API, run as a person would run them: they write what the CSV example writes.
import {execFile} from 'node:child_process'
import {copyFile, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {promisify} from 'node:util'
import {gzipSync} from 'node:zlib'
import {afterAll, beforeAll, expect, test} from 'vitest'
import {parse, stringify} from 'yaml'
import {SECRET_ENV} from '../../crds/secrets.ts'
import type {ScheduledExportSpecInput} from '../../crds/spec.ts'
import {COLUMNS} from '../../examples/ledger/csv.ts'
import {generateLedger} from '../../examples/ledger/generate.ts'
import {bookingsNdjson} from '../../examples/ledger/ndjson.ts'
import type {Booking} from '../../examples/ledger/types.ts'
import {startApi} from '../support/api.ts'

const EXAMPLES = join(import.meta.dirname, '../../examples')
const CLI = join(import.meta.dirname, '../../exporter-job/cli.ts')
const MONTH = '2026-10'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'file-examples-'))
})
afterAll(() => rm(folder, {recursive: true}))

interface Result {
  readonly phase: string
  readonly rows: number
  readonly files: readonly {readonly sha256: string}[]
}

interface Manifest {
  readonly metadata: {name: string}
  readonly spec: ScheduledExportSpecInput
}

/** Exports October by a copy of an example, changed where it names what is not here. */
async function run(example: string, change: (manifest: Manifest) => void = () => undefined, env: NodeJS.ProcessEnv = {}): Promise<Result> {
  const manifest = parse(await readFile(join(EXAMPLES, example), 'utf8')) as Manifest
  // What the file says of its export is the same for all, and nothing is tried twice.
  manifest.metadata.name = 'books'
  manifest.spec.retry = {attempts: 1}
  change(manifest)
  const file = join(folder, `${example}-${crypto.randomUUID()}`)
  await writeFile(file, stringify(manifest))
  const args = [CLI, '--file', file, '--period', MONTH, '--in', folder, '--out', `${file}-out`]
  const {stdout} = await promisify(execFile)(process.execPath, args, {env: {...process.env, ...env}})
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as Result
}

function hashes({files}: Result): string[] {
  return files.map(({sha256}) => sha256)
}

test('NDJSON, plain and packed, gives the same files as CSV', async () => {
  await copyFile(join(EXAMPLES, `ledger/bookings-${MONTH}.csv`), join(folder, `bookings-${MONTH}.csv`))
  const csv = await run('datev-csv.yaml')
  expect(csv.rows).toBeGreaterThan(1_500)
  const ndjson = bookingsNdjson(generateLedger(), MONTH)
  for (const bytes of [Buffer.from(ndjson), gzipSync(ndjson)]) {
    await writeFile(join(folder, `bookings-${MONTH}.ndjson`), bytes)
    expect(hashes(await run('datev-ndjson.yaml'))).toEqual(hashes(csv))
  }
})

/** As the API of the example has it. */
function apiBooking(booking: Booking): string {
  const text = (column: string): string => JSON.stringify(COLUMNS[column]!(booking) ?? null)
  const account = (column: string): string => `{"number": ${text(column)}, "name": "…"}`
  return `{"id": "${booking.documentNumber}", "amount": ${COLUMNS['amount']!(booking)}, "side": ${text('debit_credit')}, "account": ${account('account')},
    "contraAccount": ${account('contra_account')}, "taxKey": ${text('tax_key')}, "date": ${text('document_date')}, "number": ${text('document_number')},
    "text": ${text('text')}, "tags": ["a", {"b": [1.5e3]}]}`
}

test('the API gives the same file as CSV with the same columns, and gets its token', async () => {
  const bookings = generateLedger().bookings.filter(({documentDate}) => documentDate.startsWith(MONTH))
  const api = await startApi()
  api.answer((_request, response, url) => {
    const [from, limit] = [Number(url.searchParams.get('after') ?? 0), Number(url.searchParams.get('limit'))]
    const page = bookings.slice(from, from + limit).map(apiBooking)
    const next = from + limit < bookings.length ? `"${from + limit}"` : 'null'
    response.writeHead(200, {'content-type': 'application/json'}).end(`{"data": [${page.join(',')}], "meta": {"next": ${next}}}`)
  })
  const fromApi = await run(
    'datev-http.yaml',
    ({spec}) => {
      spec.source.http!.datasets.bookings!.url = `${api.origin.replace('api.test', '127.0.0.1')}/v1/bookings`
    },
    {[SECRET_ENV.httpToken]: 'canary'},
  )
  const columns = ['amount', 'debit_credit', 'account', 'contra_account', 'tax_key', 'document_date', 'document_number', 'text'].map((name) => ({name}))
  const fromCsv = await run('datev-csv.yaml', ({spec}) => {
    Object.assign(spec.source.csv!.datasets.bookings!, {columns, otherColumns: 'Drop'})
    spec.format = {datev: {consultant: 1001, client: 456}}
  })
  await api.stop()
  expect(hashes(fromApi)).toEqual(hashes(fromCsv))
  expect(api.requests.length).toBe(Math.ceil(bookings.length / 500))
  expect(new Set(api.requests.map(({headers}) => headers.authorization))).toEqual(new Set(['Bearer canary']))
  expect(Object.fromEntries(api.requests[0]!.url.searchParams)).toEqual({from: '2026-10-01', to: '2026-10-31', limit: '500'})
})
