// Master data: Kontenbeschriftungen, Zahlungsbedingungen, Debitoren/Kreditoren. One file a category (and more where it is full).
import type {DatasetName} from '../../../crds/datasets.ts'
import type {DatevFormat} from '../../../crds/formats/datev.ts'
import {PermanentFault} from '../../errors.ts'
import type {Dataset} from '../../sources/types.ts'
import type {DatasetCount, FormatInput, FormatResult} from '../types.ts'
import {createUniqueKeys} from '../values/unique.ts'
import type {Category} from './categories.ts'
import {headerLines} from './header.ts'
import type {Part, Parts} from './parts.ts'
import {createParts} from './parts.ts'
import type {RowPlan} from './plan.ts'
import {compilePlan} from './plan.ts'
import type {StackRange} from './ranges.ts'
import {daysOf, fiscalYearOf, isoDay, rangeLabel} from './ranges.ts'
import {resolveColumns} from './resolve.ts'
import {rowOptions} from './row-options.ts'
import type {RowOptions} from './row.ts'
import {createRow, noted, point, splitRow, writeRow} from './row.ts'
import type {PartEncoder, Writing} from './write-rows.ts'
import {encodeDataset, fileName, filling} from './write-rows.ts'

/** A dataset, ready to be encoded. */
interface Prepared {
  readonly name: DatasetName
  readonly dataset: Dataset
  readonly plan: RowPlan
  readonly unused: readonly string[]
}

export async function writeMasterData(category: Category, writing: Writing, input: FormatInput): Promise<FormatResult> {
  const {spec, limits, sink, context} = writing
  const range = masterRange(writing)
  const parts = createParts([range], {
    sink,
    maxRowBytes: widestRow(category, spec),
    maxRows: limits.maxRowsPerFile,
    fileName: ({label}, number) => fileName(category.file, label, number, context.revisionSuffix),
    opening: () => headerLines(category, spec, range, context),
  })
  const datasets: DatasetCount[] = []
  const unusedColumns: string[] = []
  let rows = 0
  await filling(parts, context.emptyFile, async () => {
    for (const name of category.datasets.filter((each) => input.has(each))) {
      const {dataset, plan, unused} = prepare(name, await input.open(name), category, writing)
      const encoder = createMasterEncoder(rowOptions(dataset, category, plan, writing), {parts, part: parts.find(range.from)!, mayRepeat: category.mayRepeat === true})
      await encodeDataset(dataset, encoder, parts, {...writing, before: writing.before + rows})
      datasets.push({dataset: name, written: encoder.rows(), skipped: 0})
      unusedColumns.push(...unused)
      rows += encoder.rows()
    }
  })
  return {rows, datasets, totals: [], unusedColumns, protocol: {tables: []}}
}

/** With every column filled, so that the datasets of one file can follow each other. */
function widestRow({columns}: Category, spec: DatevFormat): number {
  return compilePlan({columns, filled: columns.map((column) => ({column, source: 0, name: column.name})), spec}).maxRowBytes
}

function prepare(name: DatasetName, dataset: Dataset, category: Category, {spec}: Writing): Prepared {
  const {filled, unused} = resolveColumns(dataset.name, dataset.columns, category, spec)
  const plan = compilePlan({columns: category.columns, filled, spec, partner: PARTNERS[name]})
  return {name, dataset, plan, unused: unused.map((column) => `${name}.${column}`)}
}

const PARTNERS: Readonly<Partial<Record<DatasetName, 'debtor' | 'creditor'>>> = {customers: 'debtor', suppliers: 'creditor'}

/** The period, in the fiscal year that its last day lies in. */
function masterRange({spec, context}: Writing): StackRange {
  const {from, to} = daysOf(context.period)
  const year = fiscalYearOf(to, spec)
  if (year === undefined) {
    throw new PermanentFault('DateOutsideFiscalYears', `the period ends on ${isoDay(to)}, which lies in none of the fiscal years that spec.format.datev.fiscalYears lists`)
  }
  return {from, to, fiscalYearStart: year.start, label: rangeLabel(from, to)}
}

interface Target {
  readonly parts: Parts
  readonly part: Part
  /** Nothing is said of numbers that come twice. */
  readonly mayRepeat: boolean
}

function createMasterEncoder(options: RowOptions, {parts, part, mayRepeat}: Target): PartEncoder {
  const row = createRow(options)
  const numbers = createUniqueKeys()
  const number = options.plan.layout.fields[0]!
  const {cursor} = row

  function noteRepeated(): void {
    point(row, number.source)
    if (!numbers.isNew(cursor.source, cursor.from, cursor.to)) noted(row, number, 'DuplicateNumber')
  }

  return {
    encode(source, position) {
      while (position < source.length && parts.isReady(part)) {
        const next = splitRow(row, source, position)
        cursor.out = part.out
        cursor.at = part.at
        if (writeRow(row, options.plan.layout)) {
          part.at = cursor.at
          part.rows++
          if (!mayRepeat) noteRepeated()
        }
        row.number++
        position = next
      }
      return position
    },
    waitingFor: () => part,
    rows: () => row.number - 1,
  }
}
