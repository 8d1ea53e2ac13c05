// One value at a time: bytes of COPY's text form in, the column's bytes out, or the rule that it breaks. The hot loop calls these some
// ten million times a run, so they make no string and no object. A separator stands at `to`, which ends every run of digits.
import {WINDOWS_1252} from '../text/windows-1252.ts'
import {GUID_CHARACTERS, VAT_ID_CHARACTERS} from './characters.ts'
import {CODE_TABLES, packLetters} from './codes.ts'
import type {RuleCode} from './rules.ts'

/** Where the encoder stands: what is read, what is written. */
export interface Cursor {
  source: Uint8Array
  /** The value's first byte. */
  from: number
  /** The byte after its last. */
  to: number
  out: Uint8Array
  /** Where the next byte goes. */
  at: number
  /** The number read last, in units of its last decimal (1234.5 with two decimals is 123450). */
  number: number
}

/** The result of every encoder: what was broken, or nothing. Then `at` stands behind what was written. */
export type Broken = RuleCode | undefined

const ZERO = 0x30
const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const POINT = 0x2e
const MINUS = 0x2d
const BLANK = 0x20

const PLAIN = 0
const SPECIAL = 1
/** SPECIAL for every byte that is not written as it stands. */
const TEXT_CLASS = Uint8Array.from({length: 256}, (_, byte) =>
  byte < BLANK || byte >= 0x7f || byte === QUOTE || byte === BACKSLASH ? SPECIAL : PLAIN,
)

/** Free text: characters are counted, quotation marks doubled. */
export function encodeText(cursor: Cursor, max: number): Broken {
  const {source, to, out} = cursor
  let {from, at} = cursor
  let limit = at + max
  while (from < to) {
    const byte = source[from]!
    if (at === limit) return 'TextTooLong'
    if (TEXT_CLASS[byte] === PLAIN) {
      out[at++] = byte
      from++
      continue
    }
    cursor.from = from
    const decoded = byte === QUOTE ? QUOTE : decodeSpecial(cursor)
    if (typeof decoded === 'string') return decoded
    if (byte === QUOTE) {
      out[at++] = QUOTE
      limit++
      cursor.from = from + 1
    }
    out[at++] = decoded
    from = cursor.from
  }
  cursor.at = at
  return undefined
}

/** An escape, a control character or a character beyond ASCII: its byte in Windows-1252. Moves `from` behind it. */
function decodeSpecial(cursor: Cursor): number | RuleCode {
  const {source, from, to} = cursor
  const byte = source[from]!
  if (byte === BACKSLASH) {
    // COPY escapes only the backslash and control characters.
    if (from + 1 >= to || source[from + 1] !== BACKSLASH) return 'ControlCharacter'
    cursor.from = from + 2
    return BACKSLASH
  }
  if (byte < 0x80) return 'ControlCharacter'
  if (byte >= 0xf0) return isWellFormed(cursor, 4) ? 'CharacterNotInWindows1252' : 'InvalidUtf8'
  const length = byte >= 0xe0 ? 3 : 2
  if (!isWellFormed(cursor, length)) return 'InvalidUtf8'
  const code =
    length === 2
      ? ((byte & 0x1f) << 6) | (source[from + 1]! & 0x3f)
      : ((byte & 0x0f) << 12) | ((source[from + 1]! & 0x3f) << 6) | (source[from + 2]! & 0x3f)
  if (code < (length === 2 ? 0x80 : 0x800) || (code >= 0xd800 && code <= 0xdfff)) return 'InvalidUtf8'
  const encoded = code < WINDOWS_1252.length ? WINDOWS_1252[code]! : 0
  if (encoded === 0) return 'CharacterNotInWindows1252'
  cursor.from = from + length
  return encoded
}

