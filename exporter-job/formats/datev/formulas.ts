// Free text in the encoding of the file, and text that a spreadsheet would run as a formula when somebody opens the file in one.
import type {ScheduledExportSpec} from '../../../crds/spec.ts'
import type {Cursor} from '../values/cursor.ts'
import {encodeText} from '../values/texts.ts'
import {encodeTransliterated} from '../values/transliterate.ts'
import {encodeUtf8Text} from '../values/utf8-texts.ts'
import type {TextOperation} from './plan.ts'
import type {Broken} from './rules.ts'

export type FormulaPolicy = ScheduledExportSpec['spreadsheetFormulas']

/** 1 for the characters that begin a formula. A tab, which does so too, is a control character and refused anyway. */
const FORMULA_START = Uint8Array.from({length: 256}, (_, byte) => ('=+-@'.includes(String.fromCharCode(byte)) ? 1 : 0))

const APOSTROPHE = 0x27

export function isFormula({source, from}: Cursor): boolean {
  return FORMULA_START[source[from]!] === 1
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
