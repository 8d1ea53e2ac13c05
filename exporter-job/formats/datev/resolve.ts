// Which column of the dataset fills which column of DATEV: decided once, before the first row. Everything that is wrong with the
// dataset's shape is said here.
import {BUCHUNGSSTAPEL_COLUMNS} from '../../../crds/formats/datev-columns.ts'
import type {DatevFormat} from '../../../crds/formats/datev.ts'
import {BOOKING_COLUMN_NAMES} from '../../datasets/bookings.ts'
import {PermanentFault} from '../../errors.ts'
import type {ColumnType, DatasetColumn} from '../../sources/types.ts'
import {nearestNames} from '../suggest.ts'
import {BUCHUNGSSTAPEL, columnName} from './columns.ts'
import type {DatevColumn} from './types.ts'

/** A DATEV column that the dataset fills. */
export interface ResolvedColumn {
  readonly column: DatevColumn
  /** Index among the dataset's columns. */
  readonly source: number
  /** Its name in the dataset. */
  readonly name: string
}

export interface ResolvedColumns {
  /** In the order of the file. */
  readonly filled: readonly ResolvedColumn[]
  /** Canonical columns of the dataset that DATEV has no place for. */
  readonly unused: readonly string[]
}

type Mappings = DatevFormat['columns']

/**
 * A column of the dataset is named in spec.format.datev.columns, or by its canonical name, or datev_<position>_<heading>.
 * Faults: PermanentFault UnknownColumn, DuplicateColumn, MissingColumn, ColumnTypeRefused.
 */
export function resolveColumns(dataset: string, columns: readonly DatasetColumn[], mappings: Mappings): ResolvedColumns {
  const unused: string[] = []
  const sources = new Map<DatevColumn, number>()
  for (const mapping of mappings) requireMapped(dataset, columns, mapping)
  for (const [index, {name}] of columns.entries()) {
    const targets = targetsOf(name, mappings)
    if (targets.length === 0 && !isCanonical(name)) throw unknownColumn(dataset, name)
    if (targets.length === 0) unused.push(name)
    for (const target of targets) {
      const other = sources.get(target)
      if (other !== undefined) throw duplicateColumn(dataset, target, [columns[other]!.name, name])
      sources.set(target, index)
    }
  }
  const filled = BUCHUNGSSTAPEL.filter((column) => sources.has(column)).map((column) => {
    const source = sources.get(column)!
    return {column, source, name: columns[source]!.name}
  })
  requireColumns(dataset, sources)
  for (const {column, source} of filled) requireType(dataset, column, columns[source]!)
  return {filled, unused}
}

/** "Umsatz, 1": the heading without what it says about other columns. */
export function datevName(column: DatevColumn): string {
  return `${column.heading.replace(/ \(ohne .*\)$/, '')}, ${column.position}`
}

function targetsOf(name: string, mappings: Mappings): DatevColumn[] {
  const mapped = mappings.filter((mapping) => mapping.from === name).map((mapping) => mapping.to)
  if (mapped.length > 0) return BUCHUNGSSTAPEL.filter((column) => mapped.includes(columnName(column)))
  return BUCHUNGSSTAPEL.filter((column) => column.from === name || columnName(column) === name)
}

function isCanonical(name: string): boolean {
  return (BOOKING_COLUMN_NAMES as readonly string[]).includes(name)
}

function requireMapped(dataset: string, columns: readonly DatasetColumn[], mapping: Mappings[number]): void {
  const names = columns.map((column) => column.name)
  if (names.includes(mapping.from)) return
  const message = `${dataset} has no column ${mapping.from}, which spec.format.datev.columns maps to ${mapping.to}`
  throw new PermanentFault('MissingColumn', `${message}${suggestion(mapping.from, names)}`)
}

function unknownColumn(dataset: string, name: string): PermanentFault {
  const remedy = 'leave it out, use a canonical name (docs/datasets.md) or datev_<position>_<name>, or map it in spec.format.datev.columns'
  const hint = suggestion(name, [...BOOKING_COLUMN_NAMES, ...BUCHUNGSSTAPEL_COLUMNS])
  return new PermanentFault('UnknownColumn', `${dataset} has a column ${JSON.stringify(name)} that is not known${hint}: ${remedy}`)
}

function suggestion(name: string, known: readonly string[]): string {
  const nearest = nearestNames(name, known)
  return nearest.length === 0 ? '' : ` (nearest: ${nearest.join(', ')})`
}

function duplicateColumn(dataset: string, column: DatevColumn, names: readonly [string, string]): PermanentFault {
  const which = names[0] === names[1] ? `two columns ${names[0]}` : `columns ${names.join(' and ')}`
  return new PermanentFault('DuplicateColumn', `${dataset} has ${which}, which both fill DATEV's ${datevName(column)}: leave one out`)
}

function requireColumns(dataset: string, sources: ReadonlyMap<DatevColumn, number>): void {
  const missing = BUCHUNGSSTAPEL.filter((column) => column.required && !sources.has(column))
  if (missing.length === 0) return
  const list = missing.map((column) => `${column.from ?? columnName(column)} (${datevName(column)})`).join(', ')
  throw new PermanentFault('MissingColumn', `${dataset} lacks ${list}: DATEV requires it in every row`)
}

/** Types whose text form cannot be what the column needs. */
function refusedTypes(column: DatevColumn): readonly ColumnType[] {
  switch (column.kind) {
    case 'amount':
    case 'number':
      return ['float', 'boolean', 'date', 'timestamp', 'timestamptz']
    case 'date':
      return ['timestamp', 'timestamptz', 'integer', 'numeric', 'float', 'boolean']
    case 'account':
      return ['float', 'boolean', 'date', 'timestamp', 'timestamptz']
    case 'text':
    case 'chars':
    case 'taxKey':
    case 'code':
    case 'vatId':
    case 'documentLink':
      return ['float']
    default:
      return column satisfies never
  }
}

function requireType(dataset: string, column: DatevColumn, {name, type}: DatasetColumn): void {
  if (!refusedTypes(column).includes(type)) return
  const wanted = column.kind === 'date' ? 'date' : column.kind === 'amount' || column.kind === 'number' ? 'numeric' : 'text'
  const reason = type === 'float' ? 'a binary floating-point number is not exact' : `a ${type} does not fit`
  throw new PermanentFault(
    'ColumnTypeRefused',
    `${dataset}, column ${name} (${datevName(column)}) has type ${type}: ${reason}; cast it to ${wanted} in the query`,
  )
}
