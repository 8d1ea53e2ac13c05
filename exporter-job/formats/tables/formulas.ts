// Text that a spreadsheet would run as a formula when it opens the file.
import type {ScheduledExportSpec} from '../../../crds/spec.ts'
import {BACKSLASH} from '../values/cursor.ts'
import {FORMULA_START} from '../values/formula-start.ts'

export type SpreadsheetFormulas = ScheduledExportSpec['spreadsheetFormulas']

const LETTER_T = 0x74

/** Whether a text in COPY's form begins with = + - @ or a tab. */
export function startsFormula(source: Uint8Array, from: number, to: number): boolean {
  if (from === to) return false
  const byte = source[from]!
  return FORMULA_START[byte] === 1 || (byte === BACKSLASH && from + 1 < to && source[from + 1] === LETTER_T)
}
