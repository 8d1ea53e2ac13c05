// A row of COPY's text format: where its fields start, and whether one is empty.
import type {Cursor} from './cursor.ts'
import {BACKSLASH} from './cursor.ts'

const TAB = 0x09
const LINE_FEED = 0x0a
const CAPITAL_N = 0x4e

/** What splitRow gives for a row with more or fewer fields than were expected. */
export const WRONG_SHAPE = -1

/**
 * Notes where each field starts and, behind the last, where the next row does; gives that, or WRONG_SHAPE. `starts` has one place more
 * than a row has fields.
 */
export function splitRow(source: Uint8Array, position: number, starts: Int32Array): number {
  let index = 0
  starts[0] = position
  for (;;) {
    while (source[position]! > LINE_FEED) position++
    const byte = source[position++]!
    if (byte < TAB) continue
    // What lies beyond the last column is counted and not kept: a write outside a typed array does nothing.
    starts[++index] = position
    if (byte === LINE_FEED) return index === starts.length - 1 ? position : WRONG_SHAPE
  }
}

/** NULL, or a text without characters: no format here has a difference between the two. */
export function isEmpty({source, from, to}: Cursor): boolean {
  return to === from || (to - from === 2 && source[from] === BACKSLASH && source[from + 1] === CAPITAL_N)
}
