// From a row of the text protocol to a row of COPY's text format: bytes to bytes, no string or object a row.
import {MARK} from '../refusals.ts'
import type {RowRefusals, Wrong} from '../refusals.ts'
import {readingOf} from './columns.ts'
import type {Writing} from './columns.ts'
import type {Field, Packet} from './library.ts'

const TAB = 0x09
const LINE_FEED = 0x0a
const DIGIT_ZERO = 0x30
const BACKSLASH = 0x5c
const TRUE = 0x74
const FALSE = 0x66
const CAPITAL_N = 0x4e
/** Where a length would stand. */
const NULL = 0xfb

const PLAIN = 0
const TEXT = 1
const BYTES = 2
const BITS = 3
const BIT = 4
const FLAG = 5
const CODES: Readonly<Record<Writing, number>> = {plain: PLAIN, text: TEXT, bytes: BYTES, bits: BITS, bit: BIT, flag: FLAG}

/** The letter that stands behind a backslash for a byte; 0 where the byte stands for itself. */
const LETTERS = new Uint8Array(256)
for (const [byte, letter] of ['\\\\', '\bb', '\ff', '\nn', '\rr', '\tt', '\vv']) LETTERS[byte!.charCodeAt(0)] = letter!.charCodeAt(0)

const HEX = Buffer.from('0123456789abcdef', 'latin1')
/** A number of 64 bits has at most 20 digits; a NULL takes two bytes, a tab one. */
const MOST_A_COLUMN = 24
const BUFFER_BYTES = 512 * 1024

export interface RowEncoder {
  /** A boolean that is none is refused, with ValueNotBoolean. @throws FindingsFull */
  add(packet: Packet): void
  /** Rows so far. */
  rows(): number
  /** Bytes added since the last take(). */
  used(): number
  /** Those bytes; they stay as they are until take() has been called twice more. */
  take(): Uint8Array
}

export function createRowEncoder(fields: readonly Field[], refused: RowRefusals): RowEncoder {
  const codes = Uint8Array.from(fields, (field) => CODES[readingOf(field).writing])
  let out = new Uint8Array(BUFFER_BYTES)
  let other = new Uint8Array(BUFFER_BYTES)
  let used = 0
  let rows = 0

  function add({buffer, offset, end}: Packet): void {
    const most = used + 2 * (end - offset) + MOST_A_COLUMN * codes.length
    if (most > out.length) out = enlarged(out, used, most)
    // Variables of its own: the loop runs for every byte.
    const target = out
    let to = used
    let at = offset
    for (let column = 0; column < codes.length; column++) {
      if (column > 0) target[to++] = TAB
      let length = buffer[at++]!
      if (length === NULL) {
        target[to++] = BACKSLASH
        target[to++] = CAPITAL_N
        continue
      }
      if (length > NULL) {
        const bytes = length === 0xfc ? 2 : length === 0xfd ? 3 : 8
        length = readLength(buffer, at, bytes)
        at += bytes
      }
      const next = at + length
      switch (codes[column]) {
        case PLAIN:
          while (at < next) target[to++] = buffer[at++]!
          break
        case TEXT:
          while (at < next) {
            const byte = buffer[at++]!
            const letter = LETTERS[byte]!
            if (letter !== 0) target[to++] = BACKSLASH
            target[to++] = letter === 0 ? byte : letter
          }
          break
        case FLAG:
        case BIT: {
          const one = buffer[at]! - (codes[column] === BIT ? 0 : DIGIT_ZERO)
          if (length === 1 && (one === 0 || one === 1)) target[to++] = one === 1 ? TRUE : FALSE
          else {
            refused.value(column, notBoolean(fields[column]!.name), buffer.subarray(at, next))
            target[to++] = MARK
          }
          break
        }
        case BITS:
          to = addAscii(target, to, bitsOf(buffer.subarray(at, next)).toString())
          break
        default:
          to = addHex(target, to, buffer.subarray(at, next))
      }
      at = next
    }
    target[to++] = LINE_FEED
    const from = used
    used = to
    rows += 1
    if (refused.any()) refused.endRow(rows, target.subarray(from, to))
  }

  return {
    add,
    used: () => used,
    rows: () => rows,
    take() {
      const taken = out.subarray(0, used)
      ;[out, other] = [other, out]
      used = 0
      return taken
    },
  }
}

/** As PostgreSQL writes bytea, its backslash escaped. */
function addHex(target: Uint8Array, from: number, value: Uint8Array): number {
  let to = addAscii(target, from, String.raw`\\x`)
  for (const byte of value) {
    target[to++] = HEX[byte >> 4]!
    target[to++] = HEX[byte & 15]!
  }
  return to
}

function addAscii(target: Uint8Array, from: number, text: string): number {
  for (let index = 0; index < text.length; index++) target[from + index] = text.charCodeAt(index)
  return from + text.length
}

function readLength(buffer: Uint8Array, at: number, bytes: number): number {
  let length = 0
  for (let index = bytes - 1; index >= 0; index--) length = length * 256 + buffer[at + index]!
  return length
}

/** Most significant byte first. */
function bitsOf(value: Uint8Array): bigint {
  return value.reduce((bits, byte) => bits * 256n + BigInt(byte), 0n)
}

function enlarged(buffer: Uint8Array<ArrayBuffer>, used: number, atLeast: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(Math.max(atLeast, 2 * buffer.length))
  larger.set(buffer.subarray(0, used))
  return larger
}

/** Many a table has a number in what MySQL calls a boolean: to write t for a 5 would be to change it. */
function notBoolean(column: string): Wrong {
  return {rule: 'ValueNotBoolean', right: `must be 0 or 1, for it is a boolean (TINYINT(1)); a number is to be cast, as in CAST(${column} AS SIGNED) AS ${column}`}
}
