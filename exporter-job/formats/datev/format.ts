// The format `datev`: one Buchungsstapel a month (and more where it is full) from the dataset `bookings`.
import type {DatevFormat} from '../../../crds/formats/datev.ts'
import type {Dataset} from '../../sources/types.ts'
import {wholeRows} from '../copy-rows.ts'
import {throttledProgress} from '../progress.ts'
import type {FileSink, Format, FormatContext, FormatResult} from '../types.ts'
import type {RowEncoder} from './encode.ts'
import {choicesOf, createRowEncoder} from './encode.ts'
import {brokenShapeFault, findingOf} from './faults.ts'
import {headerLines} from './header.ts'
import type {Parts} from './parts.ts'
import {MAX_ROWS_PER_FILE, createParts} from './parts.ts'
import {compilePlan} from './plan.ts'
import {daysOf, stackRanges} from './ranges.ts'
import {resolveColumns} from './resolve.ts'
import {createSums} from './sums.ts'

const DATASET = 'bookings'
/** The column that names a row in the ledger. */
const KEY = 'booking_id'

/** For tests: files are full earlier. */
export interface DatevLimits {
  readonly maxRowsPerFile: number
}

export function createDatevFormat(spec: DatevFormat, limits: DatevLimits = {maxRowsPerFile: MAX_ROWS_PER_FILE}): Format {
  return {
    name: 'datev',
    write: async (input, sink, context) => writeStacks({spec, limits, sink, context}, await input.open(DATASET)),
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
  const parts = createParts(stackRanges(context.period, spec), {
    sink,
    maxRowBytes: plan.maxRowBytes,
    maxRows: limits.maxRowsPerFile,
    fileName: ({label}, number) => `EXTF_Buchungsstapel_${label}_${String(number).padStart(3, '0')}${context.revisionSuffix}.csv`,
    opening: (range) => headerLines(spec, range, context),
  })
  const sums = createSums(spec.currency)
  const columns = dataset.columns.length
  const key = dataset.columns.findIndex(({name}) => name === KEY)
  const faultContext = {dataset: dataset.name, spec, period: context.period, keyColumn: key < 0 ? undefined : KEY}
  const encoder = createRowEncoder({
    plan,
    parts,
    sums,
    columns,
    key: key < 0 ? undefined : key,
    ...choicesOf(spec),
    days: daysOf(context.period),
    formulas: context.spreadsheetFormulas,
    noted: (note) => context.findings.note(findingOf(note, faultContext)),
    brokenRule: (broken) => context.findings.error(findingOf(broken, faultContext)),
    brokenShape: (row) => brokenShapeFault(dataset.name, row, columns),
  })
  await writeRows(dataset, encoder, {parts, emptyFiles: context.emptyFile, progress: throttledProgress((count) => context.progress(count))})
  const skipped = encoder.skipped()
  const rows = encoder.rows() - skipped
  return {
    rows,
    datasets: [{dataset: DATASET, written: rows, skipped}],
    totals: sums.list(),
    unusedColumns: unused,
    protocol: {tables: sums.tables(spec.accountLength), ...encoder.documents()},
  }
}

interface RowTarget {
  readonly parts: Parts
  readonly emptyFiles: boolean
  readonly progress: (rows: number) => void
}

async function writeRows(dataset: Dataset, encoder: RowEncoder, {parts, emptyFiles, progress}: RowTarget): Promise<void> {
  try {
    for await (const rows of wholeRows(dataset.chunks)) {
      let position = encoder.encode(rows, 0)
      while (position < rows.length) {
        await parts.prepare(encoder.waitingFor())
        position = encoder.encode(rows, position)
      }
      progress(encoder.rows())
    }
    await parts.close(emptyFiles)
  } finally {
    await parts.settle()
  }
}
