// Quoted texts in UTF-8: bytes of COPY's text form in, the same characters out, or the rule that the value breaks.
import type {Cursor, ValueRule} from './cursor.ts'
import {BACKSLASH, QUOTE} from './cursor.ts'
import {PLAIN, TEXT_CLASS} from './texts.ts'
import {utf8Length} from './utf8.ts'

const C1_LEAD = 0xc2
const AFTER_C1 = 0xa0

/** Free text: quotation marks are doubled; characters are counted as code points. */
export function encodeUtf8Text(cursor: Cursor, max: number): ValueRule | undefined {
  const {source, to, out} = cursor
  let {from, at} = cursor
  // Doubled quotation marks and further bytes of a character move it on.
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
    if (byte === QUOTE || byte === BACKSLASH) {
      // COPY escapes only the backslash and control characters.
      if (byte === BACKSLASH && (from + 1 >= to || source[from + 1] !== BACKSLASH)) return 'ControlCharacter'
      out[at++] = byte
      if (byte === QUOTE) {
        out[at++] = QUOTE
        limit++
        from++
      } else from += 2
      continue
    }
    if (byte < 0x80) return 'ControlCharacter'
    const length = utf8Length(source, from, to)
    if (length === 0) return 'InvalidUtf8'
    if (byte === C1_LEAD && source[from + 1]! < AFTER_C1) return 'ControlCharacter'
    for (const end = from + length; from < end; from++) out[at++] = source[from]!
    limit += length - 1
  }
  cursor.at = at
  return undefined
}
