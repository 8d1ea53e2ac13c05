// Every example manifest, run by `npm run export` over the sample ledger in a real PostgreSQL, as a user who may only read.
import {mkdtemp, readFile, readdir, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {SECRET_ENV} from '../../crds/secrets.ts'
import {Manifest} from '../../crds/run.ts'
import {createReader, loadLedger} from '../../examples/ledger/load.ts'
import {attempt} from '../cluster/run.ts'
import {startPostgres} from '../support/postgres.ts'
import type {PostgresServer} from '../support/postgres.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

let server: PostgresServer
let out: string

beforeAll(async () => {
  server = await startPostgres()
  await loadLedger(server.url)
  await createReader(server.url, 'reader', 'pass/word')
  out = await mkdtemp(join(tmpdir(), 'scheduled-export-examples-'))
})

afterAll(async () => {
  await server?.stop()
  await rm(out, {recursive: true, force: true})
})

const EXAMPLES = [
  {name: 'datev-monthly', period: '2026-10', from: '2026-10-01', to: '2026-11-01'},
  {name: 'datev-nightly-month-to-date', period: '2026-10-01..2026-10-19', from: '2026-10-01', to: '2026-10-20'},
  {name: 'datev-csv', period: '2026-10', from: '2026-10-01', to: '2026-11-01'},
  {name: 'csv-monthly', period: '2026-10', from: '2026-10-01', to: '2026-11-01'},
  {name: 'datev-quarterly', period: '2026-Q3', from: '2026-07-01', to: '2026-10-01', where: "currency = 'EUR'"},
]

describe.each(EXAMPLES)('$name', ({name, period, from, to, where = 'true'}) => {
  test('publishes what the ledger holds, to the cent', async () => {
    const folder = join(out, name)
    const {code, stdout, stderr} = await exportOnce(name, period, folder)
    expect({code, stderr: code === 0 ? '' : stderr}).toEqual({code: 0, stderr: ''})
    expect(JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({phase: 'Completed'})
    const {rows, totals} = await manifestIn(folder)
    const expected = await totalsOf(from, to, where)
    expect(totals.map(({currency, side, count, sum}) => `${currency} ${side} ${count} ${sum}`).toSorted()).toEqual(expected)
    expect(rows).toBe(totals.reduce((sum, {count}) => sum + count, 0))
  })
})

const JOURNALS = [
  {name: 'saft-no', period: '2026-10', from: '2026-10-01', to: '2026-11-01'},
  {name: 'saft-ro', period: '2026-10', from: '2026-10-01', to: '2026-11-01'},
  {name: 'saft-lu', period: '2026', from: '2026-01-01', to: '2027-01-01'},
  {name: 'saft-pt', period: '2026', from: '2026-01-01', to: '2027-01-01'},
]

describe.each(JOURNALS)('$name', ({name, period, from, to}) => {
  test('publishes the journal of the ledger, which balances, to the cent', async () => {
    const folder = join(out, name)
    const {code, stderr} = await exportOnce(name, period, folder)
    expect({code, stderr: code === 0 ? '' : stderr}).toEqual({code: 0, stderr: ''})
    const {totals} = await manifestIn(folder)
    const [expected] = await server.query('SELECT sum(debit)::text AS debit, sum(credit)::text AS credit FROM journal_lines_for_export WHERE posting_date >= $1 AND posting_date < $2', [from, to])
    const sumOf = (side: 'S' | 'H'): string | undefined => totals.find((total) => total.side === side)?.sum
    expect({debit: sumOf('S'), credit: sumOf('H')}).toEqual(expected)
    expect(sumOf('S')).toBe(sumOf('H'))
  })
})

test('what is published already is found, not written again', async () => {
  const folder = join(out, 'datev-monthly')
  const before = await readdir(folder, {recursive: true})
  expect((await exportOnce('datev-monthly', '2026-10', folder)).code).toBe(0)
  expect(await readdir(folder, {recursive: true})).toEqual(before)
})

function exportOnce(name: string, period: string, folder: string): ReturnType<typeof attempt> {
  const args = ['--file', `examples/${name}.yaml`, '--period', period, '--out', folder, '--in', 'examples/ledger']
  const env = {...process.env, [SECRET_ENV.postgresUrl]: server.urlOf('postgres', 'reader:pass%2Fword')}
  return attempt(process.execPath, ['exporter-job/cli.ts', ...args], {cwd: ROOT, env})
}

async function manifestIn(folder: string): Promise<Manifest> {
  const names = (await readdir(folder, {recursive: true})).filter((name) => name.endsWith('.manifest.json'))
  expect(names).toHaveLength(1)
  return Manifest.parse(JSON.parse(await readFile(join(folder, names[0]!), 'utf8')))
}

async function totalsOf(from: string, to: string, where: string): Promise<string[]> {
  const rows = await server.query(
    `SELECT concat_ws(' ', currency, debit_credit, count(*), sum(amount)) AS total FROM bookings_for_datev
     WHERE document_date >= $1 AND document_date < $2 AND ${where} GROUP BY currency, debit_credit`,
    [from, to],
  )
  return rows.map(({total}) => String(total)).toSorted()
}
