// Texts that stand between separators without quotation marks: bytes of COPY's text form in, Windows-1252 or UTF-8 out, or the rule that
// the value breaks.
import type {Cursor, ValueRule} from './cursor.ts'
import {BACKSLASH, BLANK, COMMA, QUOTE, SEMICOLON} from './cursor.ts'
import {decodeSpecial} from './texts.ts'

/** A rule that only such a text can break. */
export type PlainTextRule = 'SemicolonInText' | 'QuotationMarkAtStart'

export interface PlainTextOptions {
  /** A comma is written for a semicolon, which is refused else. */
  readonly semicolonAsComma: boolean
  readonly utf8: boolean
}

const PLAIN = 0
const SPECIAL = 1
/** SPECIAL for every byte that is not written as it stands. */
const TEXT_CLASS = Uint8Array.from({length: 256}, (_, byte) =>
  byte < BLANK || byte >= 0x7f || byte === SEMICOLON || byte === BACKSLASH ? SPECIAL : PLAIN,
)

/** At most `max` characters. A quotation mark at the start is refused: readers of CSV would take it for that of a quoted field. */
export function encodePlainText(cursor: Cursor, max: number, options: PlainTextOptions): ValueRule | PlainTextRule | undefined {
  const {source, to, out} = cursor
  let {from, at} = cursor
  // Characters of several bytes move it on.
  let limit = at + max
  if (source[from] === QUOTE) return 'QuotationMarkAtStart'
  for (;;) {
    let byte = source[from]!
    // The separator is SPECIAL, too.
    while (TEXT_CLASS[byte] === PLAIN) {
      out[at++] = byte
      byte = source[++from]!
    }
    if (at > limit) return 'TextTooLong'
    if (from === to) break
    cursor.from = from
    cursor.at = at
    const broken = encodeSpecial(cursor, options)
    if (broken !== undefined) return broken
    limit += cursor.at - at - 1
    from = cursor.from
    at = cursor.at
  }
  cursor.at = at
  return undefined
}

/** One character that is not plain. */
function encodeSpecial(cursor: Cursor, {semicolonAsComma, utf8}: PlainTextOptions): ValueRule | PlainTextRule | undefined {
  const {source, from, out} = cursor
  const byte = source[from]!
  if (byte === SEMICOLON) {
    if (!semicolonAsComma) return 'SemicolonInText'
    out[cursor.at++] = COMMA
    cursor.from = from + 1
    return undefined
  }
  if (utf8 && byte >= 0x80) return copyCharacter(cursor)
  const decoded = decodeSpecial(cursor)
  if (typeof decoded === 'string') return decoded
  out[cursor.at++] = decoded
  return undefined
}

/** A character beyond ASCII, as it is. C1 control characters (U+0080 to U+009F) are no text. */
function copyCharacter(cursor: Cursor): ValueRule | undefined {
  const {source, from, out} = cursor
  const length = characterLength(cursor)
  if (length === 0) return 'InvalidUtf8'
  if (source[from] === 0xc2 && source[from + 1]! < 0xa0) return 'ControlCharacter'
  for (let index = 0; index < length; index++) out[cursor.at++] = source[from + index]!
  cursor.from = from + length
  return undefined
}

/** Bytes of the character that starts here; 0 where it is not well-formed UTF-8 (RFC 3629). */
function characterLength({source, from, to}: Cursor): number {
  const lead = source[from]!
  const second = source[from + 1]!
  const length = lead < 0xc2 || lead > 0xf4 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4
  if (length === 0 || from + length > to) return 0
  for (let index = from + 1; index < from + length; index++) if ((source[index]! & 0xc0) !== 0x80) return 0
  const overlong = (lead === 0xe0 && second < 0xa0) || (lead === 0xf0 && second < 0x90)
  const beyond = (lead === 0xed && second >= 0xa0) || (lead === 0xf4 && second >= 0x90)
  return overlong || beyond ? 0 : length
}
