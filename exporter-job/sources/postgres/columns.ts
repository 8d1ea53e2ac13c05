// Column types by PostgreSQL's fixed type OIDs (pg_type.dat). Domains arrive as their base type.
import {checkedColumns} from '../sql/columns.ts'
import type {ColumnType, DatasetColumn} from '../types.ts'

const TYPES = new Map<number, ColumnType>([
  [16, 'boolean'],
  [18, 'text'],
  [19, 'text'],
  [20, 'integer'],
  [21, 'integer'],
  [23, 'integer'],
  [25, 'text'],
  [26, 'integer'],
  [700, 'float'],
  [701, 'float'],
  [1042, 'text'],
  [1043, 'text'],
  [1082, 'date'],
  [1114, 'timestamp'],
  [1184, 'timestamptz'],
  [1700, 'numeric'],
])

interface Field {
  readonly name: string
  readonly dataTypeID: number
}

/** @throws PermanentFault DuplicateColumn, NoColumns */
export function datasetColumns(dataset: string, fields: readonly Field[]): readonly DatasetColumn[] {
  return checkedColumns(dataset, fields.map(({name, dataTypeID}) => ({name, type: TYPES.get(dataTypeID) ?? 'other'})))
}
