// What MariaDB's types become: exact, and never silently something else.
import {beforeAll, describe, expect, it} from 'vitest'
import {sqlParameters} from '../../../exporter-job/sources/sql/parameters.ts'
import {EMPTY_DAY, PERIOD_EDGES, momentsOf} from '../../../exporter-job/testing/period-edges.ts'
import {ALIVE, PERIOD, place} from './source.ts'

const {server, source, read} = place()

type Case = readonly [declared: string, literal: string, type: string, text: string]

const VALUES: readonly Case[] = [
  ['tinyint', '-128', 'integer', '-128'],
  ['tinyint unsigned', '255', 'integer', '255'],
  ['smallint', '-32768', 'integer', '-32768'],
  ['mediumint', '8388607', 'integer', '8388607'],
  ['int', '-2147483648', 'integer', '-2147483648'],
  ['bigint', '-9223372036854775808', 'integer', '-9223372036854775808'],
  ['bigint unsigned', '18446744073709551615', 'integer', '18446744073709551615'],
  ['int(6) zerofill', '440', 'integer', '000440'],
  ['year', '2026', 'integer', '2026'],
  ['bit(12)', "b'101010101010'", 'integer', '2730'],
  ['bit(64)', '18446744073709551615', 'integer', '18446744073709551615'],
  ['decimal(65, 30)', `-${'9'.repeat(35)}.${'9'.repeat(30)}`, 'numeric', `-${'9'.repeat(35)}.${'9'.repeat(30)}`],
  ['decimal(15, 2)', '0.10', 'numeric', '0.10'],
  ['decimal(15, 2)', '-0.01', 'numeric', '-0.01'],
  ['float', '0.5', 'float', '0.5'],
  ['double', '0.1', 'float', '0.1'],
  ['boolean', 'true', 'boolean', 't'],
  ['boolean', '0', 'boolean', 'f'],
  ['bit(1)', "b'1'", 'boolean', 't'],
  ['bit(1)', "b'0'", 'boolean', 'f'],
  ['date', "'2026-10-31'", 'date', '2026-10-31'],
  ['date', "'0000-00-00'", 'date', '0000-00-00'],
  ['date', "'2026-00-31'", 'date', '2026-00-31'],
  ['datetime', "'0000-00-00 00:00:00'", 'timestamp', '0000-00-00 00:00:00'],
  ['datetime', "'2026-10-31 23:59:59'", 'timestamp', '2026-10-31 23:59:59'],
  ['datetime(6)', "'2026-10-31 23:59:59.000001'", 'timestamp', '2026-10-31 23:59:59.000001'],
  ['time', "'-12:34:56'", 'other', '-12:34:56'],
  ['time', "'838:59:59'", 'other', '838:59:59'],
  ['char(3)', "'EUR'", 'text', 'EUR'],
  ['varchar(20)', "'Müller\\\\'", 'text', 'Müller\\\\'],
  ['varchar(20) character set latin1', "'Müller €'", 'text', 'Müller €'],
  ['text', "'a\\tb'", 'text', 'a\\tb'],
  ["enum('S', 'H')", "'H'", 'text', 'H'],
  ["set('a', 'b')", "'a,b'", 'text', 'a,b'],
  ['json', `'{"a": "ü"}'`, 'text', '{"a": "ü"}'],
  ['varbinary(4)', "x'00ff5c0a'", 'other', String.raw`\\x00ff5c0a`],
  ['blob', "x''", 'other', String.raw`\\x`],
  ['inet6', "'::1'", 'text', '::1'],
]

describe('a column of the type', () => {
  it.each(VALUES)('%s with the value %s is %s %j', async (...[declared, literal, type, text]) => {
    await server().query('drop table if exists typed')
    await server().query(`create table typed (i int primary key, v ${declared} null)`)
    await server().query(`insert into typed values (1, ${literal}), (2, null)`)
    await using snapshot = await source('select v from typed order by i').snapshot(ALIVE)
    expect((await snapshot.open('bookings')).columns).toEqual([{name: 'v', type}])
    expect(await read('select v from typed order by i')).toBe(`${text}\n\\N\n`)
  })

  it.each([
    ['a sum', 'select sum(n * 1.01) as v from seq_of', 'numeric', '6.06'],
    ['a count', 'select count(*) as v from seq_of', 'integer', '3'],
    ['a comparison', 'select n = 2 as v from seq_of where n = 2', 'integer', '1'],
    ['NULL', 'select null as v', 'text', '\\N'],
    ['a text made of numbers', "select concat(n, '/', 2026) as v from seq_of limit 1", 'text', '1/2026'],
    ['a cast', 'select cast(n as decimal(10, 3)) as v from seq_of limit 1', 'numeric', '1.000'],
    ['a parameter', 'select :periodStart as v', 'date', '2026-10-01'],
  ])('of %s has a type too', async (_what, query, type, text) => {
    await server().query('create table if not exists seq_of as select seq as n from seq_1_to_3')
    await using snapshot = await source(query).snapshot(ALIVE)
    expect((await snapshot.open('bookings')).columns).toEqual([{name: 'v', type}])
    expect(await read(query)).toBe(`${text}\n`)
  })

  it('boolean that holds another number fails the run, naming the column', async () => {
    await server().query('create or replace table flags (reversal tinyint(1))')
    await server().query('insert into flags values (1), (0), (5)')
    await expect(read('select reversal from flags')).rejects.toMatchObject({
      code: 'ValueNotBoolean',
      transient: false,
      message: expect.stringMatching(/dataset bookings row 3, column reversal: must be 0 or 1, .*CAST\(reversal AS SIGNED\)/),
    })
    expect(await read('select cast(reversal as signed) as reversal from flags')).toBe('1\n0\n5\n')
  })

  it('is not cut by GROUP_CONCAT', async () => {
    expect((await read("select group_concat(seq separator '') as v from seq_1_to_9999")).length).toBe(38_890)
  })
})

