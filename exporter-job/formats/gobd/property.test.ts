// Any row of any values is written and reads back by what index.xml says of its columns, or is refused by a named rule.
import * as fc from 'fast-check'
import {expect, test} from 'vitest'
import type {CsvField} from '../tables/testing/rfc4180.ts'
import {decode, readCsv} from '../tables/testing/rfc4180.ts'
import {anySeed, counted, createPicker, extentOf} from '../testing/batches.ts'
import type {Row} from '../testing/dataset.ts'
import {datasetOf} from '../testing/dataset.ts'
import {columnsOf, tablesOf, writeCarrier} from './testing/carrier.ts'

const {rows: ROWS, batch: BATCH, runs: RUNS} = extentOf({batch: 200})

const anyText = fc.oneof(
  {weight: 12, arbitrary: fc.string({unit: fc.constantFrom(...Array.from('ab;"\\\'äß€😀 ,.')), maxLength: 20})},
  {weight: 1, arbitrary: fc.constantFrom('', ' ', '"', 'a\nb', 'a\u0000', '\u007f', '=1')},
)
const anyNumber = fc.oneof(
  {weight: 12, arbitrary: fc.tuple(fc.bigInt({min: -(10n ** 15n), max: 10n ** 15n}), fc.stringMatching(/^(\.[0-9]{1,5})?$/)).map((parts) => parts.join(''))},
  {weight: 1, arbitrary: fc.constantFrom('1e3', 'NaN', '1.', '.5', '1,5')},
)
const anyDay = fc.oneof(
  {weight: 12, arbitrary: fc.date({min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true}).map((date) => date.toISOString().slice(0, 10))},
  {weight: 1, arbitrary: fc.constantFrom('2026-02-29', 'infinity', '20261031')},
)

function eight<T>(values: fc.Arbitrary<T>): fc.Arbitrary<(T | null)[]> {
  return fc.array(fc.option(values), {minLength: 8, maxLength: 8})
}

/** A batch of rows put together from a few values of each column. */
const someRows: fc.Arbitrary<Row[]> = fc.tuple(eight(anyText), eight(anyNumber), eight(anyDay), anySeed).map(([texts, numbers, days, seed]) => {
  const pick = createPicker(seed)
  return Array.from({length: BATCH}, () => ({t: pick.of(texts), n: pick.of(numbers), d: pick.of(days)}))
})

function isDay(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`)
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
}

/** "row column rule" for each value that cannot be written. */
function foretell({t, n, d}: Row, index: number): string[] {
  const broken = {
    t: /\n/.test(t ?? '') ? 'LineBreak' : /[\x00-\x1f\x7f]/.test(t ?? '') ? 'ControlCharacter' : undefined,
    n: /^-?\d+(\.\d+)?$/.test(n ?? '0') ? undefined : 'NotANumber',
    d: d === null || d === undefined || isDay(d) ? undefined : 'NotADate',
  }
  return Object.entries(broken).flatMap(([column, rule]) => (rule === undefined ? [] : [`${index + 1} ${column} ${rule}`]))
}

function readBack([t, n, d]: readonly CsvField[]): Row {
  return {
    t: t!.text === '' && !t!.quoted ? null : t!.text,
    n: n!.text === '' ? null : n!.text.replace(',', '.'),
    d: d!.text === '' ? null : d!.text.split('.').toReversed().join('-'),
  }
}

test(`any texts, numbers and days of ${counted(ROWS)} rows read back by what the index says of their columns, or a rule says why not`, async () => {
  const seen = {rows: 0, good: 0}
  await fc.assert(
    fc.asyncProperty(someRows, async (rows) => {
      const {file, errors} = await writeCarrier({}, [datasetOf(rows, ['t', 'n', 'd'], {name: 'rows', types: {n: 'numeric', d: 'date'}})])
      expect(errors.map(({row, column, rule}) => `${row} ${column} ${rule}`)).toEqual(rows.flatMap(foretell))
      const good = rows.filter((row, index) => foretell(row, index).length === 0)
      const [, ...records] = readCsv(decode(file('rows.csv'), 'utf-8'), ';', '\r\n')
      expect(records.map(readBack)).toEqual(good)
      const [text, number] = columnsOf(tablesOf(file('index.xml')).get('rows')!).map((column) => Number(column.split(' ')[2]))
      expect(Math.max(...good.map(({t}) => (t ?? '').length))).toBeLessThanOrEqual(text!)
      expect(Math.max(...good.map(({n}) => (n ?? '').split('.')[1]?.length ?? 0))).toBeLessThanOrEqual(number!)
      seen.rows += rows.length
      seen.good += good.length
    }),
    {numRuns: RUNS},
  )
  expect(seen.rows).toBeGreaterThanOrEqual(ROWS)
  expect(seen.good).toBeGreaterThan(seen.rows / 3)
}, 300_000)
