import {mkdtemp, readdir, readlink, rename, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {gzipSync} from 'node:zlib'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {NdjsonSource} from '../../crds/sources/ndjson.ts'
import {createNdjsonSource} from './ndjson.ts'
import {readAll} from './testing/contract.ts'
import type {Source} from './types.ts'

type Spec = Partial<Record<string, unknown>>

let mount: string

/** `dataset`: fields of the dataset bookings; `spec`: fields of spec.source.ndjson. */
function source(dataset: Spec = {}, spec: Spec = {}): Source {
  const path = 'bookings.ndjson'
  const checked = NdjsonSource.parse({claimName: 'inbox', ...spec, datasets: {bookings: {path, ...dataset}}})
  return createNdjsonSource(checked, {mount, paths: {bookings: path}, now: () => new Date()})
}

async function put(text: string | Uint8Array, name = 'bookings.ndjson'): Promise<void> {
  await writeFile(join(mount, name), text)
}

async function read(dataset?: Spec, spec?: Spec): Promise<string> {
  await using snapshot = await source(dataset, spec).snapshot(new AbortController().signal)
  return (await readAll(await snapshot.open('bookings'))).toString()
}

async function openFiles(): Promise<number> {
  const links = await Promise.all((await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')))
  return links.filter((target) => target.startsWith(mount)).length
}

describe('NDJSON', () => {
  beforeEach(async () => {
    mount = await mkdtemp(join(tmpdir(), 'ndjson-'))
  })
  afterEach(() => rm(mount, {recursive: true}))

  it.each([
    ['texts, numbers, booleans and null', '{"a":"x","b":-1.50,"c":true,"d":false,"e":null}\n', 'x\t-1.50\tt\tf\t\\N\n'],
    ['blanks wherever JSON has them', ' { "a" : 1 ,\t"b":2 } \r\n{"a":3,"b":4}', '1\t2\n3\t4\n'],
    ['a byte order mark', '\ufeff{"a":1}\n', '1\n'],
    ['keys in another order', '{"a":1,"b":2,"c":3}\n{"c":6,"a":4,"b":5}\n{"b":8,"c":9,"a":7}\n', '1\t2\t3\n4\t5\t6\n7\t8\t9\n'],
    ['keys that are missing', '{"a":1,"b":2,"c":3}\n{"b":5}\n{}\n{"c":9}\n{"c":1,"a":2}\n', '1\t2\t3\n\\N\t5\t\\N\n\\N\t\\N\t\\N\n\\N\t\\N\t9\n2\t\\N\t1\n'],
    ['keys that are written with escapes', '{"ä\\u0022":1}\n{"\\u00e4\\"":2}\n', '1\n2\n'],
    ['objects in objects', '{"a":1,"b":{"x":2,"y":{"z":3}}}\n{"b":{"y":{"z":6},"x":5},"a":4}\n{"a":7,"b":null}\n', '1\t2\t3\n4\t5\t6\n7\t\\N\t\\N\n'],
    ['escapes', String.raw`{"a":"\"\\\/\b\f\n\r\t\u00e4\u20ac\ud83d\ude00\u000b"}`, '"\\\\/\\b\\f\\n\\r\\tä€😀\\v\n'],
    ['an empty text', '{"a":""}\n', '\n'],
    ['a text that looks like NULL', String.raw`{"a":"\\N"}`, '\\\\N\n'],
    ['empty lines at the end', '{"a":1}\n\n \r\n\n', '1\n'],
    ['keys that look like an object of JavaScript', '{"__proto__":1,"constructor":2}\n', '1\t2\n'],
  ])('reads %s', async (_what, text, rows) => {
    await put(text)
    expect(await read()).toBe(rows)
  })

  it.each([
    ['12345678901234567890.12345678901234567890', '12345678901234567890.12345678901234567890'],
    ['0.10', '0.10'],
    ['-0', '0'],
    ['-0.00', '0.00'],
    ['-0.01', '-0.01'],
    ['1e3', '1000'],
    ['1E+3', '1000'],
    ['1.50e1', '15.0'],
    ['1.5e3', '1500'],
    ['-12.345e-2', '-0.12345'],
    ['5e-3', '0.005'],
    ['0e5', '0'],
    ['-0e0', '0'],
    ['0.001e2', '0.1'],
    ['123456789012345678901e-10', '12345678901.2345678901'],
    ['1e100', `1${'0'.repeat(100)}`],
  ])('keeps the number %s digit for digit', async (number, written) => {
    await put(`{"a":${number},"b":"end"}\n`)
    expect(await read()).toBe(`${written}\tend\n`)
    expect(await read({columns: [{name: 'a', type: 'numeric'}], otherKeys: 'Ignore'})).toBe(`${written}\n`)
  })

  it.each([
    ['no object', '{"a":1}\n[1]\n', /line 2\)?: a row must be a JSON object/],
    ['two objects on a line', '{"a":1} {"a":2}\n', /line 1\)?: something follows the object/],
    ['an object over two lines', '{"a":1}\n{"a":\n2}\n', /line 2\)?: the object is cut off/],
    ['an object over two lines, cut behind a comma', '{"a":1,\n"b":2}\n', /line 1\)?: the object is cut off/],
    ['an end in the midst of a text', '{"a":1}\n{"a":"x', /line 2\)?: the object is cut off/],
    ['an end in the midst of a word', '{"a":tru', /line 1/],
    ['an unknown key', '{"a":1}\n{"a":1,"b":2}\n', /line 2\)?: key "b": it is neither in columns nor in the first object/],
    ['an unknown key of an inner object', '{"a":{"x":1}}\n{"a":{"y":1}}\n', /line 2\)?: key "y"/],
    ['a key with a dot', '{"a.b":1}\n', /key "a\.b" has a dot/],
    ['an array', '{"a":[1]}\n', /line 1\)?: key "a" holds an array/],
    ['an array in a later line', '{"a":1}\n{"a":[1]}\n', /line 2\)?: key "a": an array is no field/],
    ['an object where a field was', '{"a":1}\n{"a":{"b":1}}\n', /line 2\)?: key "a": an object is no field/],
    ['a field where an object was', '{"a":{"b":1}}\n{"a":1}\n', /line 2\)?: key "a": expected an object or null/],
    ['an empty first object', '{}\n{"a":1}\n', /line 1\)?: the first object has 0 keys/],
    ['a comma at the end', '{"a":1,}\n', /line 1\)?: .*expected a key/],
    ['no comma', '{"a":1 "b":2}\n', /line 1\)?: .*expected a comma/],
    ['no colon', '{"a" 1}\n', /line 1\)?: .*expected a colon/],
    ['a key without quotes', '{a:1}\n', /expected a key in double quotes/],
    ['single quotes', "{'a':1}\n", /expected a key in double quotes/],
    ['a leading zero', '{"a":01}\n', /line 1\)?: key "a": expected a comma/],
    ['a plus', '{"a":+1}\n', /line 1\)?: key "a": expected a value/],
    ['a point without digits', '{"a":1.}\n', /line 1\)?: key "a": expected a digit/],
    ['a number that begins with a point', '{"a":.5}\n', /line 1\)?: key "a": expected a value/],
    ['an exponent without digits', '{"a":1e}\n', /line 1\)?: key "a": expected a digit in an exponent/],
    ['a large exponent', '{"a":1e101}\n', /line 1\)?: key "a": an exponent of more than 100/],
    ['NaN', '{"a":NaN}\n', /line 1\)?: key "a": expected a value/],
    ['Infinity', '{"a":Infinity}\n', /line 1\)?: key "a": expected a value/],
    ['a word with a tail', '{"a":nullx}\n', /line 1\)?: key "a": expected a comma/],
    ['a control character', '{"a":"x\ty"}\n', /line 1\)?: key "a": a control character/],
    ['an unknown escape', String.raw`{"a":"\x41"}`, /line 1\)?: key "a": an escape/],
    ['half of a surrogate pair', String.raw`{"a":"\ud83d"}`, /line 1\)?: key "a": half of a surrogate pair/],
    ['the other half', String.raw`{"a":"\ude00x"}`, /line 1\)?: key "a": half of a surrogate pair/],
    ['two first halves', String.raw`{"a":"\ud83d\ud83d"}`, /line 1\)?: key "a": half of a surrogate pair/],
    ['a NUL character', String.raw`{"a":"\u0000"}`, /line 1\)?: key "a": a NUL character/],
    ['an empty line between rows', '{"a":1}\n\n{"a":2}\n', /line 2\)?: an empty line/],
    ['what is nested too deeply', `{"a":1}\n{"a":1,"b":${'['.repeat(100)}${']'.repeat(100)}}\n`, /line 2/],
    ['a line of more than a megabyte', `{"a":1}\n{"a":"${'x'.repeat(1 << 20)}"}\n`, /line 2\)?: the (line|object) is longer than 1 MiB/],
    ['a file of one endless line', 'x'.repeat(3 << 20), /line 1\)?: the line is longer than 1 MiB/],
  ])('names line and rule of %s', async (_what, text, message) => {
    await put(text)
    await expect(read()).rejects.toMatchObject({code: 'JsonInvalid', transient: false, message: expect.stringMatching(message)})
    expect(await openFiles()).toBe(0)
  })

  it.each(['{"a":1}\n{"a":1,"a":2}\n', '{"a":1}\n{"a":1,"\\u0061":2}\n'])('refuses a key that stands twice: %s', async (text) => {
    await put(text)
    await expect(read()).rejects.toMatchObject({code: 'DuplicateColumn', transient: false, message: expect.stringMatching(/line 2\)?: key "a": it stands twice/)})
  })

  it('says how deep objects may be nested, also where nobody reads them', async () => {
    await put(`{"a":1,"b":${'['.repeat(100)}${']'.repeat(100)}}\n`)
    await expect(read({columns: [{name: 'a'}], otherKeys: 'Ignore'})).rejects.toMatchObject({code: 'JsonInvalid', message: expect.stringMatching(/more than 64/)})
  })

  it('needs to know the columns of a file without objects', async () => {
    await put('\n')
    await expect(read()).rejects.toMatchObject({code: 'ColumnsUnknown', transient: false})
    expect(await read({columns: [{name: 'a'}]})).toBe('')
  })

  it('reads the keys that the spec names, under its names, and no others', async () => {
    await put('{"nr":7,"x":[1,{"y":"}"}],"customer":{"number":10000,"tags":{}},"amount":"1.234,50","day":"31.10.2026","paid":1}\n')
    const columns = [
      {name: 'amount', type: 'numeric'},
      {name: 'document_date', from: 'day', type: 'date'},
      {name: 'contra_account', from: 'customer.number'},
      {name: 'booking_id', from: 'nr'},
      {name: 'paid', type: 'boolean'},
      {name: 'text'},
    ]
    const german = {decimalSign: ',', thousandsSeparator: '.', dateFormat: 'DD.MM.YYYY'}
    await using snapshot = await source({columns, otherKeys: 'Ignore'}, german).snapshot(new AbortController().signal)
    const dataset = await snapshot.open('bookings')
    expect(dataset.columns.map(({name, type}) => `${name} ${type}`)).toEqual(['amount numeric', 'document_date date', 'contra_account text', 'booking_id text', 'paid boolean', 'text text'])
    expect((await readAll(dataset)).toString()).toBe('1234.50\t2026-10-31\t10000\t7\tt\t\\N\n')
  })

  it.each([
    ['no number', {name: 'a', type: 'numeric'}, '"zwölf"', /line 1\), column a: must be a number/],
    ['a boolean for a number', {name: 'a', type: 'numeric'}, 'true', /line 1\), column a: must be a number/],
    ['no day', {name: 'a', type: 'date'}, '"2026-02-29"', /line 1\), column a: must be a day/],
    ['a time for a day', {name: 'a', type: 'date'}, '"2026-02-28T12:00:00Z"', /line 1\), column a: must be a day/],
    ['no boolean', {name: 'a', type: 'boolean'}, '2', /line 1\), column a: must be true/],
  ])('refuses %s in a typed column, without its value', async (_what, column, value, message) => {
    await put(`{"a":${value}}\n`)
    const reading = read({columns: [column]})
    await expect(reading).rejects.toMatchObject({code: expect.stringMatching(/^NotA(Number|Date|Boolean)$/), message: expect.stringMatching(message)})
    await expect(reading).rejects.not.toMatchObject({message: expect.stringMatching(/zwölf|2026/)})
  })

  it('takes an empty text in a typed column, and the text for NULL anywhere, for NULL', async () => {
    await put('{"a":"","b":"","c":"-"}\n{"a":"-","b":"-","c":"--"}\n')
    expect(await read({columns: [{name: 'a', type: 'numeric'}, {name: 'b', type: 'date'}, {name: 'c'}]}, {nullText: '-'})).toBe('\\N\t\\N\t\\N\n\\N\t\\N\t--\n')
  })

  it('reads a gzip file, and refuses one that is cut off', async () => {
    const whole = gzipSync('{"a":1}\n{"a":2}\n')
    await put(whole)
    expect(await read()).toBe('1\n2\n')
    await put(whole.subarray(0, -4))
    await expect(read()).rejects.toMatchObject({code: 'GzipInvalid', transient: false})
  })

  it('says that a file was replaced between two readings of it', async () => {
    await put('{"a":1}\n')
    await using snapshot = await source().snapshot(new AbortController().signal)
    expect((await readAll(await snapshot.open('bookings'))).toString()).toBe('1\n')
    await put('{"a":2}\n', 'next')
    await rename(join(mount, 'next'), join(mount, 'bookings.ndjson'))
    await expect(snapshot.open('bookings')).rejects.toMatchObject({code: 'FileChanged', transient: true})
  })
})
