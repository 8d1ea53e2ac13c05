// Dates as a source writes them, rewritten in place as YYYY-MM-DD. A day that the calendar does not have is refused.
import type {DateFormat} from '../../../crds/sources/columns.ts'
import type {Rewrite} from './numbers.ts'

const ZERO = 0x30
const MINUS = 0x2d
const BLANK = 0x20
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
/** Bytes of YYYY-MM-DD. */
const ISO_LENGTH = 10

interface Part {
  /** Its place in [year, month, day]. */
  readonly field: number
  readonly least: number
  readonly most: number
  /** The byte behind it; 0 where the next part follows at once. */
  readonly separator: number
}

/**
 * Rewrites a date. Where the format has separators, day and month may lack their leading zero, but for YYYY-MM-DD, which is ISO 8601. What is
 * written has ten bytes: at most two more than what was read, so that the place behind `to` must be free.
 */
export function dateRewriter(format: DateFormat): Rewrite {
  const parts = partsOf(format)
  const value = new Int32Array(3)

  return (bytes, start, end) => {
    let at = start
    let to = end
    while (at < to && bytes[at] === BLANK) at += 1
    while (to > at && bytes[to - 1] === BLANK) to -= 1
    for (const {field, least, most, separator} of parts) {
      let number = 0
      let digits = 0
      for (; digits < most && at < to; digits++, at++) {
        const digit = bytes[at]! - ZERO
        if (digit < 0 || digit > 9) break
        number = number * 10 + digit
      }
      if (digits < least) return -1
      if (separator !== 0 && bytes[at++] !== separator) return -1
      value[field] = number
    }
    if (at !== to || !isDay(value[0]!, value[1]!, value[2]!)) return -1
    return writeIso(bytes, start, value)
  }
}

function partsOf(format: DateFormat): readonly Part[] {
  const found = [...format.matchAll(/(YYYY|MM|DD)([^YMD]?)/g)]
  const lenient = found.some(([, , separator]) => separator !== '') && format !== 'YYYY-MM-DD'
  return found.map(([, letters = '', separator = '']) => ({
    field: ['YYYY', 'MM', 'DD'].indexOf(letters),
    least: letters === 'YYYY' ? 4 : lenient ? 1 : 2,
    most: letters.length,
    separator: separator === '' ? 0 : separator.charCodeAt(0),
  }))
}

function isDay(year: number, month: number, day: number): boolean {
  if (year === 0 || month < 1 || month > 12 || day < 1) return false
  const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  return day <= DAYS[month - 1]! + (leap ? 1 : 0)
}

function writeIso(bytes: Uint8Array, from: number, value: Int32Array): number {
  writeDigits(bytes, from, 4, value[0]!)
  bytes[from + 4] = MINUS
  writeDigits(bytes, from + 5, 2, value[1]!)
  bytes[from + 7] = MINUS
  writeDigits(bytes, from + 8, 2, value[2]!)
  return from + ISO_LENGTH
}

function writeDigits(bytes: Uint8Array, from: number, count: number, value: number): void {
  let rest = value
  for (let at = from + count - 1; at >= from; at--) {
    bytes[at] = ZERO + (rest % 10)
    rest = (rest / 10) | 0
  }
}
