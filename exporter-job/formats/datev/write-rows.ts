// From a dataset's chunks through an encoder into files.
import type {Dataset} from '../../sources/types.ts'
import {wholeRows} from '../copy-rows.ts'
import {throttledProgress} from '../progress.ts'
import type {FileSink, FormatContext} from '../types.ts'
import type {PackageLimits} from './documents/limits.ts'
import type {Part, Parts} from './parts.ts'
import type {DatevFormat} from '../../../crds/formats/datev.ts'

/** For tests: files are full earlier. */
export interface DatevLimits {
  readonly maxRowsPerFile: number
  readonly packages: PackageLimits
}

/** What is the same for all categories of a run. */
export interface Writing {
  readonly spec: DatevFormat
  readonly limits: DatevLimits
  readonly sink: FileSink
  readonly context: FormatContext
  /** Rows written by the categories before. */
  readonly before: number
}

export interface PartEncoder {
  /**
   * Encodes whole rows from `position` on; gives the length of `rows`, or the start of a row whose part is not ready.
   * Faults: what the functions that it was given throw or make.
   */
  encode(rows: Uint8Array, position: number): number
  /** The part that is not ready. */
  waitingFor(): Part
  /** Rows met so far, right or wrong or left out. */
  rows(): number
}

/** Reads a dataset to its end. The parts stay open. */
export async function encodeDataset(dataset: Dataset, encoder: PartEncoder, parts: Parts, {context, before}: Writing): Promise<void> {
  const progress = throttledProgress((count) => context.progress(count))
  for await (const rows of wholeRows(dataset.chunks)) {
    let position = encoder.encode(rows, 0)
    while (position < rows.length) {
      await parts.prepare(encoder.waitingFor())
      position = encoder.encode(rows, position)
    }
    progress(before + encoder.rows())
  }
}

/** Does what fills the parts, and closes them; leaves nothing under way whatever happens. */
export async function filling(parts: Parts, emptyFiles: boolean, fill: () => Promise<void>): Promise<void> {
  try {
    await fill()
    await parts.close(emptyFiles)
  } finally {
    await parts.settle()
  }
}

/** "EXTF_Buchungsstapel_202610_001.csv" */
export function fileName(file: string, label: string, number: number, suffix: string): string {
  return `EXTF_${file}_${label}_${String(number).padStart(3, '0')}${suffix}.csv`
}
