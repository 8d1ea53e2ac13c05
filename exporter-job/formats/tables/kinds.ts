// What the values of a column are: as the spec says, else as docs/datasets.md does, else as the source does.
import type {DatasetName} from '../../../crds/datasets.ts'
import type {ValueType} from '../../../crds/formats/tables.ts'
import type {CanonicalType} from '../../datasets/types.ts'
import {PermanentFault} from '../../errors.ts'
import type {ColumnType, DatasetColumn} from '../../sources/types.ts'
import {canonicalColumn} from './canonical.ts'

/** `float` is a binary floating-point number: its digits are those that the source gave, perhaps with an exponent. */
export type ValueKind = 'text' | 'number' | 'float' | 'date' | 'timestamp' | 'boolean' | 'side'

/** @throws PermanentFault ColumnTypeRefused: a canonical column whose type cannot hold what it must */
export function kindOf(dataset: DatasetName, column: DatasetColumn, said: ValueType | undefined): ValueKind {
  if (said !== undefined) return saidKind(said, column.type)
  const canonical = canonicalColumn(dataset, column.name)
  if (canonical === undefined) return sourceKind(column.type)
  if (REFUSED[canonical.type].includes(column.type)) throw refused(dataset, column, canonical.type)
  return CANONICAL_KINDS[canonical.type]
}

function saidKind(said: ValueType, type: ColumnType): ValueKind {
  switch (said) {
    case 'Text':
      return 'text'
    case 'Number':
      return type === 'float' ? 'float' : 'number'
    case 'Date':
      return 'date'
    case 'Timestamp':
      return 'timestamp'
    case 'Boolean':
      return 'boolean'
    default:
      return said satisfies never
  }
}

function sourceKind(type: ColumnType): ValueKind {
  switch (type) {
    case 'integer':
    case 'numeric':
      return 'number'
    case 'float':
    case 'boolean':
    case 'date':
      return type
    case 'timestamp':
    case 'timestamptz':
      return 'timestamp'
    case 'text':
    case 'other':
      return 'text'
    default:
      return type satisfies never
  }
}

const CANONICAL_KINDS: Readonly<Record<CanonicalType, ValueKind>> = {
  decimal: 'number',
  integer: 'number',
  text: 'text',
  account: 'text',
  date: 'date',
  time: 'text',
  side: 'side',
  flag: 'boolean',
}

const NEVER_A_NUMBER: readonly ColumnType[] = ['float', 'boolean', 'date', 'timestamp', 'timestamptz']
const REFUSED: Readonly<Record<CanonicalType, readonly ColumnType[]>> = {
  decimal: NEVER_A_NUMBER,
  integer: NEVER_A_NUMBER,
  text: ['float'],
  account: NEVER_A_NUMBER,
  date: ['timestamp', 'timestamptz', 'integer', 'numeric', 'float', 'boolean'],
  time: ['float'],
  side: ['float'],
  flag: ['float', 'date', 'timestamp', 'timestamptz'],
}
const WANTED: Readonly<Record<CanonicalType, string>> = {
  decimal: 'numeric',
  integer: 'integer',
  text: 'text',
  account: 'text',
  date: 'date',
  time: 'text',
  side: 'text',
  flag: 'boolean',
}

function refused(dataset: string, {name, type}: DatasetColumn, canonical: CanonicalType): PermanentFault {
  const reason = type === 'float' ? 'a binary floating-point number is not exact' : `a ${type} does not fit`
  const remedy = `cast it to ${WANTED[canonical]} in the query, or say its type in spec.format`
  return new PermanentFault('ColumnTypeRefused', `${dataset}, column ${name} has type ${type}: ${reason}; ${remedy}`)
}
