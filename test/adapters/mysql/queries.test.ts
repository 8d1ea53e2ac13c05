// Which queries MariaDB as a source takes, what it says of the others, and that all of them see one state of the data.
import {existsSync} from 'node:fs'
import {createConnection} from 'mysql2/promise'
import {beforeAll, describe, expect, it} from 'vitest'
import {readAll} from '../../../exporter-job/sources/testing/contract.ts'
import type {Dataset, Snapshot} from '../../../exporter-job/sources/types.ts'
import {ALIVE, place} from './source.ts'

const {server, source, read, readerUrl, connections} = place()

beforeAll(async () => {
  await server().query('create table ledger (n int)')
  await server().query('insert into ledger values (1)')
  await server().query('create database secrets')
  await server().query('create table secrets.salaries (n int)')
  await server().query('create sequence numbers')
  await server().query(`create function book() returns int deterministic modifies sql data begin insert into ledger.ledger values (2); return 1; end`)
  await server().query("grant select, insert, execute on ledger.* to reader@'%'")
  // To see that it is refused for what it is, not for want of the right.
  await server().query("grant file on *.* to reader@'%'")
})

describe('a query', () => {
  it.each([
    ['a comment at the end', 'select 1 as a -- one', '1\n'],
    ['a comment of the other kind', 'select 1 as a # one', '1\n'],
    ['a semicolon and comments at the end', 'select 1 as a; -- one\n/* two */ ;', '1\n'],
    ['a minus before a minus', 'select 2--1 as a', '3\n'],
    ['WITH', 'with x as (select 1 as a) select * from x', '1\n'],
    ['VALUES', "values (1, 'x')", '1\tx\n'],
    ['UNION and LIMIT', 'select 1 as a union select 2 union select 3 limit 2', '1\n2\n'],
    ['an order of its own', 'select seq from seq_1_to_9 order by seq desc limit 2', '9\n8\n'],
    ['a name with backticks', 'select 1 as `a ``b;:x?`', '1\n'],
    ['an optimizer hint', 'select /*+ no_index(x) */ 1 as a', '1\n'],
    ['quotes within quotes', `select 'it''s; :x ? \\' "', "say ""hi""; ?" as b`, `it's; :x ? ' "\tsay "hi"; ?\n`],
    ['a user variable', 'select @n := 4 as a', '4\n'],
  ])('may have %s', async (_what, query, rows) => {
    await using snapshot = await source(query).snapshot(ALIVE)
    const dataset = await snapshot.open('bookings')
    expect((await readAll(dataset)).toString()).toBe(rows)
    expect(dataset.rowCount()).toBe(rows.split('\n').length - 1)
  })

  const OUTFILE = '/tmp/scheduled-export-outfile'

  it.each([
    ['a second statement', 'select 1; drop table ledger', 'MultipleStatements', /dataset bookings: .*something follows/],
    ['a way out of the parentheses', 'select 1) q; drop table ledger; select * from (select 1', 'MultipleStatements', /something follows/],
    ['a way out without a semicolon', 'select 1) q, (select 2', 'QueryInvalid', /syntax|alias/],
    ['a comment that hides the end', 'select 1 /*', 'QueryInvalid', /syntax/],
    ['a comment that is executed', `select 1 /*!50000 into outfile '${OUTFILE}' */`, 'QueryInvalid', /comment that MySQL would execute/],
    ["MariaDB's comment that is executed", `select 1 /*M! into outfile '${OUTFILE}' */`, 'QueryInvalid', /comment that MySQL would execute/],
    ['a file on the server', `select 1 into outfile '${OUTFILE}'`, 'QueryInvalid', /near 'into outfile/],
    ['a variable to write to', 'select 1 into @x', 'QueryInvalid', /near 'into @x/],
    ['a bind parameter', 'select ? as a', 'QueryInvalid', /name parameters as :name/],
    ['an INSERT', 'insert into ledger values (1)', 'QueryInvalid', /SELECT/],
    ['a DELETE that answers', 'delete from ledger returning n', 'QueryInvalid', /SELECT/],
    ['a procedure', 'call book()', 'QueryInvalid', /SELECT/],
    ['SHOW', 'show tables', 'QueryInvalid', /SELECT/],
    ['SET', "set global general_log = 'on'", 'QueryInvalid', /SELECT/],
    ['LOAD DATA', "load data local infile '/etc/passwd' into table ledger", 'QueryInvalid', /SELECT/],
    ['a transaction command', 'commit', 'QueryInvalid', /SELECT/],
    ['a sequence, which writes', 'select nextval(numbers) as n', 'QueryWrites', /read-only|READ ONLY/],
    ['a function that writes', 'select book() as n', 'QueryWrites', /READ ONLY/],
    ['rows to lock', 'select n from ledger for update', 'QueryWrites', /READ ONLY/],
    ['a wrong name in line 3', 'select 1 as a,\n  2 as b\nfrom ledger where n = = 1', 'QueryInvalid', /near '= 1' at line 3/],
    ['a table that is not there', 'select * from nowhere', 'QueryInvalid', /ledger\.nowhere.*error 1146/],
    ['a column that is not there', 'select amuont from ledger', 'QueryInvalid', /amuont/],
    ['a parameter that is not known', 'select :perodStart', 'UnknownParameter', /dataset bookings: .*:periodStart/],
    ['a table that may not be read', 'select * from secrets.salaries', 'PermissionDenied', /SELECT/],
    ['a number that is too large', 'select 9223372036854775807 + n as a from ledger', 'QueryFailed', /out of range/],
    ['several rows for one', 'select (select seq from seq_1_to_3) as a', 'QueryFailed', /more than 1 row/],
    ['two columns of one name', 'select n, n from ledger', 'DuplicateColumn', /'n'/],
    ['collations that do not mix', "select 'a' collate utf8mb4_bin = 'a' collate utf8mb4_german2_ci as a", 'QueryInvalid', /collation/],
  ])('is refused at once with %s', async (_what, query, code, message) => {
    await expect(read(query)).rejects.toMatchObject({code, transient: false, message: expect.stringMatching(message)})
    await expect.poll(connections).toBe(0)
    expect(await server().query('select n from ledger')).toEqual([{n: 1}])
    expect(existsSync(OUTFILE)).toBe(false)
  })

  it.each([
    ['no number for a number', "select cast('12x' as signed) as a", /Truncated incorrect INTEGER value: '12x', warning 1292/],
    ['a division by zero', 'select n / 0 as a from ledger', /Division by 0, warning 1365/],
    ['no date for a date', "select cast('2026-02-30' as date) as a", /2026-02-30.*warning 1292/],
    ['a number that does not fit', 'select cast(12345.67 as decimal(5, 2)) as a', /[Oo]ut of range.*warning 1264/],
    ['a text that is cut', `select group_concat(repeat('x', 1000)) as a from seq_1_to_2000`, /cut by GROUP_CONCAT.*warning 1260/],
    ['a text compared with a number', "select n from ledger where 'RE-1' = n", /RE-1.*warning 1292/],
    // By default a server keeps the first 64 warnings.
    ['a number behind a hundred other warnings', "select length(uncompress('x')) as a from seq_1_to_100 union all select cast('12x' as signed)", /'12x', warning 1292/],
    ['text that is no JSON', `select json_extract('{"a": ', '$.a') as a`, /JSON.*warning 4037/],
  ])('fails where MySQL would only warn of %s', async (_what, query, message) => {
    await expect(read(query)).rejects.toMatchObject({code: 'QueryFailed', transient: false, message: expect.stringMatching(message)})
  })

  it('waits for a lock no longer than the spec says, and calls it transient', async () => {
    const locker = await createConnection({uri: server().url})
    await locker.query('create table if not exists locked (n int)')
    await locker.query('lock tables locked write')
    await expect(read('select * from locked', {lockTimeoutMs: 1000})).rejects.toMatchObject({code: 'LockTimeout', transient: true})
    await locker.end()
  })

  it('takes no longer than the spec says, and calls it transient', async () => {
    await expect(read('select sleep(30) as a', {statementTimeoutMs: 100})).rejects.toMatchObject({code: 'QueryCanceled', transient: true})
    await expect(read('select count(*) as a from seq_1_to_100000 a, seq_1_to_100000 b', {statementTimeoutMs: 100})).rejects.toMatchObject({code: 'QueryCanceled'})
  })
})

describe('a snapshot', () => {
  it('shows all datasets one state of the data, however often they are opened', async () => {
    await server().query('create or replace table moving (n int)')
    await server().query('insert into moving values (1)')
    const queries = {bookings: 'select n from moving order by n; -- all', accounts: 'select sum(n) as s from moving'}
    await using snapshot: Snapshot = await source('', {queries}).snapshot(ALIVE)
    await server().query('insert into moving values (2)')
    expect(await rowsOf(snapshot.open('bookings'))).toBe('1\n')
    await server().query('update moving set n = 5')
    expect(await rowsOf(snapshot.open('bookings'))).toBe('1\n')
    expect(await rowsOf(snapshot.open('accounts'))).toBe('1\n')
    const {sql} = snapshot
    expect(await rowsOf(sql!.open('totals', `select count(*) as n, sum(n) as s from ${sql!.subquery('bookings')} q where :periodStart < :periodEnd;`))).toBe('1\t1\n')
    await expect(sql!.open('totals', 'delete from moving')).rejects.toMatchObject({code: 'QueryInvalid', message: expect.stringContaining('dataset totals')})
    expect(() => sql!.subquery('suppliers')).toThrow(expect.objectContaining({code: 'DatasetMissing'}))
  })

  it('calls it transient when a table is changed before it is read', async () => {
    await server().query('create or replace table altered (n int) as select 1 as n')
    await using snapshot = await source('select * from altered').snapshot(ALIVE)
    await server().query('alter table altered force')
    await expect(rowsOf(snapshot.open('bookings'))).rejects.toMatchObject({code: 'DatabaseConflict', transient: true})
  })

  it('is read at the pace of the reader: what is not taken stays on the server', async () => {
    await using snapshot = await source("select seq, repeat('x', 1000) as t from seq_1_to_60000").snapshot(ALIVE)
    const chunks = (await snapshot.open('bookings')).chunks[Symbol.asyncIterator]()
    const before = process.memoryUsage()
    const first = await chunks.next()
    expect(first.value?.length).toBeLessThan(1_000_000)
    const state = "select state from information_schema.processlist where user = 'reader' and command <> 'Sleep'"
    await expect.poll(async () => (await server().query(state))[0]?.['state']).toMatch(/net|send/i)
    const {arrayBuffers, heapUsed} = process.memoryUsage()
    expect(arrayBuffers + heapUsed - before.arrayBuffers - before.heapUsed).toBeLessThan(16_000_000)
    let bytes = first.value?.length ?? 0
    for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) bytes += next.value.length
    expect(bytes).toBe(60_000 * 1002 + 288_894)
  })

  it('calls it transient when the server ends the connection in the midst of the rows', async () => {
    await using snapshot = await source("select seq, repeat('x', 1000) as t from seq_1_to_1000000").snapshot(ALIVE)
    let killed: Promise<unknown> | undefined
    const reading = readAll(await snapshot.open('bookings'), () => {
      killed ??= server().query('kill user reader')
    })
    await expect(reading).rejects.toMatchObject({code: expect.stringMatching(/DatabaseUnavailable|ConnectionLost/), transient: true})
    await killed
  })

  it('ends a query that is under way when the run is called off, on the server too', async () => {
    const run = new AbortController()
    const reason = new Error('SIGTERM')
    const snapshot = await source('select sleep(300) as a').snapshot(run.signal)
    const reading = readAll(await snapshot.open('bookings'))
    const sleeping = "select 1 from information_schema.processlist where user = 'reader' and info like 'execute%' or info like 'select sleep%'"
    await expect.poll(() => server().query(sleeping)).toHaveLength(1)
    run.abort(reason)
    await expect(reading).rejects.toBe(reason)
    await snapshot[Symbol.asyncDispose]()
    await expect.poll(connections).toBe(0)
  })

  it('leaves the settings of the server as they are', async () => {
    const settings = 'select @@global.sql_mode as a, @@global.time_zone as b, @@global.max_statement_time as c'
    const before = await server().query(settings)
    await read('select 1 as a')
    expect(await server().query(settings)).toEqual(before)
    expect(readerUrl()).toContain('reader')
  })
})

async function rowsOf(dataset: Promise<Dataset>): Promise<string> {
  return (await readAll(await dataset)).toString()
}
