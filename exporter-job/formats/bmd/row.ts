// The row that is being encoded: what its fields decide for each other. One object for the whole pass.
import type {Cursor} from '../values/cursor.ts'
import {isEmpty} from '../values/rows.ts'
import {NONE} from './plan.ts'

/** Amounts are in cents, with the sign that is written; 0 where nothing is. */
export interface Row {
  readonly cursor: Cursor
  /** Where each field of the dataset's row starts, and the next row. */
  readonly starts: Int32Array
  /** 0 booking, 1 share, 5 further document. */
  record: number
  /** The same as one of the bits of a field's records. */
  bit: number
  /** buchcode that the kind of document says, then the one that is written; 0 for none. */
  code: number
  /** 1 or -1 as the kind of document says; 0 where it says nothing. */
  amountSign: number
  taxSign: number
  /** The recipient owes the tax. */
  reverse: boolean
  /** The row's currency is not that of the books. */
  foreign: boolean
  /** Something was written for the field. */
  wrote: boolean
  /** The dataset's column that the field was read from last: it is named where a rule is broken. */
  source: number
  amount: number
  tax: number
  /** steuer was written, perhaps 0. */
  taxed: boolean
  /** prozent, in thousandths; 0 where there is none. */
  rate: number
  foreignAmount: number
  /** buchdatum, such as 20261031. */
  day: number
  account: number
  /** NONE where there is none. */
  taxCode: number
  /** As packLetters gives it; NONE where the row names none. */
  currency: number
}

export function createRow(columns: number): Row {
  const nothing = new Uint8Array(0)
  return {
    cursor: {source: nothing, from: 0, to: 0, out: nothing, at: 0, number: 0},
    starts: new Int32Array(columns + 1),
    record: 0,
    bit: 0,
    code: 0,
    amountSign: 0,
    taxSign: 0,
    reverse: false,
    foreign: false,
    wrote: false,
    source: NONE,
    amount: 0,
    tax: 0,
    taxed: false,
    rate: 0,
    foreignAmount: 0,
    day: 0,
    account: 0,
    taxCode: NONE,
    currency: NONE,
  }
}

/** Sets the cursor to a column of the dataset; false where there is none or it is empty. */
export function point(row: Row, source: number): boolean {
  if (source === NONE) return false
  row.source = source
  row.cursor.from = row.starts[source]!
  row.cursor.to = row.starts[source + 1]! - 1
  return !isEmpty(row.cursor)
}

/** The bytes of a column, as the source gave them; valid until the next rows are asked for. */
export function bytesOf(row: Row, source: number): Uint8Array {
  return row.cursor.source.subarray(row.starts[source], row.starts[source + 1]! - 1)
}
