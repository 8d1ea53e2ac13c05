// One field of a row: bytes of COPY's text form in, BMD's out, or the rule that the value breaks. row.source names the column it was read from.
import type {Cursor} from '../values/cursor.ts'
import {COMMA, ZERO, copy, isDigit} from '../values/cursor.ts'
import {encodeDottedDate} from '../values/dates.ts'
import {encodeDecimal, encodeSignedDecimal} from '../values/decimals.ts'
import {FORMULA_START} from '../values/formula-start.ts'
import {encodePlainText} from '../values/plain-texts.ts'
import {CODE_TABLES, packLetters} from '../datev/codes.ts'
import type {Field, RowPlan, Sources} from './plan.ts'
import {NONE} from './plan.ts'
import type {Row} from './row.ts'
import {point} from './row.ts'
import type {Broken} from './rules.ts'

const APOSTROPHE = 0x27
const [CAPITAL_S, CAPITAL_H] = [0x53, 0x48]

/** A text of at most `max` characters, with what the spec says of spreadsheets' formulas. */
export function encodeTextField(row: Row, max: number, plan: Pick<RowPlan, 'texts' | 'formulas'>, onFormula: () => void): Broken {
  const {cursor} = row
  if (FORMULA_START[cursor.source[cursor.from]!] !== 1) return encodePlainText(cursor, max, plan.texts)
  if (plan.formulas === 'Refuse') return 'SpreadsheetFormula'
  onFormula()
  if (plan.formulas === 'Report') return encodePlainText(cursor, max, plan.texts)
  cursor.out[cursor.at++] = APOSTROPHE
  return encodePlainText(cursor, max - 1, plan.texts)
}

/** Digits only, not all of them 0. Sets the cursor's number. */
export function encodeAccount(cursor: Cursor, max: number): Broken {
  const {source, from, to, out, at} = cursor
  let number = 0
  for (let index = from; index < to; index++) {
    const byte = source[index]!
    if (!isDigit(byte)) return 'NotAnAccount'
    number = number * 10 + byte - ZERO
    out[at + index - from] = byte
  }
  if (to - from > max) return 'AccountTooLong'
  if (number === 0) return 'AccountIsZero'
  cursor.number = number
  cursor.at = at + to - from
  return undefined
}

export function encodeNumber(cursor: Cursor, field: Field): Broken {
  return field.signed ? encodeSignedDecimal(cursor, field) : encodeDecimal(cursor, field)
}

/** "20,00", "5,125": a third decimal only where it is not 0. */
export function encodePercent(cursor: Cursor, field: Field): Broken {
  const broken = encodeDecimal(cursor, field)
  if (broken === undefined && cursor.out[cursor.at - 1] === ZERO && cursor.out[cursor.at - 4] === COMMA) cursor.at--
  return broken
}

export function encodeDate(cursor: Cursor): Broken {
  return encodeDottedDate(cursor) === 0 ? 'NotADate' : undefined
}

/** 202610 */
export function encodePeriod(cursor: Cursor): Broken {
  const {source, from, to} = cursor
  if (to - from !== 6) return 'NotAPeriod'
  let number = 0
  for (let index = from; index < to; index++) {
    if (!isDigit(source[index]!)) return 'NotAPeriod'
    number = number * 10 + source[index]! - ZERO
  }
  const month = number % 100
  if (number < 200_000 || number > 209_912 || month < 1 || month > 12) return 'NotAPeriod'
  copy(cursor, from, to)
  return undefined
}

/** waehrung: three capital letters. Sets row.currency. */
export function encodeCurrency(row: Row): Broken {
  const {cursor} = row
  const {source, from, to} = cursor
  const packed = to - from === 3 ? packLetters(source, from, to) : -1
  if (packed < 0 || CODE_TABLES.currency[packed] !== 1) return 'UnknownCode'
  row.currency = packed
  copy(cursor, from, to)
  return undefined
}

/** buchcode of a booking: given, or from the kind of document, or from the side of the account. Sets row.code. */
export function encodeSide(row: Row, sources: Sources): Broken {
  const {cursor} = row
  let code = row.code
  if (point(row, sources.debitCredit)) {
    const side = cursor.to - cursor.from === 1 ? cursor.source[cursor.from] : undefined
    if (side !== CAPITAL_S && side !== CAPITAL_H) return 'ValueNotAllowed'
    if (row.amountSign !== 0 && row.amountSign > 0 !== (side === CAPITAL_S)) return 'SideDiffers'
    if (code === 0) code = side === CAPITAL_S ? 1 : 2
  }
  if (point(row, sources.code)) {
    const given = cursor.to - cursor.from === 1 ? cursor.source[cursor.from]! - ZERO : 0
    if (given !== 1 && given !== 2) return 'ValueNotAllowed'
    if (row.code !== 0 && row.code !== given) return 'SignDiffers'
    code = given
  }
  if (code === 0) return 'SignNotGiven'
  row.code = code
  cursor.out[cursor.at++] = code + ZERO
  return undefined
}

/** buchdatum: a column of its own where it is filled, else the date of the document. Sets row.day. */
export function encodePostingDate(row: Row, field: Field, {sources, first, last}: {sources: Sources; first: number; last: number}): Broken {
  row.day = 0
  // An empty date of the document is met at its own field.
  if (!point(row, field.source) && !point(row, sources.documentDate)) return undefined
  row.day = encodeDottedDate(row.cursor)
  // One that is no date is met at its own field as well.
  if (row.day === 0) return row.source === field.source && field.source !== NONE ? 'NotADate' : undefined
  return row.day < first || row.day > last ? 'DateOutsidePeriod' : undefined
}
