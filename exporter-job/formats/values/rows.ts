// Rows of COPY's text format: where their fields are, and how bytes are put into a row of a file.
import type {Cursor} from './cursor.ts'
import {BACKSLASH} from './cursor.ts'

const TAB = 0x09
const LINE_FEED = 0x0a
const CAPITAL_N = 0x4e
/** Longer constants are copied by TypedArray.set, which costs more to call and less a byte. */
const SHORT = 24

/** What splitRow gives for a row with more or fewer fields than were expected. */
export const WRONG_SHAPE = -1

/**
 * Notes where each field starts and, behind the last, where the next row does; gives that, or WRONG_SHAPE. `starts` has one place more
 * than a row has fields; a field ends one byte before the next one starts.
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

/** NULL (`\N`; a text of these two characters is written otherwise), or a text without characters: no format here has a difference between the two. */
export function isEmptyField(source: Uint8Array, from: number, to: number): boolean {
  return to === from || (to - from === 2 && source[from] === BACKSLASH && source[from + 1] === CAPITAL_N)
}

/** The same for the value that the cursor points at. */
export function isEmpty({source, from, to}: Cursor): boolean {
  return isEmptyField(source, from, to)
}

/** Whether a field is neither NULL (`\N`; a text of these two characters is written otherwise) nor empty. */
export function isFilled(source: Uint8Array, from: number, to: number): boolean {
  return !isEmptyField(source, from, to)
}

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
