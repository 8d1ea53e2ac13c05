// Free text in the encoding of the file, and text that a spreadsheet would run as a formula when somebody opens the file in one.
import type {ScheduledExportSpec} from '../../../crds/spec.ts'
import type {Cursor} from '../values/cursor.ts'
import {FORMULA_START} from '../values/formula-start.ts'
import {encodeText} from '../values/texts.ts'
import {encodeTransliterated} from '../values/transliterate.ts'
import {encodeUtf8Text} from '../values/utf8-texts.ts'
import type {TextOperation} from './plan.ts'
import type {Broken} from './rules.ts'

export type FormulaPolicy = ScheduledExportSpec['spreadsheetFormulas']

const APOSTROPHE = 0x27

/** The first byte of each character below. */
const HYPHEN_LEAD = 0xe2
/** What `unmappable: Transliterate` makes a text of that begins with "-": U+2010, U+2011, U+2043, U+2192, U+2212, behind their first byte. */
const HYPHENS: readonly (readonly [second: number, third: number])[] = [[0x80, 0x90], [0x80, 0x91], [0x81, 0x83], [0x86, 0x92], [0x88, 0x92]]

/** Whatever the encoding: such a text deserves a look, even where the character stays what it is. */
export function isFormula({source, from}: Cursor): boolean {
  const byte = source[from]!
  return FORMULA_START[byte] === 1 || (byte === HYPHEN_LEAD && isHyphen(source[from + 1]!, source[from + 2]!))
}

function isHyphen(second: number, third: number): boolean {
  return HYPHENS.some((hyphen) => hyphen[0] === second && hyphen[1] === third)
}

export function writeApostrophe(cursor: Cursor): void {
  cursor.out[cursor.at++] = APOSTROPHE
}

/** Free text of at most `max` characters. */
export function encodeAnyText(cursor: Cursor, operation: TextOperation, max: number): Broken {
  if (operation === 'utf8Text') return encodeUtf8Text(cursor, max)
  const {from, at} = cursor
  const rule = encodeText(cursor, max)
  if (rule !== 'CharacterNotInWindows1252' || operation === 'text') return rule
  cursor.from = from
  cursor.at = at
  return encodeTransliterated(cursor, max)
}
