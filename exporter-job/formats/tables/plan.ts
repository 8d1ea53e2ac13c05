// How a row of a table is laid out, compiled once, and what a dialect (CSV, NDJSON) adds to it.
import type {Cursor} from '../values/cursor.ts'
import type {Usual} from '../values/usual.ts'
import type {ChosenColumn} from './resolve.ts'
import type {RuleCode} from './rules.ts'

/** Where the encoder stands, and what it says of the value besides. */
export interface TableCursor extends Cursor {
  /** Digits behind the point of the number encoded last. */
  decimals: number
  /** Asks for an apostrophe before the text (spec.spreadsheetFormulas: Prefix). */
  prefix: boolean
  /** Set where a line break was written as a blank. */
  replaced: boolean
}

/** A column to write. */
export interface Field extends ChosenColumn {
  /** What stands before the value: the delimiter, a JSON key. */
  readonly before: Uint8Array
  readonly isText: boolean
  /** Neither NULL nor empty. */
  readonly required: boolean
  /** The values that need no look at a rule. */
  readonly usual: Usual
}

export interface RowPlan {
  readonly fields: readonly Field[]
  /** What ends a row. */
  readonly tail: Uint8Array
  /** What NULL is written as. */
  readonly nullBytes: Uint8Array
  /** NULL and what stands before it are left out. */
  readonly omitNulls: boolean
  /** Written over the first byte of a row; 0 where it stays. */
  readonly firstByte: number
  /** A row takes at most that many bytes and `expansion` times those that the source gave. */
  readonly overhead: number
  readonly expansion: number
}

/** Writes the value that the cursor points at, which is not NULL; gives the rule that it breaks. */
export type EncodeValue = (cursor: TableCursor, field: Field) => RuleCode | undefined

/** How a file is written. */
export interface Dialect {
  readonly plan: RowPlan
  readonly encode: EncodeValue
  /** What stands before the first row of every file. */
  readonly opening: Uint8Array
  /** From UTF-8 to the file's encoding, where the encoder does not write that itself; given whole rows. */
  readonly transcode: ((bytes: Uint8Array) => Uint8Array) | undefined
}

export function newCursor(): TableCursor {
  const none = new Uint8Array(0)
  return {source: none, from: 0, to: 0, out: none, at: 0, number: 0, decimals: 0, prefix: false, replaced: false}
}

/** What a value takes beyond the bytes of the source: quotation marks, an apostrophe, a longer offset, a word. */
const MARGIN = 32

interface PlanFacts extends Omit<RowPlan, 'overhead' | 'expansion'> {
  /** Bytes that one byte of the source can become. */
  readonly growth: number
}

/** A plan with its bounds. */
export function planOf({growth, ...facts}: PlanFacts): RowPlan {
  const uses = new Map<number, number>()
  for (const {source} of facts.fields) uses.set(source, (uses.get(source) ?? 0) + 1)
  const constant = facts.fields.reduce((sum, {before}) => sum + before.length + facts.nullBytes.length + MARGIN, facts.tail.length + 1)
  return {...facts, overhead: constant, expansion: growth * Math.max(1, ...uses.values())}
}
