// Texts of CSV. The usual one, which needs no quotation marks, is copied while its bytes are looked up in a table; one that turns out to
// need them is begun again.
import {BACKSLASH, BLANK, QUOTE} from '../values/cursor.ts'
import {fieldBytes} from '../values/rows.ts'
import {utf8Code, utf8Length} from '../values/utf8.ts'
import {WINDOWS_1252} from '../values/windows-1252.ts'
import type {CsvStyle} from './csv.ts'
import type {TableCursor} from './plan.ts'
import type {RuleCode} from './rules.ts'

export interface CsvText {
  /** The value that the cursor points at. */
  encode(cursor: TableCursor): RuleCode | undefined
  /** A name from the spec. */
  encodeName(cursor: TableCursor, name: string): RuleCode | undefined
}

const PLAIN = 0
/** The first byte of a character beyond ASCII. */
const WIDE = 1
/** Stands only between quotation marks. */
const DELIMITER = 2
const ESCAPE = 3
const CONTROL = 4

const APOSTROPHE = 0x27
const TAB = 0x09
const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d
const LETTER_B = 0x62
const LETTER_F = 0x66
const LETTER_N = 0x6e
const LETTER_R = 0x72
const LETTER_T = 0x74
const LETTER_V = 0x76

const NEEDS_QUOTES = 'NeedsQuotes'
type Outcome = RuleCode | typeof NEEDS_QUOTES | undefined

function classesFor(delimiter: number): Uint8Array {
  return Uint8Array.from({length: 256}, (_, byte) => {
    if (byte >= 0x80) return WIDE
    if (byte < BLANK || byte === 0x7f) return CONTROL
    if (byte === BACKSLASH) return ESCAPE
    return byte === QUOTE || byte === delimiter ? DELIMITER : PLAIN
  })
}

export function createCsvText(style: Pick<CsvStyle, 'delimiter' | 'quote' | 'encoding' | 'nullText' | 'lineBreaks'>): CsvText {
  const classes = classesFor(style.delimiter.charCodeAt(0))
  const quoteAll = style.quote === 'All'
  const windows1252 = style.encoding === 'Windows1252'
  const {lineBreaks} = style
  const nullText = fieldBytes(style.nullText).subarray(0, -1)

  function encode(cursor: TableCursor): RuleCode | undefined {
    const {source, from, to, at} = cursor
    if (!quoteAll && from < to && source[from] !== BLANK && source[to - 1] !== BLANK && !isNullText(source, from, to)) {
      const outcome = encodeCharacters(cursor, false)
      if (outcome !== NEEDS_QUOTES) return outcome
      cursor.from = from
    }
    cursor.at = at
    cursor.out[cursor.at++] = QUOTE
    const outcome = encodeCharacters(cursor, true)
    cursor.out[cursor.at++] = QUOTE
    return outcome === NEEDS_QUOTES ? undefined : outcome
  }

  /** A text that unquoted would be taken for NULL. */
  function isNullText(source: Uint8Array, from: number, to: number): boolean {
    if (to - from !== nullText.length) return false
    for (let index = 0; index < nullText.length; index++) if (source[from + index] !== nullText[index]) return false
    return true
  }

  function encodeCharacters(cursor: TableCursor, quoted: boolean): Outcome {
    const {source, to, out} = cursor
    let {from, at} = cursor
    if (cursor.prefix) out[at++] = APOSTROPHE
    for (;;) {
      let byte = source[from]!
      // The separator is CONTROL.
      while (classes[byte] === PLAIN) {
        out[at++] = byte
        byte = source[++from]!
      }
      if (from === to) break
      if (classes[byte] === WIDE && !windows1252) {
        const length = utf8Length(source, from, to)
        if (length === 0) return 'InvalidUtf8'
        for (let index = 0; index < length; index++) out[at++] = source[from++]!
        continue
      }
      cursor.from = from
      cursor.at = at
      const outcome = encodeSpecial(cursor, byte, quoted)
      if (outcome !== undefined) return outcome
      from = cursor.from
      at = cursor.at
    }
    cursor.at = at
    return undefined
  }

  function encodeSpecial(cursor: TableCursor, byte: number, quoted: boolean): Outcome {
    switch (classes[byte]) {
      case WIDE:
        return encodeWindows1252(cursor)
      case DELIMITER:
        if (!quoted) return NEEDS_QUOTES
        if (byte === QUOTE) cursor.out[cursor.at++] = QUOTE
        cursor.out[cursor.at++] = byte
        cursor.from++
        return undefined
      case ESCAPE:
        return encodeEscape(cursor, quoted)
      default:
        return 'ControlCharacter'
    }
  }

  function encodeEscape(cursor: TableCursor, quoted: boolean): Outcome {
    const {source, from, to} = cursor
    const letter = from + 1 < to ? source[from + 1]! : 0
    cursor.from += 2
    switch (letter) {
      case BACKSLASH:
        cursor.out[cursor.at++] = BACKSLASH
        return undefined
      case LETTER_N:
      case LETTER_R:
        return encodeLineBreak(cursor, letter, quoted)
      case LETTER_T:
        if (!quoted) return NEEDS_QUOTES
        cursor.out[cursor.at++] = TAB
        return undefined
      case LETTER_B:
      case LETTER_F:
      case LETTER_V:
        return 'ControlCharacter'
      default:
        return 'InvalidEscape'
    }
  }

  function encodeLineBreak(cursor: TableCursor, letter: number, quoted: boolean): Outcome {
    const {source, from, to} = cursor
    switch (lineBreaks) {
      case 'Keep':
        if (!quoted) return NEEDS_QUOTES
        cursor.out[cursor.at++] = letter === LETTER_N ? LINE_FEED : CARRIAGE_RETURN
        return undefined
      case 'Space':
        // CR and LF are one line break.
        if (letter === LETTER_R && from + 1 < to && source[from] === BACKSLASH && source[from + 1] === LETTER_N) cursor.from += 2
        cursor.out[cursor.at++] = BLANK
        cursor.replaced = true
        return undefined
      case 'Refuse':
        return 'LineBreak'
      default:
        return lineBreaks satisfies never
    }
  }

  return {
    encode,
    encodeName(cursor, name) {
      cursor.source = fieldBytes(name)
      cursor.from = 0
      cursor.to = cursor.source.length - 1
      return encode(cursor)
    },
  }
}

function encodeWindows1252(cursor: TableCursor): RuleCode | undefined {
  const {source, from, to} = cursor
  const length = utf8Length(source, from, to)
  if (length === 0) return 'InvalidUtf8'
  const code = utf8Code(source, from, length)
  const byte = code < WINDOWS_1252.length ? WINDOWS_1252[code]! : 0
  if (byte === 0) return 'CharacterNotInWindows1252'
  cursor.out[cursor.at++] = byte
  cursor.from += length
  return undefined
}
