// What becomes of each field of a line: by the heading of the file and the columns that the spec names.
import type {Column, ValueFormat} from '../../../crds/sources/columns.ts'
import {PermanentFault} from '../../errors.ts'
import type {DatasetColumn} from '../types.ts'
import {copyEscaped, typedValue} from '../values/rewrite.ts'
import type {TypedValue} from '../values/rewrite.ts'

const MAX_COLUMNS = 1_000

export interface CsvField {
  /** As the file calls it. */
  readonly name: string
  readonly kept: boolean
  /** How its values are rewritten; text stays as it is. */
  readonly typed: TypedValue | undefined
}

export interface CsvPlan {
  /** In the order of the file. */
  readonly fields: readonly CsvField[]
  /** Those that are kept, as the dataset has them. */
  readonly columns: readonly DatasetColumn[]
  /** Text without quotes that is NULL, as COPY writes it. */
  readonly nullText: Uint8Array | undefined
}

/** What the spec says of a file's columns. */
export interface Declared {
  readonly columns: readonly Column[]
  readonly otherColumns: 'Keep' | 'Drop'
  readonly format: ValueFormat
}

/**
 * `names`: the heading. `where` names the file in messages.
 * @throws PermanentFault CsvInvalid, DuplicateColumn, ColumnNotInSource
 */
export function planOf(names: readonly string[], declared: Declared, where: string): CsvPlan {
  if (names.length > MAX_COLUMNS) throw new PermanentFault('CsvInvalid', `${where}, line 1: there are ${names.length} columns, at most ${MAX_COLUMNS} are read`)
  const byName = new Map(declared.columns.map((column) => [column.from ?? column.name, column]))
  checkAllThere(names, [...byName.keys()], where)
  const entries = names.map((name) => {
    const column = byName.get(name) ?? (declared.otherColumns === 'Keep' ? ({name, type: 'text'} as const) : undefined)
    return {name, column}
  })
  const columns = entries.flatMap(({column}) => (column === undefined ? [] : [{name: column.name, type: column.type}]))
  checkOnce(columns.map(({name}) => name), where)
  const {nullText} = declared.format
  return {
    fields: entries.map(({name, column}) => ({name, kept: column !== undefined, typed: column && typedValue(column.type, declared.format)})),
    columns,
    nullText: nullText === undefined ? undefined : copyEscaped(nullText),
  }
}

function checkAllThere(names: readonly string[], wanted: readonly string[], where: string): void {
  const missing = wanted.find((name) => !names.includes(name))
  if (missing === undefined) return
  const found = names.map((name) => JSON.stringify(name)).join(', ').slice(0, 500)
  throw new PermanentFault('ColumnNotInSource', `${where}, line 1: there is no column "${missing}", which columns names; the file has ${found}`)
}

function checkOnce(names: readonly string[], where: string): void {
  const seen = new Set<string>()
  for (const name of names) {
    if (seen.has(name)) throw new PermanentFault('DuplicateColumn', `${where}, line 1: two columns are named "${name}"`)
    seen.add(name)
  }
}
