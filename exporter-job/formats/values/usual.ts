// The usual value, quickly: nearly every value of a ledger is plain and right. What it is, is seen and written in one pass over its bytes;
// of anything else (an escape, a sign, a rule that may be broken) nothing is decided here: the encoder of that kind of value has the word.
// Wherever this writes something, that encoder would write the same bytes (usual.test.ts holds them against each other).
import type {Cursor} from './cursor.ts'
import {BACKSLASH, BLANK, COMMA, POINT, QUOTE, ZERO} from './cursor.ts'
import type {DayLayout} from './dates.ts'
import {NO_LAYOUT, readDate, writeDay} from './dates.ts'
import {FORMULA_START} from './formula-start.ts'

/** How a usual value is written; `careful` stands for those that always go to their encoder. Numbers: they are switched over some ten million times a run. */
export const USUAL = {careful: 0, quotedText: 1, plainText: 2, characters: 3, digits: 4, decimal: 5, date: 6, code: 7} as const

/** What is usual for a column. Every one has every property, so that the loop meets one hidden class. */
export interface Usual {
  readonly operation: (typeof USUAL)[keyof typeof USUAL]
  /** Characters, letters of a code, digits, or digits before the point. */
  readonly max: number
  readonly decimals: number
  /** Least and greatest number, in units of its last decimal. */
  readonly least: number
  readonly most: number
  /** Digits that may begin with 0 are that many at most. */
  readonly zeros: number
  /** The byte to write for each byte read, 0 for an unusual one; of a code, 1 for each that is known. */
  readonly table: Uint8Array
  /** How letters beyond ASCII are written: 1 as Windows-1252, 2 as UTF-8; 0 where they are unusual. */
  readonly wide: 0 | 1 | 2
  /** Text may begin with any character; else one that begins a spreadsheet's formula is unusual. */
  readonly anyStart: boolean
  /** How a date is written. */
  readonly layout: DayLayout
}

const NOTHING = new Uint8Array(0)

/** No value is usual. */
export const CAREFUL: Usual = {operation: USUAL.careful, max: 0, decimals: 0, least: 0, most: 0, zeros: 0, table: NOTHING, wide: 0, anyStart: false, layout: NO_LAYOUT}

const CAPITAL_A = 0x41

/** Bytes of texts that are written as they stand; `unusual` are the exceptions within ASCII. */
export function usualCharacters(unusual: string): Uint8Array {
  const refused = Buffer.from(unusual, 'latin1')
  return Uint8Array.from({length: 256}, (_, byte) => (byte < BLANK || byte >= 0x7f || byte === BACKSLASH || refused.includes(byte) ? 0 : byte))
}

/**
 * Writes the value that the cursor points at, which is not empty, and moves `at` behind it; a number is then the cursor's number. False
 * where it is not usual: then the cursor is as it was, and what lies behind `at` is of no use.
 */
export function writeUsual(cursor: Cursor, usual: Usual): boolean {
  switch (usual.operation) {
    case USUAL.quotedText:
      return writeText(cursor, usual, true)
    case USUAL.plainText:
      return cursor.source[cursor.to - 1] !== BLANK && cursor.source[cursor.from] !== BLANK && cursor.source[cursor.from] !== QUOTE && writeText(cursor, usual, false)
    case USUAL.characters:
      return writeCharacters(cursor, usual)
    case USUAL.digits:
      return writeDigits(cursor, usual)
    case USUAL.decimal:
      return writeDecimal(cursor, usual)
    case USUAL.date:
      return writeDate(cursor, usual)
    case USUAL.code:
      return writeCode(cursor, usual)
    case USUAL.careful:
      return false
    default:
      return usual.operation satisfies never
  }
}

