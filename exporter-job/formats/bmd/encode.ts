// The hot loop: rows of COPY's text format in, lines of BMD's bookings file out, sums and checks on the way. No string and no object is made
// for a booking that is right.
import {WRONG_SHAPE, splitRow} from '../values/rows.ts'
import {SEMICOLON, ZERO} from '../values/cursor.ts'
import {encodeAmount, encodeForeignAmount, encodeForeignTax, encodeShare, encodeTax} from './amounts.ts'
import {checkBooking, checkRefused, isOwnCurrency} from './checks.ts'
import type {Parts} from './parts.ts'
import type {GroupField} from './groups.ts'
import {createGroups} from './groups.ts'
import type {Field, RowPlan} from './plan.ts'
import {NONE} from './plan.ts'
import {bytesOf, createRow, point} from './row.ts'
import type {Broken, RuleCode} from './rules.ts'
import {readSigns} from './signs.ts'
import type {BookingSums} from './sums.ts'
import {
  encodeAccount,
  encodeCurrency,
  encodeDate,
  encodeNumber,
  encodePercent,
  encodePeriod,
  encodePostingDate,
  encodeSide,
  encodeTextField,
} from './values.ts'

/** A value that broke a rule, or that deserves a look. */
export interface BrokenRule {
  /** 1-based, in the dataset. */
  readonly row: number
  readonly field: Field
  readonly rule: RuleCode
  /** Index of the dataset's column; NONE where none fills the field. */
  readonly source: number
  /** As the source gave it; undefined where the whole booking is meant. */
  readonly value: Uint8Array | undefined
  /** The row's key, where the dataset has one. */
  readonly key: Uint8Array | undefined
}

export interface EncoderOptions {
  readonly plan: RowPlan
  readonly parts: Parts
  readonly sums: BookingSums
  /** How many columns the dataset has. */
  readonly columns: number
  /** Index of the column that is the row's key, or NONE. */
  readonly key: number
  /** First and last day of the period, such as 20261031. */
  readonly days: {readonly first: number; readonly last: number}
  /** Told of each value that breaks a rule. The row is left out then, and what is written is of no use any more. May throw to end the pass. */
  brokenRule(broken: BrokenRule): void
  /** Told of each text that a spreadsheet would run. */
  formula(noted: BrokenRule): void
  /** Makes the error for a row with more or fewer fields than the dataset has columns, after which nothing can be read any more. */
  brokenShape(row: number): Error
}

export interface RowEncoder {
  /**
   * Encodes whole rows from `position` on; gives the length of `rows`, or the start of a row for which the parts are not ready.
   * Faults: what the options' functions throw or make.
   */
  encode(rows: Uint8Array, position: number): number
  /** Checks the last booking as a whole. */
  finish(): void
  /** Rows met so far, right or wrong. */
  rows(): number
}

const [CARRIAGE_RETURN, LINE_FEED] = [0x0d, 0x0a]