describe('a server that sets other things for everybody', () => {
  it('is read as any other: every row, every character', async () => {
    await server().query("set global init_connect = 'set names latin1; set sql_select_limit = 2; set sql_auto_is_null = 1; set time_zone = \\'+09:00\\''")
    try {
      expect(await read("select seq, '😀' as t, from_unixtime(0) as z from seq_1_to_3")).toBe([1, 2, 3].map((n) => `${n}\t😀\t1970-01-01 01:00:00\n`).join(''))
      expect(await read('select count(*) as n from (select seq from seq_1_to_3 where seq is null) q')).toBe('0\n')
    } finally {
      await server().query("set global init_connect = ''")
    }
  })
})

describe('parameters of the spec', () => {
  const text = `'; drop table x; -- \\ "\`$$ :rate ? äöü 😀`
  const parameters = sqlParameters(
    [
      {name: 'who', type: 'text', value: text},
      {name: 'account', type: 'integer', value: '-9223372036854775808'},
      {name: 'rate', type: 'numeric', value: '19.00'},
      {name: 'Rate', type: 'numeric', value: '0.000000000000000000000000000001'},
      {name: 'since', type: 'date', value: '2026-10-25'},
      {name: 'open_only', type: 'boolean', value: 'false'},
      {name: 'city', type: 'text', value: 'strasse'},
    ],
    '',
    {period: PERIOD, timeZone: 'Europe/Berlin'},
  )

  it('are values of their types in the query, whatever characters they hold', async () => {
    const query = 'select :who as a, :account as b, :rate + :Rate as c, :since + interval 7 day as d, not :open_only as e, :rate as f'
    expect(await read(query, {parameters})).toBe(
      `${text.replaceAll('\\', '\\\\')}\t-9223372036854775808\t19.000000000000000000000000000001\t2026-11-01\t1\t19.00\n`,
    )
  })

  it('compare with columns of any collation, as a literal does', async () => {
    await server().query('create or replace table cities (name varchar(20) character set utf8mb4 collate utf8mb4_german2_ci, plain varchar(20) character set latin1)')
    await server().query("insert into cities values ('Straße', 'Strasse'), ('Strand', 'Strand')")
    expect(await read('select plain from cities where name = :city and plain = :city', {parameters})).toBe('Strasse\n')
  })

  it('let an index be used', async () => {
    await server().query('create or replace table dated (d date, x int, index (d)) as select date(\'2020-01-01\') + interval seq day as d, seq as x from seq_1_to_4000')
    const [, , , , type] = (await explain('select x from dated where d >= :periodStart and d < :periodEnd')).split('\t')
    expect(type).toBe('range')
  })

  /** EXPLAIN is no SELECT: asked of the server as the source would run the query. */
  async function explain(query: string): Promise<string> {
    const {bindParameters} = await import('../../../exporter-job/sources/mysql/parameters.ts')
    const {text: bound} = bindParameters(query, parameters)
    const values = ["'2026-10-01'", "'2026-11-01'"]
    const rows = await server().query(`explain ${bound.replace(/\?/g, () => values.shift()!)}`)
    return [rows[0]?.['id'], rows[0]?.['select_type'], rows[0]?.['table'], '', rows[0]?.['type']].join('\t')
  }

  it('of the period are days and the instants at which they begin', async () => {
    const query = 'select :periodStart as a, :periodEnd as b, :periodStartAt as c, convert_tz(:periodEndAt, @@time_zone, \'UTC\') as d'
    expect(await read(query)).toBe('2026-10-01\t2026-11-01\t2026-10-01 00:00:00\t2026-10-31 23:00:00\n')
  })
})

describe('the local days of a period', () => {
  beforeAll(async () => {
    await server().query('create table booked (name varchar(30), at timestamp not null)')
    for (const [index, edges] of PERIOD_EDGES.entries()) {
      for (const [name, at] of momentsOf(edges)) {
        await server().query(`set statement time_zone = '+00:00' for insert into booked values ('${index} ${name}', from_unixtime(${at.getTime() / 1000}))`)
      }
    }
  })

  it.each(PERIOD_EDGES.map((period, index) => ({...period, index})))('$start in $timeZone begin and end to the second', async ({index, timeZone, start, end}) => {
    const parameters = sqlParameters([], '', {period: {start, end}, timeZone})
    const mine = `name like '${index} %' order by unix_timestamp(at)`
    const within = `${index} first\n${index} last\n`
    expect(await read(`select name from booked where at >= :periodStartAt and at < :periodEndAt and ${mine}`, {timeZone, parameters})).toBe(within)
    expect(await read(`select name from booked where at >= :periodStart and at < :periodEnd and ${mine}`, {timeZone, parameters})).toBe(within)
  })

  it('are none where the zone has no such day', async () => {
    const {timeZone, start, end} = EMPTY_DAY
    const parameters = sqlParameters([], '', {period: {start, end}, timeZone})
    expect(await read('select count(*) as n from booked where at >= :periodStartAt and at < :periodEndAt', {timeZone, parameters})).toBe('0\n')
  })
})
