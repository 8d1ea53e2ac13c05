// Rows from JSON objects as they come; where the spec names no columns, the first object does.
import type {Column, ValueFormat} from '../../../crds/sources/columns.ts'
import {PermanentFault} from '../../errors.ts'
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

export interface JsonRows {
  /** source[from, to) is one object. @throws PermanentFault JsonInvalid */
  add(source: Uint8Array, from: number, to: number): void
  /** The rows since the last call; good until the next `add`. */
  take(): Buffer
  /** Rows so far. */
  count(): number
  /** Undefined until the columns are known. */
  plan(): JsonPlan | undefined
}

/** `place` says where the object being read is. */
export function createJsonRows({columns, otherKeys, format}: JsonDeclared, place: () => string): JsonRows {
  let count = 0
  let plan = columns.length > 0 ? jsonPlan(columns, otherKeys, format) : undefined
  let reader = plan && createRecordReader(plan, place)

  /** Read without columns first, so that what is no JSON is told as of any other object. */
  function learn(source: Uint8Array, from: number, to: number): RecordReader {
    createRecordReader(jsonPlan([], 'Ignore', format), place).read(source, from, to)
    try {
      const found = columnsOfFirst(Buffer.from(source.subarray(from, to)).toString())
      if (found.length === 0 || found.length > MAX_COLUMNS) throw new ShapeError(`the first object has ${found.length} keys: 1 to ${MAX_COLUMNS} can be read`)
      plan = jsonPlan(found, otherKeys, format)
    } catch (error) {
      if (!(error instanceof ShapeError)) throw error
      throw new PermanentFault('JsonInvalid', `${place()}: ${error.message}`)
    }
    return createRecordReader(plan, place)
  }

  return {
    add(source, from, to) {
      if (to - from > MAX_RECORD_BYTES) throw new PermanentFault('JsonInvalid', `${place()}: the object is longer than 1 MiB`)
      reader ??= learn(source, from, to)
      reader.read(source, from, to)
      count += 1
    },
    take: () => reader?.take() ?? Buffer.alloc(0),
    count: () => count,
    plan: () => plan,
  }
}

/** There is not one object, and the spec names no columns. */
export function columnsUnknown(where: string): PermanentFault {
  return new PermanentFault('ColumnsUnknown', `${where} holds not one object, so that its columns are not known: name them in columns`)
}
