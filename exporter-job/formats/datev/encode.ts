// The hot loop: rows of COPY's text format in, lines of a Buchungsstapel out, sums and checks on the way. No string and no object is made
// for a row that is right.
import type {Cursor} from '../values/cursor.ts'
import {readDate} from '../values/dates.ts'
import {encodeDecimal} from '../values/decimals.ts'
import {encodeCharacters, encodeText} from '../values/texts.ts'
import {packLetters} from './codes.ts'
import {POSITION} from './columns.ts'
import {encodeAccount, encodeDate} from './number-values.ts'
import type {Part, Parts} from './parts.ts'
import type {Field, RowPlan} from './plan.ts'
import {COMPANION_NEVER_FILLED, NO_COMPANION} from './plan.ts'
import type {Broken, RuleCode} from './rules.ts'
import type {StackSums} from './sums.ts'
import {encodeCode, encodeDocumentLink, encodeVatId} from './text-values.ts'

/** A value that broke a rule. */
export interface BrokenRule {
  /** 1-based, in the dataset. */
  readonly row: number
  readonly field: Field
  readonly rule: RuleCode
  /** As the source gave it. */
  readonly value: Uint8Array
  /** The row's key, where the dataset has one. */
  readonly key: Uint8Array | undefined
}

export interface EncoderOptions {
  readonly plan: RowPlan
  readonly parts: Parts
  readonly sums: StackSums
  /** How many columns the dataset has. */
  readonly columns: number
  /** Index of the column that is the row's key; undefined where there is none. */
  readonly key: number | undefined
  /** Told of each value that breaks a rule. The row is left out then, and what is written is of no use any more. May throw to end the pass. */
  brokenRule(broken: BrokenRule): void
  /** Makes the error for a row with more or fewer fields than the dataset has columns, after which nothing can be read any more. */
  brokenShape(row: number): Error
}

export interface RowEncoder {
  /**
   * Encodes whole rows from `position` on; gives the length of `rows`, or the start of a row whose part is not ready.
   * Faults: what the options' functions throw or make.
   */
  encode(rows: Uint8Array, position: number): number
  /** The part that is not ready. */
  waitingFor(): Part
  /** Rows met so far, right or wrong. */
  rows(): number
}

const TAB = 0x09
const LINE_FEED = 0x0a
const BACKSLASH = 0x5c
const CAPITAL_N = 0x4e
const CAPITAL_S = 0x53
/** Gaps longer than this are copied by TypedArray.set, which costs more to call and less a byte. */
const SHORT_GAP = 24

