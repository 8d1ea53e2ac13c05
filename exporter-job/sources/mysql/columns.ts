// Column types by the protocol's numbers, and how a value's bytes are written. The text protocol sends everything as text but for
// binary strings and bits.
import {checkedColumns} from '../sql/columns.ts'
import type {ColumnType, DatasetColumn} from '../types.ts'
import type {Field} from './library.ts'

/** As they come; text, to be escaped; bytes, in hexadecimal; bits, as a number; a bit, or a number of one digit, as t or f. */
export type Writing = 'plain' | 'text' | 'bytes' | 'bits' | 'bit' | 'flag'

const TINYINT = 1
const BIT = 16
/** The collation of bytes that are no text. */
const BINARY = 63

const TYPES: ReadonlyMap<number, ColumnType> = new Map<number, ColumnType>([
  ...same('integer', [TINYINT, 2, 3, 8, 9, 13]),
  ...same('numeric', [0, 246]),
  ...same('float', [4, 5]),
  // A NULL without a type, and a parameter before it has its value.
  ...same('text', [6]),
  ...same('timestamp', [7, 12]),
  ...same('date', [10, 14]),
  ...same('other', [11]),
])

/** CHAR, VARCHAR, TEXT and BLOB of any size, ENUM and SET. */
const STRINGS = new Set([15, 247, 248, 249, 250, 251, 252, 253, 254])
const JSON_TYPE = 245

function same(type: ColumnType, numbers: readonly number[]): [number, ColumnType][] {
  return numbers.map((number) => [number, type])
}

/** What a column's type is, and how its values are written. */
export function readingOf({columnType, columnLength, characterSet}: Field): {type: ColumnType; writing: Writing} {
  // BOOLEAN is another word for TINYINT(1).
  if (columnType === TINYINT && columnLength === 1) return {type: 'boolean', writing: 'flag'}
  if (columnType === BIT) return columnLength === 1 ? {type: 'boolean', writing: 'bit'} : {type: 'integer', writing: 'bits'}
  if (columnType === JSON_TYPE) return {type: 'other', writing: 'text'}
  const type = TYPES.get(columnType)
  if (type !== undefined) return {type, writing: 'plain'}
  return STRINGS.has(columnType) && characterSet !== BINARY ? {type: 'text', writing: 'text'} : {type: 'other', writing: 'bytes'}
}

/** @throws PermanentFault DuplicateColumn, NoColumns */
export function datasetColumns(dataset: string, fields: readonly Field[]): readonly DatasetColumn[] {
  return checkedColumns(dataset, fields.map((field) => ({name: field.name, type: readingOf(field).type})))
}
