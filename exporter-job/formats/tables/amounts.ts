// Exact sums of decimal numbers of any sign, any size and any number of decimals. Nearly all are cents below 10^13 and are summed as
// numbers; the rest is summed as BigInt.
import {MINUS, POINT, ZERO} from '../values/cursor.ts'

/** The amount read last. */
export interface Amount {
  /** 0 where it is fine. */
  cents: number
  /** It has more than two decimals, or too many digits for a number. */
  isFine: boolean
  /** Where it is fine: the amount in units of its last decimal. */
  fine: bigint
  decimals: number
}

export function newAmount(): Amount {
  return {cents: 0, isFine: false, fine: 0n, decimals: 0}
}

/** Digits before the point of what is read as a number: with its cents it stays below 2^50. */
const MAX_DIGITS = 13

/** Reads -?[0-9]+(.[0-9]+)?; false for anything else. */
export function readAmount(amount: Amount, source: Uint8Array, from: number, to: number): boolean {
  const first = source[from] === MINUS ? from + 1 : from
  let index = first
  let number = 0
  for (; index < to; index++) {
    const digit = source[index]! - ZERO
    if (digit < 0 || digit > 9) break
    number = number * 10 + digit
  }
  if (index === first) return false
  // Databases pad: zeros behind the cents change nothing.
  let end = to
  while (end > index + 3 && source[end - 1] === ZERO) end--
  const behind = end - index
  if (index - first > MAX_DIGITS || behind > 3) return readFine(amount, source, from, to)
  number *= 100
  if (behind > 0) {
    const tenths = source[index + 1]! - ZERO
    const hundredths = behind === 3 ? source[index + 2]! - ZERO : 0
    if (source[index] !== POINT || behind < 2 || tenths < 0 || tenths > 9 || hundredths < 0 || hundredths > 9) return false
    number += tenths * 10 + hundredths
  }
  amount.cents = first === from ? number : -number
  amount.isFine = false
  return true
}

function readFine(amount: Amount, source: Uint8Array, from: number, to: number): boolean {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(Buffer.from(source.subarray(from, to)).toString('latin1'))
  if (match === null) return false
  const [, sign, whole = '', written = ''] = match
  const decimals = written.replace(/0+$/, '')
  const digits = BigInt(whole + decimals)
  amount.cents = 0
  amount.isFine = true
  amount.fine = sign === '-' ? -digits : digits
  amount.decimals = decimals.length
  return true
}

export function isZero({cents, isFine, fine}: Amount): boolean {
  return isFine ? fine === 0n : cents === 0
}

/** Sums by a small whole number. */
export interface Sums {
  /** Count and cents of each, side by side: both are in one line of the processor's cache. */
  pairs: Float64Array<ArrayBuffer>
  /** What was carried before it could leave what a number holds exactly, and what is no cents. */
  readonly great: Map<number, Great>
}

/** An exact decimal number. */
export interface Great {
  /** In units of its last decimal. */
  readonly value: bigint
  readonly decimals: number
}

const NOTHING: Great = {value: 0n, decimals: 2}
const CARRY_AT = 2 ** 52
const FIRST_CAPACITY = 16

export function newSums(): Sums {
  return {pairs: new Float64Array(2 * FIRST_CAPACITY), great: new Map()}
}

/** Adds the amount read last, as one row more. */
export function addAmount(sums: Sums, index: number, amount: Amount): void {
  const place = 2 * index
  if (place >= sums.pairs.length) enlarge(sums, place + 2)
  const {pairs} = sums
  pairs[place]!++
  const sum = pairs[place + 1]! + amount.cents
  pairs[place + 1] = sum
  if (sum >= CARRY_AT || sum <= -CARRY_AT) {
    carry(sums, index, {value: BigInt(sum), decimals: 2})
    pairs[place + 1] = 0
  }
  if (amount.isFine) carry(sums, index, {value: amount.fine, decimals: amount.decimals})
}

function enlarge(sums: Sums, least: number): void {
  const larger = new Float64Array(Math.max(least, sums.pairs.length * 2))
  larger.set(sums.pairs)
  sums.pairs = larger
}

function carry({great}: Sums, index: number, more: Great): void {
  great.set(index, plus(great.get(index) ?? NOTHING, more))
}

/** Rows of a sum. */
export function countOf({pairs}: Sums, index: number): number {
  return pairs[2 * index] ?? 0
}

/** "-1234.56": two decimals, or more where an amount has more. */
export function sumText({pairs, great}: Sums, index: number): string {
  return textOf(plus(great.get(index) ?? NOTHING, {value: BigInt(pairs[2 * index + 1] ?? 0), decimals: 2}))
}

function plus(one: Great, other: Great): Great {
  const decimals = Math.max(one.decimals, other.decimals)
  return {value: scaled(one, decimals) + scaled(other, decimals), decimals}
}

function scaled({value, decimals}: Great, to: number): bigint {
  return value * 10n ** BigInt(to - decimals)
}

function textOf({value, decimals}: Great): string {
  const digits = (value < 0n ? -value : value).toString().padStart(decimals + 1, '0')
  return `${value < 0n ? '-' : ''}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`
}
