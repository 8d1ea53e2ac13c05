// Rows from JSON objects as they come; where the spec names no columns, the first object does.
import type {Column, ValueFormat} from '../../../crds/sources/columns.ts'
import {PermanentFault} from '../../errors.ts'
import type {Refusals} from '../../formats/findings.ts'
import {ContentFault, createRowRefusals} from '../refusals.ts'
import type {RowRefusals} from '../refusals.ts'
import {ShapeError, columnsOfFirst, jsonPlan} from './keys.ts'
import type {JsonPlan} from './keys.ts'
import {createRecordReader} from './record.ts'
import type {RecordReader} from './record.ts'

/** Columns of the first object: beyond that it is no row. */
const MAX_COLUMNS = 1_000
/** An object longer than this is no row (bytes). */
export const MAX_RECORD_BYTES = 1 << 20

export interface JsonDeclared {
  readonly columns: readonly Column[]
  readonly otherKeys: 'Refuse' | 'Ignore'
  readonly format: ValueFormat
}

export interface JsonRowsOptions {
  readonly dataset: string
  /** Where the object being read is: "b.ndjson, line 18". */
  readonly place: () => string
  readonly refusals: Refusals
}

export interface JsonRows {
  /** source[from, to) is one object. @throws ContentFault for the first one, from which columns are to be learnt; FindingsFull */
  add(source: Uint8Array, from: number, to: number): void
  /** The rows since the last call; good until the next `add`. */
  take(): Buffer
  /** Rows so far. */
  count(): number
  /** Those among them of which something was refused. */
  wrong(): number
  /** Undefined until the columns are known. */
  plan(): JsonPlan | undefined
  /** Undefined until the columns are known. */
  refused(): RowRefusals | undefined
}

export function createJsonRows({columns, otherKeys, format}: JsonDeclared, {dataset, place, refusals}: JsonRowsOptions): JsonRows {
  let count = 0
  let wrongRows = 0
  let known = columns.length > 0 ? begin(columns) : undefined

  function begin(given: readonly Column[]): {readonly plan: JsonPlan; readonly reader: RecordReader; readonly refused: RowRefusals} {
    const plan = jsonPlan(given, otherKeys, format)
    const refused = createRowRefusals(dataset, plan.columns.map(({name}, index) => ({name, from: plan.paths[index]!})), refusals)
    return {plan, refused, reader: createRecordReader(plan, (column, wrong, value) => refused.value(column, {...wrong, place: place()}, value))}
  }

  /** Read without columns first, so that what is no JSON is told as of any other object. */
  function learn(source: Uint8Array, from: number, to: number): ReturnType<typeof begin> {
    const wrong = createRecordReader(jsonPlan([], 'Ignore', format), () => undefined).read(source, from, to)
    try {
      if (wrong !== undefined) throw wrong
      const found = columnsOfFirst(Buffer.from(source.subarray(from, to)).toString())
      if (found.length === 0 || found.length > MAX_COLUMNS) throw new ShapeError(`the first object has ${found.length} keys: 1 to ${MAX_COLUMNS} can be read`)
      return begin(found)
    } catch (error) {
      if (!(error instanceof ShapeError)) throw error
      throw new ContentFault(error.code, {dataset, place: place()}, error.message)
    }
  }

  return {
    add(source, from, to) {
      if (to - from > MAX_RECORD_BYTES) throw new ContentFault('JsonInvalid', {dataset, place: place()}, 'the object is longer than 1 MiB')
      known ??= learn(source, from, to)
      const {reader, refused} = known
      const wrong = reader.read(source, from, to)
      count += 1
      if (wrong !== undefined) refused.row({rule: wrong.code, right: wrong.message, place: place()})
      if (!refused.any()) return
      wrongRows += 1
      refused.endRow(count, reader.last())
    },
    take: () => known?.reader.take() ?? Buffer.alloc(0),
    count: () => count,
    wrong: () => wrongRows,
    plan: () => known?.plan,
    refused: () => known?.refused,
  }
}

/** There is not one object, and the spec names no columns. */
export function columnsUnknown(where: string): PermanentFault {
  return new PermanentFault('ColumnsUnknown', `${where} holds not one object, so that its columns are not known: name them in columns`)
}
