// Which column of the dataset fills which column of DATEV: decided once, before the first row. Everything that is wrong with the
// dataset's shape is said here.
import type {DatevFormat} from '../../../crds/formats/datev.ts'
import {PermanentFault} from '../../errors.ts'
import type {ColumnType, DatasetColumn} from '../../sources/types.ts'
import {nearestNames} from '../suggest.ts'
import type {Category} from './categories.ts'
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

/** A column of DATEV and the dataset's column that fills it. */
export interface Mapping {
  readonly to: string
  readonly from: string
}

/** What a column of the dataset may be called. */
interface Names {
  readonly category: Category
  readonly mappings: readonly Mapping[]
  /** The spec's field that has the mappings. */
  readonly field: string
}

/**
 * A column of the dataset is named by the spec's mappings (columns, masterColumns), or by its canonical name, or datev_<position>_<heading>.
 * Faults: PermanentFault UnknownColumn, DuplicateColumn, MissingColumn, ColumnTypeRefused.
 */
export function resolveColumns(dataset: string, columns: readonly DatasetColumn[], category: Category, spec: DatevFormat): ResolvedColumns {
  const names = namesOf(category, spec)
  const unused: string[] = []
  const sources = new Map<DatevColumn, number>()
  for (const mapping of names.mappings) requireMapped(dataset, columns, mapping, names)
  for (const [index, {name}] of columns.entries()) {
    const targets = targetsOf(name, names)
    if (targets.length === 0 && !category.canonical.includes(name)) throw unknownColumn(dataset, name, names)
    if (targets.length === 0) unused.push(name)
    for (const target of targets) {
      const other = sources.get(target)
      if (other !== undefined) throw duplicateColumn(dataset, target, [columns[other]!.name, name])
      sources.set(target, index)
    }
  }
  const filled = category.columns.filter((column) => sources.has(column)).map((column) => {
    const source = sources.get(column)!
    return {column, source, name: columns[source]!.name}
  })
  requireColumns(dataset, category, sources)
  for (const {column, source} of filled) requireType(dataset, column, columns[source]!)
  return {filled, unused}
}

function namesOf(category: Category, spec: DatevFormat): Names {
  if (category.file === 'Buchungsstapel') return {category, mappings: spec.columns, field: 'spec.format.datev.columns'}
  const mappings = spec.masterColumns.filter(({file}) => file === category.file)
  return {category, mappings, field: 'spec.format.datev.masterColumns'}
}

/** "Umsatz, 1": the heading without what it says about other columns. */
export function datevName(column: DatevColumn): string {
  return `${column.heading.replace(/ \(ohne .*\)$/, '')}, ${column.position}`
}

function targetsOf(name: string, {category, mappings}: Names): DatevColumn[] {
  const mapped = mappings.filter((mapping) => mapping.from === name).map((mapping) => mapping.to)
  const fillable = category.columns.filter((column) => column.kind !== 'reserved')
  if (mapped.length > 0) return fillable.filter((column) => mapped.includes(column.name))
  return fillable.filter((column) => column.from === name || column.name === name)
}

function requireMapped(dataset: string, columns: readonly DatasetColumn[], {to, from}: Mapping, {category, field}: Names): void {
  const known = category.columns.filter((column) => column.kind !== 'reserved').map((column) => column.name)
  if (!known.includes(to)) {
    throw new PermanentFault('UnknownColumn', `${field} names ${to}, which ${category.file} does not have${suggestion(to, known)}`)
  }
  const names = columns.map((column) => column.name)
  // Customers and suppliers share their mappings, and need not have the same columns.
  if (names.includes(from) || category.datasets.length > 1) return
  throw new PermanentFault('MissingColumn', `${dataset} has no column ${from}, which ${field} maps to ${to}${suggestion(from, names)}`)
}

function unknownColumn(dataset: string, name: string, {category, field}: Names): PermanentFault {
  const remedy = `leave it out, use a canonical name (docs/datasets.md) or datev_<position>_<name>, or map it in ${field}`
  const hint = suggestion(name, [...category.canonical, ...category.columns.map((column) => column.name)])
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

function requireColumns(dataset: string, category: Category, sources: ReadonlyMap<DatevColumn, number>): void {
  const missing = category.columns.filter((column) => column.required && column.standard === undefined && !sources.has(column))
  if (missing.length === 0) return
  const list = missing.map((column) => `${column.from ?? column.name} (${datevName(column)})`).join(', ')
  throw new PermanentFault('MissingColumn', `${dataset} lacks ${list}: DATEV requires it in every row`)
}

/** Types whose text form cannot be what the column needs. */
function refusedTypes(column: DatevColumn): readonly ColumnType[] {
  switch (column.kind) {
    case 'amount':
    case 'number':
    case 'hundredths':
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
    case 'choice':
    case 'vatCountry':
    case 'vatNumber':
    case 'iban':
    case 'reserved':
      return ['float']
    default:
      return column satisfies never
  }
}

const WANTED_TYPES: Readonly<Record<string, string>> = {date: 'date', amount: 'numeric', number: 'numeric', hundredths: 'numeric'}

function requireType(dataset: string, column: DatevColumn, {name, type}: DatasetColumn): void {
  if (!refusedTypes(column).includes(type)) return
  const wanted = WANTED_TYPES[column.kind] ?? 'text'
  const reason = type === 'float' ? 'a binary floating-point number is not exact' : `a ${type} does not fit`
  throw new PermanentFault(
    'ColumnTypeRefused',
    `${dataset}, column ${name} (${datevName(column)}) has type ${type}: ${reason}; cast it to ${wanted} in the query`,
  )
}
