// Sums of a stack, fed by the encoder a row at a time: by currency and side for the manifest; by month, account and tax key for the protocol.
import type {Total} from '../../../crds/run.ts'
import type {NumberedSums, ProtocolTable} from '../protocol.ts'
import {MAX_LINES, createNumberedSums, lineOf, tableOf} from '../protocol.ts'
import type {CurrencySums} from '../values/totals.ts'
import {addCents, emptySum, listTotals} from '../values/totals.ts'
import {packLetters, unpackCurrency} from './codes.ts'

/** A row that was written, as numbers; one object that the encoder fills again and again. */
export interface Booked {
  cents: number
  isDebit: boolean
  /** 202610 */
  month: number
  /** Column 7. */
  account: number
  /** Column 9; -1 where there is none. */
  taxKey: number
  /** As packLetters gives it; -1 for a row that names none: it is in the stack's. */
  currency: number
}

export interface StackSums {
  add(booked: Booked): void
  list(): Total[]
  tables(accountLength: number): ProtocolTable[]
}

interface Sums extends CurrencySums {
  readonly months: NumberedSums
  readonly accounts: NumberedSums
  readonly taxKeys: NumberedSums
}

export function createSums(ownCurrency: string): StackSums {
  const own = packLetters(Buffer.from(ownCurrency), 0, 3)
  const byCurrency = new Map<number, Sums>()
  // Rows of one currency mostly follow each other: no look-up then.
  let current = own
  let sums = sumsOf(own)

  function sumsOf(currency: number): Sums {
    const known = byCurrency.get(currency) ?? emptySums()
    byCurrency.set(currency, known)
    return known
  }

  return {
    add(booked) {
      const {cents, isDebit} = booked
      const currency = booked.currency < 0 ? own : booked.currency
      if (currency !== current) {
        current = currency
        sums = sumsOf(currency)
      }
      addCents(isDebit ? sums.S : sums.H, cents)
      sums.months.add(booked.month, isDebit, cents)
      sums.accounts.add(booked.account, isDebit, cents)
      sums.taxKeys.add(booked.taxKey + 1, isDebit, cents)
    },
    list: () => listTotals(new Map([...byCurrency].map(([currency, sum]) => [unpackCurrency(currency), sum]))),
    tables: (accountLength) => tablesOf(byCurrency, accountLength),
  }
}

function emptySums(): Sums {
  return {S: emptySum(), H: emptySum(), months: createNumberedSums(), accounts: createNumberedSums(), taxKeys: createNumberedSums()}
}

/**
 * By account means by column 7 (Konto), whose side the row names. Column 8 is left out: with it every amount would count twice, and it holds
 * gross amounts on accounts that DATEV posts net. So the lines of every table add up to the sums of the files.
 */
function tablesOf(byCurrency: ReadonlyMap<number, Sums>, accountLength: number): ProtocolTable[] {
  const currencies = [...byCurrency]
    .map(([packed, sums]) => ({currency: unpackCurrency(packed), sums}))
    .filter(({sums}) => sums.S.count + sums.H.count > 0)
    .toSorted((one, other) => (one.currency < other.currency ? -1 : 1))
  if (currencies.length === 0) return []
  const table = (title: string, of: (sums: Sums) => NumberedSums, name: (key: number) => string): ProtocolTable =>
    joined(title, currencies.map(({currency, sums}) => tableOf(title, of(sums), currency, name)))
  return [
    table('Month', ({months}) => months, monthName),
    table('Account', ({accounts}) => accounts, (account) => String(account).padStart(accountLength, '0')),
    table('Tax key', ({taxKeys}) => taxKeys, taxKeyName),
    {title: 'Currency', lines: currencies.map(({currency, sums}) => lineOf(currency, currency, sums))},
  ]
}

/** The tables of all currencies, one after the other, and not too long together. */
function joined(title: string, tables: readonly ProtocolTable[]): ProtocolTable {
  const all = tables.flatMap(({lines}) => lines)
  const lines = all.slice(0, MAX_LINES)
  const more = all.length - lines.length + tables.reduce((sum, table) => sum + (table.more ?? 0), 0)
  return {title, lines, ...(more > 0 && {more})}
}

/** 202610 as "2026-10". */
function monthName(month: number): string {
  return `${Math.floor(month / 100)}-${String(month % 100).padStart(2, '0')}`
}

function taxKeyName(number: number): string {
  return number === 0 ? 'none' : String(number - 1)
}
