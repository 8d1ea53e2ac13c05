// Document packages by the program as a person calls it: the example over its sample files, and a month of the sample ledger from a real
// PostgreSQL. Packages are read by unzip and xmllint beside the tests' own readers.
import {execFile} from 'node:child_process'
import {cp, mkdir, mkdtemp, readFile, readdir, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {promisify} from 'node:util'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {parse, stringify} from 'yaml'
import {Manifest} from '../../crds/run.ts'
import {SECRET_ENV} from '../../crds/secrets.ts'
import type {ScheduledExportSpecInput} from '../../crds/spec.ts'
import {createReader, loadLedger} from '../../examples/ledger/load.ts'
import {readList} from '../../exporter-job/formats/datev/documents/testing/read-list.ts'
import {readZip} from '../../exporter-job/formats/datev/documents/testing/read-zip.ts'
import {readStack} from '../../exporter-job/formats/datev/testing/reader.ts'
import {ensurePackages} from '../cluster/build/packages.ts'
import {attempt} from '../cluster/run.ts'
import {startPostgres} from '../support/postgres.ts'
import type {PostgresServer} from '../support/postgres.ts'

const ROOT = join(import.meta.dirname, '../..')
const EXAMPLE = join(ROOT, 'examples/datev-documents.yaml')
const PACKAGE = 'Belege_202610_001.zip'
const STACK = 'EXTF_Buchungsstapel_202610_001.csv'

let folder: string
beforeAll(async () => {
  await ensurePackages(['unzip', 'xmllint'])
  folder = await mkdtemp(join(tmpdir(), 'datev-documents-'))
})
afterAll(() => rm(folder, {recursive: true}))

interface Called {
  readonly code: number
  readonly result: {readonly phase: string; readonly rows?: number; readonly error?: {readonly code: string}}
  readonly out: string
}

async function call(file: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Promise<Called> {
  const out = await mkdtemp(join(folder, 'out-'))
  const cli = ['exporter-job/cli.ts', '--file', file, '--period', '2026-10', '--out', out, ...args]
  const {code, stdout} = await attempt(process.execPath, cli, {cwd: ROOT, env: {...process.env, ...env}})
  return {code, result: JSON.parse(stdout.trim().split('\n').at(-1)!) as Called['result'], out}
}

async function published(out: string, ending: string): Promise<string[]> {
  const paths = await readdir(out, {recursive: true})
  return paths.filter((path) => path.endsWith(ending) && !path.startsWith('.scheduled-export')).map((path) => join(out, path))
}

async function run(command: string, args: readonly string[]): Promise<Buffer> {
  return (await promisify(execFile)(command, [...args], {encoding: 'buffer', maxBuffer: 64 * 1024 * 1024})).stdout
}

describe('the example', () => {
  test('publishes a package that other programs read, and a stack that links to it', async () => {
    const {code, result, out} = await call(EXAMPLE)
    expect([code, result.phase, result.rows]).toEqual([0, 'Completed', 9])
    const [archive] = await published(out, PACKAGE)
    expect((await run('unzip', ['-t', archive!])).toString()).toContain('No errors detected')
    const xml = join(out, 'document.xml')
    await writeFile(xml, await run('unzip', ['-p', archive!, 'document.xml']))
    await run('xmllint', ['--noout', '--nonet', xml])
    const {documents} = readList(await readFile(xml))
    expect(documents.map(({type, files, repository}) => [type, files, repository])).toEqual([
      ['2', ['AR-2026-000701.pdf', 'AR-2026-000701 Lieferschein.pdf'], ['Deichläufer', 'Belege', '2026/10']],
      ['1', ['ER-2026-000310 Nordlicht.pdf'], ['Deichläufer', 'Belege', '2026/10']],
      [undefined, ['KA-2026-000017.pdf'], ['Deichläufer', 'Belege', '2026/10']],
    ])
    const scan = await readFile(join(ROOT, 'examples/documents/2026-10/scan-0042.pdf'))
    expect((await run('unzip', ['-p', archive!, 'ER-2026-000310 Nordlicht.pdf'])).equals(scan)).toBe(true)
    const [stack] = await published(out, STACK)
    const links = readStack(await readFile(stack!)).rows.map((row) => row[19])
    const [invoice, purchase, receipt] = documents.map(({guid}) => `BEDI "${guid}"`)
    expect(links).toEqual([invoice, purchase, purchase, '', receipt])
  })

  test('counts and hashes the package like any file', async () => {
    const {out} = await call(EXAMPLE)
    const [path] = await published(out, '.manifest.json')
    const {files, datasets} = Manifest.parse(JSON.parse(await readFile(path!, 'utf8')))
    const [archive] = await published(out, PACKAGE)
    const [sha256] = (await run('sha256sum', [archive!])).toString().split(' ')
    expect(files[0]).toEqual({name: PACKAGE, rows: 4, bytes: (await readFile(archive!)).length, sha256})
    expect(datasets).toEqual([{dataset: 'documents', rows: 4, skipped: 0}, {dataset: 'bookings', rows: 5, skipped: 0}])
    const [protocol] = await published(out, '.protocol.txt')
    expect(await readFile(protocol!, 'utf8')).toMatch(/documents +4 +0/)
  })

  test('gives the same bytes in another time zone of the machine', async () => {
    const [one, other] = [await call(EXAMPLE), await call(EXAMPLE, [], {TZ: 'America/New_York'})]
    const [first, second] = await Promise.all([one, other].map(async ({out}) => await readFile((await published(out, PACKAGE))[0]!)))
    expect(first!.equals(second!)).toBe(true)
  })

  test('is checked with its files, and nothing is published', async () => {
    const {code, result, out} = await call(EXAMPLE, ['--check'])
    expect([code, result.phase, result.rows]).toEqual([0, 'Checked', 9])
    expect(await readdir(out)).toEqual([])
  })

  test('may have its documents in a folder of their own', async () => {
    const elsewhere = await mkdtemp(join(folder, 'elsewhere-'))
    await cp(join(ROOT, 'examples/documents'), join(elsewhere, 'documents'), {recursive: true})
    const {code, result} = await call(EXAMPLE, ['--documents', elsewhere])
    expect([code, result.phase]).toEqual([0, 'Completed'])
    const {result: without} = await call(EXAMPLE, ['--documents', await mkdtemp(join(folder, 'empty-'))])
    expect(without.error?.code).toBe('FileNotFound')
  })

  test.each([[['--check']], [[]]])('lists files that are missing, and publishes nothing (%s)', async (args) => {
    const input = await mkdtemp(join(folder, 'in-'))
    await mkdir(join(input, 'documents/2026-10'), {recursive: true})
    for (const name of ['bookings', 'documents']) {
      await writeFile(join(input, `documents/${name}-2026-10.csv`), await readFile(join(ROOT, `examples/documents/${name}-2026-10.csv`)))
    }
    const {code, result, out} = await call(EXAMPLE, [...args, '--in', input])
    expect([code, result.phase, result.error?.code]).toEqual([2, 'Failed', 'FileNotFound'])
    expect(await published(out, '.zip')).toEqual([])
    const [list] = await published(out, '.csv')
    expect((await readFile(list!, 'utf8')).split('\r\n')[1]).toBe(
      'documents,1,document_id,"""AR-2026-000701""",path,FileNotFound,"""AR-2026-000701.pdf""",' +
        'must name a file below the folder of spec.format.datev.documents: there is none of that path,,',
    )
  })
})

/** Every number of a document is one, by a UUID of the database's own. */
function withDocuments(spec: ScheduledExportSpecInput): void {
  const where = 'FROM bookings_for_datev WHERE document_date >= :periodStart AND document_date < :periodEnd'
  const id = 'md5(document_number)::uuid AS document_id'
  spec.source.postgres!.datasets = {
    bookings: {query: `SELECT booking_id, amount, debit_credit, currency, account, contra_account, document_date, ${id} ${where} AND currency = 'EUR' ORDER BY booking_id`},
    documents: {query: `SELECT DISTINCT ${id}, 'beleg.pdf' AS path, document_number || '.pdf' AS file_name ${where} ORDER BY 1`},
  }
  spec.format = {datev: {consultant: 1001, client: 456, documents: {claimName: 'invoices'}}}
}

describe('a month of the ledger from PostgreSQL', () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await startPostgres()
    await loadLedger(server.url)
    await createReader(server.url, 'reader', 'secret')
  })
  afterAll(async () => {
    await server?.stop()
  })

  test('is linked booking by booking, all from one snapshot', async () => {
    const input = await mkdtemp(join(folder, 'in-'))
    await writeFile(join(input, 'beleg.pdf'), '%PDF-1.4')
    const manifest = parse(await readFile(join(ROOT, 'examples/datev-monthly.yaml'), 'utf8')) as {spec: ScheduledExportSpecInput}
    withDocuments(manifest.spec)
    const file = join(input, 'manifest.yaml')
    await writeFile(file, stringify(manifest))
    const {code, out} = await call(file, ['--in', input], {[SECRET_ENV.postgresUrl]: server.urlOf('postgres', 'reader:secret')})
    expect(code).toBe(0)
    const entries = readZip(await readFile((await published(out, PACKAGE))[0]!))
    const {documents} = readList(entries.at(-1)!.bytes)
    const guids = new Map(documents.map(({guid, files}) => [guid, files[0]]))
    const {rows} = readStack(await readFile((await published(out, STACK))[0]!))
    const wanted = await server.query(
      `SELECT upper(md5(document_number)::uuid::text) AS guid, document_number || '.pdf' AS name FROM bookings_for_datev
       WHERE document_date >= '2026-10-01' AND document_date < '2026-11-01' AND currency = 'EUR' ORDER BY booking_id`,
      [],
    )
    expect(rows.map((row) => row[19])).toEqual(wanted.map(({guid}) => `BEDI "${String(guid)}"`))
    expect(wanted.filter(({guid, name}) => guids.get(String(guid)) !== name)).toEqual([])
    expect(entries.length).toBe(documents.length + 1)
  })
})
