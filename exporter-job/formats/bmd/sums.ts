// Exact sums of what was written, for totals and protocol, fed with each booking that is right. Debit is what betrag has a plus for.
import type {Total} from '../../../crds/run.ts'
import {fieldText} from '../copy-rows.ts'
import type {DocumentRef, Protocol, ProtocolTable} from '../protocol.ts'
import {MAX_LINES, createNumberedSums, lineOf, tableOf} from '../protocol.ts'
import {packLetters, unpackCurrency} from '../datev/codes.ts'
import type {CurrencySums} from '../values/totals.ts'
import {addCents, emptySum, listTotals} from '../values/totals.ts'
import type {Sources} from './plan.ts'
import {NONE} from './plan.ts'
import type {Row} from './row.ts'

export interface BookingSums {
  /** A booking that was written; `number` is that of its row in the dataset. */
  add(row: Row, number: number): void
  /** Before the rows' bytes are gone: keeps what the last booking is known by. */
  keep(row: Row): void
  /** By the currency of each booking and by side. */
  totals(): Total[]
  protocol(): Protocol
}

/** Keys up to this go into the quick table; an account of ten digits may lie beyond. */
const MAX_NUMBERED = 2 ** 31 - 2
/** Stands for "no tax code" among the numbers of tax codes, which have four digits. */
const NO_TAX_CODE = 10_000

export function createBookingSums(currency: string, sources: Sources): BookingSums {
  const own = packLetters(Buffer.from(currency, 'latin1'), 0, 3)
  const byCurrency = new Map<number, CurrencySums>()
  const [months, accounts, taxCodes] = [createNumberedSums(), createNumberedSums(), createNumberedSums()]
  const longAccounts = new Map<number, CurrencySums>()
  const place = {row: 0, numberFrom: 0, numberTo: 0, dateFrom: 0}
  let first: DocumentRef | undefined
  let last: DocumentRef | undefined

  function refOf({cursor: {source}}: Row): DocumentRef {
    const number = fieldText(source.subarray(place.numberFrom, place.numberTo)) ?? ''
    const date = fieldText(source.subarray(place.dateFrom, place.dateFrom + 10)) ?? ''
    return {row: place.row, number, date}
  }

  // Bookings of one currency mostly follow each other: no look-up then.
  let current = NONE
  let currencySums: CurrencySums = {S: emptySum(), H: emptySum()}

  function addCurrency(packed: number, isDebit: boolean, cents: number): void {
    if (packed !== current) {
      current = packed
      currencySums = byCurrency.get(packed) ?? {S: emptySum(), H: emptySum()}
      byCurrency.set(packed, currencySums)
    }
    addCents(isDebit ? currencySums.S : currencySums.H, cents)
  }

  function totals(): Total[] {
    return listTotals(new Map([...byCurrency].map(([packed, sums]) => [unpackCurrency(packed), sums])))
  }

  function addAccount(account: number, isDebit: boolean, cents: number): void {
    if (account <= MAX_NUMBERED) return accounts.add(account, isDebit, cents)
    const sums = longAccounts.get(account) ?? {S: emptySum(), H: emptySum()}
    longAccounts.set(account, sums)
    addCents(isDebit ? sums.S : sums.H, cents)
  }

  function accountTable(): ProtocolTable {
    const table = tableOf('Account', accounts, currency, String)
    const long = [...longAccounts].toSorted(([one], [other]) => one - other).slice(0, MAX_LINES - table.lines.length)
    const more = accounts.size() + longAccounts.size - table.lines.length - long.length
    const lines = [...table.lines, ...long.map(([account, sums]) => lineOf(String(account), currency, sums))]
    return {title: table.title, lines, ...(more > 0 && {more})}
  }

  return {
    add(row, number) {
      const isDebit = row.amount >= 0
      const cents = Math.abs(row.amount)
      if (row.foreign) addCurrency(row.currency, isDebit, Math.abs(row.foreignAmount))
      else addCurrency(own, isDebit, cents)
      months.add((row.day - (row.day % 100)) / 100, isDebit, cents)
      addAccount(row.account, isDebit, cents)
      taxCodes.add(row.taxCode === NONE ? NO_TAX_CODE : row.taxCode, isDebit, cents)
      place.row = number
      place.numberFrom = row.starts[sources.documentNumber]!
      place.numberTo = row.starts[sources.documentNumber + 1]! - 1
      place.dateFrom = row.starts[sources.documentDate]!
      if (first === undefined) first = refOf(row)
    },
    keep(row) {
      if (place.row > (last?.row ?? 0)) last = refOf(row)
    },
    totals,
    protocol() {
      const tables: ProtocolTable[] = [
        tableOf('Month', months, currency, (month) => `${Math.floor(month / 100)}-${String(month % 100).padStart(2, '0')}`),
        accountTable(),
        tableOf('Tax code', taxCodes, currency, (code) => (code === NO_TAX_CODE ? 'none' : String(code))),
        {title: 'Currency', lines: currencyLines(totals())},
      ]
      return {tables: tables.filter(({lines}) => lines.length > 0), ...(first !== undefined && {first}), ...(last !== undefined && {last})}
    },
  }
}

function currencyLines(totals: readonly Total[]): ProtocolTable['lines'] {
  const currencies = [...new Set(totals.map(({currency}) => currency))]
  return currencies.map((currency) => {
    const own = totals.filter((total) => total.currency === currency)
    const sum = (side: Total['side']): string => own.find((total) => total.side === side)?.sum ?? '0.00'
    return {key: currency, currency, count: own.reduce((count, total) => count + total.count, 0), debit: sum('S'), credit: sum('H')}
  })
}
