// Text that a spreadsheet would run as a formula when it opens the file.
import type {ScheduledExportSpec} from '../../../crds/spec.ts'
import {BACKSLASH} from '../values/cursor.ts'

export type SpreadsheetFormulas = ScheduledExportSpec['spreadsheetFormulas']

const LETTER_T = 0x74
const FIRST = Uint8Array.from({length: 256}, (_, byte) => ('=+-@'.includes(String.fromCharCode(byte)) ? 1 : 0))

/** Whether a text in COPY's form begins with = + - @ or a tab. */
export function startsFormula(source: Uint8Array, from: number, to: number): boolean {
  if (from === to) return false
  const byte = source[from]!
  return FIRST[byte] === 1 || (byte === BACKSLASH && from + 1 < to && source[from + 1] === LETTER_T)
}
