// The format `bmd`: bookings from the dataset `bookings`, personal accounts from `customers` and `suppliers`.
import type {BmdFormat} from '../../../crds/formats/bmd.ts'
import {lastDay} from '../../../crds/period.ts'
import type {Dataset} from '../../sources/types.ts'
import {wholeRows} from '../copy-rows.ts'
import {throttledProgress} from '../progress.ts'
import type {Format, FormatContext, FormatInput, FormatResult} from '../types.ts'
import type {RowEncoder} from './encode.ts'
import {createRowEncoder} from './encode.ts'
import {brokenShapeFault, findingOf} from './faults.ts'
import type {Writing} from './files.ts'
import {fileName, headingLine} from './files.ts'
import type {Parts} from './parts.ts'
import {createParts} from './parts.ts'
import {writePersonalAccounts} from './personal-accounts.ts'
import type {RowPlan} from './plan.ts'
import {NONE, compilePlan} from './plan.ts'
import {resolveColumns} from './resolve.ts'
import {createBookingSums} from './sums.ts'

/** The column that names a row in the ledger. */
const KEY = 'booking_id'

const NOTHING: FormatResult = {rows: 0, datasets: [], totals: [], unusedColumns: [], protocol: {tables: []}}

export function createBmdFormat(spec: BmdFormat): Format {
  return {
    name: 'bmd',
    async write(input, sink, context) {
      const bookings = spec.files.includes('Buchungen') ? await writeBookings({spec, sink, context}, input) : NOTHING
      if (!spec.files.includes('Personenkonten')) return bookings
      const accounts = await writePersonalAccounts({spec, sink, context}, input)
      return {
        ...bookings,
        rows: bookings.rows + accounts.rows,
        datasets: [...bookings.datasets, ...accounts.datasets],
        unusedColumns: [...bookings.unusedColumns, ...accounts.unusedColumns],
      }
    },
  }
}

async function writeBookings(writing: Writing, input: FormatInput): Promise<FormatResult> {
  const {spec, sink, context} = writing
  const dataset = await input.open('bookings')
  const resolved = resolveColumns(dataset.name, dataset.columns, spec.columns)
  const plan = compilePlan(resolved, {spec, formulas: context.spreadsheetFormulas})
  const parts = createParts({
    sink,
    maxRowBytes: plan.maxRowBytes,
    maxBookings: spec.maxBookings,
    fileName: (number) => fileName('Buchungen', writing, number),
    opening: headingLine(plan.fields.map(({column}) => column.name), spec),
  })
  const sums = createBookingSums(spec.currency, plan.sources)
  const encoder = encoderOf(writing, dataset, {plan, parts, sums})
  await writeRows(dataset, encoder, {parts, context})
  const rows = encoder.rows()
  const datasets = [{dataset: 'bookings' as const, written: rows, skipped: 0}]
  return {rows, datasets, totals: sums.totals(), unusedColumns: resolved.unused, protocol: sums.protocol()}
}

interface Compiled {
  readonly plan: RowPlan
  readonly parts: Parts
  readonly sums: ReturnType<typeof createBookingSums>
}

function encoderOf({spec, context}: Writing, dataset: Dataset, compiled: Compiled): RowEncoder {
  const {columns, name} = dataset
  const key = columns.findIndex((column) => column.name === KEY)
  const faultContext = {dataset: name, columns, spec, period: context.period, keyColumn: key === NONE ? undefined : KEY}
  return createRowEncoder({
    ...compiled,
    columns: columns.length,
    key,
    days: {first: dayNumber(context.period.start), last: dayNumber(lastDay(context.period))},
    brokenRule: (broken) => context.findings.error(findingOf(broken, faultContext)),
    formula: (noted) => context.findings.note(findingOf(noted, faultContext)),
    brokenShape: (row) => brokenShapeFault(name, row, columns.length),
  })
}

/** 2026-10-31 as 20261031 */
function dayNumber(day: string): number {
  return Number(day.replaceAll('-', ''))
}

interface RowTarget {
  readonly parts: Parts
  readonly context: FormatContext
}

async function writeRows(dataset: Dataset, encoder: RowEncoder, {parts, context}: RowTarget): Promise<void> {
  const progress = throttledProgress((count) => context.progress(count))
  try {
    for await (const rows of wholeRows(dataset.chunks)) {
      let position = encoder.encode(rows, 0)
      while (position < rows.length) {
        await parts.prepare()
        position = encoder.encode(rows, position)
      }
      progress(encoder.rows())
    }
    encoder.finish()
    await parts.close(context.emptyFile)
  } finally {
    await parts.settle()
  }
}
