// One row: bytes of COPY's text format in, a line of a file out, by the plan. No string and no object is made for a row that is right.
import type {Cursor} from '../values/cursor.ts'
import {encodeDecimal} from '../values/decimals.ts'
import {WRONG_SHAPE, append, isEmpty, splitRow as splitFields} from '../values/rows.ts'
import {encodeCharacters, encodeText} from '../values/texts.ts'
import {writeUsual} from '../values/usual.ts'
import type {FormulaPolicy} from './formulas.ts'
import {encodeAnyText, isFormula, writeApostrophe} from './formulas.ts'
import {encodeAccount, encodeDate, encodeHundredths, encodeMagnitude, encodePersonalAccount, encodeTaxKey} from './number-values.ts'
import type {Field, RowLayout, RowPlan} from './plan.ts'
import {COMPANION_NEVER_FILLED, NO_BYTES, NO_COMPANION} from './plan.ts'
import type {Broken, RuleCode} from './rules.ts'
import {encodeChoice, encodeCode, encodeDocumentLink, encodeIban, encodeVatCountry, encodeVatId, encodeVatNumber} from './text-values.ts'

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

export interface RowOptions {
  readonly plan: RowPlan
  /** How many columns the dataset has. */
  readonly columns: number
  /** Index of the column that is the row's key; undefined where there is none. */
  readonly key: number | undefined
  readonly formulas: FormulaPolicy
  /** Told of what is to be known and keeps nobody from publishing. */
  noted(note: BrokenRule): void
  /** Told of each value that breaks a rule. The row is left out then, and what is written is of no use any more. May throw to end the pass. */
  brokenRule(broken: BrokenRule): void
  /** Makes the error for a row with more or fewer fields than the dataset has columns, after which nothing can be read any more. */
  brokenShape(row: number): Error
}

/** The row that the encoder is at: a record that the functions below share, so that none of them needs a closure. */
export interface Row {
  readonly options: RowOptions
  readonly cursor: Cursor
  /** Where each field of the row begins, and behind the last where the next row does. */
  readonly starts: Int32Array
  /** What each field of the plan was as a number, where it is one, or EMPTY: by its place among the fields. */
  readonly numbers: Float64Array
  /** 1-based, in the dataset. */
  number: number
}

/** Among a row's numbers: there is none. */
export const EMPTY = -1

export function createRow(options: RowOptions): Row {
  const {fields, tail} = options.plan.layout
  const cursor: Cursor = {source: tail, from: 0, to: 0, out: tail, at: 0, number: 0}
  return {options, cursor, starts: new Int32Array(options.columns + 1), numbers: new Float64Array(fields.length), number: 1}
}

/** Reads the row that begins at `position`; gives where the next one does. Throws what brokenShape makes. */
export function splitRow(row: Row, source: Uint8Array, position: number): number {
  row.cursor.source = source
  const next = splitFields(source, position, row.starts)
  if (next === WRONG_SHAPE) throw row.options.brokenShape(row.number)
  return next
}

/** Writes the row to the cursor; false where a value broke a rule, which has been said then. */
export function writeRow(row: Row, {fields, tail}: RowLayout): boolean {
  const {cursor, numbers} = row
  let right = true
  for (let index = 0; index < fields.length; index++) {
    const field = fields[index]!
    append(cursor, field.before)
    point(row, field.source)
    if (isEmpty(cursor)) {
      if (field.required) right = broken(row, field, 'MissingValue')
      if (field.whenEmpty !== NO_BYTES) append(cursor, field.whenEmpty)
      numbers[index] = EMPTY
      continue
    }
    if (!writeUsual(cursor, field.usual) && !encodeCarefully(row, field)) right = false
    numbers[index] = cursor.number
    if (field.companion !== NO_COMPANION && !isFilled(row, field.companion)) right = broken(row, field, 'CompanionMissing')
  }
  append(cursor, tail)
  return right
}

