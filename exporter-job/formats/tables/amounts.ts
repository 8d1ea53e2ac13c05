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
  /** Adds the amount read last, as one row more. */
  add(index: number, amount: Amount): void
  count(index: number): number
  /** "-1234.56": two decimals, or more where an amount has more. */
  text(index: number): string
}

/** What does not fit into a number. */
interface Great {
  readonly value: bigint
  readonly decimals: number
}

const NOTHING: Great = {value: 0n, decimals: 2}
const CARRY_AT = 2 ** 52
const FIRST_CAPACITY = 16

export function createSums(): Sums {
  // Count and cents of one sum lie side by side: both are in one line of the processor's cache.
  let pairs = new Float64Array(2 * FIRST_CAPACITY)
  const carried = new Map<number, Great>()

  function carry(index: number, great: Great): void {
    carried.set(index, plus(carried.get(index) ?? NOTHING, great))
  }

  return {
    add(index, amount) {
      const place = 2 * index
      if (place >= pairs.length) pairs = enlarged(pairs, Math.max(place + 2, pairs.length * 2))
      pairs[place]!++
      const sum = pairs[place + 1]! + amount.cents
      const isGreat = sum >= CARRY_AT || sum <= -CARRY_AT
      pairs[place + 1] = isGreat ? 0 : sum
      if (isGreat) carry(index, {value: BigInt(sum), decimals: 2})
      if (amount.isFine) carry(index, {value: amount.fine, decimals: amount.decimals})
    },
    count: (index) => pairs[2 * index] ?? 0,
    text: (index) => textOf(plus(carried.get(index) ?? NOTHING, {value: BigInt(pairs[2 * index + 1] ?? 0), decimals: 2})),
  }
}

function enlarged(array: Float64Array<ArrayBuffer>, capacity: number): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(capacity)
  larger.set(array)
  return larger
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
