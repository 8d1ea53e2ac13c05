// PostgreSQL as a source: parameters of the spec, SQL over datasets, timeouts of the spec, TLS, each with a real server.
import {chown, copyFile, mkdtemp, readFile, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, afterEach, beforeAll, describe, expect, it, vi} from 'vitest'
import {PermanentFault} from '../../exporter-job/errors.ts'
import type {SqlSourceOptions} from '../../exporter-job/sources/sql/options.ts'
import {sqlParameters} from '../../exporter-job/sources/sql/parameters.ts'
import type {TlsOptions} from '../../exporter-job/sources/sql/tls.ts'
import {createPostgresSource} from '../../exporter-job/sources/postgres.ts'
import {createSource} from '../../exporter-job/sources/index.ts'
import type {SourceContext} from '../../exporter-job/sources/index.ts'
import {readAll} from '../../exporter-job/sources/testing/contract.ts'
import type {Snapshot} from '../../exporter-job/sources/types.ts'
import {postgresExport} from '../../exporter-job/testing/exports.ts'
import {EMPTY_DAY, PERIOD_EDGES, momentsOf} from '../../exporter-job/testing/period-edges.ts'
import {makeAuthority} from '../cluster/pki.ts'
import type {Authority} from '../cluster/pki.ts'
import {postgresAccount} from '../support/postgres-binaries.ts'
import {startPostgres} from '../support/postgres.ts'
import type {PostgresServer} from '../support/postgres.ts'

const ALIVE = new AbortController().signal
const PERIOD = {start: '2026-10-01', end: '2026-11-01'}
let server: PostgresServer
let snapshot: Snapshot | undefined

beforeAll(async () => {
  server = await startPostgres()
})
afterAll(() => server.stop())
afterEach(async () => {
  await snapshot?.[Symbol.asyncDispose]()
  snapshot = undefined
})

function options(own: Partial<SqlSourceOptions> = {}): SqlSourceOptions {
  return {
    url: server.url,
    urlOrigin: 'Secret ledger-db, key url',
    redact: (text) => text,
    queries: {bookings: 'select 1 as a'},
    parameters: sqlParameters([], '', {period: PERIOD, timeZone: 'Europe/Berlin'}),
    timeZone: 'Europe/Berlin',
    statementTimeoutMs: 60_000,
    lockTimeoutMs: 30_000,
    ...own,
  }
}

async function begin(own?: Partial<SqlSourceOptions>): Promise<Snapshot> {
  return (snapshot = await createPostgresSource(options(own)).snapshot(ALIVE))
}

async function read(query: string, own?: Partial<SqlSourceOptions>): Promise<string> {
  const opened = await (await begin({queries: {bookings: query}, ...own})).open('bookings')
  return (await readAll(opened)).toString()
}

/** As a run makes the source from its spec. */
async function readSpec(query: string, spec: object): Promise<string> {
  const frozen = postgresExport(query)
  const source = {postgres: {...frozen.spec.source.postgres!, ...spec}}
  const context = {period: PERIOD, secrets: {postgresUrl: server.url}, mount: '', redact: (text: string) => text, now: () => new Date()}
  const made = await createSource({...frozen, spec: {...frozen.spec, source}}, context as unknown as SourceContext)
  snapshot = await made.snapshot(ALIVE)
  return (await readAll(await snapshot.open('bookings'))).toString()
}

