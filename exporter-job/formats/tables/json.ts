// NDJSON (RFC 8259, one object a line) as a dialect. Every text can be written; what is refused is no UTF-8 or not what its type says.
import {BACKSLASH, BLANK, QUOTE} from '../values/cursor.ts'
import {dayLayout} from '../values/dates.ts'
import {append} from '../values/rows.ts'
import {CAREFUL} from '../values/usual.ts'
import {utf8Length} from '../values/utf8.ts'
import type {Dialect, EncodeValue, Field, TableCursor} from './plan.ts'
import {planOf} from './plan.ts'
import type {ChosenColumn} from './resolve.ts'
import type {RuleCode} from './rules.ts'
import {encodeDate, encodeNumber, encodeSide, encodeTimestamp, readBoolean} from './values.ts'

/** How a file is written: crds/formats/ndjson.ts says what each of them means. */
export interface JsonStyle {
  readonly numbers: 'Number' | 'String'
  readonly nulls: 'Write' | 'Omit'
}

const OPENING_BRACE = 0x7b

export function jsonDialect(style: JsonStyle, chosen: readonly ChosenColumn[]): Dialect {
  const fields = chosen.map((column): Field => ({
    ...column,
    // The comma of the first one becomes the brace.
    before: Buffer.from(`,${JSON.stringify(column.to)}:`),
    isText: column.kind === 'text',
    required: false,
    usual: CAREFUL,
  }))
  return {
    plan: planOf({
      fields,
      tail: Buffer.from('}\n'),
      nullBytes: Buffer.from('null'),
      omitNulls: style.nulls === 'Omit',
      firstByte: OPENING_BRACE,
      growth: 6,
    }),
    encode: createEncoder(style),
    opening: new Uint8Array(0),
    transcode: undefined,
  }
}

const LAYOUT = dayLayout('YYYY-MM-DD')
const LETTER_T = 0x54
const TRUE = Buffer.from('true')
const FALSE = Buffer.from('false')
const NUMBER = {decimalSign: 0x2e, stripZeros: true}
const DIGITS = {decimalSign: 0x2e, stripZeros: false}

function createEncoder({numbers}: JsonStyle): EncodeValue {
  const quoteNumbers = numbers === 'String'
  return (cursor, {kind}) => {
    switch (kind) {
      case 'text':
        return quoted(cursor, encodeText)
      case 'number':
        return quoteNumbers ? quoted(cursor, encodeDigits) : encodeNumber(cursor, NUMBER, false)
      case 'float':
        return quoteNumbers ? quoted(cursor, encodeFloatDigits) : encodeNumber(cursor, NUMBER, true)
      case 'date':
        return quoted(cursor, encodeDay)
      case 'timestamp':
        return quoted(cursor, encodeInstant)
      case 'side':
        return quoted(cursor, encodeSide)
      case 'boolean': {
        const value = readBoolean(cursor.source, cursor.from, cursor.to)
        if (value === undefined) return 'NotABoolean'
        append(cursor, value ? TRUE : FALSE)
        return undefined
      }
      default:
        return kind satisfies never
    }
  }
}

function encodeDigits(cursor: TableCursor): RuleCode | undefined {
  return encodeNumber(cursor, DIGITS, false)
}

function encodeFloatDigits(cursor: TableCursor): RuleCode | undefined {
  return encodeNumber(cursor, DIGITS, true)
}

function encodeDay(cursor: TableCursor): RuleCode | undefined {
  return encodeDate(cursor, LAYOUT)
}

function encodeInstant(cursor: TableCursor): RuleCode | undefined {
  return encodeTimestamp(cursor, LAYOUT, LETTER_T)
}

function quoted(cursor: TableCursor, encode: (cursor: TableCursor) => RuleCode | undefined): RuleCode | undefined {
  cursor.out[cursor.at++] = QUOTE
  const broken = encode(cursor)
  cursor.out[cursor.at++] = QUOTE
  return broken
}

const PLAIN = 0
const WIDE = 1
const MARK = 2
const ESCAPE = 3
const CONTROL = 4
const CLASSES = Uint8Array.from({length: 256}, (_, byte) => {
  if (byte >= 0x80) return WIDE
  if (byte < BLANK) return CONTROL
  if (byte === BACKSLASH) return ESCAPE
  return byte === QUOTE ? MARK : PLAIN
})

const APOSTROPHE = 0x27
const LETTER_V = 0x76
const HEX = Buffer.from('0123456789abcdef')
const UNICODE = Buffer.from(String.raw`\u00`)
/** Escapes that COPY and JSON write alike. */
const SAME_ESCAPES = new Set(Buffer.from(String.raw`\bfnrt`))

function encodeText(cursor: TableCursor): RuleCode | undefined {
  const {source, to, out} = cursor
  let {from, at} = cursor
  if (cursor.prefix) out[at++] = APOSTROPHE
  for (;;) {
    let byte = source[from]!
    // The separator is CONTROL.
    while (CLASSES[byte] === PLAIN) {
      out[at++] = byte
      byte = source[++from]!
    }
    if (from === to) break
    if (CLASSES[byte] === WIDE) {
      const length = utf8Length(source, from, to)
      if (length === 0) return 'InvalidUtf8'
      for (let index = 0; index < length; index++) out[at++] = source[from++]!
      continue
    }
    cursor.from = from
    cursor.at = at
    const broken = encodeSpecial(cursor, byte)
    if (broken !== undefined) return broken
    from = cursor.from
    at = cursor.at
  }
  cursor.at = at
  return undefined
}

function encodeSpecial(cursor: TableCursor, byte: number): RuleCode | undefined {
  const {source, from, to, out} = cursor
  if (byte === QUOTE) {
    out[cursor.at++] = BACKSLASH
    out[cursor.at++] = QUOTE
    cursor.from++
    return undefined
  }
  if (byte !== BACKSLASH) {
    encodeUnicode(cursor, byte)
    cursor.from++
    return undefined
  }
  const letter = from + 1 < to ? source[from + 1]! : 0
  if (letter === LETTER_V) encodeUnicode(cursor, 0x0b)
  else if (!SAME_ESCAPES.has(letter)) return 'InvalidEscape'
  else {
    out[cursor.at++] = BACKSLASH
    out[cursor.at++] = letter
  }
  cursor.from += 2
  return undefined
}

/** \u000b */
function encodeUnicode(cursor: TableCursor, code: number): void {
  append(cursor, UNICODE)
  cursor.out[cursor.at++] = HEX[code >> 4]!
  cursor.out[cursor.at++] = HEX[code & 0x0f]!
}