/** False where the value broke a rule, which has been said then; nothing is written of it. */
function encodeCarefully(row: Row, field: Field): boolean {
  const {cursor} = row
  const start = cursor.at
  let rule = encodeField(cursor, field)
  if (rule === 'SpreadsheetFormula') rule = encodeFormula(row, field)
  if (rule === undefined) return true
  cursor.at = start
  return broken(row, field, rule)
}

/** A text that a spreadsheet would run: noted, refused, or written behind an apostrophe. */
function encodeFormula(row: Row, field: Field): Broken {
  const {cursor, options} = row
  const {operation} = field
  if (options.formulas === 'Refuse') return 'SpreadsheetFormula'
  if (operation !== 'text' && operation !== 'transliteratedText' && operation !== 'utf8Text') {
    // An apostrophe would make another document of it.
    if (options.formulas === 'Prefix') return 'SpreadsheetFormula'
    noted(row, field, 'SpreadsheetFormula')
    return encodeCharacters(cursor, field)
  }
  noted(row, field, 'SpreadsheetFormula')
  if (options.formulas === 'Report') return encodeAnyText(cursor, operation, field.max)
  writeApostrophe(cursor)
  return encodeAnyText(cursor, operation, field.max - 1)
}

/** Sets the cursor to a field of the row. */
export function point({cursor, starts}: Row, source: number): void {
  cursor.from = starts[source]!
  cursor.to = starts[source + 1]! - 1
}

/** Sets the cursor to a field and says whether it holds anything. */
export function isFilled(row: Row, source: number): boolean {
  if (source === COMPANION_NEVER_FILLED) return false
  point(row, source)
  return !isEmpty(row.cursor)
}

/** Says what is wrong; false, so that it can be said and noted in one. */
export function broken(row: Row, field: Field, rule: RuleCode): false {
  row.options.brokenRule(placeOf(row, field, rule))
  return false
}

/** Says what is to be known of a value. */
export function noted(row: Row, field: Field, rule: RuleCode): void {
  row.options.noted(placeOf(row, field, rule))
}

function placeOf(row: Row, field: Field, rule: RuleCode): BrokenRule {
  const {key} = row.options
  return {row: row.number, field, rule, value: bytesOf(row, field.source), key: key === undefined ? undefined : bytesOf(row, key)}
}

function bytesOf({cursor, starts}: Row, column: number): Uint8Array {
  return cursor.source.subarray(starts[column], starts[column + 1]! - 1)
}

/** The most frequent operations come first: they are met one after the other. */
function encodeField(cursor: Cursor, field: Field): Broken {
  switch (field.operation) {
    case 'text':
      return isFormula(cursor) ? 'SpreadsheetFormula' : encodeText(cursor, field.max)
    case 'decimal':
      return encodeDecimal(cursor, field)
    case 'account':
      return encodeAccount(cursor, field.max, field.accepts)
    case 'documentNumber':
      return isFormula(cursor) ? 'SpreadsheetFormula' : encodeCharacters(cursor, field)
    case 'characters':
      return encodeCharacters(cursor, field)
    case 'code':
      return encodeCode(cursor, field.table, field.max)
    case 'shortDate':
      return encodeDate(cursor, false)
    case 'longDate':
      return encodeDate(cursor, true)
    case 'taxKey':
      return encodeTaxKey(cursor, field.max)
    case 'utf8Text':
    case 'transliteratedText':
      return isFormula(cursor) ? 'SpreadsheetFormula' : encodeAnyText(cursor, field.operation, field.max)
    case 'vatId':
      return encodeVatId(cursor, field.max)
    case 'documentLink':
      return encodeDocumentLink(cursor, field.max)
    case 'vatCountry':
      return encodeVatCountry(cursor)
    case 'vatNumber':
      return encodeVatNumber(cursor, field.skipped)
    case 'iban':
      return encodeIban(cursor)
    case 'choice':
      return encodeChoice(cursor, field.choices)
    case 'personalAccount':
      return encodePersonalAccount(cursor, field.max, field.accepts)
    case 'hundredths':
      return encodeHundredths(cursor, field)
    case 'magnitude':
      return encodeMagnitude(cursor, field)
    default:
      return field.operation satisfies never
  }
}
