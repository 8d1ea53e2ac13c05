// What is written for characters that Windows-1252 lacks, where the user asks for it. A character without an entry is refused all the same.
import type {Cursor, ValueRule} from './cursor.ts'
import {QUOTE} from './cursor.ts'
import {WINDOWS_1252, inWindows1252} from './windows-1252.ts'

/** Letters that do not come apart into a letter and its marks. */
const LETTERS: Readonly<Record<string, string>> = {
  Ł: 'L', ł: 'l', Đ: 'D', đ: 'd', Ħ: 'H', ħ: 'h', ı: 'i', ĸ: 'k', Ŀ: 'L', ŀ: 'l', ŉ: "'n", Ŋ: 'N', ŋ: 'n', Ŧ: 'T', ŧ: 't', ſ: 's',
  Ĳ: 'IJ', ĳ: 'ij', ẞ: 'SS', Ə: 'A', ə: 'a', Ɨ: 'I', ɨ: 'i', ﬀ: 'ff', ﬁ: 'fi', ﬂ: 'fl', ﬃ: 'ffi', ﬄ: 'ffl',
}

/** Dashes, blanks, quotation marks and signs. */
const SIGNS: Readonly<Record<string, string>> = {
  '\u2010': '-', '\u2011': '-', '\u2012': '–', '\u2015': '—', '\u2212': '-', '\u2043': '-',
  '\u2002': ' ', '\u2003': ' ', '\u2004': ' ', '\u2005': ' ', '\u2006': ' ', '\u2007': '\u00a0', '\u2008': ' ', '\u2009': ' ', '\u200a': ' ', '\u202f': '\u00a0',
  '\u201b': '‘', '\u201f': '“', '\u2032': "'", '\u2033': '"', '\u02bc': '’', '\u2024': '.', '\u2027': '·',
  '\u2044': '/', '\u2116': 'No', '\u2190': '<-', '\u2192': '->', '\u2264': '<=', '\u2265': '>=', '\u2248': '~',
}

/** Latin Extended-A and -B, and Latin Extended Additional. */
const LATIN: readonly (readonly [first: number, last: number])[] = [[0x100, 0x24f], [0x1e00, 0x1eff]]

let table: ReadonlyMap<string, string> | undefined

/** What is written for a character: text that Windows-1252 has. Made when it is first needed. */
export function transliterations(): ReadonlyMap<string, string> {
  return (table ??= makeTable())
}

function makeTable(): Map<string, string> {
  const made = new Map<string, string>()
  for (const [first, last] of LATIN) {
    for (let code = first; code <= last; code++) {
      const character = String.fromCodePoint(code)
      const plain = inWindows1252(code) ? undefined : withoutMarks(character)
      if (plain !== undefined) made.set(character, plain)
    }
  }
  for (const [character, text] of Object.entries({...LETTERS, ...SIGNS})) made.set(character, text)
  return made
}

/** A letter with as many of its marks as Windows-1252 has: ő is o, ế is ê. */
function withoutMarks(character: string): string | undefined {
  const [letter, ...marks] = Array.from(character.normalize('NFD'))
  for (let kept = marks.length; kept >= 0; kept--) {
    const candidate = `${letter}${marks.slice(0, kept).join('')}`.normalize('NFC')
    if (candidate !== character && Array.from(candidate).length === 1 && inWindows1252(candidate.codePointAt(0)!)) return candidate
  }
  return undefined
}

const DECODER = new TextDecoder()

/**
 * A text that Windows-1252 does not have as it is: composed first (NFC), then character by character. For the few values that need it,
 * after the fast encoder has refused them.
 */
export function encodeTransliterated(cursor: Cursor, max: number): ValueRule | undefined {
  const {source, from, to, out} = cursor
  const text = DECODER.decode(source.subarray(from, to)).replaceAll('\\\\', '\\').normalize('NFC')
  let {at} = cursor
  let count = 0
  for (const character of text) {
    const written = inWindows1252(character.codePointAt(0)!) ? character : transliterations().get(character)
    if (written === undefined) return 'CharacterNotInWindows1252'
    for (let index = 0; index < written.length; index++) {
      const byte = WINDOWS_1252[written.charCodeAt(index)]!
      out[at++] = byte
      if (byte === QUOTE) out[at++] = QUOTE
      count++
    }
  }
  if (count > max) return 'TextTooLong'
  cursor.at = at
  return undefined
}
