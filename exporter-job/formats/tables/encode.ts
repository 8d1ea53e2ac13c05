// The hot loop: rows of COPY's text format in, rows of the file out, checks and sums on the way. No string and no object is made for a row
// that is right.
import type {SpreadsheetFormulas} from './formulas.ts'
import {startsFormula} from './formulas.ts'
import {WRONG_SHAPE, append, isFilled, splitRow} from '../values/rows.ts'
import {writeUsual} from '../values/usual.ts'
import type {TableFiles} from './files.ts'
import type {Dialect, Field} from './plan.ts'
import {newCursor} from './plan.ts'
import type {NoteCode, RuleCode} from './rules.ts'
import type {Tally} from './tally.ts'

/** A value that broke a rule, or that deserves a look. */
export interface ValueAt<R extends string> {
  /** 1-based, in the dataset. */
  readonly row: number
  /** Index in the dataset. */
  readonly column: number
  readonly rule: R
  /** As the source gave it. */
  readonly value: Uint8Array
  /** The row's key, where the dataset has one. */
  readonly key: Uint8Array | undefined
}

export interface EncoderOptions {
  readonly dialect: Dialect
  readonly files: TableFiles
  readonly tally: Tally | undefined
  readonly formulas: SpreadsheetFormulas
  /** Whether to note what the rows show of their columns, which takes a tenth of the time. */
  readonly measure: boolean
  /** How many columns the dataset has. */
  readonly columns: number
  /** Index of the column that is the row's key; undefined where there is none. */
  readonly key: number | undefined
  /** Told of each value that breaks a rule. The row is left out then, and what is written is of no use any more. May throw to end the pass. */
  brokenRule(broken: ValueAt<RuleCode>): void
  noted(note: ValueAt<NoteCode>): void
  /** Makes the error for a row with more or fewer fields than the dataset has columns, after which nothing can be read any more. */
  brokenShape(row: number): Error
}

/** What the rows have shown of a column. */
export interface Measured {
  /** No value has more bytes as the source gave it. */
  width: number
  /** No number has more. */
  decimals: number
}

export interface RowEncoder {
  /** Encodes whole rows from `position` on; gives the length of `rows`, or the start of a row that the files have no room for. */
  encode(rows: Uint8Array, position: number): number
  /** Bytes that the row needs which encode() stopped at. */
  needed(): number
  /** Rows met so far, right or wrong. */
  rows(): number
  /** In the order of the dialect's fields; zeros where it was not asked for. */
  measured(): readonly Measured[]
}

export function createRowEncoder(options: EncoderOptions): RowEncoder {
  const {dialect, files, tally, formulas, measure} = options
  const {encode: encodeValue, plan} = dialect
  const {fields, tail, nullBytes, omitNulls, firstByte, overhead, expansion} = plan
  const starts = new Int32Array(options.columns + 1)
  const cursor = newCursor()
  const measured = fields.map((): Measured => ({width: 0, decimals: 0}))
  let rows = 0
  let needed = 0

  function encode(source: Uint8Array, position: number): number {
    cursor.source = source
    const before = rows
    while (position < source.length) {
      const next = splitRow(source, position, starts)
      if (next === WRONG_SHAPE) throw options.brokenShape(rows + 1)
      needed = overhead + expansion * (next - position)
      if (!files.isReady(needed)) return position
      writeRow()
      rows++
      if (rows === 1) tally?.remember(rows, source, starts)
      position = next
    }
    if (rows > before) tally?.remember(rows, source, starts)
    return position
  }

  function writeRow(): void {
    cursor.out = files.out
    cursor.at = files.at
    if (!encodeRow()) return
    const uncountable = tally?.add(cursor.source, starts)
    if (uncountable !== undefined) {
      broken(uncountable.column, uncountable.rule)
      return
    }
    files.at = cursor.at
    files.rows++
  }

  /** False where a value broke a rule. */
  function encodeRow(): boolean {
    let right = true
    const start = cursor.at
    for (let index = 0; index < fields.length; index++) {
      const field = fields[index]!
      const from = starts[field.source]!
      const to = starts[field.source + 1]! - 1
      const filled = isFilled(cursor.source, from, to)
      if (!filled && (from < to || !field.isText)) {
        if (field.required) right = broken(field.source, 'MissingValue')
        if (omitNulls) continue
        append(cursor, field.before)
        append(cursor, nullBytes)
        continue
      }
      append(cursor, field.before)
      cursor.from = from
      cursor.to = to
      if (!measure && from < to && writeUsual(cursor, field.usual)) continue
      if (!encodeFilled(field, measured[index]!)) right = false
    }
    // Without any field there is no byte yet that could become the first one.
    if (cursor.at === start && firstByte !== 0) cursor.at++
    append(cursor, tail)
    if (firstByte !== 0) cursor.out[start] = firstByte
    return right
  }

  function encodeFilled(field: Field, seen: Measured): boolean {
    const {from, to, at} = cursor
    let right = true
    if (field.required && from === to) right = broken(field.source, 'MissingValue')
    if (field.isText && startsFormula(cursor.source, from, to)) right = meetFormula(field) && right
    const rule = encodeValue(cursor, field)
    cursor.prefix = false
    if (rule !== undefined) {
      cursor.at = at
      return broken(field.source, rule)
    }
    if (cursor.replaced) {
      cursor.replaced = false
      options.noted(valueAt(field.source, 'LineBreakReplaced'))
    }
    if (measure) {
      if (to - from > seen.width) seen.width = to - from
      if (field.kind === 'number' && cursor.decimals > seen.decimals) seen.decimals = cursor.decimals
    }
    return right
  }

  /** False where the text may not be written. */
  function meetFormula(field: Field): boolean {
    if (formulas === 'Refuse') return broken(field.source, 'SpreadsheetFormula')
    options.noted(valueAt(field.source, 'SpreadsheetFormula'))
    cursor.prefix = formulas === 'Prefix'
    return true
  }

  /** False, so that it can be said and noted in one. */
  function broken(column: number, rule: RuleCode): false {
    options.brokenRule(valueAt(column, rule))
    return false
  }

  function valueAt<R extends string>(column: number, rule: R): ValueAt<R> {
    return {row: rows + 1, column, rule, value: bytesOf(column), key: options.key === undefined ? undefined : bytesOf(options.key)}
  }

  function bytesOf(column: number): Uint8Array {
    return cursor.source.subarray(starts[column], starts[column + 1]! - 1)
  }

  return {encode, needed: () => needed, rows: () => rows, measured: () => measured}
}