/** A lead byte, and as many continuation bytes as it announces. */
function isWellFormed({source, from, to}: Cursor, length: number): boolean {
  const lead = source[from]!
  if (lead < 0xc2 || lead > 0xf4 || from + length > to) return false
  for (let index = from + 1; index < from + length; index++) if ((source[index]! & 0xc0) !== 0x80) return false
  return true
}

/** What a set of characters asks for. */
export interface CharacterRule {
  readonly table: Uint8Array
  readonly max: number
  /** What a character outside the table breaks. */
  readonly refusal: RuleCode
}

/** At most `max` characters that the table has. */
export function encodeCharacters(cursor: Cursor, {table, max, refusal}: CharacterRule): Broken {
  const {source, from, to, out, at} = cursor
  for (let index = from; index < to; index++) {
    const written = table[source[index]!]!
    if (written === 0) return refusal
    out[at + index - from] = written
  }
  if (to - from > max) return refusal === 'CharacterNotAllowed' ? 'TextTooLong' : refusal
  cursor.at = at + to - from
  return undefined
}

/** A code of the list: exactly `letters` capitals. */
export function encodeCode(cursor: Cursor, table: Uint8Array, letters: number): Broken {
  const {source, from, to} = cursor
  if (to - from !== letters || table[packLetters(source, from, to)] !== 1) return 'UnknownCode'
  copy(cursor, from, to)
  return undefined
}

/** A country of the EU and what follows in a VAT id, perhaps nothing. */
export function encodeVatId(cursor: Cursor, max: number): Broken {
  const {source, from, to} = cursor
  if (to - from < 2 || to - from > max || CODE_TABLES.euCountry[packLetters(source, from, from + 2)] !== 1) return 'InvalidVatId'
  copy(cursor, from, from + 2)
  cursor.from = from + 2
  return encodeCharacters(cursor, VAT_ID_REST)
}

const VAT_ID_REST: CharacterRule = {table: VAT_ID_CHARACTERS, max: 13, refusal: 'InvalidVatId'}

/** `BEDI "<GUID>"`: 4 capitals, a blank, 36 characters in quotation marks. */
export function encodeDocumentLink(cursor: Cursor, max: number): Broken {
  const {source, from, to} = cursor
  const isLink =
    to - from === 43 &&
    packLetters(source, from, from + 4) >= 0 &&
    source[from + 4] === BLANK &&
    source[from + 5] === QUOTE &&
    source[to - 1] === QUOTE &&
    isGuid(source, from + 6)
  return isLink ? encodeText(cursor, max) : 'InvalidDocumentLink'
}

function isGuid(source: Uint8Array, from: number): boolean {
  for (let index = 0; index < 36; index++) {
    const byte = source[from + index]!
    const wantsMinus = index === 8 || index === 13 || index === 18 || index === 23
    if (GUID_CHARACTERS[byte] === 0 || (byte === MINUS) !== wantsMinus) return false
  }
  return true
}

/** Digits only. `accountLength` + 1 of them mean a personal account, which only some columns take. */
export function encodeAccount(cursor: Cursor, accountLength: number, accepts: 'any' | 'ledger' | 'ledgerOrZero'): Broken {
  const {source, from, to} = cursor
  let allZero = true
  for (let index = from; index < to; index++) {
    const digit = source[index]! - ZERO
    if (digit < 0 || digit > 9) return 'NotAnAccount'
    if (digit !== 0) allZero = false
  }
  const length = to - from
  if (length > accountLength + (accepts === 'any' ? 1 : 0)) return 'AccountTooLong'
  if (allZero && accepts !== 'ledgerOrZero') return 'AccountIsZero'
  if (length > accountLength && source[from] === ZERO) return 'NotAPersonalAccount'
  copy(cursor, from, to)
  return undefined
}

/** What a number must keep to. */
export interface DecimalRule {
  /** Digits before the comma. */
  readonly max: number
  readonly decimals: number
  /** Bounds, in units of the last decimal, and what a number outside breaks. */
  readonly least: number
  readonly most: number
  readonly outside: RuleCode
}

