// Numbers, days and times: bytes of COPY's text form in, the file's out, or the rule that the value breaks. Quotation marks are the caller's.
import {MINUS, POINT, ZERO, copy, isDigit} from '../values/cursor.ts'
import type {DayLayout} from '../values/dates.ts'
import {isDay, isTime, writeDay} from '../values/dates.ts'
import type {TableCursor} from './plan.ts'
import type {RuleCode} from './rules.ts'

const PLUS = 0x2b
const BLANK = 0x20
const COLON = 0x3a
const LETTER_T = 0x54
const LETTER_Z = 0x5a
const LETTER_E = 0x65
const TIME_BYTES = 8
const DAY_BYTES = 10

export interface NumberStyle {
  readonly decimalSign: number
  /** JSON takes no leading zeros; elsewhere they stay, for they may be part of an identifier. */
  readonly stripZeros: boolean
}

/** Every digit as the source gave it. Sets `decimals`. */
export function encodeNumber(cursor: TableCursor, style: NumberStyle, isFloat: boolean): RuleCode | undefined {
  const {source, to, out} = cursor
  let {from, at} = cursor
  if (source[from] === MINUS) {
    out[at++] = MINUS
    from++
  }
  if (style.stripZeros) while (source[from] === ZERO && isDigit(source[from + 1]!)) from++
  const whole = from
  for (let byte = source[from]!; byte >= ZERO && byte <= ZERO + 9; byte = source[++from]!) out[at++] = byte
  if (from === whole) return 'NotANumber'
  cursor.decimals = 0
  if (source[from] === POINT) {
    out[at++] = style.decimalSign
    const fraction = ++from
    for (let byte = source[from]!; byte >= ZERO && byte <= ZERO + 9; byte = source[++from]!) out[at++] = byte
    cursor.decimals = from - fraction
    if (from === fraction) return 'NotANumber'
  }
  cursor.at = at
  if (from === to) return undefined
  cursor.from = from
  return isFloat ? encodeExponent(cursor) : 'NotANumber'
}

/** What follows the digits of a floating-point number: e+20. */
function encodeExponent(cursor: TableCursor): RuleCode | undefined {
  const {source, from, to} = cursor
  if ((source[from]! | 0x20) !== LETTER_E) return 'NotANumber'
  const sign = source[from + 1] === PLUS || source[from + 1] === MINUS ? 1 : 0
  const digits = from + 1 + sign
  if (digits >= to) return 'NotANumber'
  for (let index = digits; index < to; index++) if (!isDigit(source[index]!)) return 'NotANumber'
  copy(cursor, from, to)
  return undefined
}

export function encodeDate(cursor: TableCursor, layout: DayLayout): RuleCode | undefined {
  const {source, from, to} = cursor
  if (to - from !== DAY_BYTES || !isDay(source, from)) return 'NotADate'
  writeDay(cursor, layout)
  return undefined
}

/** A day and a time, `between` them what the file wants; the offset from UTC, where there is one, with its minutes. */
export function encodeTimestamp(cursor: TableCursor, layout: DayLayout, between: number): RuleCode | undefined {
  const {source, from, to} = cursor
  const time = from + DAY_BYTES + 1
  if (to - time < TIME_BYTES || !isDay(source, from) || !isTime(source, time)) return 'NotATimestamp'
  if (source[time - 1] !== BLANK && source[time - 1] !== LETTER_T) return 'NotATimestamp'
  const offset = endOfFraction(source, time + TIME_BYTES, to)
  if (offset < 0 || !isOffset(source, offset, to)) return 'NotATimestamp'
  writeDay(cursor, layout)
  cursor.out[cursor.at++] = between
  copy(cursor, time, to)
  // +01 lacks its minutes.
  if (to - offset === 3) {
    cursor.out[cursor.at++] = COLON
    cursor.out[cursor.at++] = ZERO
    cursor.out[cursor.at++] = ZERO
  }
  return undefined
}

/** Where the offset begins, behind a fraction of a second if there is one; -1 for a point without digits. */
function endOfFraction(source: Uint8Array, from: number, to: number): number {
  if (from >= to || source[from] !== POINT) return from
  let index = from + 1
  while (index < to && isDigit(source[index]!)) index++
  return index === from + 1 ? -1 : index
}

/** Nothing, Z, +01 or +05:30. */
function isOffset(source: Uint8Array, from: number, to: number): boolean {
  const length = to - from
  if (length === 0) return true
  if (length === 1) return source[from] === LETTER_Z
  if (source[from] !== PLUS && source[from] !== MINUS) return false
  const isHour = isDigit(source[from + 1]!) && isDigit(source[from + 2]!)
  if (length === 3) return isHour
  return length === 6 && isHour && source[from + 3] === COLON && isDigit(source[from + 4]!) && isDigit(source[from + 5]!)
}

const UNKNOWN = 0
const FALSE = 1
const TRUE = 2
const LETTERS = {t: 0x74, f: 0x66, one: 0x31, zero: 0x30} as const
const WORDS = {true: [0x74, 0x72, 0x75, 0x65], false: [0x66, 0x61, 0x6c, 0x73, 0x65]} as const

/** True or false by t, f, true, false, 1, 0; undefined for anything else. */
export function readBoolean(source: Uint8Array, from: number, to: number): boolean | undefined {
  const found = to - from === 1 ? letter(source[from]!) : word(source, from, to)
  return found === UNKNOWN ? undefined : found === TRUE
}

function letter(byte: number): number {
  if (byte === LETTERS.t || byte === LETTERS.one) return TRUE
  return byte === LETTERS.f || byte === LETTERS.zero ? FALSE : UNKNOWN
}

function word(source: Uint8Array, from: number, to: number): number {
  const length = to - from
  if (length === WORDS.true.length && begins(WORDS.true, source, from)) return TRUE
  return length === WORDS.false.length && begins(WORDS.false, source, from) ? FALSE : UNKNOWN
}

function begins(bytes: readonly number[], source: Uint8Array, from: number): boolean {
  for (let index = 0; index < bytes.length; index++) if (source[from + index] !== bytes[index]) return false
  return true
}

const LETTER_S = 0x53
const LETTER_H = 0x48

/** S or H. */
export function encodeSide(cursor: TableCursor): RuleCode | undefined {
  const {source, from, to} = cursor
  if (to - from !== 1 || (source[from] !== LETTER_S && source[from] !== LETTER_H)) return 'ValueNotAllowed'
  cursor.out[cursor.at++] = source[from]!
  return undefined
}