export function createRowEncoder(options: EncoderOptions): RowEncoder {
  const {plan, parts, sums, key} = options
  const {fields, sources} = plan
  const row = createRow(options.columns)
  const {cursor, starts} = row
  const dates = {sources, ...options.days}
  const named = (name: string): Field => plan.all.get(name)!
  /** undefined where every row is a booking. */
  const groups = sources.recordKind === NONE ? undefined : createGroups(sources, key)
  let rows = 0
  let right = true
  let textField = named('text')

  function encode(source: Uint8Array, position: number): number {
    const end = encodeRows(source, position)
    sums.keep(row)
    return end
  }

  /** Nothing stands behind the loop: it is compiled while it runs for the first time, and would be left for slow code each time it ends. */
  function encodeRows(source: Uint8Array, position: number): number {
    cursor.source = source
    while (position < source.length) {
      const next = splitRow(source, position, starts)
      if (next === WRONG_SHAPE) throw options.brokenShape(rows + 1)
      right = true
      readRecord()
      if (!parts.isReady(row.record === 0)) return position
      writeRow()
      rows++
      position = next
    }
    return position
  }

  /** The kind of record, and what the row's other columns say of every field. */
  function readRecord(): void {
    row.record = 0
    row.bit = 1
    if (groups !== undefined && !groups.readKind(row)) right = false
    readSigns(row, sources)
    row.currency = NONE
    row.foreign = point(row, sources.currency) && !isOwnCurrency(row, plan)
  }

  function writeRow(): void {
    const part = parts.current()
    cursor.out = part.out
    cursor.at = part.at
    if (!right) sayOf(named('satzart'), 'ValueNotAllowed', sources.recordKind)
    if (row.record === 0) groups?.finish((name, rule, {row: number, key: keyBytes}) => tell(named(name), rule, {number, source: NONE, value: undefined, keyBytes}))
    else groups!.follow(row, sayInGroup)
    encodeRow()
    checkRefused(row, plan, sayOf)
    if (row.record === 0) checkBooking(row, plan, right, sayOf)
    if (row.record === 0) groups?.begin(row, rows + 1, right)
    if (!right && row.record === 1) groups?.spoil()
    if (!right) return
    if (row.record === 0) sums.add(row, rows + 1)
    part.at = cursor.at
    part.rows++
    if (row.record === 0) part.bookings++
  }

  function encodeRow(): void {
    row.taxed = false
    row.tax = row.rate = row.foreignAmount = 0
    row.taxCode = NONE
    for (let index = 0; index < fields.length; index++) {
      const field = fields[index]!
      if (index > 0) cursor.out[cursor.at++] = SEMICOLON
      const start = cursor.at
      row.source = field.named
      const rule = (field.records & row.bit) === 0 ? mustBeEmpty(field) : encodeField(field)
      if (rule === undefined) continue
      sayOf(field, rule, row.source)
      cursor.at = start
    }
    cursor.out[cursor.at++] = CARRIAGE_RETURN
    cursor.out[cursor.at++] = LINE_FEED
  }

  /** A field that the record does not have. */
  function mustBeEmpty(field: Field): Broken {
    if (point(row, field.source)) return 'NotOnThisRecord'
    for (const source of field.others) if (point(row, source)) return 'NotOnThisRecord'
    return undefined
  }

  function encodeField(field: Field): Broken {
    switch (field.operation) {
      case 'record':
        cursor.out[cursor.at++] = row.record + ZERO
        return undefined
      case 'side':
        if (row.record === 0) return encodeSide(row, sources)
        cursor.out[cursor.at++] = row.code + ZERO
        return undefined
      case 'postingDate':
        return encodePostingDate(row, field, dates)
      case 'amount':
        return encodeAmount(row, field, sources)
      case 'tax':
        return encodeTax(row, field, sources)
      case 'foreignAmount':
        return encodeForeignAmount(row, field, sources)
      case 'foreignTax':
        return encodeForeignTax(row, field, sources)
      case 'share':
        return share(field)
      case 'symbol':
        if (!point(row, field.source) && !point(row, sources.documentKind)) return missing(field)
        return text(field)
      default:
        return point(row, field.source) ? encodeFilled(field) : missing(field)
    }
  }

  function missing(field: Field): Broken {
    return (field.required & row.bit) === 0 ? undefined : 'MissingValue'
  }

  /** The cursor is set to the value, which is not empty. */
  function encodeFilled(field: Field): Broken {
    switch (field.operation) {
      case 'text':
      case 'documentNumber':
        return text(field)
      case 'account':
        return account(field)
      case 'integer':
        return integer(field)
      case 'percent':
        return percent(field)
      case 'date':
        return encodeDate(cursor)
      case 'decimal':
        return encodeNumber(cursor, field)
      case 'period':
        return encodePeriod(cursor)
      case 'currency':
        return encodeCurrency(row)
      default:
        throw new Error(`${field.column.name} is encoded otherwise`)
    }
  }

  function text(field: Field): Broken {
    textField = field
    return encodeTextField(row, field.max, plan, noteFormula)
  }

  function noteFormula(): void {
    options.formula(brokenOf(textField, 'SpreadsheetFormula', row.source))
  }

  function account(field: Field): Broken {
    const rule = encodeAccount(cursor, field.max)
    if (field.source === sources.account) row.account = cursor.number
    return rule
  }

  function integer(field: Field): Broken {
    const rule = encodeNumber(cursor, field)
    if (field.source === sources.taxCode) row.taxCode = cursor.number
    return rule
  }

  function percent(field: Field): Broken {
    const rule = encodePercent(cursor, field)
    if (rule === undefined) row.rate = cursor.number
    return rule
  }

  function share(field: Field): Broken {
    const rule = encodeShare(row, field, {sources, netSign: groups?.netSign() ?? 0})
    if (rule === undefined) groups?.addShare(cursor.number)
    return rule
  }

  function sayInGroup(name: GroupField, rule: RuleCode, source: number): void {
    sayOf(named(name), rule, source)
  }

  function sayOf(field: Field, rule: RuleCode, source: number): void {
    right = false
    options.brokenRule(brokenOf(field, rule, source))
  }

  function tell(field: Field, rule: RuleCode, {number, source, value, keyBytes}: Told): void {
    options.brokenRule({row: number, field, rule, source, value, key: keyBytes})
  }

  function brokenOf(field: Field, rule: RuleCode, source: number): BrokenRule {
    return {row: rows + 1, field, rule, source, value: source === NONE ? undefined : bytesOf(row, source), key: key === NONE ? undefined : bytesOf(row, key)}
  }

  return {
    encode,
    finish: () => groups?.finish((name, rule, at) => tell(named(name), rule, {number: at.row, source: NONE, value: undefined, keyBytes: at.key})),
    rows: () => rows,
  }
}

interface Told {
  readonly number: number
  readonly source: number
  readonly value: Uint8Array | undefined
  readonly keyBytes: Uint8Array | undefined
}
