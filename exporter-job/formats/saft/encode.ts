// One row at a time: carries out the steps of a plan on the fields of a row of COPY's text. No string and no object is made for a row
// that is right.
import {packLetters} from '../datev/codes.ts'
import type {Cursor} from '../values/cursor.ts'
import {BLANK, MINUS, ZERO, copy, isDigit} from '../values/cursor.ts'
import {isDay, readDate} from '../values/dates.ts'
import {append, isEmptyField, splitRow} from '../values/rows.ts'
import {encodeSigned, writeCents} from '../values/signed.ts'
import type {XmlTextEncoder} from '../values/xml-texts.ts'
import {REGISTERS} from './elements.ts'
import type {Plan, Step} from './plan.ts'
import type {RuleCode, Subject} from './rules.ts'

export interface RowOptions {
  /** How many columns the dataset has. */
  readonly columns: number
  readonly text: XmlTextEncoder
  /** First month of the fiscal year, from 1. */
  readonly fiscalYearStart: number
  /** What becomes of text that a spreadsheet would run. */
  readonly formulas: 'Report' | 'Refuse' | 'Prefix'
  /** A value that broke a rule. `column` is its index, or NO_COLUMN for the whole row. May throw to end the pass. */
  broken(rule: RuleCode, column: number, subject: Subject): void
  /** Text that a spreadsheet would run, and that is written all the same. */
  noted(rule: RuleCode, column: number, subject: Subject): void
}

export const NO_COLUMN = -1

export interface Row {
  /** Where the row is read and written. */
  readonly cursor: Cursor
  readonly registers: Float64Array
  /** Where each field starts, and behind the last where the next row does. */
  readonly starts: Int32Array
  /** Takes the row at `position`; gives where the next one starts, or WRONG_SHAPE. */
  take(source: Uint8Array, position: number): number
  /** Sets the cursor to a field. */
  point(column: number): void
  /** Neither NULL nor without characters. */
  isFilled(column: number): boolean
  /** Writes the row; false where a value broke a rule, which has been said then. */
  write(plan: Plan): boolean
  /** Says that a value broke a rule; false, so that it can be said and given back in one. */
  refuse(rule: RuleCode, column: number, subject: Subject): false
}

const COLON = 0x3a
const APOSTROPHE = 0x27
/** Characters that make a spreadsheet run what follows: = + - @. */
const FORMULA = Uint8Array.from({length: 256}, (_, byte) => (byte === 0x3d || byte === 0x2b || byte === 0x2d || byte === 0x40 ? 1 : 0))

