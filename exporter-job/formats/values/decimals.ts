// Decimal numbers: bytes of COPY's text form in, a number with a decimal comma out, or the rule that the value breaks.
import type {Cursor, ValueRule} from './cursor.ts'
import {COMMA, MINUS, POINT, ZERO, isDigit} from './cursor.ts'

/** What a number must keep to. */
export interface DecimalRule<R extends string = string> {
  /** Digits before the comma. */
  readonly max: number
  readonly decimals: number
  /** Bounds, in units of the last decimal, and what a number outside breaks. */
  readonly least: number
  readonly most: number
  readonly outside: R
}

/**
 * A number without sign. Decimals are padded; more than allowed only where they are zeros. Leading zeros of a number with decimals
 * go; those of a whole number stay, for it may be an identifier. Sets `number`.
 */
export function encodeDecimal<R extends string>(cursor: Cursor, rule: DecimalRule<R>): ValueRule | R | undefined {
  const broken = encodeWhole(cursor, rule.max, rule.decimals) ?? encodeFraction(cursor, rule.decimals)
  if (broken !== undefined) return broken
  return cursor.number < rule.least || cursor.number > rule.most ? rule.outside : undefined
}

/** A number that may have a minus: written the same way, `number` below 0 then. Zero is written without. */
export function encodeSignedDecimal<R extends string>(cursor: Cursor, rule: DecimalRule<R>): ValueRule | R | undefined {
  if (cursor.source[cursor.from] !== MINUS) return encodeDecimal(cursor, rule)
  cursor.from++
  return cursor.source[cursor.from] === MINUS ? 'NotANumber' : encodeNegated(cursor, rule)
}

/** A number without sign, written with a minus; `number` is below 0 then. Zero is written without. */
export function encodeNegated<R extends string>(cursor: Cursor, rule: DecimalRule<R>): ValueRule | R | undefined {
  const start = cursor.at
  cursor.out[start] = MINUS
  cursor.at = start + 1
  const broken = encodeDecimal(cursor, rule)
  if (broken !== undefined) return broken
  if (cursor.number === 0) {
    cursor.out.copyWithin(start, start + 1, cursor.at)
    cursor.at--
  } else cursor.number = -cursor.number
  return undefined
}

/** Up to the comma, which is written where decimals follow. */
function encodeWhole(cursor: Cursor, digits: number, decimals: number): ValueRule | undefined {
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
function encodeFraction(cursor: Cursor, decimals: number): ValueRule | undefined {
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
