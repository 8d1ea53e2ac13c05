// Text of an XML element: bytes of COPY's text form in (UTF-8, escaped), XML out, or the rule that the value breaks. Control characters are
// refused, also those that XML 1.0 would take: a dataset's text is one line.
import type {Cursor, ValueRule} from './cursor.ts'
import {BACKSLASH, BLANK} from './cursor.ts'
import {decodeSpecial, isWellFormed} from './texts.ts'

/** What XML 1.0 has no place for: U+FFFE and U+FFFF (production 2, Char). Surrogates are no UTF-8. */
export type XmlRule = 'CharacterNotInXml'

/** How characters are written: encoders of the two encodings that authorities ask for. */
export type XmlTextEncoder = (cursor: Cursor, max: number) => ValueRule | XmlRule | undefined

const PLAIN = 0
const SPECIAL = 1
const AMPERSAND = 0x26
const LESS = 0x3c
const GREATER = 0x3e

/** SPECIAL for every byte that is not written as it stands. ">" is, too: "]]>" may not stand in text. */
const XML_CLASS = Uint8Array.from({length: 256}, (_, byte) =>
  byte < BLANK || byte >= 0x7f || byte === BACKSLASH || byte === AMPERSAND || byte === LESS || byte === GREATER ? SPECIAL : PLAIN,
)

/** More bytes than any character takes: "&amp;". */
export const MAX_XML_CHARACTER_BYTES = 5

/** UTF-8, at most `max` characters (code points, as XSD counts them). */
export function encodeXmlUtf8(cursor: Cursor, max: number): ValueRule | XmlRule | undefined {
  const {source, to, out} = cursor
  let {from, at} = cursor
  let limit = at + max
  for (;;) {
    let byte = source[from]!
    // The separator is SPECIAL, too.
    while (XML_CLASS[byte] === PLAIN) {
      out[at++] = byte
      byte = source[++from]!
    }
    if (at > limit) return 'TextTooLong'
    if (from >= to) break
    const start = at
    if (byte >= 0x80) {
      cursor.from = from
      const length = characterLength(cursor)
      if (typeof length === 'string') return length
      for (const end = from + length; from < end; from++) out[at++] = source[from]!
    } else {
      const escape = escapeOf(byte, source[from + 1]!)
      if (escape === undefined) return 'ControlCharacter'
      for (let index = 0; index < escape.length; index++) out[at++] = escape[index]!
      from += byte === BACKSLASH ? 2 : 1
    }
    limit += at - start - 1
  }
  cursor.at = at
  return undefined
}

/** Windows-1252, for files that declare it. */
export function encodeXmlWindows1252(cursor: Cursor, max: number): ValueRule | XmlRule | undefined {
  const {source, to, out} = cursor
  let {from, at} = cursor
  let limit = at + max
  for (;;) {
    let byte = source[from]!
    while (XML_CLASS[byte] === PLAIN) {
      out[at++] = byte
      byte = source[++from]!
    }
    if (at > limit) return 'TextTooLong'
    if (from >= to) break
    const escape = byte === BACKSLASH ? undefined : escapeOf(byte, 0)
    if (escape === undefined) {
      cursor.from = from
      const decoded = decodeSpecial(cursor)
      if (typeof decoded === 'string') return decoded
      out[at++] = decoded
      from = cursor.from
    } else {
      for (let index = 0; index < escape.length; index++) out[at++] = escape[index]!
      limit += escape.length - 1
      from++
    }
  }
  cursor.at = at
  return undefined
}

const ESCAPES = {amp: Buffer.from('&amp;'), lt: Buffer.from('&lt;'), gt: Buffer.from('&gt;'), backslash: Buffer.from('\\')}

/** undefined for a control character, and for one that COPY escapes. */
function escapeOf(byte: number, next: number): Uint8Array | undefined {
  switch (byte) {
    case AMPERSAND:
      return ESCAPES.amp
    case LESS:
      return ESCAPES.lt
    case GREATER:
      return ESCAPES.gt
    case BACKSLASH:
      return next === BACKSLASH ? ESCAPES.backslash : undefined
    default:
      return undefined
  }
}

/** How many bytes the character at `from` has. */
function characterLength(cursor: Cursor): number | ValueRule | XmlRule {
  const {source, from} = cursor
  const lead = source[from]!
  const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2
  if (!isWellFormed(cursor, length)) return 'InvalidUtf8'
  const second = source[from + 1]!
  if (length === 2) return lead === 0xc2 && second < 0xa0 ? 'ControlCharacter' : 2
  if (length === 4) return (lead === 0xf0 && second < 0x90) || (lead === 0xf4 && second >= 0x90) ? 'InvalidUtf8' : 4
  // Overlong forms, and the surrogates D800 to DFFF.
  if ((lead === 0xe0 && second < 0xa0) || (lead === 0xed && second >= 0xa0)) return 'InvalidUtf8'
  return lead === 0xef && second === 0xbf && source[from + 2]! >= 0xbe ? 'CharacterNotInXml' : 3
}
