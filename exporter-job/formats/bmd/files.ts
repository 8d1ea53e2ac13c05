// What both kinds of files have in common: names, headings, encoding.
import type {BmdFormat} from '../../../crds/formats/bmd.ts'
import {periodLabel} from '../../../crds/period.ts'
import type {FileSink, FormatContext} from '../types.ts'
import {encodeWindows1252} from '../values/windows-1252.ts'

/** What files are written with. */
export interface Writing {
  readonly spec: BmdFormat
  readonly sink: FileSink
  readonly context: FormatContext
}

/** BMD_Buchungen_2026-10_001.csv */
export function fileName(kind: string, {context}: Writing, number: number): string {
  return `BMD_${kind}_${periodLabel(context.period)}_${String(number).padStart(3, '0')}${context.revisionSuffix}.csv`
}

/** A line in the file's encoding; UTF-8 begins with a byte order mark. */
export function headingLine(headings: readonly string[], {encoding}: BmdFormat): Uint8Array {
  const line = `${headings.join(';')}\r\n`
  return encoding === 'UTF-8' ? Buffer.from(`\uFEFF${line}`) : encodeWindows1252(line)
}