describe('parameters of the spec', () => {
  it('are values of their types in the query, whatever characters they hold', async () => {
    const text = `'; drop table x; -- \\ "$$ :rate äöü 😀`
    const parameters = [
      {name: 'who', type: 'text', value: text},
      {name: 'account', type: 'integer', value: '9223372036854775807'},
      {name: 'rate', type: 'numeric', value: '19.00'},
      {name: 'Rate', type: 'numeric', value: '7.00'},
      {name: 'since', type: 'date', value: '2026-10-25'},
      {name: 'open_only', type: 'boolean', value: 'false'},
    ]
    const types = 'pg_typeof(:who), pg_typeof(:account), pg_typeof(:rate), pg_typeof(:since), pg_typeof(:open_only)'
    const query = `select :who, :account, :rate + :Rate, :since + 7, not :open_only, concat_ws(' ', ${types})`
    const names = query.split(', ').slice(0, 5).join(', ').replace(/,|$/g, (end, at: number) => ` as c${at}${end}`)
    expect(await readSpec(`${names}, concat_ws(' ', ${types}) as t`, {parameters})).toBe(
      `${text.replaceAll('\\', '\\\\')}\t9223372036854775807\t26.00\t2026-11-01\tt\ttext bigint numeric date boolean\n`,
    )
  })

  it('of the wrong type fail the run before any query, and are named', async () => {
    const parameters = [{name: 'rate', type: 'numeric', value: '19,00'}]
    await expect(readSpec('select 1 as a', {parameters})).rejects.toMatchObject({
      code: 'ParameterInvalid',
      transient: false,
      message: expect.stringMatching(/spec\.source\.postgres\.parameters: the parameter rate .*numeric.*"19,00"/),
    })
  })

  it('are named where a query asks for another one', async () => {
    const parameters = [{name: 'rate', type: 'numeric', value: '19.00'}]
    await expect(readSpec('select :rates as a', {parameters})).rejects.toMatchObject({
      code: 'UnknownParameter',
      message: expect.stringMatching(/dataset bookings: .*:rates; there are :periodStart, .*:periodEndAt, :rate \(/),
    })
  })
})

describe('the local days of a period', () => {
  beforeAll(async () => {
    await server.query('create table booked (name text, at timestamptz not null)')
    for (const [index, edges] of PERIOD_EDGES.entries()) {
      for (const [name, at] of momentsOf(edges)) await server.query(`insert into booked values ('${index} ${name}', '${at.toISOString()}')`)
    }
  })

  it.each(PERIOD_EDGES.map((edges, index) => ({...edges, index})))('$start in $timeZone begin and end to the second', async ({index, timeZone, start, end}) => {
    const own = {timeZone, parameters: sqlParameters([], '', {period: {start, end}, timeZone})}
    const within = `${index} first\n${index} last\n`
    for (const range of ['at >= :periodStartAt and at < :periodEndAt', 'at::date >= :periodStart and at::date < :periodEnd']) {
      expect(await read(`select name from booked where ${range} and name like '${index} %' order by at`, own)).toBe(within)
      await snapshot![Symbol.asyncDispose]()
    }
  })

  it('are not what an instant should be compared with: of a midnight that comes twice PostgreSQL takes the second', async () => {
    const {timeZone, start, end, first} = PERIOD_EDGES.find((edges) => edges.timeZone === 'Atlantic/Azores')!
    const own = {timeZone, parameters: sqlParameters([], '', {period: {start, end}, timeZone})}
    expect(await read(`select '${first}'::timestamptz >= :periodStartAt as instants, '${first}'::timestamptz >= :periodStart as days`, own)).toBe('t\tf\n')
  })

  it('are none where the zone has no such day', async () => {
    const {timeZone, start, end} = EMPTY_DAY
    const own = {timeZone, parameters: sqlParameters([], '', {period: {start, end}, timeZone})}
    expect(await read('select count(*) as n from booked where at >= :periodStartAt and at < :periodEndAt', own)).toBe('0\n')
  })
})

describe('timeouts of the spec', () => {
  it('end a query that takes too long', async () => {
    await expect(readSpec('select pg_sleep(60)', {statementTimeout: '1s'})).rejects.toMatchObject({code: 'QueryCanceled', transient: true})
  })

  it('are thirty seconds for a lock, and the deadline of the run for a query', async () => {
    const settings = `select current_setting('lock_timeout') || ' ' || current_setting('statement_timeout') as a`
    expect(await readSpec(settings, {lockTimeout: '30s'})).toBe('30s 6h\n')
    expect(await readSpec(settings, {lockTimeout: '2m', statementTimeout: '1h'})).toBe('2min 1h\n')
  })
})

describe('SQL over the datasets of a snapshot', () => {
  const queries = {
    bookings: "select i as id, i * 1.01 as amount from generate_series(1, 1000) i where :periodStart = '2026-10-01' order by i desc; -- all of them",
    journal_lines: 'with x as (values (1, 2)) select * from x -- ;',
  }

  it('adds up a dataset as a subquery, its semicolon and comments left out', async () => {
    const {sql} = await begin({queries})
    const sums = await sql!.open('totals', `select count(*), sum(amount), max(id) from ${sql!.subquery('bookings')} q where id > 10;`)
    expect(sums.columns.map(({name, type}) => `${name} ${type}`)).toEqual(['count integer', 'sum numeric', 'max integer'])
    expect((await readAll(sums)).toString()).toBe('990\t505449.45\t1000\n')
    expect(sums.rowCount()).toBe(1)
  })

  it('joins two datasets', async () => {
    const {sql} = await begin({queries})
    const joined = await sql!.open('joined', `select b.id from ${sql!.subquery('bookings')} b join ${sql!.subquery('journal_lines')} j on j.column1 = b.id`)
    expect((await readAll(joined)).toString()).toBe('1\n')
  })

  it('gives the same rows when a dataset is opened twice, whatever others write meanwhile', async () => {
    await server.query('create table if not exists twice (n int); truncate twice; insert into twice values (1), (2)')
    const twice = await begin({queries: {bookings: 'select n from twice order by n'}})
    const first = (await readAll(await twice.open('bookings'))).toString()
    await server.query('insert into twice values (3); delete from twice where n = 1')
    expect((await readAll(await twice.open('bookings'))).toString()).toBe(first)
    expect((await readAll(await twice.sql!.open('totals', `select sum(n) as s from ${twice.sql!.subquery('bookings')} q`))).toString()).toBe('3\n')
  })

  it('refuses a dataset that is not there, and a query that is no SELECT', async () => {
    const {sql} = await begin({queries})
    expect(() => sql!.subquery('accounts')).toThrow(expect.objectContaining({code: 'DatasetMissing'}))
    await expect(sql!.open('totals', 'delete from twice')).rejects.toMatchObject({code: 'QueryInvalid', message: expect.stringContaining('dataset totals')})
  })
})

describe('TLS', () => {
  let folder: string
  let trusted: Authority
  let ca: string
  let otherCa: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'scheduled-export-tls-'))
    trusted = await makeAuthority(join(folder, 'trusted'))
    const other = await makeAuthority(join(folder, 'other'))
    ca = await readFile(trusted.certificate, 'utf8')
    otherCa = await readFile(other.certificate, 'utf8')
    await present('DNS:localhost')
  }, 60_000)
  afterAll(() => rm(folder, {recursive: true, force: true}))

  /** Lets the server present a certificate of that name from now on; no name: no TLS. */
  async function present(name: string | undefined): Promise<void> {
    if (name !== undefined) {
      const made = await trusted.issue('server', {user: 'ledger', names: [name]})
      const {uid, gid} = await postgresAccount()
      for (const [from, to] of [[made.certificate, 'server.crt'], [made.key, 'server.key']] as const) {
        const path = join(server.dataDir, to)
        await copyFile(from, path)
        if (uid !== undefined) await chown(path, uid, gid!)
      }
    }
    await server.query(`alter system set ssl = ${name === undefined ? 'off' : 'on'}`)
    await server.query('select pg_reload_conf()')
    await vi.waitFor(async () => expect(await server.query('show ssl')).toEqual([{ssl: name === undefined ? 'off' : 'on'}]))
  }

  type Case = readonly [what: string, host: string, tls: () => TlsOptions | undefined, query: string, outcome: string]
  const cases: readonly Case[] = [
    ['VerifyFull, the right CA and the right name', 'localhost', () => ({mode: 'VerifyFull', ca}), '', 'encrypted'],
    ['VerifyFull and several CAs', 'localhost', () => ({mode: 'VerifyFull', ca: `# ours\n${otherCa}\n${ca}`}), '', 'encrypted'],
    ['VerifyFull and no CA', 'localhost', () => ({mode: 'VerifyFull'}), '', 'CertificateNotTrusted'],
    ['VerifyFull and another CA', 'localhost', () => ({mode: 'VerifyFull', ca: otherCa}), '', 'CertificateNotTrusted'],
    ['VerifyFull and another name', '127.0.0.1', () => ({mode: 'VerifyFull', ca}), '', 'CertificateNotTrusted'],
    ['VerifyFull and no certificate in the Secret', 'localhost', () => ({mode: 'VerifyFull', ca: 'secret'}), '', 'CaInvalid'],
    ['VerifyCA and another name', '127.0.0.1', () => ({mode: 'VerifyCA', ca}), '', 'encrypted'],
    ['VerifyCA and another CA', '127.0.0.1', () => ({mode: 'VerifyCA', ca: otherCa}), '', 'CertificateNotTrusted'],
    ['Require, whoever it is', '127.0.0.1', () => ({mode: 'Require'}), '', 'encrypted'],
    ['Disable', 'localhost', () => ({mode: 'Disable'}), '', 'plain'],
    ['nothing said', 'localhost', () => undefined, '', 'plain'],
    ['sslmode in the URL', 'localhost', () => undefined, '?sslmode=verify-full', 'CertificateNotTrusted'],
    ['a laxer sslmode in the URL', 'localhost', () => undefined, '?application_name=x&sslmode=no-verify', 'encrypted'],
    ['tls that says less than sslmode', 'localhost', () => ({mode: 'Disable'}), '?sslmode=verify-full&application_name=x', 'plain'],
    ['tls that says more than sslmode', 'localhost', () => ({mode: 'VerifyFull', ca: otherCa}), '?sslmode=disable', 'CertificateNotTrusted'],
    ['tls and a hidden sslmode', 'localhost', () => ({mode: 'VerifyFull', ca: otherCa}), '?ssl%6dode=no-verify&ssl=0', 'CertificateNotTrusted'],
    ['tls and a file in the URL that is not there', 'localhost', () => ({mode: 'VerifyFull', ca}), '?sslrootcert=/nowhere', 'encrypted'],
  ]

  it.each(cases)('with %s', async (...[, host, tls, query, outcome]) => {
    expect(await encryption(host, tls(), query)).toBe(outcome)
  })

  it('compares an address with the addresses of the certificate', async () => {
    await present('IP:127.0.0.1')
    expect(await encryption('127.0.0.1', {mode: 'VerifyFull', ca})).toBe('encrypted')
    expect(await encryption('localhost', {mode: 'VerifyFull', ca})).toBe('CertificateNotTrusted')
  })

  it('is asked for in vain where the server has none', async () => {
    await present(undefined)
    expect(await encryption('localhost', {mode: 'Require'})).toBe('TlsRefused')
    expect(await encryption('localhost', {mode: 'Disable'})).toBe('plain')
  })

  it('needs the certificates that the spec names', async () => {
    const tls = {mode: 'VerifyFull', caSecretRef: {name: 'ledger-ca', key: 'ca.crt'}}
    await expect(readSpec('select 1 as a', {tls})).rejects.toMatchObject({code: 'CaMissing', message: expect.stringContaining('Secret ledger-ca, key ca.crt')})
  })
})

/** What the server says of the connection; the code of the (permanent) fault where there is none. */
async function encryption(host: string, tls: TlsOptions | undefined, query = ''): Promise<string> {
  const url = `${server.url.replace('127.0.0.1', host)}${query}`
  try {
    return (await read('select ssl from pg_stat_ssl where pid = pg_backend_pid()', {url, ...(tls && {tls})})) === 't\n' ? 'encrypted' : 'plain'
  } catch (error) {
    if (!(error instanceof PermanentFault)) throw error
    return error.code
  }
}
