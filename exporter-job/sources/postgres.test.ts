import {createServer} from 'node:net'
import {afterAll, afterEach, beforeAll, describe, expect, it} from 'vitest'
import {startPostgres} from '../../test/support/postgres.ts'
import type {PostgresServer} from '../../test/support/postgres.ts'
import {redactor, secretsOfUrl} from '../redact.ts'
import {createPostgresSource} from './postgres.ts'
import type {SqlSourceOptions} from './sql/options.ts'
import {sqlParameters} from './sql/parameters.ts'
import {describeSource, readAll} from './testing/contract.ts'
import type {SourceHarness, Table, Value} from './testing/contract.ts'
import type {Dataset, Snapshot, Source} from './types.ts'

const ALIVE = new AbortController().signal
let server: PostgresServer

beforeAll(async () => {
  server = await startPostgres()
}, 60_000)
afterAll(() => server.stop())

function source(query: string, options: Partial<SqlSourceOptions> = {}): Source {
  const url = options.url ?? server.url
  return createPostgresSource({
    url,
    urlOrigin: 'Secret ledger-db, key url',
    redact: redactor(secretsOfUrl(url)),
    queries: {bookings: query},
    parameters: sqlParameters([], '', {period: {start: '2026-10-01', end: '2026-11-01'}, timeZone: 'Europe/Berlin'}),
    timeZone: 'Europe/Berlin',
    statementTimeoutMs: 60_000,
    lockTimeoutMs: 30_000,
    ...options,
  })
}

async function connections(): Promise<number> {
  const [row] = await server.query(`select count(*)::int as n from pg_stat_activity where application_name = 'scheduled-export'`)
  return Number(row?.['n'])
}

async function harness(): Promise<SourceHarness> {
  let query = ''
  return {
    async put(table) {
      query = selectOf(table)
    },
    async putMany(rows) {
      query = `select i as id, repeat('x', 80) as text, 123.45 as amount from generate_series(1, ${rows}) i`
    },
    source: async () => source(query),
    held: connections,
    dispose: () => Promise.resolve(),
  }
}

/** A SELECT with the rows as literals. */
function selectOf({columns, rows}: Table): string {
  const names = columns.map((_, index) => `c${index}`)
  const select = names.map((name, index) => `${name} as "${columns[index]}"`).join(', ')
  const empty = `(${['0', ...names.map(() => "''")].join(', ')})`
  const values = rows.map((row, index) => `(${[String(index + 1), ...row.map(literal)].join(', ')})`)
  return `select ${select} from (values ${[empty, ...values].join(', ')}) v(i, ${names.join(', ')}) where i > 0 order by i`
}

function literal(value: Value): string {
  return value === undefined ? 'null' : `'${value.replaceAll("'", "''")}'`
}

describe('PostgreSQL as a source', () => {
  describeSource(harness)
})

