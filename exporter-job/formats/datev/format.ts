// The format `datev`: one Buchungsstapel a month (and more where it is full) from the dataset `bookings`.
import type {DatevFormat} from '../../../crds/format.ts'
import {PermanentFault} from '../../errors.ts'
import type {Dataset} from '../../sources/types.ts'
import {wholeRows} from '../copy-rows.ts'
import {throttledProgress} from '../progress.ts'
import type {FileSink, Format, FormatContext, FormatResult} from '../types.ts'
import type {RowEncoder} from './encode.ts'
import {createRowEncoder} from './encode.ts'
import {brokenRuleFault, brokenShapeFault} from './faults.ts'
import {headerLines} from './header.ts'
import type {Parts} from './parts.ts'
import {MAX_ROWS_PER_FILE, createParts} from './parts.ts'
import {compilePlan} from './plan.ts'
import {stackRanges} from './ranges.ts'
import {resolveColumns} from './resolve.ts'
import {createSums} from './sums.ts'

const DATASET = 'bookings'

/** For tests: files are full earlier. */
export interface DatevLimits {
  readonly maxRowsPerFile: number
}

export function createDatevFormat(spec: DatevFormat, limits: DatevLimits = {maxRowsPerFile: MAX_ROWS_PER_FILE}): Format {
  return {
    name: 'datev',
    datasets: [DATASET],
    write: async (open, sink, context) => writeStacks({spec, limits, sink, context}, await open(DATASET)),
  }
}

interface Writing {
  readonly spec: DatevFormat
  readonly limits: DatevLimits
  readonly sink: FileSink
  readonly context: FormatContext
}

async function writeStacks({spec, limits, sink, context}: Writing, dataset: Dataset): Promise<FormatResult> {
  const {filled, unused} = resolveColumns(dataset.name, dataset.columns, spec.columns)
  const plan = compilePlan(filled, spec)
  const parts = createParts(stackRanges(context.period, spec.fiscalYearStart), {
    sink,
    maxRowBytes: plan.maxRowBytes,
    maxRows: limits.maxRowsPerFile,
    fileName: ({label}, number) => `EXTF_Buchungsstapel_${label}_${String(number).padStart(3, '0')}${context.revisionSuffix}.csv`,
    opening: (range) => headerLines(spec, range, context),
  })
  const sums = createSums(spec.currency)
  const columns = dataset.columns.length
  const faultContext = {dataset: dataset.name, spec, period: context.period}
  const encoder = createRowEncoder({
    plan,
    parts,
    sums,
    columns,
    brokenRule: (broken) => brokenRuleFault(broken, faultContext),
    brokenShape: (row) => brokenShapeFault(dataset.name, row, columns),
  })
  await writeRows(dataset, encoder, {parts, progress: throttledProgress((count) => context.progress(count))})
  return {rows: encoder.rows(), totals: sums.list(), unusedColumns: unused}
}

interface RowTarget {
  readonly parts: Parts
  readonly progress: (rows: number) => void
}

async function writeRows(dataset: Dataset, encoder: RowEncoder, {parts, progress}: RowTarget): Promise<void> {
  try {
    for await (const rows of wholeRows(dataset.chunks)) {
      let position = encoder.encode(rows, 0)
      while (position < rows.length) {
        await parts.prepare(encoder.waitingFor())
        position = encoder.encode(rows, position)
      }
      progress(encoder.rows())
    }
    reconcile(dataset, encoder.rows())
    await parts.close()
  } finally {
    await parts.settle()
  }
}

/** What was read is what was written: nothing got lost between the source and the files. */
function reconcile(dataset: Dataset, written: number): void {
  const read = dataset.rowCount()
  if (read === written) return
  throw new PermanentFault('RowCountDiffers', `the source handed out ${read} rows of ${dataset.name}, and ${written} were written`)
}
