// What becomes of each field of a line: by the heading of the file and the columns that the spec names.
import type {Column, ValueFormat} from '../../../crds/sources/columns.ts'
import {PermanentFault} from '../../errors.ts'
import {READ_BYTES} from '../files/pieces.ts'
import {ContentFault} from '../refusals.ts'
import type {SourceColumn} from '../refusals.ts'
import type {DatasetColumn} from '../types.ts'
import {copyEscaped, typedValue} from '../values/rewrite.ts'
import type {TypedValue} from '../values/rewrite.ts'

const MAX_COLUMNS = 1_000

export interface CsvField {
  /** As the file calls it. */
  readonly name: string
  readonly kept: boolean
  /** Its place among those that are kept; -1 where it is not. */
  readonly column: number
  /** How its values are rewritten; text stays as it is. */
  readonly typed: TypedValue | undefined
}

export interface CsvPlan {
  /** In the order of the file. */
  readonly fields: readonly CsvField[]
  /** Those that are kept, as the dataset has them. */
  readonly columns: readonly (DatasetColumn & SourceColumn)[]
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
 * `names`: the heading; `where` is the file.
 * @throws PermanentFault CsvInvalid, DuplicateColumn, ColumnNotInSource
 */
export function planOf(names: readonly string[], declared: Declared, where: FileName): CsvPlan {
  const line1 = {dataset: where.dataset, place: `${where.file}, line 1`}
  if (names.length > MAX_COLUMNS) throw new ContentFault('CsvInvalid', line1, `there are ${names.length} columns, at most ${MAX_COLUMNS} are read`)
  const byName = new Map(declared.columns.map((column) => [column.from ?? column.name, column]))
  checkAllThere(names, [...byName.keys()], line1)
  const entries = names.map((name) => {
    const column = byName.get(name) ?? (declared.otherColumns === 'Keep' ? ({name, type: 'text'} as const) : undefined)
    return {name, column}
  })
  const columns = entries.flatMap(({name: from, column}) => (column === undefined ? [] : [{name: column.name, type: column.type, from}]))
  checkOnce(columns.map(({name}) => name), line1)
  const {nullText} = declared.format
  let kept = 0
  return {
    fields: entries.map(({name, column}) => ({name, kept: column !== undefined, column: column === undefined ? -1 : kept++, typed: column && typedValue(column.type, declared.format)})),
    columns,
    nullText: nullText === undefined ? undefined : copyEscaped(nullText),
  }
}

/** Which file of which dataset, for messages. */
export interface FileName {
  readonly dataset: string
  readonly file: string
}

type Line = ConstructorParameters<typeof ContentFault>[1]

function checkAllThere(names: readonly string[], wanted: readonly string[], {dataset, place}: Line): void {
  const missing = wanted.find((name) => !names.includes(name))
  if (missing === undefined) return
  const found = names.map((name) => JSON.stringify(name)).join(', ').slice(0, 500)
  throw new PermanentFault('ColumnNotInSource', `dataset ${dataset}: ${place}: there is no column "${missing}", which columns names; the file has ${found}`)
}

function checkOnce(names: readonly string[], {dataset, place}: Line): void {
  const seen = new Set<string>()
  for (const name of names) {
    if (seen.has(name)) throw new PermanentFault('DuplicateColumn', `dataset ${dataset}: ${place}: two columns are named "${name}"`)
    seen.add(name)
  }
}

/** What the plan says of each field, for the hot loop. */
export interface FieldTables {
  readonly width: number
  /** 1 where a tab stands before it. */
  readonly leads: Uint8Array
  /** 1 where more than copying is to be done at its end. */
  readonly special: Uint8Array
}

/** Before the heading is read every field is kept as text. */
const OF_HEADING: FieldTables = {width: Infinity, leads: new Uint8Array(READ_BYTES).fill(1), special: new Uint8Array(READ_BYTES)}

export function fieldTables(plan: CsvPlan | undefined): FieldTables {
  if (plan === undefined) return OF_HEADING
  const {fields, nullText} = plan
  const first = fields.findIndex(({kept}) => kept)
  return {
    width: fields.length,
    leads: Uint8Array.from([...fields.map(({kept}, index) => (kept && index > first ? 1 : 0)), 0]),
    special: Uint8Array.from(fields, ({kept, typed}) => (!kept || typed !== undefined || nullText !== undefined ? 1 : 0)),
  }
}