describe('PostgreSQL', () => {
  let snapshot: Snapshot | undefined

  afterEach(async () => {
    await snapshot?.[Symbol.asyncDispose]()
    snapshot = undefined
  })

  async function open(query: string, options?: Partial<SqlSourceOptions>, signal = ALIVE): Promise<Dataset> {
    snapshot = await source(query, options).snapshot(signal)
    return snapshot.open('bookings')
  }

  async function read(query: string, options?: Partial<SqlSourceOptions>): Promise<string> {
    return (await readAll(await open(query, options))).toString()
  }

  it('knows the types of the columns', async () => {
    const columns = await open(`select 1 as integer, 1.5 as numeric, 1.5::real as float, true as boolean, 'x'::text as text,
      'x'::varchar(3) as varchar, date '2026-10-01' as date, now() as timestamptz, now()::timestamp as timestamp, '{}'::json as json`)
    expect(Object.fromEntries(columns.columns.map(({name, type}) => [name, type]))).toEqual({
      integer: 'integer',
      numeric: 'numeric',
      float: 'float',
      boolean: 'boolean',
      text: 'text',
      varchar: 'text',
      date: 'date',
      timestamptz: 'timestamptz',
      timestamp: 'timestamp',
      json: 'other',
    })
  })

  it('fills in the period: local days, and the instants at which they begin', async () => {
    const query = 'select :periodStart, :periodEnd, :periodStartAt at time zone \'UTC\', :periodEndAt = \'2026-11-01 00:00\'::timestamptz'
    expect(await read(query.replace(/:(\w+)(?=[, ])/, ':$1 as a').replace(':periodEnd,', ':periodEnd as b,').replace("'UTC',", "'UTC' as c,")))
      .toBe('2026-10-01\t2026-11-01\t2026-09-30 22:00:00\tt\n')
  })

  it("reads in the export's time zone, with ISO dates, whatever the database's own settings are", async () => {
    await server.query(`create role odd login password 'odd-canary'; alter role odd set datestyle = 'German'; alter role odd set timezone = 'Asia/Tokyo';
      alter role odd set bytea_output = 'escape'; alter role odd set extra_float_digits = -5`)
    const query = `select date '2026-10-31' as d, timestamptz '2026-10-25 00:30:00Z' as at, 0.1::float8 + 0.2::float8 as f`
    expect(await read(query, {url: server.urlOf('postgres', 'odd:odd-canary')})).toBe('2026-10-31\t2026-10-25 02:30:00+02\t0.30000000000000004\n')
  })

  it('reads all datasets from one state of the data', async () => {
    await server.query('create table moving (n int); insert into moving values (1)')
    const moving = source('select n from moving', {queries: {bookings: 'select n from moving', again: 'select n from moving'}})
    snapshot = await moving.snapshot(ALIVE)
    await server.query('insert into moving values (2)')
    expect((await readAll(await snapshot.open('bookings'))).toString()).toBe('1\n')
    await server.query('insert into moving values (3)')
    expect((await readAll(await snapshot.open('again'))).toString()).toBe('1\n')
  })

  it('leaves no setting behind for the next user of a pooled connection', async () => {
    await read('select 1 as a')
    expect(await server.query('show statement_timeout')).toEqual([{statement_timeout: '0'}])
  })

  it.each([
    ['a comment at the end', 'select 1 as a -- one', '1\n'],
    ['a semicolon and a comment at the end', 'select 1 as a; -- one', '1\n'],
    ['WITH', 'with x as (select 1 as a) select * from x', '1\n'],
    ['VALUES', "values (1, 'x')", '1\tx\n'],
    ['a name with quotes', 'select 1 as "a ""b"""', '1\n'],
    ['its own ORDER BY and LIMIT', 'select i from generate_series(1, 9) i order by i desc limit 2', '9\n8\n'],
  ])('takes a query with %s', async (_what, query, rows) => {
    expect(await read(query)).toBe(rows)
  })

  it.each([
    ['a second statement', 'select 1; drop table x', 'MultipleStatements', /something follows/],
    ['a second statement hidden by a nested literal', "select 1 $a$;$a$; select 2", 'MultipleStatements', /something follows/],
    ['a way out of the parentheses', 'select 1) to stdout; create table hacked (); copy (select 1', 'MultipleStatements', /something follows/],
    ['a way out without a semicolon', "select 1) to program 'id' --", 'QueryInvalid', /line 1 of the query/],
    ['a comment that hides the end', 'select 1 /*', 'QueryInvalid', /unterminated/],
    ['an INSERT', 'insert into moving values (1) returning n', 'QueryInvalid', /SELECT/],
    ['a writing WITH', 'with x as (insert into ledger values (1) returning n) select * from x', 'QueryInvalid', /data-modifying/],
    ['a function that writes', "select nextval('numbers')", 'QueryWrites', /read-only/],
    ['a way out of the read-only transaction', "select set_config('transaction_read_only', 'off', false)", 'QueryFailed', /read-write/],
    ['another command', 'vacuum', 'QueryInvalid', /syntax/],
    ['a transaction command', 'commit', 'QueryInvalid', /syntax/],
    ['a bind parameter', 'select $1::int', 'QueryInvalid', /parameter/],
    ['a wrong name in line 3', 'select 1 as "ü",\n  2 as b\nfrom nowhere', 'QueryInvalid', /line 3 of the query/],
    ['a parameter that is not known', 'select :perodStart', 'UnknownParameter', /dataset bookings: .*:periodStart/],
    ['a table that may not be read', 'select * from pg_authid', 'PermissionDenied', /SELECT/],
    ['a value that is wrong', "select ('x' || n)::int as n from ledger", 'QueryFailed', /invalid input syntax/],
    ['no columns', 'select from ledger', 'NoColumns', /no columns/],
  ])('refuses %s at once', async (_what, query, code, message) => {
    await server.query(`do $$ begin create role reader login password 'reader-canary'; exception when duplicate_object then null; end $$;
      create table if not exists ledger (n int); create sequence if not exists numbers; grant all on all tables in schema public to reader;
      grant all on all sequences in schema public to reader; truncate ledger; insert into ledger values (1)`)
    const reading = read(query, {url: server.urlOf('postgres', 'reader:reader-canary')})
    await expect(reading).rejects.toMatchObject({code, transient: false, message: expect.stringMatching(message)})
    await expect.poll(connections).toBeLessThan(2)
    expect(await server.query(`select to_regclass('hacked') as hacked, n from ledger`)).toEqual([{hacked: null, n: 1}])
  })

  it('gives up waiting for a lock, and calls it transient', async () => {
    await server.query('create table if not exists locked (n int)')
    const locker = holdLock('locked')
    await locker.held()
    await expect(read('select * from locked', {lockTimeoutMs: 50})).rejects.toMatchObject({code: 'LockTimeout', transient: true})
    await locker.release()
  })

  it('gives up a query that takes too long, and calls it transient', async () => {
    await expect(read('select pg_sleep(30)', {statementTimeoutMs: 100})).rejects.toMatchObject({code: 'QueryCanceled', transient: true})
  })

  it('calls it transient when the server ends the connection in the midst of the rows', async () => {
    const dataset = await open('select i, repeat(\'x\', 1000) from generate_series(1, 1000000) i')
    const kill = `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'scheduled-export'`
    let killed: Promise<unknown> | undefined
    const reading = readAll(dataset, () => {
      killed ??= server.query(kill)
    })
    await expect(reading).rejects.toMatchObject({code: expect.stringMatching(/DatabaseUnavailable|ConnectionLost/), transient: true})
    await killed
  })

  it('ends a query that is under way when the run is called off, on the server too', async () => {
    const run = new AbortController()
    const reason = new Error('SIGTERM')
    const dataset = await open('select pg_sleep(300)', {}, run.signal)
    const reading = readAll(dataset)
    await expect.poll(connections).toBe(1)
    run.abort(reason)
    await expect(reading).rejects.toBe(reason)
    await expect.poll(connections, {timeout: 10_000}).toBe(0)
  })

  it('gives up a host that does not answer', async () => {
    const silent = createServer()
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    const address = silent.address()
    const port = typeof address === 'object' ? address?.port : 0
    const connecting = source('select 1', {url: `postgres://u:silent-canary@127.0.0.1:${port}/db`, connectTimeoutMs: 100}).snapshot(ALIVE)
    await expect(connecting).rejects.toMatchObject({code: 'ConnectionTimeout', transient: true})
    silent.close()
  })

  it('can be called off while it waits for an answer', async () => {
    const silent = createServer()
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    const address = silent.address()
    const port = typeof address === 'object' ? address?.port : 0
    const run = new AbortController()
    const connecting = source('select 1', {url: `postgres://u:silent-canary@127.0.0.1:${port}/db`}).snapshot(run.signal)
    silent.once('connection', () => run.abort(new Error('called off')))
    await expect(connecting).rejects.toThrow('called off')
    silent.close()
  })
})

