// Accounts and dates: bytes of COPY's text form in, DATEV's out, or the rule that the value breaks.
import type {Cursor} from '../values/cursor.ts'
import {MINUS, ZERO, copy, isDigit} from '../values/cursor.ts'
import {readDate} from '../values/dates.ts'
import type {DecimalRule} from '../values/decimals.ts'
import {encodeDecimal} from '../values/decimals.ts'
import type {Broken, RuleCode} from './rules.ts'

/** Accounts that a column takes. */
export type AcceptedAccount = 'any' | 'ledger' | 'ledgerOrZero' | 'personal' | 'debtor' | 'creditor'

const SEVEN = 0x37

/** Digits only. `accountLength` + 1 of them mean a personal account, which only some columns take. Sets `number`. */
export function encodeAccount(cursor: Cursor, accountLength: number, accepts: AcceptedAccount): Broken {
  const {source, from, to, out, at} = cursor
  let number = 0
  for (let index = from; index < to; index++) {
    const byte = source[index]!
    if (!isDigit(byte)) return 'NotAnAccount'
    number = number * 10 + byte - ZERO
    out[at + index - from] = byte
  }
  const length = to - from
  if (length > accountLength + (accepts === 'any' ? 1 : 0)) return 'AccountTooLong'
  if (number === 0 && accepts !== 'ledgerOrZero') return 'AccountIsZero'
  if (length > accountLength && source[from] === ZERO) return 'NotAPersonalAccount'
  cursor.number = number
  cursor.at = at + length
  return undefined
}

/** A personal account: debtors begin with 1 to 6, creditors with 7 to 9. */
export function encodePersonalAccount(cursor: Cursor, accountLength: number, accepts: AcceptedAccount): Broken {
  const {source, from, to} = cursor
  const rule = encodeAccount(cursor, accountLength, 'any')
  if (rule !== undefined) return rule
  if (to - from <= accountLength) return 'NotAPersonalAccount'
  const isDebtor = source[from]! < SEVEN
  if (accepts === 'debtor' && !isDebtor) return 'NotADebtor'
  return accepts === 'creditor' && isDebtor ? 'NotACreditor' : undefined
}

/** Per cent with two decimals as whole hundredths: 2.5 is 250. */
export function encodeHundredths(cursor: Cursor, rule: DecimalRule<RuleCode>): Broken {
  const start = cursor.at
  const broken = encodeDecimal(cursor, rule)
  if (broken !== undefined) return broken
  cursor.at = start
  for (const digit of String(cursor.number)) cursor.out[cursor.at++] = digit.charCodeAt(0)
  return undefined
}

/** What a number of a row with a negative amount must keep to. */
export interface MagnitudeRule extends DecimalRule<RuleCode> {
  /** It must be negative as the amount is. */
  readonly isNegative: boolean
}

/** A number whose sign is said elsewhere in the row: it is left out. */
export function encodeMagnitude(cursor: Cursor, rule: MagnitudeRule): Broken {
  if (cursor.source[cursor.from] !== MINUS) return encodeDecimal(cursor, rule) ?? (rule.isNegative ? 'SignsMixed' : undefined)
  cursor.from++
  const broken = encodeDecimal(cursor, rule)
  return broken === 'NegativeNumber' ? 'NotANumber' : broken
}

/** The digits of an account as a number; -1 for anything else. Not for the file: for a look at it. */
export function accountNumber({source, from, to}: Cursor): number {
  let number = 0
  for (let index = from; index < to; index++) {
    if (!isDigit(source[index]!)) return -1
    number = number * 10 + source[index]! - ZERO
  }
  return number
}

/** A tax key: digits, at most `max` of them, as they are. Sets `number`. */
export function encodeTaxKey(cursor: Cursor, max: number): Broken {
  const {source, from, to, out, at} = cursor
  if (to - from > max) return 'NotATaxKey'
  let number = 0
  for (let index = from; index < to; index++) {
    const byte = source[index]!
    if (!isDigit(byte)) return 'NotATaxKey'
    number = number * 10 + byte - ZERO
    out[at + index - from] = byte
  }
  cursor.number = number
  cursor.at = at + to - from
  return undefined
}

/** A date as TTMM or, with its year, as TTMMJJJJ. */
export function encodeDate(cursor: Cursor, withYear: boolean): Broken {
  const {source, from, to, out, at} = cursor
  if (readDate(source, from, to) === 0) return 'NotADate'
  out[at] = source[from + 8]!
  out[at + 1] = source[from + 9]!
  out[at + 2] = source[from + 5]!
  out[at + 3] = source[from + 6]!
  cursor.at = at + 4
  if (withYear) copy(cursor, from, from + 4)
  return undefined
}