/**
 * A number without sign. Decimals are padded; more than allowed only where they are zeros. Leading zeros of a number with decimals
 * go; those of a whole number stay, for it may be an identifier. Sets `number`.
 */
export function encodeDecimal(cursor: Cursor, rule: DecimalRule): Broken {
  const broken = encodeWhole(cursor, rule.max, rule.decimals) ?? encodeFraction(cursor, rule.decimals)
  if (broken !== undefined) return broken
  return cursor.number < rule.least || cursor.number > rule.most ? rule.outside : undefined
}

/** Up to the comma, which is written where decimals follow. */
function encodeWhole(cursor: Cursor, digits: number, decimals: number): Broken {
  const {source, to, out} = cursor
  let {from, at} = cursor
  if (source[from] === MINUS) return 'NegativeNumber'
  if (decimals > 0) while (source[from] === ZERO && from + 1 < to && isDigit(source[from + 1]!)) from++
  const first = from
  let number = 0
  for (let digit = source[from]! - ZERO; digit >= 0 && digit <= 9; digit = source[++from]! - ZERO) {
    number = number * 10 + digit
    out[at++] = digit + ZERO
  }
  if (from === first) return 'NotANumber'
  if (from - first > digits) return 'TooManyDigits'
  if (decimals > 0) out[at++] = COMMA
  cursor.number = number
  cursor.from = from
  cursor.at = at
  return undefined
}

/** The point and what follows it, up to the value's end; the comma stands already. */
function encodeFraction(cursor: Cursor, decimals: number): Broken {
  const {source, to, out} = cursor
  let {from, at, number} = cursor
  const end = at + decimals
  if (source[from] === POINT) {
    const first = ++from
    for (let digit = source[from]! - ZERO; digit >= 0 && digit <= 9; digit = source[++from]! - ZERO) {
      if (at < end) {
        number = number * 10 + digit
        out[at++] = digit + ZERO
      } else if (digit !== 0) return 'TooManyDecimals'
    }
    if (from === first) return 'NotANumber'
  }
  if (from !== to) return 'NotANumber'
  while (at < end) {
    number *= 10
    out[at++] = ZERO
  }
  cursor.number = number
  cursor.at = at
  return undefined
}

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** 2026-10-31 as 20261031; 0 for anything that is not a day of the years 2000 to 2099. */
export function readDate(source: Uint8Array, from: number, to: number): number {
  if (to - from !== 10 || source[from + 4] !== MINUS || source[from + 7] !== MINUS) return 0
  const century = twoDigits(source, from)
  const year = twoDigits(source, from + 2)
  const month = twoDigits(source, from + 5)
  const day = twoDigits(source, from + 8)
  if (century !== 20 || year < 0 || month < 1 || month > 12 || day < 1) return 0
  // Every fourth year from 2000 to 2096 is a leap year.
  const days = month === 2 && year % 4 === 0 ? 29 : DAYS[month - 1]!
  return day > days ? 0 : 20_000_000 + year * 10_000 + month * 100 + day
}

/** A date as TTMM or, with its year, as TTMMJJJJ. */
export function encodeDate(cursor: Cursor, withYear: boolean): Broken {
  const {source, from, to} = cursor
  if (readDate(source, from, to) === 0) return 'NotADate'
  copy(cursor, from + 8, from + 10)
  copy(cursor, from + 5, from + 7)
  if (withYear) copy(cursor, from, from + 4)
  return undefined
}

function twoDigits(source: Uint8Array, from: number): number {
  const tens = source[from]! - ZERO
  const ones = source[from + 1]! - ZERO
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= ZERO + 9
}

function copy(cursor: Cursor, from: number, to: number): void {
  const {source, out} = cursor
  let {at} = cursor
  for (let index = from; index < to; index++) out[at++] = source[index]!
  cursor.at = at
}
