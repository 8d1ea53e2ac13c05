// The amounts of a journal line, read and checked before the line is written: which side it is on, what its tax is.
import {readCents} from '../values/signed.ts'
import type {Register} from './elements.ts'
import {REGISTERS} from './elements.ts'
import type {Row} from './encode.ts'
import {NO_COLUMN} from './encode.ts'
import type {NegativeAmounts} from './profile.ts'

/** Index of each column that amounts come from; NO_COLUMN where the dataset has none. */
export interface AmountColumns {
  readonly debit: number
  readonly credit: number
  readonly currency: number
  readonly currencyAmount: number
  readonly taxCode: number
  readonly taxBase: number
  readonly taxAmount: number
}

export interface AmountOptions {
  /** Of the books: a line that names it is none in a foreign currency. */
  readonly currency: string
  readonly negative: NegativeAmounts
}

const SIDE = {path: 'DebitAmount or CreditAmount'}
const CURRENCY_AMOUNT = {path: 'CurrencyAmount'}
const TAX = {path: 'TaxInformation'}

/** Sets the registers of the row that was taken; false where a rule is broken, which has been said then. */
export function createAmountReader(row: Row, columns: AmountColumns, options: AmountOptions): () => boolean {
  const {cursor, registers} = row
  const bookCurrency = Buffer.from(options.currency)
  /** 1, or -1 where the line was negative; 0 where it was refused. */
  let sign = 0
  let isSwapped = false
  /** As the dataset has it. */
  let lineAmount = 0

  function set(register: Register, value: number): void {
    registers[REGISTERS[register]] = value
  }

  /** NaN where the value is refused, 0 where there is none. */
  function read(column: number, subject: {path: string}): number {
    if (column === NO_COLUMN || !row.isFilled(column)) return 0
    row.point(column)
    const rule = readCents(cursor)
    if (rule === undefined) return cursor.number
    row.refuse(rule, column, subject)
    return Number.NaN
  }

  function readSide(): boolean {
    // Where the side is not known, the rest of the row is checked as if it were a debit.
    sign = 0
    isSwapped = false
    set('isDebit', 1)
    set('isCredit', 0)
    const debit = read(columns.debit, SIDE)
    const credit = read(columns.credit, SIDE)
    if (Number.isNaN(debit) || Number.isNaN(credit)) return false
    if (debit !== 0 && credit !== 0) return row.refuse('BothSides', columns.credit, SIDE)
    const isDebit = debit !== 0 || (credit === 0 && row.isFilled(columns.debit))
    if (!isDebit && credit === 0 && !row.isFilled(columns.credit)) return row.refuse('AmountMissing', columns.debit, SIDE)
    const amount = isDebit ? debit : credit
    lineAmount = amount
    sign = amount < 0 ? -1 : 1
    if (sign < 0 && options.negative === 'Error') return row.refuse('NegativeNumber', isDebit ? columns.debit : columns.credit, SIDE)
    isSwapped = sign < 0 && options.negative === 'SwapSide'
    set('amount', isSwapped ? -amount : amount)
    set('isDebit', isDebit === isSwapped ? 0 : 1)
    set('isCredit', isDebit === isSwapped ? 1 : 0)
    return true
  }

  /** An amount beside the line's, which must have its sign. */
  function readBeside(column: number, register: Register, subject: {path: string}): boolean {
    const value = read(column, subject)
    if (Number.isNaN(value)) return false
    if (value * sign < 0) return row.refuse('SignDiffers', column, subject)
    set(register, isSwapped && value !== 0 ? -value : value)
    return true
  }

  function readCurrency(): boolean {
    set('isForeign', 0)
    if (columns.currency === NO_COLUMN || !row.isFilled(columns.currency) || isBookCurrency()) return isRepeated()
    if (columns.currencyAmount === NO_COLUMN || !row.isFilled(columns.currencyAmount)) {
      return row.refuse('CompanionMissing', columns.currencyAmount === NO_COLUMN ? columns.currency : columns.currencyAmount, CURRENCY_AMOUNT)
    }
    set('isForeign', 1)
    return readBeside(columns.currencyAmount, 'currencyAmount', CURRENCY_AMOUNT)
  }

  /** Books that fill the column in every line repeat the amount there; anything else would be lost. */
  function isRepeated(): boolean {
    const amount = read(columns.currencyAmount, CURRENCY_AMOUNT)
    if (Number.isNaN(amount)) return false
    const isSaid = columns.currencyAmount !== NO_COLUMN && row.isFilled(columns.currencyAmount)
    return !isSaid || sign === 0 || amount === lineAmount || row.refuse('CurrencyMissing', columns.currencyAmount, CURRENCY_AMOUNT)
  }

  function isBookCurrency(): boolean {
    row.point(columns.currency)
    const {source, from, to} = cursor
    if (to - from !== bookCurrency.length) return false
    for (let index = from; index < to; index++) if (source[index] !== bookCurrency[index - from]) return false
    return true
  }

  function readTax(): boolean {
    const isTaxed = columns.taxCode !== NO_COLUMN && row.isFilled(columns.taxCode)
    const hasBase = columns.taxBase !== NO_COLUMN && row.isFilled(columns.taxBase)
    set('hasTax', isTaxed ? 1 : 0)
    set('hasTaxBase', isTaxed && hasBase ? 1 : 0)
    const right = readBeside(columns.taxBase, 'taxBase', TAX) && readBeside(columns.taxAmount, 'taxAmount', TAX)
    if (!right) return false
    if (isTaxed) return row.isFilled(columns.taxAmount) || row.refuse('MissingValue', columns.taxAmount, TAX)
    const isLost = registers[REGISTERS.taxBase] !== 0 || registers[REGISTERS.taxAmount] !== 0
    return !isLost || row.refuse('CompanionMissing', columns.taxCode === NO_COLUMN ? columns.taxAmount : columns.taxCode, TAX)
  }

  return () => {
    const side = readSide()
    const currency = readCurrency()
    return readTax() && currency && side
  }
}
