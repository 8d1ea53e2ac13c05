// Numbers as a source writes them, rewritten in place as COPY has them: a point, no separators, no leading zeros, no float anywhere.
import type {ValueFormat} from '../../../crds/sources/columns.ts'

const ZERO = 0x30
const NINE = 0x39
const PLUS = 0x2b
const MINUS = 0x2d
const POINT = 0x2e
const BLANK = 0x20
/** A longer number is none that an account has. */
const MAX_DIGITS = 200

/**
 * Rewrites bytes[from, to) in place and gives the new end, or -1 where they are no such value. What is written is at most one byte longer
 * than what was read, and nothing behind `to` is needed any more.
 */
export type Rewrite = (bytes: Uint8Array, from: number, to: number) => number

/** How many bytes of UTF-8 a separator takes at `at`; 0 where there is none. */
type Separator = (bytes: Uint8Array, at: number) => number

/** The sign may stand before or, as some ledgers print it, behind the digits; blanks around the number are no part of it. */
export function numberRewriter({decimalSign, thousandsSeparator}: Pick<ValueFormat, 'decimalSign' | 'thousandsSeparator'>): Rewrite {
  const decimal = decimalSign.charCodeAt(0)
  const separator = separatorOf(thousandsSeparator)
  const digits = new Uint8Array(MAX_DIGITS)
  /** Digits that the number read last has in all. */
  let total = 0

  return (bytes, start, end) => {
    if (isPlain(bytes, start, end)) return end
    let from = start
    let to = end
    while (from < to && bytes[from] === BLANK) from += 1
    while (to > from && bytes[to - 1] === BLANK) to -= 1
    let sign = 0
    if (bytes[from] === MINUS || bytes[from] === PLUS) sign = bytes[from++]!
    else if (to > from && bytes[to - 1] === MINUS) sign = bytes[--to]!
    if (to - from > MAX_DIGITS) return -1
    const whole = readDigits(bytes, from, to)
    if (whole < 0) return -1
    return write(bytes, start, sign, whole)
  }

  /** Whether it is written as COPY writes it: most are, where the decimal sign is a point. */
  function isPlain(bytes: Uint8Array, from: number, to: number): boolean {
    if (decimal !== POINT) return false
    let at = from
    const first = bytes[at]! - ZERO
    if (first < 1 || first > 9) return false
    while (at < to && bytes[at]! >= ZERO && bytes[at]! <= NINE) at += 1
    if (at < to - 1 && bytes[at] === POINT) for (at += 1; at < to && bytes[at]! >= ZERO && bytes[at]! <= NINE; ) at += 1
    return at === to
  }

  /** Collects the digits; gives how many stand before the decimal sign, or -1. */
  function readDigits(bytes: Uint8Array, from: number, to: number): number {
    let at = from
    let count = 0
    let group = 0
    let grouped = false
    while (at < to) {
      const byte = bytes[at]!
      if (byte >= ZERO && byte <= NINE) {
        digits[count++] = byte
        group += 1
        at += 1
        continue
      }
      const length = separator(bytes, at)
      // The first group has one to three digits, every other one three.
      if (length === 0 || group === 0 || group > 3 || (grouped && group !== 3)) break
      grouped = true
      group = 0
      at += length
    }
    // Zero and three digits behind a separator are a fraction of the other notation: 0,500 is no 500.
    if (grouped && (group !== 3 || digits[0] === ZERO)) return -1
    const whole = count
    if (at < to) {
      if (bytes[at] !== decimal || at + 1 === to) return -1
      for (at += 1; at < to; at++) {
        const byte = bytes[at]!
        if (byte < ZERO || byte > NINE) return -1
        digits[count++] = byte
      }
    }
    total = count
    return count === 0 ? -1 : whole
  }

  function write(bytes: Uint8Array, from: number, sign: number, whole: number): number {
    let at = from
    let first = 0
    while (first < whole - 1 && digits[first] === ZERO) first += 1
    if (sign === MINUS && !isZero(digits, total)) bytes[at++] = MINUS
    if (whole === 0) bytes[at++] = ZERO
    for (let index = first; index < whole; index++) bytes[at++] = digits[index]!
    if (total > whole) bytes[at++] = POINT
    for (let index = whole; index < total; index++) bytes[at++] = digits[index]!
    return at
  }
}

function isZero(digits: Uint8Array, count: number): boolean {
  for (let index = 0; index < count; index++) if (digits[index] !== ZERO) return false
  return true
}

function separatorOf(sign: ValueFormat['thousandsSeparator']): Separator {
  if (sign === undefined) return () => 0
  const byte = sign.charCodeAt(0)
  const others = (OTHER_FORMS[sign] ?? []).map((form) => Buffer.from(form))
  return (bytes, at) => {
    if (bytes[at] === byte) return 1
    const found = others.find((form) => form.every((each, index) => bytes[at + index] === each))
    return found?.length ?? 0
  }
}

/** What is printed in the place of a plain space and apostrophe. */
const OTHER_FORMS: Readonly<Record<string, readonly string[]>> = {' ': ['\u00a0', '\u202f'], "'": ['\u2019']}
