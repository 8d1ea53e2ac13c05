// Keys that ascend strictly, so that each is met once and nothing has to be remembered but the last one.
import {ZERO, isDigit} from './cursor.ts'

export interface Ascending {
  /** Whether the key is greater than all before it, in the order that all of them keep. */
  follows(bytes: Uint8Array, from: number, to: number): boolean
  /** Begins anew: any key may follow. */
  restart(): void
}

/**
 * A source sorts numbers as numbers and texts byte by byte (COLLATE "C"). Which of the two it is shows in the keys: they must keep one of
 * the orders all along.
 */
export function createAscending(): Ascending {
  let last = new Uint8Array(64)
  let length = -1
  let asBytes = true
  let asNumbers = true

  function keep(bytes: Uint8Array, from: number, to: number): void {
    length = to - from
    if (length > last.length) last = new Uint8Array(length * 2)
    for (let index = 0; index < length; index++) last[index] = bytes[from + index]!
  }

  /** Below 0 where the last key is less, byte by byte from `skipped` on. */
  function compareBytes(bytes: Uint8Array, from: number, to: number, skipped: number): number {
    const shorter = Math.min(length - skipped, to - from)
    for (let index = 0; index < shorter; index++) {
      const difference = last[skipped + index]! - bytes[from + index]!
      if (difference !== 0) return difference
    }
    return length - skipped - (to - from)
  }

  function compareNumbers(bytes: Uint8Array, from: number, to: number): number {
    let skipped = 0
    while (skipped < length - 1 && last[skipped] === ZERO) skipped++
    let start = from
    while (start < to - 1 && bytes[start] === ZERO) start++
    const difference = length - skipped - (to - start)
    return difference === 0 ? compareBytes(bytes, start, to, skipped) : difference
  }

  return {
    follows(bytes, from, to) {
      if (asNumbers) asNumbers = isNumber(bytes, from, to) && (length < 0 || compareNumbers(bytes, from, to) < 0)
      if (asBytes) asBytes = length < 0 || compareBytes(bytes, from, to, 0) < 0
      keep(bytes, from, to)
      if (asNumbers || asBytes) return true
      // One row out of order is said once.
      asBytes = true
      asNumbers = isNumber(bytes, from, to)
      return false
    },
    restart() {
      length = -1
    },
  }
}

function isNumber(bytes: Uint8Array, from: number, to: number): boolean {
  for (let index = from; index < to; index++) if (!isDigit(bytes[index]!)) return false
  return to > from
}
