// Balances of accounts and partners: read before their entry is written, kept until all lines have been, and compared then.
import type {DatasetColumn} from '../../sources/types.ts'
import {readCents} from '../values/signed.ts'
import {centsText} from '../values/totals.ts'
import type {Register} from './elements.ts'
import {REGISTERS} from './elements.ts'
import type {Row} from './encode.ts'
import {NO_COLUMN} from './encode.ts'
import {createNumbers} from './numbers.ts'

/** What is known of the entries of a master file, by the number of their key. */
export interface Balances {
  /** Sets the registers of the row that was taken; false where a rule is broken. `moved` is what the lines will add up to, where it is known. */
  read(moved: bigint | undefined): boolean
  /** Keeps what the row that was written says, under the next number. */
  keep(): void
  /** Closing minus opening balance, in cents; NaN where the dataset states no closing balance. */
  stated(number: number): number
}

const OPENING = {path: 'opening balance'}
const CLOSING = {path: 'closing balance'}
const COLUMNS = ['opening_debit', 'opening_credit', 'closing_debit', 'closing_credit'] as const

export function hasBalances(columns: readonly DatasetColumn[]): boolean {
  return columns.some(({name}) => COLUMNS.some((column) => column === name))
}

/** Without columns for it the closing balance is reckoned. */
export function statesClosing(columns: readonly DatasetColumn[]): boolean {
  return columns.some(({name}) => name === 'closing_debit' || name === 'closing_credit')
}

export function createBalances(row: Row, columns: readonly DatasetColumn[]): Balances {
  const {cursor, registers} = row
  const [openingDebit, openingCredit, closingDebit, closingCredit] = COLUMNS.map((name) => columns.findIndex((column) => column.name === name))
  const isStated = statesClosing(columns)
  const differences = createNumbers()
  let difference = Number.NaN

  function set(register: Register, value: number): void {
    registers[REGISTERS[register]] = value
  }

  function side(column: number, subject: {path: string}): number {
    if (column === NO_COLUMN || !row.isFilled(column)) return 0
    row.point(column)
    const rule = readCents(cursor)
    if (rule === undefined) return cursor.number
    row.refuse(rule, column, subject)
    return Number.NaN
  }

  /** Debit minus credit; NaN where it is refused. */
  function balance(debit: number, credit: number, subject: {path: string}): number {
    const [owed, due] = [side(debit, subject), side(credit, subject)]
    if (owed === 0 || due === 0 || Number.isNaN(owed + due)) return owed - due
    row.refuse('BothSides', credit, subject)
    return Number.NaN
  }

  function read(moved: bigint | undefined): boolean {
    const opening = balance(openingDebit!, openingCredit!, OPENING)
    const closing = isStated ? balance(closingDebit!, closingCredit!, CLOSING) : opening + Number(moved ?? 0n)
    if (Math.abs(closing) > Number.MAX_SAFE_INTEGER) row.refuse('TooManyDigits', isStated ? closingDebit! : openingDebit!, CLOSING)
    difference = isStated ? closing - opening : Number.NaN
    setSides(opening, ['openingDebit', 'openingCredit', 'opensOnDebit', 'opensOnCredit'])
    setSides(closing, ['closingDebit', 'closingCredit', 'closesOnDebit', 'closesOnCredit'])
    return !Number.isNaN(opening + closing)
  }

  function setSides(cents: number, [debit, credit, onDebit, onCredit]: readonly [Register, Register, Register, Register]): void {
    set(debit, cents > 0 ? cents : 0)
    set(credit, cents < 0 ? -cents : 0)
    set(onDebit, cents < 0 ? 0 : 1)
    set(onCredit, cents < 0 ? 1 : 0)
  }

  return {
    read,
    keep: () => {
      differences.push(difference)
    },
    stated: (number) => differences.at(number),
  }
}

/** What the list says of a closing balance that is not what it should be. */
export function differenceText(stated: number, moved: bigint): string {
  return `closing minus opening balance is ${centsText(BigInt(stated))}, the lines add up to ${centsText(moved)}`
}
