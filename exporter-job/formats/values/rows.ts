// Rows of COPY's text format: where their fields start, and whether one is empty.
import type {Cursor} from './cursor.ts'
import {BACKSLASH} from './cursor.ts'

const TAB = 0x09
const LINE_FEED = 0x0a
const CAPITAL_N = 0x4e

/** What splitRow gives for a row with more or fewer fields than were expected. */
export const WRONG_SHAPE = -1

/**
 * Notes in `starts` where each field of the row at `position` begins and, behind the last one, where the next row does; gives that, or
 * WRONG_SHAPE for more or fewer fields than `starts` has room for. A field ends one byte before the next one begins.
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

/** Whether a field is neither NULL (`\N`; a text of these two characters is written otherwise) nor empty. */
export function isFilled(source: Uint8Array, from: number, to: number): boolean {
  const length = to - from
  return length > 0 && (length !== 2 || source[from] !== BACKSLASH || source[from + 1] !== CAPITAL_N)
}

/** Longer runs are copied by TypedArray.set, which costs more to call and less a byte. */
const SHORT = 24

/** Writes constant bytes. */
export function append(cursor: Cursor, bytes: Uint8Array): void {
  const {out, at} = cursor
  if (bytes.length > SHORT) out.set(bytes, at)
  else for (let index = 0; index < bytes.length; index++) out[at + index] = bytes[index]!
  cursor.at = at + bytes.length
}

const ESCAPES: Readonly<Record<string, string>> = {'\b': '\\b', '\f': '\\f', '\n': '\\n', '\r': '\\r', '\t': '\\t', '\v': '\\v', '\\': '\\\\'}

/** One value as COPY writes it, with the separator behind it: for names and words of a spec that are encoded like any value. */
export function fieldBytes(text: string): Buffer {
  return Buffer.from(`${text.replace(/[\\\b\f\n\r\t\v]/g, (character) => ESCAPES[character]!)}\t`)
}
