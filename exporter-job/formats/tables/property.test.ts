// Any row of any values is written and reads back by value, or is refused by a named rule at its own row and column. What is right is said
// here by regular expressions, not by the encoder's tables.
import * as fc from 'fast-check'
import {expect, test} from 'vitest'
import {CsvFormat} from '../../../crds/formats/csv.ts'
import {NdjsonFormat} from '../../../crds/formats/ndjson.ts'
import type {ColumnType} from '../../sources/types.ts'
import {createCsvFormat} from '../csv/format.ts'
import {createNdjsonFormat} from '../ndjson/format.ts'
import {anySeed, counted, createPicker, extentOf} from '../testing/batches.ts'
import type {Row} from '../testing/dataset.ts'
import {datasetOf} from '../testing/dataset.ts'
import type {CsvField} from './testing/rfc4180.ts'
import {decode, readCsv} from './testing/rfc4180.ts'
import {write} from './testing/write.ts'

const {rows: ROWS, batch: BATCH, runs: RUNS} = extentOf({batch: 200})

const TYPES = {t: 'text', u: 'other', n: 'numeric', i: 'integer', f: 'float', d: 'date', at: 'timestamptz', b: 'boolean'} as const satisfies Readonly<Record<string, ColumnType>>
type Name = keyof typeof TYPES
const NAMES = Object.keys(TYPES) as Name[]

const anyText = fc.oneof(
  {weight: 6, arbitrary: fc.string({unit: fc.constantFrom(...Array.from('ab ;,"|\\\'=+-@äöüß€éŁ😀\t\n\r.')), maxLength: 12})},
  {weight: 3, arbitrary: fc.string({unit: 'binary', maxLength: 12})},
  {weight: 2, arbitrary: fc.string({maxLength: 40})},
  {weight: 2, arbitrary: fc.constantFrom('', ' ', 'NULL', String.raw`\N`, String.raw`\.`, 'true', '\u0000', '\u001f', '\u007f', '\u0085', '\uFEFF', '"', '""', '\r\n', "'=1")},
)
const anyNumber = fc.oneof(
  {weight: 6, arbitrary: fc.tuple(fc.bigInt({min: -(10n ** 20n), max: 10n ** 20n}), fc.stringMatching(/^(\.[0-9]{1,6})?$/)).map(([whole, fraction]) => `${whole}${fraction}`)},
  {weight: 1, arbitrary: fc.constantFrom('007.50', '-0', '0.0', '1e5', '1.5E-7', '1e+20', 'NaN', 'Infinity', '-', '.', '1.', '.5', '+1', '1,5', '٣', '1e', '1e+', 't')},
)
const anyDay = fc.oneof(
  {weight: 6, arbitrary: fc.date({min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true}).map((date) => date.toISOString().slice(0, 10))},
  {weight: 1, arbitrary: fc.constantFrom('2026-02-29', '2026-00-01', '2026-13-01', '0000-01-01', '2026-1-1', 'infinity', '20261031', '10000-01-01')},
)
const anyInstant = fc.oneof(
  {weight: 6, arbitrary: fc.tuple(anyDay, fc.constantFrom('00:00:00', '23:59:59.999999', '12:30:00.5'), fc.constantFrom('', '+00', '-03:30', '+05:30', 'Z')).map(([day, time, offset]) => `${day} ${time}${offset}`)},
  {weight: 1, arbitrary: fc.constantFrom('2026-10-31', '2026-10-31 24:00:00', '2026-10-31 12:60:00', '2026-10-31 12:00:00.', '2026-10-31 12:00:00+0100', '2026-10-31T12:00:00Z')},
)
const anyBoolean = fc.oneof({weight: 6, arbitrary: fc.constantFrom('t', 'f')}, {weight: 1, arbitrary: fc.constantFrom('true', 'false', '1', '0', 'yes', 'T', '2')})

const VALUES: Readonly<Record<Name, fc.Arbitrary<string>>> = {t: anyText, u: anyText, n: anyNumber, i: anyNumber, f: anyNumber, d: anyDay, at: anyInstant, b: anyBoolean}
/** A batch of rows put together from a few values of each column. */
const someRows: fc.Arbitrary<readonly Row[]> = fc
  .tuple(fc.record(Object.fromEntries(NAMES.map((name) => [name, fc.array(fc.option(VALUES[name], {freq: 8}), {minLength: 8, maxLength: 8})]))), anySeed)
  .map(([pools, seed]) => {
    const pick = createPicker(seed)
    return Array.from({length: BATCH}, () => Object.fromEntries(NAMES.map((name) => [name, pick.of(pools[name]!)])))
  })

const DAY = /^(?!0000)\d{4}-\d\d-\d\d$/
function isDay(text: string): boolean {
  if (!DAY.test(text)) return false
  const date = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
}

