// Which column of the dataset fills which field: decided once, before the first row. Everything that is wrong with the dataset's shape is
// said here.
import {BMD_COLUMNS} from '../../../crds/formats/bmd-columns.ts'
import type {BmdColumnName} from '../../../crds/formats/bmd-columns.ts'
import type {BmdFormat} from '../../../crds/formats/bmd.ts'
import {BOOKING_COLUMN_NAMES} from '../../datasets/bookings.ts'
import type {BookingColumn} from '../../datasets/bookings.ts'
import {PermanentFault} from '../../errors.ts'
import type {ColumnType, DatasetColumn} from '../../sources/types.ts'
import {nearestNames} from '../suggest.ts'
import {BOOKING_FIELDS, columnName} from './columns.ts'

/** Canonical columns that say something of a field together with others: a field of its own beside them is no second filling. */
const TOGETHER = ['document_kind', 'debit_credit', 'amount', 'tax_amount', 'cost_amount'] as const satisfies readonly BookingColumn[]
/** Canonical columns that fill no field and are read all the same. */
const READ = [
  'base_amount',
  'base_tax_amount',
  'base_currency',
  'reverse_charge',
  'discount',
  'discount_account',
  'reversal',
] as const satisfies readonly BookingColumn[]

/** What a column of the dataset stands for: a field of BMD, or what is reckoned with. */
export type Role = BmdColumnName | (typeof TOGETHER)[number] | (typeof READ)[number]

export interface ResolvedColumns {
  /** Index among the dataset's columns. */
  readonly sources: ReadonlyMap<Role, number>
  /** Canonical columns of the dataset that BMD has no place for. */
  readonly unused: readonly string[]
}

type Mappings = BmdFormat['columns']

/**
 * A column of the dataset is named in spec.format.bmd.columns, or by its canonical name, or bmd_<name>.
 * Faults: PermanentFault UnknownColumn, DuplicateColumn, MissingColumn, ColumnTypeRefused.
 */
export function resolveColumns(dataset: string, columns: readonly DatasetColumn[], mappings: Mappings): ResolvedColumns {
  const unused: string[] = []
  const sources = new Map<Role, number>()
  for (const mapping of mappings) requireMapped(dataset, columns, mapping)
  for (const [index, column] of columns.entries()) {
    const {name} = column
    const roles = rolesOf(name, mappings)
    if (roles.length === 0 && !isCanonical(name)) throw unknownColumn(dataset, name)
    if (roles.length === 0) unused.push(name)
    for (const role of roles) {
      const other = sources.get(role)
      if (other !== undefined) throw duplicateColumn(dataset, role, [columns[other]!.name, name])
      sources.set(role, index)
      requireType(dataset, role, column)
    }
  }
  requireColumns(dataset, sources)
  return {sources, unused}
}

function rolesOf(name: string, mappings: Mappings): Role[] {
  const mapped = mappings.filter((mapping) => mapping.from === name).map((mapping) => mapping.to)
  if (mapped.length > 0) return mapped
  if (name === 'signed_amount') return ['bmd_betrag']
  if (name === 'signed_tax_amount') return ['bmd_steuer']
  const special = [...TOGETHER, ...READ].find((role) => role === name)
  if (special !== undefined) return [special]
  return BOOKING_FIELDS.filter((column) => column.from === name || columnName(column) === name).map(columnName)
}

function isCanonical(name: string): boolean {
  return BOOKING_COLUMN_NAMES.some((canonical) => canonical === name)
}

function requireMapped(dataset: string, columns: readonly DatasetColumn[], mapping: Mappings[number]): void {
  const names = columns.map((column) => column.name)
  if (names.includes(mapping.from)) return
  const message = `${dataset} has no column ${mapping.from}, which spec.format.bmd.columns maps to ${mapping.to}`
  throw new PermanentFault('MissingColumn', `${message}${suggestion(mapping.from, names)}`)
}

function unknownColumn(dataset: string, name: string): PermanentFault {
  const remedy = 'leave it out, use a canonical name (docs/datasets.md) or bmd_<name>, or map it in spec.format.bmd.columns'
  const hint = suggestion(name, [...BOOKING_COLUMN_NAMES, ...BMD_COLUMNS])
  return new PermanentFault('UnknownColumn', `${dataset} has a column ${JSON.stringify(name)} that is not known${hint}: ${remedy}`)
}

function suggestion(name: string, known: readonly string[]): string {
  const nearest = nearestNames(name, known)
  return nearest.length === 0 ? '' : ` (nearest: ${nearest.join(', ')})`
}

function duplicateColumn(dataset: string, role: Role, names: readonly [string, string]): PermanentFault {
  const which = names[0] === names[1] ? `two columns ${names[0]}` : `columns ${names.join(' and ')}`
  return new PermanentFault('DuplicateColumn', `${dataset} has ${which}, which both stand for ${role}: leave one out`)
}

/** Each line needs one of its columns. */
const REQUIRED: readonly (readonly [name: string, ...roles: Role[]])[] = [
  ['account (konto)', 'bmd_konto'],
  ['contra_account (gkonto)', 'bmd_gkonto'],
  ['document_number (belegnr)', 'bmd_belegnr'],
  ['document_date (belegdatum)', 'bmd_belegdatum'],
  ['document_kind (buchsymbol)', 'document_kind', 'bmd_buchsymbol'],
  ['amount or signed_amount (betrag)', 'amount', 'bmd_betrag'],
]

function requireColumns(dataset: string, sources: ReadonlyMap<Role, number>): void {
  const missing = REQUIRED.filter(([, ...roles]) => !roles.some((role) => sources.has(role)))
  if (missing.length === 0) return
  throw new PermanentFault('MissingColumn', `${dataset} lacks ${missing.map(([name]) => name).join(', ')}: BMD requires it`)
}

const NOT_NUMBERS: readonly ColumnType[] = ['float', 'boolean', 'date', 'timestamp', 'timestamptz']
const NOT_DATES: readonly ColumnType[] = ['timestamp', 'timestamptz', 'integer', 'numeric', 'float', 'boolean']

/** What the column should be cast to, and the types whose text form cannot be right. */
function typeOf(role: Role): {readonly wanted: string; readonly refused: readonly ColumnType[]} {
  if (/amount$|^discount$/.test(role)) return {wanted: 'numeric', refused: NOT_NUMBERS}
  const kind = BOOKING_FIELDS.find((column) => columnName(column) === role)?.kind
  switch (kind) {
    case 'amount':
    case 'tax':
    case 'share':
    case 'foreignAmount':
    case 'foreignTax':
    case 'decimal':
    case 'percent':
      return {wanted: 'numeric', refused: NOT_NUMBERS}
    case 'date':
    case 'postingDate':
      return {wanted: 'date', refused: NOT_DATES}
    case 'record':
    case 'side':
    case 'account':
    case 'integer':
    case 'period':
      return {wanted: 'integer', refused: NOT_NUMBERS}
    case 'currency':
    case 'text':
    case 'symbol':
    case 'documentNumber':
    case 'iban':
    case undefined:
      return {wanted: 'text', refused: ['float']}
    default:
      return kind satisfies never
  }
}

function requireType(dataset: string, role: Role, {name, type}: DatasetColumn): void {
  const {wanted, refused} = typeOf(role)
  if (!refused.includes(type)) return
  const reason = type === 'float' ? 'a binary floating-point number is not exact' : `a ${type} does not fit`
  throw new PermanentFault('ColumnTypeRefused', `${dataset}, column ${name} (${role}) has type ${type}: ${reason}; cast it to ${wanted} in the query`)
}
