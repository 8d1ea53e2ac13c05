// Texts, numbers, booleans and null of JSON (RFC 8259), written as COPY has them: every digit as it stands there.
import {ESCAPE_LETTER} from '../csv/states.ts'
import {NO_CHARACTER, writeCode} from '../files/encodings.ts'
import {MARK} from '../refusals.ts'
import {expandExponent} from './expand.ts'
import {ShapeError} from './keys.ts'

/** Where the reader stands: what is read, what is written. */
export interface JsonCursor {
  source: Uint8Array
  /** The byte that is read next, and the one behind the row's last. */
  pos: number
  limit: number
  out: Buffer
  /** Where the next byte goes. */
  at: number
  /** Whether the text read last has a byte that is no character. */
  isUnknown: boolean
  /** Room that a row needs beside what is left of it to read. */
  readonly reserve: number
}

export const IS_STRING = 0
export const IS_NUMBER = 1
export const IS_BOOLEAN = 2
export const IS_NULL = 3
/** What kind of value was read. */
export type Kind = typeof IS_STRING | typeof IS_NUMBER | typeof IS_BOOLEAN | typeof IS_NULL

const QUOTE = 0x22
const BACKSLASH = 0x5c
const ZERO = 0x30
const PLUS = 0x2b
const MINUS = 0x2d
const POINT = 0x2e
const LETTER_U = 0x75

/** 1 for what ends the run of plain bytes in a string: its end, an escape, a control character, a byte that is no character. */
const STOPS = new Uint8Array(256).fill(1, 0, 0x20)
STOPS[QUOTE] = 1
STOPS[BACKSLASH] = 1
STOPS[NO_CHARACTER] = 1

const IS_DIGIT = new Uint8Array(256).fill(1, ZERO, ZERO + 10)

/** The letter after a backslash, and the byte that it stands for. */
const SIMPLE_ESCAPES = new Map(
  ['""', '\\\\', '//', 'b\b', 'f\f', 'n\n', 'r\r', 't\t'].map((pair) => [pair.charCodeAt(0), pair.charCodeAt(1)]),
)

const WORDS = [
  {bytes: Buffer.from('true'), kind: IS_BOOLEAN, letter: 't'.charCodeAt(0)},
  {bytes: Buffer.from('false'), kind: IS_BOOLEAN, letter: 'f'.charCodeAt(0)},
  {bytes: Buffer.from('null'), kind: IS_NULL, letter: 0},
] as const

/** Room for so many bytes more. */
export function makeRoom(cursor: JsonCursor, length: number): void {
  const {out, at} = cursor
  if (out.length - at >= length) return
  const larger = Buffer.allocUnsafeSlow((at + length) * 2)
  out.copy(larger, 0, 0, at)
  cursor.out = larger
}

export function skipBlanks(cursor: JsonCursor): void {
  const {source, limit} = cursor
  let {pos} = cursor
  for (; pos < limit; pos++) {
    const byte = source[pos]!
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) break
  }
  cursor.pos = pos
}

/** Whether those bytes stand at `start`. */
export function isAt({source}: JsonCursor, bytes: Uint8Array, start: number): boolean {
  for (let index = 0; index < bytes.length; index++) if (source[start + index] !== bytes[index]) return false
  return true
}

/** A text; the cursor stands at its opening quote. @throws ShapeError */
export function readString(cursor: JsonCursor): Kind {
  const {source, out} = cursor
  let [pos, at] = [cursor.pos + 1, cursor.at]
  cursor.isUnknown = false
  for (;;) {
    let byte = source[pos]!
    while (STOPS[byte] === 0) {
      out[at++] = byte
      byte = source[++pos]!
    }
    cursor.pos = pos
    cursor.at = at
    if (byte === QUOTE) break
    if (byte === NO_CHARACTER) {
      cursor.isUnknown = true
      out[at++] = MARK
      pos += 1
      continue
    }
    if (byte !== BACKSLASH) throw new ShapeError('a control character in a text: JSON writes it as an escape')
    readEscape(cursor)
    pos = cursor.pos
    at = cursor.at
  }
  cursor.pos = pos + 1
  return IS_STRING
}