export function createRow(options: RowOptions): Row {
  const starts = new Int32Array(options.columns + 1)
  const registers = new Float64Array(Object.keys(REGISTERS).length)
  const nothing = new Uint8Array(0)
  const cursor: Cursor = {source: nothing, from: 0, to: 0, out: nothing, at: 0, number: 0}

  function point(column: number): void {
    cursor.from = starts[column]!
    cursor.to = starts[column + 1]! - 1
  }

  function isFilled(column: number): boolean {
    return !isEmptyField(cursor.source, starts[column]!, starts[column + 1]! - 1)
  }

  /** The first filled column of a step, to which the cursor is set then; or NO_COLUMN. */
  function choose(sources: readonly number[]): number {
    for (let index = 0; index < sources.length; index++) {
      const column = sources[index]!
      if (!isFilled(column)) continue
      point(column)
      return column
    }
    return NO_COLUMN
  }

  function write({steps}: Plan): boolean {
    let right = true
    for (let index = 0; index < steps.length;) {
      const step = steps[index++]!
      append(cursor, step.lead)
      switch (step.operation) {
        case 'constant':
          break
        case 'amount':
          writeCents(cursor, registers[step.register]!)
          break
        case 'flag':
          if (registers[step.register] === 0) index = step.skip
          break
        case 'unless':
          if (registers[step.register] !== 0) index = step.skip
          break
        case 'filled':
          if (choose(step.sources) === NO_COLUMN) index = step.skip
          break
        case 'oneOf':
          if (choose(step.sources) === NO_COLUMN || step.keys!.find(cursor.source, cursor.from, cursor.to) < 0) index = step.skip
          break
        case 'absent':
          if (isFilled(step.sources[0]!)) right = refuse('NotEmpty', step.sources[0]!, step)
          break
        default:
          right = writeLeaf(step) && right
      }
    }
    return right
  }

  function writeLeaf(step: Step): boolean {
    const column = choose(step.sources)
    if (column === NO_COLUMN) {
      if (step.required) return refuse('MissingValue', step.sources[0]!, step)
      append(cursor, step.otherwise)
      return true
    }
    append(cursor, step.open)
    const rule = encodeValue(step, column)
    if (rule !== undefined) return refuse(rule, column, step)
    append(cursor, step.close)
    return true
  }

  function encodeValue(step: Step, column: number): RuleCode | undefined {
    switch (step.operation) {
      case 'text':
        return FORMULA[cursor.source[cursor.from]!] === 1 ? encodeFormula(step, column) : options.text(cursor, step.max)
      case 'id':
        return options.text(cursor, step.max)
      case 'token':
        return hasBlank(cursor) ? 'BlankNotAllowed' : options.text(cursor, step.max)
      case 'known':
        return step.keys!.find(cursor.source, cursor.from, cursor.to) < 0 ? 'NotInMasterFiles' : options.text(cursor, step.max)
      case 'define':
        return step.keys!.add(cursor.source, cursor.from, cursor.to) < 0 ? 'DuplicateId' : options.text(cursor, step.max)
      case 'said':
        return encodeSaid(step)
      case 'list':
        return step.keys!.find(cursor.source, cursor.from, cursor.to) < 0 ? 'ValueNotAllowed' : options.text(cursor, step.max)
      case 'pattern':
        return step.pattern!.test(Buffer.from(cursor.source.subarray(cursor.from, cursor.to)).toString('latin1'))
          ? options.text(cursor, step.max)
          : 'ValueNotAllowed'
      case 'letters':
        return encodeLetters(cursor, step)
      case 'date':
        if (readDate(cursor.source, cursor.from, cursor.to) === 0) return 'NotADate'
        copy(cursor, cursor.from, cursor.to)
        return undefined
      case 'day':
        if (cursor.to - cursor.from !== 10 || !isDay(cursor.source, cursor.from)) return 'NotADate'
        copy(cursor, cursor.from, cursor.to)
        return undefined
      case 'time':
        return encodeTime(cursor)
      case 'decimal':
        return cursor.source[cursor.from] === MINUS ? 'NegativeNumber' : encodeSigned(cursor, step)
      case 'period':
      case 'fiscalYear':
        return encodePeriod(cursor, options.fiscalYearStart, step.operation === 'fiscalYear')
      case 'constant':
      case 'amount':
      case 'flag':
      case 'unless':
      case 'filled':
      case 'oneOf':
      case 'absent':
        return undefined
      default:
        return step.operation satisfies never
    }
  }

  /** An id that is not there is said of the element that holds it. */
  function encodeSaid({keys, said, max, otherwise}: Step): RuleCode | undefined {
    const bytes = said[keys!.find(cursor.source, cursor.from, cursor.to)]
    if (bytes === undefined || isEmptyField(bytes, 0, bytes.length)) {
      append(cursor, otherwise)
      return undefined
    }
    const {source} = cursor
    cursor.source = bytes
    cursor.from = 0
    cursor.to = bytes.length
    const rule = options.text(cursor, max)
    cursor.source = source
    return rule
  }

  function encodeFormula(step: Step, column: number): RuleCode | undefined {
    if (options.formulas === 'Refuse') return 'SpreadsheetFormula'
    options.noted('SpreadsheetFormula', column, step)
    if (options.formulas === 'Report') return options.text(cursor, step.max)
    cursor.out[cursor.at++] = APOSTROPHE
    return options.text(cursor, step.max - 1)
  }

  function refuse(rule: RuleCode, column: number, subject: Subject): false {
    options.broken(rule, column, subject)
    return false
  }

  function take(source: Uint8Array, position: number): number {
    cursor.source = source
    return splitRow(source, position, starts)
  }

  return {cursor, registers, starts, take, point, isFilled, write, refuse}
}

function hasBlank({source, from, to}: Cursor): boolean {
  for (let index = from; index < to; index++) if (source[index] === BLANK) return true
  return false
}

function encodeLetters(cursor: Cursor, {max, table}: Step): RuleCode | undefined {
  const {source, from, to} = cursor
  if (to - from !== max || table[packLetters(source, from, to)] !== 1) return 'UnknownCode'
  copy(cursor, from, to)
  return undefined
}

/** HH:MM:SS. */
function encodeTime(cursor: Cursor): RuleCode | undefined {
  const {source, from, to} = cursor
  if (to - from !== 8 || source[from + 2] !== COLON || source[from + 5] !== COLON) return 'NotATime'
  const isTime = isBelow(source, from, 24) && isBelow(source, from + 3, 60) && isBelow(source, from + 6, 60)
  if (!isTime) return 'NotATime'
  copy(cursor, from, to)
  return undefined
}

/** Two digits, less than the bound. */
function isBelow(source: Uint8Array, at: number, bound: number): boolean {
  return isDigit(source[at]!) && isDigit(source[at + 1]!) && (source[at]! - ZERO) * 10 + source[at + 1]! - ZERO < bound
}

/** The accounting period that a day lies in: months of the fiscal year from 1, or the year in which that began. */
function encodePeriod(cursor: Cursor, start: number, wantsYear: boolean): RuleCode | undefined {
  const day = readDate(cursor.source, cursor.from, cursor.to)
  if (day === 0) return 'NotADate'
  const year = Math.floor(day / 10_000)
  const month = Math.floor(day / 100) % 100
  const isEarly = month < start
  if (wantsYear) writeNumber(cursor, isEarly ? year - 1 : year, 1000)
  else {
    const period = isEarly ? month - start + 13 : month - start + 1
    writeNumber(cursor, period, period < 10 ? 1 : 10)
  }
  return undefined
}

function writeNumber(cursor: Cursor, number: number, highest: number): void {
  for (let unit = highest; unit >= 1; unit /= 10) cursor.out[cursor.at++] = ZERO + (Math.floor(number / unit) % 10)
}
