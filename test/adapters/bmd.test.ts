// The example for BMD over the sample ledger in a real PostgreSQL, read back by the independent reader.
import {mkdtemp, readFile, readdir, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {afterAll, beforeAll, expect, test} from 'vitest'
import {SECRET_ENV} from '../../crds/secrets.ts'
import {createReader, loadLedger} from '../../examples/ledger/load.ts'
import {cents, readBookings} from '../../exporter-job/formats/bmd/testing/reader.ts'
import type {BookingRow} from '../../exporter-job/formats/bmd/testing/reader.ts'
import {attempt} from '../cluster/run.ts'
import {startPostgres} from '../support/postgres.ts'
import type {PostgresServer} from '../support/postgres.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

let server: PostgresServer
let out: string

beforeAll(async () => {
  server = await startPostgres()
  await loadLedger(server.url)
  await createReader(server.url, 'reader', 'secret')
  out = await mkdtemp(join(tmpdir(), 'scheduled-export-bmd-'))
})

afterAll(async () => {
  await server?.stop()
  await rm(out, {recursive: true, force: true})
})

test('the example publishes what the ledger holds, to the cent', async () => {
  const args = ['exporter-job/cli.ts', '--file', 'examples/bmd-monthly.yaml', '--period', '2026-10', '--out', out]
  const env = {...process.env, [SECRET_ENV.postgresUrl]: server.urlOf('postgres', 'reader:secret')}
  const {code, stderr} = await attempt(process.execPath, args, {cwd: ROOT, env})
  expect({code, stderr: code === 0 ? '' : stderr}).toEqual({code: 0, stderr: ''})
  const rows = await publishedRows()
  expect(sums(rows)).toEqual(await ledgerSums())
  expect(new Set(rows.map((row) => row['buchsymbol']))).toEqual(new Set(['AR', 'ER', 'KA', 'BK', 'SO', 'ST']))
  expect(rows.some((row) => row['waehrung'] === 'CHF')).toBe(true)
})

async function publishedRows(): Promise<BookingRow[]> {
  const names = (await readdir(out, {recursive: true})).filter((name) => name.endsWith('.csv'))
  expect(names.map((name) => name.split('/').at(-1))).toEqual(['BMD_Buchungen_2026-10_001.csv'])
  return [...readBookings(await readFile(join(out, names[0]!))).rows]
}

/** Count, and sums of euros by sign. */
function sums(rows: readonly BookingRow[]): string {
  const amounts = rows.map((row) => cents(row['betrag']))
  return `${rows.length} ${add(amounts.filter((each) => each > 0n))} ${add(amounts.filter((each) => each < 0n))}`
}

function add(amounts: readonly bigint[]): bigint {
  return amounts.reduce((sum, each) => sum + each, 0n)
}

async function ledgerSums(): Promise<string> {
  const [row] = await server.query(
    `SELECT concat_ws(' ', count(*), (sum(euro) FILTER (WHERE euro > 0))::bigint, (sum(euro) FILTER (WHERE euro < 0))::bigint) AS sums
     FROM (SELECT 100 * amount_in_euro * CASE WHEN (side = 'debit') = (cancels IS NULL) THEN 1 ELSE -1 END AS euro
           FROM bookings WHERE document_date >= '2026-10-01' AND document_date < '2026-11-01') b`,
    [],
  )
  return String(row!['sums'])
}
