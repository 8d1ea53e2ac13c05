// What every source that speaks SQL asks of a query's columns.
import {PermanentFault} from '../../errors.ts'
import type {DatasetColumn} from '../types.ts'

/** The same columns. @throws PermanentFault DuplicateColumn, NoColumns */
export function checkedColumns(dataset: string, columns: readonly DatasetColumn[]): readonly DatasetColumn[] {
  if (columns.length === 0) throw new PermanentFault('NoColumns', `dataset ${dataset}: the query has no columns`)
  const seen = new Set<string>()
  for (const {name} of columns) {
    if (seen.has(name)) throw new PermanentFault('DuplicateColumn', `dataset ${dataset}: two columns are named "${name}": rename one with AS`)
    seen.add(name)
  }
  return columns
}