export function createRowEncoder(options: EncoderOptions): RowEncoder {
  const {plan, parts, sums, columns} = options
  const {fields, tail} = plan
  const starts = new Int32Array(columns + 1)
  const cursor: Cursor = {source: tail, from: 0, to: 0, out: tail, at: 0, number: 0}
  const date = fieldAt(plan, POSITION.documentDate)!
  const amount = fieldAt(plan, POSITION.amount)!
  const side = fieldAt(plan, POSITION.side)!
  const currency = fieldAt(plan, POSITION.currency)
  /** Where a row goes that belongs to no part: its other values are checked all the same. */
  const scrap = new Uint8Array(plan.maxRowBytes)
  let part: Part | undefined
  let rows = 0
  let cents = 0

  function encode(source: Uint8Array, position: number): number {
    cursor.source = source
    while (position < source.length) {
      const next = splitRow(source, position, starts)
      if (next === WRONG_SHAPE) throw options.brokenShape(rows + 1)
      const found = partOfRow()
      if (found === undefined) refuseRow()
      else if (!parts.isReady(found)) return position
      else writeRow(found)
      rows++
      position = next
    }
    return position
  }

  function writeRow(to: Part): void {
    cursor.out = to.out
    cursor.at = to.at
    if (!encodeRow()) return
    addToSums()
    to.at = cursor.at
    to.rows++
  }

  /** The date is wrong: says so, and whatever else is. */
  function refuseRow(): void {
    cursor.out = scrap
    cursor.at = 0
    encodeRow()
  }

  /** undefined where the date is wrong, which has been said then. */
  function partOfRow(): Part | undefined {
    point(date.source)
    const day = readDate(cursor.source, cursor.from, cursor.to)
    if (part !== undefined && day >= part.range.from && day <= part.range.to) return part
    const found = parts.find(day)
    if (found !== undefined) return (part = found)
    // An empty date and one that is none are met again when the row is encoded.
    if (day !== 0) broken(date, 'DateOutsidePeriod')
    return undefined
  }

  /** False where a value broke a rule. */
  function encodeRow(): boolean {
    let right = true
    for (let index = 0; index < fields.length; index++) {
      const field = fields[index]!
      append(cursor, field.before)
      point(field.source)
      if (isEmpty(cursor)) {
        if (field.required) right = broken(field, 'MissingValue')
        continue
      }
      const start = cursor.at
      const rule = encodeField(cursor, field)
      if (rule !== undefined) {
        right = broken(field, rule)
        cursor.at = start
      }
      if (field === amount) cents = cursor.number
      if (field.companion !== NO_COMPANION && !isFilled(field.companion)) right = broken(field, 'CompanionMissing')
    }
    append(cursor, tail)
    return right
  }

  /** Sets the cursor to a field of the row. */
  function point(source: number): void {
    cursor.from = starts[source]!
    cursor.to = starts[source + 1]! - 1
  }

  function isFilled(source: number): boolean {
    if (source === COMPANION_NEVER_FILLED) return false
    point(source)
    return !isEmpty(cursor)
  }

  function addToSums(): void {
    const isDebit = cursor.source[starts[side.source]!] === CAPITAL_S
    if (currency === undefined || !isFilled(currency.source)) sums.addOwn(isDebit, cents)
    else sums.add(packLetters(cursor.source, cursor.from, cursor.to), isDebit, cents)
  }

  /** False, so that it can be said and noted in one. */
  function broken(field: Field, rule: RuleCode): false {
    options.brokenRule({row: rows + 1, field, rule, value: bytesOf(field.source), key: options.key === undefined ? undefined : bytesOf(options.key)})
    return false
  }

  function bytesOf(column: number): Uint8Array {
    return cursor.source.subarray(starts[column], starts[column + 1]! - 1)
  }

  return {encode, waitingFor: () => part!, rows: () => rows}
}

function fieldAt(plan: RowPlan, position: number): Field | undefined {
  return plan.fields.find((field) => field.column.position === position)
}

const WRONG_SHAPE = -1

/** Notes where each field starts and, behind the last, where the next row does; gives that, or WRONG_SHAPE. */
function splitRow(source: Uint8Array, position: number, starts: Int32Array): number {
  let index = 0
  starts[0] = position
  for (;;) {
    while (source[position]! > LINE_FEED) position++
    const byte = source[position++]!
    if (byte < TAB) continue
    // What lies beyond the last column is counted and not kept: a write outside a typed array does nothing.
    starts[++index] = position
    if (byte === LINE_FEED) return index === starts.length - 1 ? position : WRONG_SHAPE
  }
}

/** NULL, or a text without characters: DATEV has no difference between the two. */
function isEmpty({source, from, to}: Cursor): boolean {
  return to === from || (to - from === 2 && source[from] === BACKSLASH && source[from + 1] === CAPITAL_N)
}

function append(cursor: Cursor, bytes: Uint8Array): void {
  const {out, at} = cursor
  if (bytes.length > SHORT_GAP) out.set(bytes, at)
  else for (let index = 0; index < bytes.length; index++) out[at + index] = bytes[index]!
  cursor.at = at + bytes.length
}

function encodeField(cursor: Cursor, field: Field): Broken {
  switch (field.operation) {
    case 'text':
      return encodeText(cursor, field.max)
    case 'characters':
      return encodeCharacters(cursor, field)
    case 'decimal':
      return encodeDecimal(cursor, field)
    case 'account':
      return encodeAccount(cursor, field.max, field.accepts)
    case 'code':
      return encodeCode(cursor, field.table, field.max)
    case 'shortDate':
      return encodeDate(cursor, false)
    case 'longDate':
      return encodeDate(cursor, true)
    case 'vatId':
      return encodeVatId(cursor, field.max)
    case 'documentLink':
      return encodeDocumentLink(cursor, field.max)
    default:
      return field.operation satisfies never
  }
}
