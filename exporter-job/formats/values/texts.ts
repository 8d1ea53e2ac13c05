// Texts: bytes of COPY's text form (UTF-8, escaped) in, Windows-1252 out, or the rule that the value breaks.
import type {Cursor, ValueRule} from './cursor.ts'
import {BACKSLASH, BLANK, QUOTE} from './cursor.ts'
import {WINDOWS_1252} from './windows-1252.ts'

export const PLAIN = 0
const SPECIAL = 1
/** SPECIAL for every byte that is not written as it stands. */
export const TEXT_CLASS = Uint8Array.from({length: 256}, (_, byte) =>
  byte < BLANK || byte >= 0x7f || byte === QUOTE || byte === BACKSLASH ? SPECIAL : PLAIN,
)

/** Free text: quotation marks are doubled; characters are counted by what is written. */
export function encodeText(cursor: Cursor, max: number): ValueRule | undefined {
  const {source, to, out} = cursor
  let {from, at} = cursor
  let limit = at + max
  for (;;) {
    let byte = source[from]!
    // The separator is SPECIAL, too.
    while (TEXT_CLASS[byte] === PLAIN) {
      out[at++] = byte
      byte = source[++from]!
    }
    if (at > limit) return 'TextTooLong'
    if (from === to) break
    if (byte === QUOTE) {
      out[at++] = QUOTE
      out[at++] = QUOTE
      limit++
      from++
    } else {
      cursor.from = from
      const decoded = decodeSpecial(cursor)
      if (typeof decoded === 'string') return decoded
      out[at++] = decoded
      from = cursor.from
    }
  }
  cursor.at = at
  return undefined
}

/** An escape, a control character or a character beyond ASCII: its byte in Windows-1252. Moves `from` behind it. */
export function decodeSpecial(cursor: Cursor): number | ValueRule {
  const {source, from, to} = cursor
  const byte = source[from]!
  if (byte === BACKSLASH) {
    // COPY escapes only the backslash and control characters.
    if (from + 1 >= to || source[from + 1] !== BACKSLASH) return 'ControlCharacter'
    cursor.from = from + 2
    return BACKSLASH
  }
  if (byte < 0x80) return 'ControlCharacter'
  if (byte >= 0xf0) return isWellFormed(cursor, 4) ? 'CharacterNotInWindows1252' : 'InvalidUtf8'
  const length = byte >= 0xe0 ? 3 : 2
  if (!isWellFormed(cursor, length)) return 'InvalidUtf8'
  const code =
    length === 2
      ? ((byte & 0x1f) << 6) | (source[from + 1]! & 0x3f)
      : ((byte & 0x0f) << 12) | ((source[from + 1]! & 0x3f) << 6) | (source[from + 2]! & 0x3f)
  if (code < (length === 2 ? 0x80 : 0x800) || (code >= 0xd800 && code <= 0xdfff)) return 'InvalidUtf8'
  const encoded = code < WINDOWS_1252.length ? WINDOWS_1252[code]! : 0
  if (encoded === 0) return 'CharacterNotInWindows1252'
  cursor.from = from + length
  return encoded
}

/** A lead byte, and as many continuation bytes as it announces. */
export function isWellFormed({source, from, to}: Cursor, length: number): boolean {
  const lead = source[from]!
  if (lead < 0xc2 || lead > 0xf4 || from + length > to) return false
  for (let index = from + 1; index < from + length; index++) if ((source[index]! & 0xc0) !== 0x80) return false
  return true
}

/** What a set of characters asks for. */
export interface CharacterRule<R extends string = string> {
  readonly table: Uint8Array
  readonly max: number
  /** What a character outside the table breaks. */
  readonly refusal: R
}

/** At most `max` characters that the table has. */
export function encodeCharacters<R extends string>(cursor: Cursor, {table, max, refusal}: CharacterRule<R>): ValueRule | R | undefined {
  const {source, to, out} = cursor
  let {from, at} = cursor
  const limit = at + max
  // No table has the separator.
  for (let written = table[source[from]!]!; written !== 0; written = table[source[++from]!]!) out[at++] = written
  if (from !== to) return refusal
  if (at > limit) return refusal === 'CharacterNotAllowed' ? 'TextTooLong' : refusal
  cursor.at = at
  return undefined
}
