// The formats csv, ndjson and gobd as a spec asks for them: what is refused, and what is there when nothing is said.
import {describe, expect, test} from 'vitest'
import {CsvFormat} from './csv.ts'
import {GobdFormat} from './gobd.ts'
import {NdjsonFormat} from './ndjson.ts'

const SUPPLIER = {name: 'Deichläufer Fahrräder GmbH', location: 'Husum'}

test('nothing has to be said of CSV and NDJSON, and of GoBD only who hands it over', () => {
  expect(CsvFormat.parse({})).toEqual({
    delimiter: ',',
    quote: 'Minimal',
    lineEnding: 'CRLF',
    header: true,
    encoding: 'UTF8',
    decimalSign: '.',
    dateFormat: 'ISO',
    nullText: '',
    trueText: 'true',
    falseText: 'false',
    lineBreaks: 'Keep',
    extension: 'csv',
    currency: 'EUR',
    datasets: [],
  })
  expect(NdjsonFormat.parse({})).toEqual({numbers: 'Number', nulls: 'Write', currency: 'EUR', datasets: []})
  expect(GobdFormat.parse({supplier: SUPPLIER})).toMatchObject({dtd: 'gdpdu-01-09-2004.dtd', encoding: 'UTF8', lineBreaks: 'Refuse'})
})

const bookings = (entry: object): object => ({datasets: [{dataset: 'bookings', ...entry}]})

const NO_FILE_NAMES = ['a/b', '.hidden', 'Übersicht', 'a b', '{{ namespace }}', "{{ period.start | date: '%Y/%m' }}", '{{ name }', "{{ name | date: '%Y' }}"]

describe('refused', () => {
  test.each<readonly [title: string, input: object, message: string]>([
    ['a word for NULL that is a number', {nullText: '0'}, 'must begin with a letter'],
    ['a word for NULL with a delimiter', {nullText: 'N;A'}, 'must begin with a letter'],
    ['one word for true and NULL', {nullText: 'x', trueText: 'x'}, 'must differ'],
    ['a dataset that is named twice', {datasets: [{dataset: 'bookings'}, {dataset: 'bookings'}]}, 'names a dataset twice'],
    ['two columns of one name', bookings({columns: [{from: 'a'}, {from: 'b', to: 'a'}]}), 'names a column twice'],
    ['an empty file name', bookings({fileName: ''}), 'Too small'],
    ...NO_FILE_NAMES.map((fileName) => [`the file name ${fileName}`, bookings({fileName}), 'must be a file name without its ending'] as const),
  ])('is %s', (_, input, message) => {
    expect(CsvFormat.safeParse(input).error?.message).toContain(message)
  })

  test.each(['https://example.com/x.dtd', '/x.dtd', 'a b.dtd', '"', 'a//b'])('is the DTD %j', (dtd) => {
    expect(GobdFormat.safeParse({supplier: SUPPLIER, dtd}).error?.message).toContain('must be a relative path')
  })
})

test.each(['a', 'A-1_b.c', '{{ name }}', "{{ name }}_{{period.start|date:'%Y-%m'}}", '{{ scheduledTime }}', '{{ period.end | date: "%d.%m.%Y" }}'])('%j is a file name', (fileName) => {
  expect(CsvFormat.safeParse(bookings({fileName})).success).toBe(true)
})
