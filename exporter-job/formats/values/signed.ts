// Decimal numbers with a sign: bytes of COPY's text form in, a number of cents or bytes with a decimal point out.
import type {Cursor, ValueRule} from './cursor.ts'
import {MINUS, POINT, ZERO, isDigit} from './cursor.ts'

/** Digits before the point that an amount may have: with two decimals it stays below 2^50. */
export const MAX_AMOUNT_DIGITS = 13

/** Reads an amount into `number`, in cents. Further decimals must be zeros. */
export function readCents(cursor: Cursor): ValueRule | undefined {
  const {source, to} = cursor
  let {from} = cursor
  const isNegative = source[from] === MINUS
  if (isNegative) from++
  while (source[from] === ZERO && from + 1 < to && isDigit(source[from + 1]!)) from++
  const first = from
  let number = 0
  for (let digit = source[from]! - ZERO; digit >= 0 && digit <= 9; digit = source[++from]! - ZERO) number = number * 10 + digit
  if (from === first) return 'NotANumber'
  if (from - first > MAX_AMOUNT_DIGITS) return 'TooManyDigits'
  let decimals = 0
  if (source[from] === POINT) {
    const point = from++
    for (let digit = source[from]! - ZERO; digit >= 0 && digit <= 9; digit = source[++from]! - ZERO) {
      if (decimals < 2) {
        number = number * 10 + digit
        decimals++
      } else if (digit !== 0) return 'TooManyDecimals'
    }
    if (from === point + 1) return 'NotANumber'
  }
  if (from !== to) return 'NotANumber'
  if (decimals < 2) number *= decimals === 1 ? 10 : 100
  cursor.number = isNegative && number > 0 ? -number : number
  return undefined
}

/** Writes cents with two decimals: -1234.50. */
export function writeCents(cursor: Cursor, cents: number): void {
  const {out} = cursor
  let {at} = cursor
  let rest = cents
  if (rest < 0) {
    out[at++] = MINUS
    rest = -rest
  }
  let whole = Math.floor(rest / 100)
  const fraction = rest - whole * 100
  let digits = 1
  for (let bound = 10; bound <= whole; bound *= 10) digits++
  for (let index = at + digits - 1; index >= at; index--) {
    const next = Math.floor(whole / 10)
    out[index] = ZERO + whole - next * 10
    whole = next
  }
  at += digits
  const tens = Math.floor(fraction / 10)
  out[at] = POINT
  out[at + 1] = ZERO + tens
  out[at + 2] = ZERO + fraction - tens * 10
  cursor.at = at + 3
}

/** How many digits a number may have. */
export interface DigitRule {
  /** Before the point. */
  readonly max: number
  readonly decimals: number
}

/** A decimal as it is, leading zeros and zeros beyond the decimals left out; for rates, which are not added up. */
export function encodeSigned(cursor: Cursor, {max, decimals}: DigitRule): ValueRule | undefined {
  const {source, to, out} = cursor
  let {from, at} = cursor
  if (source[from] === MINUS) out[at++] = source[from++]!
  while (source[from] === ZERO && from + 1 < to && isDigit(source[from + 1]!)) from++
  const first = from
  while (isDigit(source[from]!)) out[at++] = source[from++]!
  if (from === first) return 'NotANumber'
  if (from - first > max) return 'TooManyDigits'
  if (source[from] === POINT) {
    const point = from++
    const end = at + 1 + decimals
    if (decimals > 0) out[at++] = POINT
    for (; isDigit(source[from]!); from++) {
      if (at < end && decimals > 0) out[at++] = source[from]!
      else if (source[from] !== ZERO) return 'TooManyDecimals'
    }
    if (from === point + 1) return 'NotANumber'
  }
  if (from !== to) return 'NotANumber'
  cursor.at = at
  return undefined
}
