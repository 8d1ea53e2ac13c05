import {describe, expect, test} from 'vitest'
import type {z} from 'zod'
import {NdjsonFormat} from '../../../crds/formats/ndjson.ts'
import {datasetOf, datasetOfBytes} from '../testing/dataset.ts'
import type {Written} from '../tables/testing/write.ts'
import {write} from '../tables/testing/write.ts'
import type {FormatContext} from '../types.ts'
import {createNdjsonFormat} from './format.ts'

const ROWS = [
  {n: '12345678901234567890.10', whole: '-7', b: 't', d: '2026-10-31', at: '2026-10-31 02:30:00.25+05:30', text: 'Büro "Köln"\\\t😀', none: null},
  {n: null, whole: '0', b: 'f', d: '0001-01-01', at: '9999-12-31 23:59:59+00', text: '', none: null},
]
const TYPES = {n: 'numeric', whole: 'integer', b: 'boolean', d: 'date', at: 'timestamptz'} as const

function rows(): ReturnType<typeof datasetOf> {
  return datasetOf(ROWS, undefined, {name: 'rows', types: TYPES})
}

function writeNdjson(input: z.input<typeof NdjsonFormat>, datasets = [rows()], context: Partial<FormatContext> = {}): Promise<Written> {
  return write(createNdjsonFormat(NdjsonFormat.parse(input)), datasets, context)
}

test('a row is one object, every digit kept, days and times as ISO 8601', async () => {
  const {file} = await writeNdjson({})
  expect(file('rows_2026-10.ndjson').toString()).toBe(
    [
      String.raw`{"n":12345678901234567890.10,"whole":-7,"b":true,"d":"2026-10-31","at":"2026-10-31T02:30:00.25+05:30","text":"Büro \"Köln\"\\\t😀","none":null}`,
      '{"n":null,"whole":0,"b":false,"d":"0001-01-01","at":"9999-12-31T23:59:59+00:00","text":"","none":null}',
      '',
    ].join('\n'),
  )
})

test('numbers are strings and NULL is left out where the spec says so', async () => {
  const {file} = await writeNdjson({numbers: 'String', nulls: 'Omit', datasets: [{dataset: 'rows', columns: [{from: 'none'}, {from: 'n', to: 'Be"trag'}, {from: 'whole'}]}]})
  expect(file('rows_2026-10.ndjson').toString()).toBe(String.raw`{"Be\"trag":"12345678901234567890.10","whole":"-7"}` + '\n{"whole":"0"}\n')
})

test('a row of nothing is an empty object', async () => {
  const {file} = await writeNdjson({nulls: 'Omit', datasets: [{dataset: 'rows', columns: [{from: 'none'}]}]})
  expect(file('rows_2026-10.ndjson').toString()).toBe('{}\n{}\n')
})

test('a number is JSON also with zeros before it, and none with what JSON cannot say', async () => {
  const values = ['007', '-00.50', '0', '1e5', 'NaN', '1.', '.5', '--1', '+1', ' 1', '1 ']
  const dataset = datasetOf(values.map((n) => ({n})), undefined, {name: 'rows'})
  const {file, errors} = await writeNdjson({datasets: [{dataset: 'rows', columns: [{from: 'n', type: 'Number'}]}]}, [dataset])
  expect(file('rows_2026-10.ndjson').toString()).toBe('{"n":7}\n{"n":-0.50}\n{"n":0}\n')
  expect(errors.map(({row, rule}) => [row, rule])).toEqual([4, 5, 6, 7, 8, 9, 10, 11].map((row) => [row, 'NotANumber']))
})

test('every character can be written, control characters as escapes', async () => {
  const text = Array.from({length: 0x100}, (_, code) => String.fromCharCode(code)).join('')
  const {file, errors} = await writeNdjson({}, [datasetOf([{text}], undefined, {name: 'rows'})])
  expect(errors).toEqual([])
  expect(JSON.parse(file('rows_2026-10.ndjson').toString())).toEqual({text})
})

test('what is no UTF-8, or not escaped as COPY does, is refused', async () => {
  const bytes = Buffer.concat([Buffer.from([0x80, 0x0a]), Buffer.from('a\\x\n'), Buffer.from('a\\\n'), Buffer.from([0xf4, 0x90, 0x80, 0x80, 0x0a]), Buffer.from([0xe0, 0x80, 0x80, 0x0a])])
  const {errors} = await writeNdjson({}, [datasetOfBytes(bytes, ['a'], {name: 'rows', rowCount: 5})])
  expect(errors.map(({rule}) => rule)).toEqual(['InvalidUtf8', 'InvalidEscape', 'InvalidEscape', 'InvalidUtf8', 'InvalidUtf8'])
})

describe('days and times', () => {
  const wrong = ['2026-02-29', '2026-13-01', '2026-00-10', '0000-01-01', '2026-1-01', '12026-01-01', '31.10.2026', 'infinity', '2026-10-01 BC', '1900-02-29']
  test.each(wrong)('%s is no day', async (d) => {
    const dataset = datasetOf([{d}], undefined, {name: 'rows', types: {d: 'date'}})
    expect((await writeNdjson({}, [dataset])).errors).toMatchObject([{rule: 'NotADate', value: d}])
  })

  test.each(['2000-02-29', '1999-12-31', '0400-02-29', '9999-01-01'])('%s is one', async (d) => {
    const dataset = datasetOf([{d}], undefined, {name: 'rows', types: {d: 'date'}})
    expect((await writeNdjson({}, [dataset])).errors).toEqual([])
  })

  test.each(['2026-10-31', '2026-10-31 24:00:00', '2026-10-31 12:00', '2026-10-31 12:00:00.', '2026-10-31 12:00:00+1', '2026-10-31 12:00:00 +01', '2026-10-31 12:00:00+00:53:28', 'infinity', '2026-02-30 12:00:00'])(
    '%s is no instant',
    async (at) => {
      const dataset = datasetOf([{at}], undefined, {name: 'rows', types: {at: 'timestamp'}})
      expect((await writeNdjson({}, [dataset])).errors).toMatchObject([{rule: 'NotATimestamp'}])
    },
  )
})

test('files are numbered and split like those of CSV, and none is made for nothing', async () => {
  const {sink, result} = await writeNdjson({maxRows: 1, datasets: [{dataset: 'rows', fileName: '{{ name }}'}]})
  expect(sink.files.map(({name, rows: count}) => [name, count])).toEqual([['datev-monthly_001.ndjson', 1], ['datev-monthly_002.ndjson', 1]])
  expect(result).toMatchObject({rows: 2, datasets: [{dataset: 'rows', written: 2, skipped: 0}], totals: []})
  expect((await writeNdjson({}, [datasetOf([], ['a'], {name: 'rows'})])).sink.files).toEqual([])
})

test('accounts are texts, whatever type the database has for them', async () => {
  const dataset = datasetOf([{account: '0400', amount: '1.00', debit_credit: 'S', document_date: '2026-10-01'}], undefined, {types: {account: 'integer', amount: 'numeric'}})
  const {file, result} = await writeNdjson({}, [dataset])
  expect(file('bookings_2026-10.ndjson').toString()).toBe('{"account":"0400","amount":1.00,"debit_credit":"S","document_date":"2026-10-01"}\n')
  expect(result.totals).toEqual([{currency: 'EUR', side: 'S', count: 1, sum: '1.00'}])
})
