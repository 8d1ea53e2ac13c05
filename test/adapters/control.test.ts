// spec.control against a real PostgreSQL: what agrees is published, what differs by a cent is not.
import {mkdtemp, readdir, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, beforeAll, beforeEach, describe, expect, it} from 'vitest'
import type {Total} from '../../crds/run.ts'
import {redactor} from '../../exporter-job/redact.ts'
import {connectAdapters} from '../../exporter-job/run/connect.ts'
import {compareWithControl} from '../../exporter-job/run/control.ts'
import {executeAttempt} from '../../exporter-job/run/execute.ts'
import {identifyRun} from '../../exporter-job/run/identify.ts'
import {createPostgresSource} from '../../exporter-job/sources/postgres.ts'
import {sqlParameters} from '../../exporter-job/sources/sql/parameters.ts'
import {postgresExport} from '../../exporter-job/testing/exports.ts'
import type {Source} from '../../exporter-job/sources/types.ts'
import {startPostgres} from '../support/postgres.ts'
import type {PostgresServer} from '../support/postgres.ts'

const ALIVE = new AbortController().signal
const PERIOD = {start: '2026-10-01', end: '2026-11-01'}
let server: PostgresServer

beforeAll(async () => {
  server = await startPostgres()
  await server.query(`create table bookings (id int, amount numeric(15, 2), debit_credit text, currency text, account int, contra_account int,
    document_date date, document_number text)`)
})
afterAll(() => server.stop())

/** What a format has written: two currencies. */
const WRITTEN: readonly Total[] = [
  {currency: 'EUR', side: 'S', count: 2, sum: '300.10'},
  {currency: 'EUR', side: 'H', count: 1, sum: '100.05'},
  {currency: 'USD', side: 'S', count: 1, sum: '7.00'},
]

async function compare(query: string, totals: readonly Total[] = WRITTEN, rows = 4, summedRows = rows): Promise<void> {
  const options = {url: server.url, urlOrigin: 'Secret a, key b', redact: redactor([]), statementTimeoutMs: 60_000, lockTimeoutMs: 30_000}
  const parameters = sqlParameters([], '', {period: PERIOD, timeZone: 'Europe/Berlin'})
  const source = createPostgresSource({...options, parameters, timeZone: 'Europe/Berlin', queries: {}})
  await using snapshot = await source.snapshot(ALIVE)
  await compareWithControl(query, {rows, summedRows, datasets: [], totals, unusedColumns: [], protocol: {tables: []}}, snapshot)
}

describe('a control query', () => {
  it.each([
    ['the count', 'select 4 as count'],
    ['all of it in one row', 'select 4 as count, 307.10 as debit, 100.05 as credit'],
    ['more decimals, all of them zeros', 'select 307.100000 as debit'],
    ['a row a currency', "values ('EUR', 3, 300.10, 100.05), ('USD', 1, 7, 0)", ['currency', 'count', 'debit', 'credit']],
    ['the columns in another order', "values (300.1, 'EUR'), (7.0, 'USD')", ['debit', 'currency']],
    ['NULL for a sum over nothing', "values ('EUR', 100.05), ('USD', null::numeric)", ['currency', 'credit']],
    ['one currency only, where it names none', 'select 307.1 as debit'],
    ['a parameter', "select 4 as count where :periodStart = '2026-10-01'"],
  ])('agrees when it has %s', async (_what, query, names: readonly string[] = []) => {
    await expect(compare(named(query, names))).resolves.toBeUndefined()
  })

  it('counts rows where the format has no sums', async () => {
    await expect(compare('select 17 as count', [], 17)).resolves.toBeUndefined()
    await expect(compare('select 0 as count, null as debit', [], 0)).resolves.toBeUndefined()
  })

  it('does not count master data that was written beside what is summed', async () => {
    await expect(compare('select 4 as count', WRITTEN, 1_000)).resolves.toBeUndefined()
  })

  it('does not count what was written beside what is summed where nothing was summed', async () => {
    await expect(compare('select 0 as count', [], 1_000, 0)).resolves.toBeUndefined()
    await expect(compare('select 1 as count', [], 1_000, 0)).rejects.toThrow('count is 1 by the control and 0 in the files')
  })

  it('keeps every digit of sums that no float can hold', async () => {
    const huge = [{currency: 'EUR', side: 'S', count: 1, sum: '90071992547409930.01'}] as const
    await expect(compare('select 90071992547409930.01 as debit', huge, 1)).resolves.toBeUndefined()
    await expect(compare('select 90071992547409930.02 as debit', huge, 1)).rejects.toThrow('debit is 90071992547409930.02 by the control and 90071992547409930.01')
  })

  it.each([
    ['a row too many', 'select 5 as count', [], /count is 5 by the control and 4 in the files/],
    ['a whole amount, told with its decimals', "values ('USD', 8.00)", ['currency', 'debit'], /debit of USD is 8\.00 by the control and 7\.00 in the files/],
    ['a cent', 'select 307.11 as debit', [], /debit is 307\.11 by the control and 307\.10/],
    ['a tenth of a cent', 'select 307.101 as debit', [], /debit is 307\.101/],
    ['the sign', 'select -307.10 as debit', [], /debit is -307\.10/],
    ['a currency it does not know', "values ('EUR', 3)", ['currency', 'count'], /USD was written/],
    ['a currency that was not written', "values ('EUR', 3), ('USD', 1), ('CHF', 1)", ['currency', 'count'], /count of CHF is 1 by the control and 0/],
    ['one of two currencies', "values ('EUR', 3), ('USD', 2)", ['currency', 'count'], /count of USD is 2/],
    ['a currency twice', "values ('EUR', 2), ('EUR', 1), ('USD', 1)", ['currency', 'count'], /count of EUR is 2 .*count of EUR is 1/],
  ])('differs by %s', async (_what, query, names, message) => {
    await expect(compare(named(query, names))).rejects.toMatchObject({code: 'ControlDiffers', transient: false, message: expect.stringMatching(message)})
  })

  it.each([
    ['no row', 'select 4 as count where false', /no row/],
    ['another column', 'select 4 as count, 1 as n', /column "n"/],
    ['a currency alone', "select 'EUR' as currency", /none of the columns/],
    ['rows that name no currency', 'select 4 as count union all select 4', /several rows/],
    ['rows of which one names no currency', "select 4 as count, null as currency union all select 1, 'EUR'", /several rows/],
    ['text', "select 'four' as count", /no plain decimal number/],
    ['a float that is none', "select 'NaN'::float8 as debit", /no plain decimal number/],
    ['a number with an exponent', 'select 1e300::float8 as debit', /no plain decimal number/],
    ['rows without end', "select i as count, 'EUR' as currency from generate_series(1, 100000) i", /more rows/],
  ])('is refused with %s', async (_what, query, message) => {
    await expect(compare(query)).rejects.toMatchObject({code: 'ControlInvalid', transient: false, message: expect.stringMatching(message)})
  })

  it('is named when the database refuses it', async () => {
    await expect(compare('select count(*) as count from nowhere')).rejects.toMatchObject({code: 'QueryInvalid', message: expect.stringMatching(/control: .*nowhere/)})
  })
})