function writeText(cursor: Cursor, {table, max, wide, anyStart}: Usual, doublesQuotes: boolean): boolean {
  const {source, to, out} = cursor
  let {from, at} = cursor
  if (!anyStart && FORMULA_START[source[from]!] === 1) return false
  let limit = at + max
  for (;;) {
    // The separator is unusual, too.
    for (let byte = table[source[from]!]!; byte !== 0; byte = table[source[++from]!]!) out[at++] = byte
    if (from === to) break
    const byte = source[from]!
    if (byte === QUOTE && doublesQuotes) {
      out[at++] = QUOTE
    } else {
      // The letters of Latin-1, without the control characters before U+00A0.
      const next = source[from + 1]!
      if (wide === 0 || (next & 0xc0) !== 0x80 || (byte !== 0xc3 && (byte !== 0xc2 || next < 0xa0))) return false
      if (wide === 1) {
        out[at++] = ((byte & 0x03) << 6) | (next & 0x3f)
        from += 2
        continue
      }
      out[at++] = byte
      from++
    }
    out[at++] = source[from++]!
    limit++
  }
  if (at > limit) return false
  cursor.at = at
  return true
}

function writeCharacters(cursor: Cursor, {table, max, anyStart}: Usual): boolean {
  const {source, to, out} = cursor
  let {from, at} = cursor
  if (!anyStart && FORMULA_START[source[from]!] === 1) return false
  const limit = at + max
  for (let byte = table[source[from]!]!; byte !== 0; byte = table[source[++from]!]!) out[at++] = byte
  if (from !== to || at > limit) return false
  cursor.at = at
  return true
}

/** A whole number above 0, as it stands. */
function writeDigits(cursor: Cursor, {max, zeros}: Usual): boolean {
  const {source, from, to, out} = cursor
  let {at} = cursor
  const length = to - from
  if (length > max || (length > zeros && source[from] === ZERO)) return false
  let number = 0
  for (let index = from; index < to; index++) {
    const digit = source[index]! - ZERO
    if (digit < 0 || digit > 9) return false
    number = number * 10 + digit
    out[at++] = digit + ZERO
  }
  if (number === 0) return false
  cursor.number = number
  cursor.at = at
  return true
}

/** Without sign and needless zeros before the point; decimals are padded. */
function writeDecimal(cursor: Cursor, usual: Usual): boolean {
  const {source, to, out} = cursor
  const {decimals} = usual
  let {from, at} = cursor
  const start = from
  let number = 0
  let digit = source[from]! - ZERO
  for (; digit >= 0 && digit <= 9; digit = source[++from]! - ZERO) {
    number = number * 10 + digit
    out[at++] = digit + ZERO
  }
  if (from === start || from - start > usual.max || (source[start] === ZERO && from - start > 1)) return false
  if (decimals > 0) out[at++] = COMMA
  let padding = decimals
  if (source[from] === POINT) {
    for (digit = source[++from]! - ZERO; digit >= 0 && digit <= 9; digit = source[++from]! - ZERO) {
      if (padding === 0) {
        if (digit !== 0) return false
        continue
      }
      padding--
      number = number * 10 + digit
      out[at++] = digit + ZERO
    }
    if (padding === decimals) return false
  }
  if (from !== to) return false
  for (; padding > 0; padding--) {
    number *= 10
    out[at++] = ZERO
  }
  if (number < usual.least || number > usual.most) return false
  cursor.number = number
  cursor.at = at
  return true
}

function writeDate(cursor: Cursor, {layout}: Usual): boolean {
  if (readDate(cursor.source, cursor.from, cursor.to) === 0) return false
  writeDay(cursor, layout)
  return true
}

/** Three capital letters that the table knows. */
function writeCode(cursor: Cursor, {table}: Usual): boolean {
  const {source, from, out, at} = cursor
  if (cursor.to - from !== 3) return false
  const [first, second, third] = [source[from]! - CAPITAL_A, source[from + 1]! - CAPITAL_A, source[from + 2]! - CAPITAL_A]
  if (first < 0 || first > 25 || second < 0 || second > 25 || third < 0 || third > 25) return false
  const packed = (first * 26 + second) * 26 + third
  if (table[packed] !== 1) return false
  out[at] = source[from]!
  out[at + 1] = source[from + 1]!
  out[at + 2] = source[from + 2]!
  cursor.number = packed
  cursor.at = at + 3
  return true
}
