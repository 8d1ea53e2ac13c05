// CSV (RFC 4180) as a dialect: text with or without quotation marks, in UTF-8 or Windows-1252.
import {transcode} from 'node:buffer'
import type {CsvEncoding, DateFormat} from '../../../crds/formats/csv.ts'
import {PermanentFault} from '../../errors.ts'
import {BLANK, QUOTE} from '../values/cursor.ts'
import type {DayLayout} from '../values/dates.ts'
import {dayLayout} from '../values/dates.ts'
import {append} from '../values/rows.ts'
import type {Usual} from '../values/usual.ts'
import {CAREFUL, USUAL, usualCharacters} from '../values/usual.ts'
import type {CsvText} from './csv-text.ts'
import {createCsvText} from './csv-text.ts'
import type {Dialect, EncodeValue, Field, TableCursor} from './plan.ts'
import {newCursor, planOf} from './plan.ts'
import type {ChosenColumn} from './resolve.ts'
import {RULES} from './rules.ts'
import type {RuleCode} from './rules.ts'
import {encodeDate, encodeNumber, encodeSide, encodeTimestamp, readBoolean} from './values.ts'

/** How a file is written: crds/formats/csv.ts says what each of them means. */
export interface CsvStyle {
  readonly delimiter: string
  readonly quote: 'Minimal' | 'All'
  readonly lineEnding: 'CRLF' | 'LF'
  readonly header: boolean
  readonly encoding: CsvEncoding
  readonly decimalSign: '.' | ','
  readonly dateFormat: DateFormat
  readonly nullText: string
  readonly trueText: string
  readonly falseText: string
  readonly lineBreaks: 'Keep' | 'Space' | 'Refuse'
}

/** Columns that a file has, and those of them that may not be empty. */
export interface CsvColumns {
  readonly dataset: string
  readonly chosen: readonly ChosenColumn[]
  /** Indexes in the dataset. */
  readonly required: readonly number[]
}

/** @throws PermanentFault NameRefused: a heading that the encoding lacks */
export function csvDialect(style: CsvStyle, {dataset, chosen, required}: CsvColumns): Dialect {
  const text = createCsvText(style)
  const between = Buffer.from(style.delimiter)
  const lineEnding = Buffer.from(style.lineEnding === 'CRLF' ? '\r\n' : '\n')
  const fields = chosen.map((column, index): Field => ({
    ...column,
    before: index === 0 ? Buffer.alloc(0) : between,
    isText: column.kind === 'text',
    required: required.includes(column.source),
    usual: usualOf(column.kind, style),
  }))
  // A line without a single byte would be taken for none.
  const nullBytes = Buffer.from(style.nullText === '' && fields.length === 1 ? '""' : style.nullText)
  return {
    plan: planOf({fields, tail: lineEnding, nullBytes, omitNulls: false, firstByte: 0, growth: 2}),
    encode: createEncoder(style, text),
    opening: Buffer.concat([byteOrderMark(style.encoding), style.header ? heading(dataset, fields, {text, lineEnding}) : Buffer.alloc(0)]),
    transcode: style.encoding === 'UTF16LE' ? (bytes) => transcode(bytes, 'utf8', 'utf16le') : undefined,
  }
}

/** More than any text has. */
const ANY_LENGTH = 2 ** 30

/** Of what stands without quotation marks. A text that is written like NULL needs them. */
function usualOf(kind: ChosenColumn['kind'], style: CsvStyle): Usual {
  if (style.quote === 'All') return CAREFUL
  if (kind === 'date') return {...CAREFUL, operation: USUAL.date, layout: layoutOf(style)}
  if (kind !== 'text' || style.nullText !== '') return CAREFUL
  const table = usualCharacters(`"${style.delimiter}`)
  return {...CAREFUL, operation: USUAL.plainText, max: ANY_LENGTH, table, wide: style.encoding === 'Windows1252' ? 1 : 2}
}

function layoutOf({dateFormat}: CsvStyle): DayLayout {
  return dayLayout(dateFormat === 'ISO' ? 'YYYY-MM-DD' : dateFormat)
}

/** As UTF-8: UTF-16 is made of it. */
function byteOrderMark(encoding: CsvEncoding): Buffer {
  return Buffer.from(encoding === 'UTF8BOM' || encoding === 'UTF16LE' ? '\uFEFF' : '')
}

/** The names of the columns, encoded as any text is. */
function heading(dataset: string, fields: readonly Field[], {text, lineEnding}: {text: CsvText; lineEnding: Uint8Array}): Buffer {
  const cursor = newCursor()
  cursor.out = Buffer.alloc(fields.reduce((sum, {to, before}) => sum + before.length + 6 * to.length + 2, lineEnding.length))
  for (const {to, before} of fields) {
    append(cursor, before)
    const broken = text.encodeName(cursor, to)
    if (broken !== undefined) {
      throw new PermanentFault('NameRefused', `${dataset}: a column cannot be called ${JSON.stringify(to)} in the file: the name ${RULES[broken]}`)
    }
  }
  append(cursor, lineEnding)
  return Buffer.from(cursor.out.subarray(0, cursor.at))
}

const LETTER_T = 0x54

function createEncoder(style: CsvStyle, text: CsvText): EncodeValue {
  const quoteAll = style.quote === 'All'
  // A decimal comma between commas needs quotation marks.
  const quoteNumbers = quoteAll || style.decimalSign === style.delimiter
  const numbers = {decimalSign: style.decimalSign.charCodeAt(0), stripZeros: false}
  const layout = layoutOf(style)
  const betweenDayAndTime = style.dateFormat === 'ISO' ? LETTER_T : BLANK
  const [yes, no] = [Buffer.from(style.trueText), Buffer.from(style.falseText)]

  function unquoted(cursor: TableCursor, {kind}: Field): RuleCode | undefined {
    switch (kind) {
      case 'number':
      case 'float':
        return encodeNumber(cursor, numbers, kind === 'float')
      case 'date':
        return encodeDate(cursor, layout)
      case 'timestamp':
        return encodeTimestamp(cursor, layout, betweenDayAndTime)
      case 'boolean': {
        const value = readBoolean(cursor.source, cursor.from, cursor.to)
        if (value === undefined) return 'NotABoolean'
        append(cursor, value ? yes : no)
        return undefined
      }
      case 'side':
        return encodeSide(cursor)
      case 'text':
        return text.encode(cursor)
      default:
        return kind satisfies never
    }
  }

  return (cursor, field) => {
    if (field.isText) return text.encode(cursor)
    if (!quoteAll && !(quoteNumbers && (field.kind === 'number' || field.kind === 'float'))) return unquoted(cursor, field)
    cursor.out[cursor.at++] = QUOTE
    const broken = unquoted(cursor, field)
    cursor.out[cursor.at++] = QUOTE
    return broken
  }
}