function readEscape(cursor: JsonCursor): void {
  const {source, pos} = cursor
  const letter = source[pos + 1]!
  const simple = SIMPLE_ESCAPES.get(letter)
  if (simple !== undefined) {
    cursor.pos += 2
    writeCharacter(cursor, simple)
    return
  }
  if (letter !== LETTER_U) throw new ShapeError('an escape that JSON does not have')
  let code = readHex(cursor, pos + 2)
  cursor.pos += 6
  if (code >= 0xd800 && code < 0xe000) {
    const low = code < 0xdc00 && source[pos + 6] === BACKSLASH && source[pos + 7] === LETTER_U ? readHex(cursor, pos + 8) : 0
    if (low < 0xdc00 || low >= 0xe000) throw new ShapeError('half of a surrogate pair stands alone')
    code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00)
    cursor.pos += 6
  }
  if (code === 0) throw new ShapeError('a NUL character, which no text may have')
  writeCharacter(cursor, code)
}

function readHex({source, limit}: JsonCursor, from: number): number {
  let code = 0
  for (let index = from; index < from + 4; index++) {
    const digit = index < limit ? HEX.indexOf(String.fromCharCode(source[index]!).toLowerCase()) : -1
    if (digit < 0) throw new ShapeError('an escape that JSON does not have')
    code = code * 16 + digit
  }
  return code
}

const HEX = '0123456789abcdef'

function writeCharacter(cursor: JsonCursor, code: number): void {
  const letter = code < 0x80 ? ESCAPE_LETTER[code]! : 0
  if (letter === 0) cursor.at = writeCode(cursor.out, cursor.at, code)
  else {
    cursor.out[cursor.at++] = BACKSLASH
    cursor.out[cursor.at++] = letter
  }
}

/** A number, true, false or null. @throws ShapeError */
export function readScalar(cursor: JsonCursor): Kind {
  const byte = cursor.source[cursor.pos]!
  if (byte === MINUS || IS_DIGIT[byte] === 1) return readNumber(cursor)
  for (const {bytes, kind, letter} of WORDS) {
    if (!isAt(cursor, bytes, cursor.pos)) continue
    cursor.pos += bytes.length
    if (letter !== 0) cursor.out[cursor.at++] = letter
    return kind
  }
  throw new ShapeError('expected a value: text in double quotes, a number, true, false or null')
}

function readNumber(cursor: JsonCursor): Kind {
  const {source, out, pos: start, at: begin} = cursor
  if (source[start] === MINUS) copyByte(cursor)
  if (source[cursor.pos] === ZERO) copyByte(cursor)
  else copyDigits(cursor)
  if (source[cursor.pos] === POINT) {
    copyByte(cursor)
    copyDigits(cursor)
  }
  const byte = source[cursor.pos]
  if (byte === 0x65 || byte === 0x45) expand(cursor, start, begin)
  else if (source[start] === MINUS && isZero(out, begin + 1, cursor.at)) {
    out.copyWithin(begin, begin + 1, cursor.at)
    cursor.at -= 1
  }
  return IS_NUMBER
}

function copyByte(cursor: JsonCursor): void {
  cursor.out[cursor.at++] = cursor.source[cursor.pos++]!
}

/** At least one. */
function copyDigits(cursor: JsonCursor): void {
  const {source, out} = cursor
  let {pos, at} = cursor
  while (IS_DIGIT[source[pos]!] === 1) out[at++] = source[pos++]!
  if (pos === cursor.pos) throw new ShapeError('expected a digit: numbers are written as in 0, -12.50 and 1e3')
  cursor.pos = pos
  cursor.at = at
}

function isZero(bytes: Uint8Array, from: number, to: number): boolean {
  for (let index = from; index < to; index++) if (bytes[index] !== ZERO && bytes[index] !== POINT) return false
  return true
}

/** Writes out 1e3, which may need more room than it had. */
function expand(cursor: JsonCursor, start: number, begin: number): void {
  const {source} = cursor
  let pos = cursor.pos + 1
  if (source[pos] === MINUS || source[pos] === PLUS) pos += 1
  const digits = pos
  while (IS_DIGIT[source[pos]!] === 1) pos += 1
  cursor.pos = pos
  if (pos === digits) throw new ShapeError('expected a digit in an exponent')
  const written = expandExponent(Buffer.from(source.subarray(start, pos)).toString('latin1'))
  if (written === undefined) throw new ShapeError('an exponent of more than 100')
  cursor.at = begin
  makeRoom(cursor, written.length + cursor.limit - pos + cursor.reserve)
  cursor.at += cursor.out.write(written, begin, 'latin1')
}