const INSTANT = /^(\S{10})[ T](([01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?)(|Z|[+-]\d\d|[+-]\d\d:\d\d)$/

/** The rule that a value which is not NULL breaks, whatever the format. */
function refusal(type: ColumnType, value: string): string | undefined {
  switch (type) {
    case 'numeric':
    case 'integer':
      return /^-?\d+(\.\d+)?$/.test(value) ? undefined : 'NotANumber'
    case 'float':
      return /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(value) ? undefined : 'NotANumber'
    case 'date':
      return isDay(value) ? undefined : 'NotADate'
    case 'timestamptz':
      return isDay(INSTANT.exec(value)?.[1] ?? '') ? undefined : 'NotATimestamp'
    case 'boolean':
      return /^(t|f|true|false|1|0)$/.test(value) ? undefined : 'NotABoolean'
    default:
      return undefined
  }
}

/** What an instant reads like in ISO 8601. */
function isoInstant(value: string): string {
  const [, day, time, , offset = ''] = INSTANT.exec(value)!
  return `${day}T${time}${offset.length === 3 ? `${offset}:00` : offset}`
}

/** Findings as the test foretells them: "row column rule". */
function foretell(rows: readonly Row[], rule: (type: ColumnType, value: string) => string | undefined): {faults: string[]; good: Row[]} {
  const faults = rows.flatMap((row, index) =>
    NAMES.flatMap((name) => {
      const value = row[name]
      const broken = typeof value === 'string' ? rule(TYPES[name], value) : undefined
      return broken === undefined ? [] : [`${index + 1} ${name} ${broken}`]
    }),
  )
  const bad = new Set(faults.map((fault) => Number(fault.split(' ')[0])))
  return {faults, good: rows.filter((_, index) => !bad.has(index + 1))}
}

const anyCsv = fc
  .record({
    delimiter: fc.constantFrom(',', ';', '\t', '|'),
    quote: fc.constantFrom('Minimal', 'All'),
    lineEnding: fc.constantFrom('CRLF', 'LF'),
    header: fc.boolean(),
    encoding: fc.constantFrom('UTF8', 'UTF8BOM', 'Windows1252', 'UTF16LE'),
    decimalSign: fc.constantFrom('.', ','),
    dateFormat: fc.constantFrom('ISO', 'DD.MM.YYYY', 'DD/MM/YYYY', 'MM/DD/YYYY', 'YYYYMMDD'),
    nullText: fc.constantFrom('', 'NULL', String.raw`\N`),
    lineBreaks: fc.constantFrom('Keep', 'Space', 'Refuse'),
  })
  .map((input) => CsvFormat.parse({...input, trueText: 'ja', falseText: 'nein'}))

const WINDOWS_1252 = new Set(new TextDecoder('windows-1252').decode(Uint8Array.from({length: 256}, (_, byte) => byte)).replaceAll(/[\x80-\x9f]/g, ''))

/** The first thing that is wrong with a text, from its beginning on. */
function textRefusal(text: string, {encoding, lineBreaks}: CsvFormat): string | undefined {
  for (const character of text) {
    if (/[\r\n]/.test(character)) {
      if (lineBreaks === 'Refuse') return 'LineBreak'
    } else if (/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/.test(character)) return 'ControlCharacter'
    else if (encoding === 'Windows1252' && !WINDOWS_1252.has(character)) return 'CharacterNotInWindows1252'
  }
  return undefined
}

const ENCODINGS = {UTF8: 'utf-8', UTF8BOM: 'utf-8', Windows1252: 'windows-1252', UTF16LE: 'utf-16le'} as const

function csvDay(iso: string, {dateFormat}: CsvFormat): string {
  const [year, month, day] = iso.split('-') as [string, string, string]
  switch (dateFormat) {
    case 'ISO':
      return iso
    case 'DD.MM.YYYY':
      return `${day}.${month}.${year}`
    case 'DD/MM/YYYY':
      return `${day}/${month}/${year}`
    case 'MM/DD/YYYY':
      return `${month}/${day}/${year}`
    case 'YYYYMMDD':
      return year + month + day
    default:
      return dateFormat satisfies never
  }
}

/** What a field must say, `null` for NULL. */
function csvField(type: ColumnType, value: string | null | undefined, style: CsvFormat): string | null {
  if (value === null || value === undefined) return null
  switch (type) {
    case 'numeric':
    case 'integer':
    case 'float':
      return value.replace('.', style.decimalSign)
    case 'date':
      return csvDay(value, style)
    case 'timestamptz': {
      const iso = isoInstant(value)
      return `${csvDay(iso.slice(0, 10), style)}${style.dateFormat === 'ISO' ? 'T' : ' '}${iso.slice(11)}`
    }
    case 'boolean':
      return /^[t1]/.test(value) ? 'ja' : 'nein'
    default:
      return style.lineBreaks === 'Space' ? value.replaceAll(/\r\n|\r|\n/g, ' ') : value
  }
}

/** Rows, NULL known from a text; throws where mark, heading or quotation marks are not as the spec says. */
function readBack(bytes: Uint8Array, style: CsvFormat): (string | null)[][] {
  const text = decode(bytes, ENCODINGS[style.encoding])
  const mark = style.encoding === 'UTF8BOM' || style.encoding === 'UTF16LE' ? '\uFEFF' : ''
  if (!text.startsWith(mark)) throw new Error('the byte order mark is missing')
  const records = readCsv(text.slice(mark.length), style.delimiter, style.lineEnding === 'CRLF' ? '\r\n' : '\n')
  const heading = style.header ? records.shift()!.map((field) => field.text) : NAMES
  if (heading.join() !== NAMES.join()) throw new Error(`the heading is ${heading.join()}`)
  return records.map((record) => record.map((field) => valueOf(field, style)))
}

function valueOf({text, quoted}: CsvField, {nullText, quote}: CsvFormat): string | null {
  if (text === nullText && !quoted) return null
  if (!quoted && quote === 'All') throw new Error(`${text} lacks its quotation marks`)
  return text
}

test(`CSV of any dialect reads back by value in ${counted(ROWS)} rows, or a rule says why not`, async () => {
  const seen = {rows: 0, good: 0, rules: new Set<string>()}
  await fc.assert(
    fc.asyncProperty(anyCsv, someRows, fc.integer({min: 1, max: 400}), async (style, rows, chunkBytes) => {
      const {faults, good} = foretell(rows, (type, value) => (type === 'text' || type === 'other' ? textRefusal(value, style) : refusal(type, value)))
      const {errors, sink, result} = await write(createCsvFormat(style), [datasetOf(rows, NAMES, {name: 'rows', types: TYPES, chunkBytes})])
      expect(errors.map(({row, column, rule}) => `${row} ${column} ${rule}`)).toEqual(faults)
      expect(result.rows).toBe(rows.length)
      expect(readBack(sink.bytes(0), style)).toEqual(good.map((row) => NAMES.map((name) => csvField(TYPES[name], row[name], style))))
      seen.rows += rows.length
      seen.good += good.length
      for (const {rule} of errors) seen.rules.add(rule)
    }),
    {numRuns: RUNS},
  )
  expect(seen.rows).toBeGreaterThanOrEqual(ROWS)
  // A property that refuses everything, or breaks few rules, proves little.
  expect(seen.good).toBeGreaterThan(seen.rows / 10)
  expect(seen.rules.size).toBeGreaterThanOrEqual(6)
}, 300_000)

/** A JSON number as it stands in the file. */
interface Exact {
  readonly digits: string
}

function parseExactly(line: string): unknown {
  return JSON.parse(line, keepDigits)
}

function keepDigits(_: string, value: unknown, context?: {source?: string}): unknown {
  return typeof value === 'number' ? {digits: context!.source!} : value
}

function jsonValue(type: ColumnType, value: string | null | undefined, numbers: NdjsonFormat['numbers']): unknown {
  if (value === null || value === undefined) return null
  switch (type) {
    case 'numeric':
    case 'integer':
    case 'float':
      return numbers === 'String' ? value : ({digits: value.replace(/^(-?)0+(?=\d)/, '$1')} satisfies Exact)
    case 'timestamptz':
      return isoInstant(value)
    case 'boolean':
      return /^[t1]/.test(value)
    default:
      return value
  }
}

test(`NDJSON reads back by value in ${counted(ROWS)} rows, or a rule says why not`, async () => {
  const seen = {rows: 0, good: 0}
  const anySpec = fc.record({numbers: fc.constantFrom('Number', 'String'), nulls: fc.constantFrom('Write', 'Omit')}).map((input) => NdjsonFormat.parse(input))
  await fc.assert(
    fc.asyncProperty(anySpec, someRows, async (spec, rows) => {
      const {faults, good} = foretell(rows, refusal)
      const {errors, sink} = await write(createNdjsonFormat(spec), [datasetOf(rows, NAMES, {name: 'rows', types: TYPES})])
      expect(errors.map(({row, column, rule}) => `${row} ${column} ${rule}`)).toEqual(faults)
      const lines = sink.bytes(0).toString().split('\n').slice(0, -1)
      const expected = good.map((row) =>
        Object.fromEntries(NAMES.map((name) => [name, jsonValue(TYPES[name], row[name], spec.numbers)]).filter(([, value]) => spec.nulls === 'Write' || value !== null)),
      )
      expect(lines.map(parseExactly)).toEqual(expected)
      seen.rows += rows.length
      seen.good += good.length
    }),
    {numRuns: RUNS},
  )
  expect(seen.rows).toBeGreaterThanOrEqual(ROWS)
  expect(seen.good).toBeGreaterThan(seen.rows / 10)
}, 300_000)
