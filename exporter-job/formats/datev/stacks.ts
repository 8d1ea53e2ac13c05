// Buchungsstapel: one a month (and more where it is full) from the dataset `bookings`.
import {PermanentFault} from '../../errors.ts'
import type {Dataset} from '../../sources/types.ts'
import type {FormatResult} from '../types.ts'
import {STACK} from './categories.ts'
import {choicesOf, createRowEncoder} from './encode.ts'
import {headerLines} from './header.ts'
import {createParts} from './parts.ts'
import {compilePlan} from './plan.ts'
import type {StackRange} from './ranges.ts'
import {daysOf, isoDay, stackRanges} from './ranges.ts'
import {resolveColumns} from './resolve.ts'
import {rowOptions} from './row-options.ts'
import {createSums} from './sums.ts'
import type {Writing} from './write-rows.ts'
import {encodeDataset, fileName, filling} from './write-rows.ts'

/** @throws PermanentFault DateOutsideFiscalYears: a list of fiscal years that nobody has continued */
function rangesOf({spec, context}: Writing): StackRange[] {
  const ranges = stackRanges(context.period, spec)
  if (ranges.length > 0) return ranges
  const {from, to} = daysOf(context.period)
  throw new PermanentFault(
    'DateOutsideFiscalYears',
    `the period from ${isoDay(from)} to ${isoDay(to)} has no day in any of the fiscal years that spec.format.datev.fiscalYears lists: add the one that it lies in`,
  )
}

export async function writeStacks(writing: Writing, dataset: Dataset): Promise<FormatResult> {
  const {spec, limits, sink, context} = writing
  const {filled, unused} = resolveColumns(dataset.name, dataset.columns, STACK, spec)
  const plan = compilePlan({columns: STACK.columns, filled, spec})
  const parts = createParts(rangesOf(writing), {
    sink,
    maxRowBytes: plan.maxRowBytes,
    maxRows: limits.maxRowsPerFile,
    fileName: ({label}, number) => fileName(STACK.file, label, number, context.revisionSuffix),
    opening: (range) => headerLines(STACK, spec, range, context),
  })
  const sums = createSums(spec.currency)
  const encoder = createRowEncoder({...rowOptions(dataset, STACK, plan, writing), ...choicesOf(spec), days: daysOf(context.period), parts, sums})
  await filling(parts, context.emptyFile, () => encodeDataset(dataset, encoder, parts, writing))
  const skipped = encoder.skipped()
  const rows = encoder.rows() - skipped
  return {
    rows,
    datasets: [{dataset: 'bookings', written: rows, skipped}],
    totals: sums.list(),
    unusedColumns: unused,
    protocol: {tables: sums.tables(spec.accountLength), ...encoder.documents()},
  }
}
