// Numbers, accounts and dates: bytes of COPY's text form in, DATEV's out, or the rule that the value breaks.
import type {Broken, Cursor} from './cursor.ts'
import {COMMA, MINUS, POINT, ZERO, copy} from './cursor.ts'
import type {RuleCode} from './rules.ts'

/** Digits only. `accountLength` + 1 of them mean a personal account, which only some columns take. */
export function encodeAccount(cursor: Cursor, accountLength: number, accepts: 'any' | 'ledger' | 'ledgerOrZero'): Broken {
  const {source, from, to, out, at} = cursor
  let bits = 0
  for (let index = from; index < to; index++) {
    const byte = source[index]!
    if (!isDigit(byte)) return 'NotAnAccount'
    bits |= byte - ZERO
    out[at + index - from] = byte
  }
  const length = to - from
  if (length > accountLength + (accepts === 'any' ? 1 : 0)) return 'AccountTooLong'
  if (bits === 0 && accepts !== 'ledgerOrZero') return 'AccountIsZero'
  if (length > accountLength && source[from] === ZERO) return 'NotAPersonalAccount'
  cursor.at = at + length
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
  const {source, from, to, out, at} = cursor
  if (readDate(source, from, to) === 0) return 'NotADate'
  out[at] = source[from + 8]!
  out[at + 1] = source[from + 9]!
  out[at + 2] = source[from + 5]!
  out[at + 3] = source[from + 6]!
  cursor.at = at + 4
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