describe('a run with a control query', () => {
  let folder: string

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'scheduled-export-control-'))
    await server.query(`truncate bookings; insert into bookings select i, i + 0.01, case when i % 3 = 0 then 'H' else 'S' end, 'EUR', 1200, 8400,
      date '2026-10-01' + i % 31, 'RE-' || i from generate_series(1, 1000) i`)
    return () => rm(folder, {recursive: true, force: true})
  })

  const CONTROL = `select count(*), sum(amount) filter (where debit_credit = 'S') as debit, sum(amount) filter (where debit_credit = 'H') as credit
    from bookings where document_date >= :periodStart and document_date < :periodEnd`

  /** `meanwhile` happens once the snapshot has been taken. */
  async function attempt(control: string, meanwhile: () => Promise<unknown> = async () => undefined): Promise<unknown> {
    const frozen = postgresExport(`select ${COLUMNS} from bookings where document_date >= :periodStart and document_date < :periodEnd`, {
      control: {query: control},
    })
    const now = new Date('2026-11-01T05:00:10Z')
    const identity = identifyRun({frozen, jobName: 'datev-monthly-29891820', jobUid: 'uid', override: undefined, known: undefined, now})
    const mounts = {destination: folder, source: folder, documents: folder}
    const adapters = await connectAdapters({frozen, identity, secrets: {postgresUrl: server.url}, mounts, allowedPrivateEndpoints: [], redact: redactor([]), now: () => now})
    const source: Source = {
      async snapshot(signal) {
        const snapshot = await adapters.source.snapshot(signal)
        await meanwhile()
        return snapshot
      },
    }
    return executeAttempt({frozen, identity, adapters: {...adapters, source}, programVersion: '0', signal: ALIVE, progress: () => undefined})
  }

  it('is published when it agrees, and the manifest says that it was asked', async () => {
    expect(await attempt(CONTROL)).toMatchObject({manifest: {rows: 1000, controlled: true}})
  })

  it('publishes nothing when it differs', async () => {
    await expect(attempt(CONTROL.replace('sum(amount)', 'sum(amount + 0.01)'))).rejects.toMatchObject({code: 'ControlDiffers'})
    expect((await readdir(folder, {recursive: true})).filter((name) => /\.(csv|json)$/.test(name))).toEqual([])
  })

  it('asks in the snapshot of the rows: what is booked meanwhile does not count', async () => {
    const booking = `insert into bookings values (1001, 5, 'S', 'EUR', 1200, 8400, '2026-10-05', 'RE-LATE')`
    expect(await attempt(CONTROL, () => server.query(booking))).toMatchObject({manifest: {rows: 1000, controlled: true}})
  })
})

const COLUMNS = 'amount, debit_credit, currency, account, contra_account, document_date, document_number'

/** A VALUES list with names for its columns. */
function named(query: string, names: readonly string[]): string {
  return names.length === 0 ? query : `select * from (${query}) v(${names.join(', ')})`
}
