// Buchungsstapel: one a month (and more where it is full) from the dataset `bookings`.
import {PermanentFault} from '../../errors.ts'
import type {Dataset} from '../../sources/types.ts'
import type {FormatResult} from '../types.ts'
import {STACK} from './categories.ts'
import {choicesOf, createRowEncoder} from './encode.ts'
import type {Links} from './documents/links.ts'
import {headerLines} from './header.ts'
import {createParts} from './parts.ts'
import {compilePlan} from './plan.ts'
import type {RowPlan} from './plan.ts'
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

/** `links` are there where bookings name documents. */
export async function writeStacks(writing: Writing, source: Dataset, links?: Links): Promise<FormatResult> {
  const {spec, limits, sink, context} = writing
  const columns = links === undefined ? source.columns : links.columns(source, spec)
  const {filled, unused} = resolveColumns(source.name, columns, STACK, spec)
  const plan = compilePlan({columns: STACK.columns, filled, spec})
  const parts = createParts(rangesOf(writing), {
    sink,
    maxRowBytes: plan.maxRowBytes,
    maxRows: limits.maxRowsPerFile,
    fileName: ({label}, number) => fileName(STACK.file, label, number, context.revisionSuffix),
    opening: (range) => headerLines(STACK, spec, range, context),
  })
  const dataset = links === undefined ? source : {...source, columns, chunks: linkedChunks(source, links, plan, writing)}
  const sums = createSums(spec.currency)
  const encoder = createRowEncoder({...rowOptions(dataset, STACK, plan, writing), ...choicesOf(spec), days: daysOf(context.period), parts, sums})
  await filling(parts, context.emptyFile, () => encodeDataset(dataset, encoder, parts, writing))
  const skipped = encoder.skipped()
  const rows = encoder.rows() - skipped
  return {
    rows,
    summedRows: rows,
    datasets: [{dataset: 'bookings', written: rows, skipped}],
    totals: sums.list(),
    unusedColumns: links === undefined ? unused : unused.filter((name) => name !== 'document_id'),
    protocol: {tables: sums.tables(spec.accountLength), ...encoder.documents()},
  }
}

function linkedChunks(source: Dataset, links: Links, plan: RowPlan, {spec, context: {findings}}: Writing): Dataset['chunks'] {
  const amount = plan.layout.fields.find(({column}) => column.role === 'amount')
  return links.rows(source, {findings, skipsZero: choicesOf(spec).skipsZero ? amount : undefined})
}