describe('a connection that does not come about', () => {
  const CANARY = 'canary-p@ss/w0rd%'
  const encoded = encodeURIComponent(CANARY)

  type Case = readonly [why: string, url: () => string, code: string, transient: boolean, message: RegExp]
  it.each<Case>([
    ['nobody listens', () => `postgres://u:${encoded}@127.0.0.1:1/db`, 'ConnectionRefused', true, /127\.0\.0\.1:1/],
    ['the name is unknown', () => `postgres://u:${encoded}@no-such-host.invalid/db`, 'HostNotFound', true, /no-such-host\.invalid/],
    ['the password is wrong', () => server.urlOf('postgres', `postgres:${encoded}`), 'AuthenticationFailed', false, /password/],
    ['the password is missing', () => server.urlOf('postgres', 'postgres'), 'AuthenticationFailed', false, /password/],
    ['the database is missing', () => server.urlOf('nowhere'), 'DatabaseNotFound', false, /nowhere/],
    ['TLS is asked for and not there', () => `${server.url}?sslmode=verify-full`, 'TlsRefused', false, /SSL/],
    ['it is not a URL', () => `ledger.example ${CANARY}`, 'ConnectionUrlInvalid', false, /Secret ledger-db, key url/],
    ['it is a URL of something else', () => `mysql://u:${encoded}@db/x`, 'ConnectionUrlInvalid', false, /postgres:\/\/user/],
    ['the URL has an impossible port', () => `postgres://u:${encoded}@db:99999999/x`, 'ConnectionUrlInvalid', false, /percent-encoded/],
    ['the URL names a certificate that is not there', () => `postgres://u:${encoded}@db/x?sslrootcert=/nowhere`, 'ConnectionUrlInvalid', false, /Secret/],
    ['it is empty', () => '', 'ConnectionUrlInvalid', false, /Secret/],
  ])('because %s: the message says so, and no secret', async (...[, url, code, transient, message]) => {
    const failure = await source('select 1', {url: url()}).snapshot(ALIVE).catch((error: unknown) => error)
    expect(failure).toMatchObject({code, transient, message: expect.stringMatching(message)})
    const said = failure instanceof Error ? `${failure.message}\n${failure.stack}` : ''
    expect(said).not.toContain('canary')
    expect(said).not.toContain(decodeURIComponent(new RegExp(':([^:@/]+)@').exec(url())?.[1] ?? 'no password'))
    await expect.poll(connections).toBe(0)
  })
})

/** Holds an exclusive lock on a table until it is released. */
function holdLock(table: string): {held(): Promise<void>; release(): Promise<void>} {
  const holding = server.query(`begin; lock table ${table}; select pg_sleep(60)`).catch(() => undefined)
  const mine = `query like 'begin; lock table ${table};%'`
  return {
    async held() {
      const locks = `select 1 from pg_locks where relation = '${table}'::regclass and granted and mode = 'AccessExclusiveLock'`
      await expect.poll(() => server.query(locks)).toHaveLength(1)
    },
    async release() {
      await server.query(`select pg_terminate_backend(pid) from pg_stat_activity where ${mine}`)
      await holding
    },
  }
}
