// What is added up while lines are written: by month, account, tax code and currency for the protocol; by account and partner for the
// balances that master files state.
import type {Total} from '../../../crds/run.ts'
import {packLetters, unpackCurrency} from '../datev/codes.ts'
import {fieldText} from '../copy-rows.ts'
import type {Findings} from '../findings.ts'
import type {DocumentRef, Protocol, ProtocolLine} from '../protocol.ts'
import {createNumberedSums, lineOf, linesOf} from '../protocol.ts'
import type {KeyTable} from '../values/keys.ts'
import {addCents, emptySum, listTotals} from '../values/totals.ts'
import type {Balances} from './balances.ts'
import {differenceText} from './balances.ts'
import type {KeySet} from './elements.ts'
import {REGISTERS} from './elements.ts'
import type {Row} from './encode.ts'
import {NO_COLUMN} from './encode.ts'
import type {WrittenSection} from './masters.ts'
import {NO_ACCOUNT, keyColumn} from './masters.ts'
import type {Movements} from './movements.ts'
import type {Numbers} from './numbers.ts'
import {createMovements} from './movements.ts'
import type {RuleContext} from './rules.ts'
import {sentence} from './rules.ts'
import {REFERENCES} from './totals.ts'

export interface LineSumsOptions {
  readonly row: Row
  readonly sections: readonly WrittenSection[]
  readonly keys: Readonly<Record<KeySet, KeyTable>>
  readonly columns: ReadonlyMap<string, number>
}

export interface LineSums {
  /** Adds the line that was written, on the side that it was written on. */
  add(day: number): void
  /** Says of every stated balance that the lines do not bear out that they do not. */
  compareBalances(findings: Findings, rules: RuleContext): void
  totals(currency: string): Total[]
  protocol(currency: string): Protocol
}

/** A set of keys whose movements are added up. */
interface Tracked {
  readonly set: KeySet
  readonly column: number
  readonly keys: KeyTable
  readonly movements: Movements
  readonly balances: Balances | undefined
  /** Of a partner, the account whose lines count; NO_ACCOUNT counts them all. */
  readonly accounts: Numbers | undefined
  /** Of an account, the one that it belongs to, which has come before it. */
  readonly parents: Numbers | undefined
}

export function createLineSums({row, sections, keys, columns}: LineSumsOptions): LineSums {
  const {cursor, registers} = row
  const tracked = sections.flatMap((section) => trackedOf(section, keys, columns))
  const accounts = tracked.find(({set}) => set === 'accounts')!
  const others = tracked.filter((each) => each !== accounts)
  const months = createNumberedSums()
  const foreign = createNumberedSums()
  const whole = {S: emptySum(), H: emptySum()}
  const documents = createDocuments(row, columns)
  const currencyColumn = columns.get('currency') ?? NO_COLUMN

  function add(day: number): void {
    const cents = registers[REGISTERS.amount]!
    const isDebit = registers[REGISTERS.isDebit] === 1
    addCents(isDebit ? whole.S : whole.H, cents)
    months.add(Math.floor(day / 100), isDebit, cents)
    const account = numberOf(accounts)
    accounts.movements.add(account, isDebit, cents)
    for (let index = 0; index < others.length; index++) {
      const other = others[index]!
      if (!row.isFilled(other.column)) continue
      const number = numberOf(other)
      const own = other.accounts === undefined ? NO_ACCOUNT : other.accounts.at(number)
      // NaN, where no partner names an account, is not greater than anything.
      if (!(own > NO_ACCOUNT) || own === account) other.movements.add(number, isDebit, cents)
    }
    if (registers[REGISTERS.isForeign] === 1) addForeign(isDebit)
    documents.met()
  }

  function numberOf({keys: table, column}: Tracked): number {
    row.point(column)
    return table.find(cursor.source, cursor.from, cursor.to)
  }

  function addForeign(isDebit: boolean): void {
    row.point(currencyColumn)
    foreign.add(packLetters(cursor.source, cursor.from, cursor.to), isDebit, registers[REGISTERS.currencyAmount]!)
  }

  return {
    add,
    compareBalances(findings, rules) {
      for (const each of tracked) compareBalances(each, findings, rules)
    },
    totals: (currency) => listTotals(new Map([[currency, whole]])),
    protocol(currency) {
      const tables = [
        {title: 'Month', lines: linesOf(months, currency, (month) => `${Math.floor(month / 100)}-${String(month % 100).padStart(2, '0')}`)},
        {title: 'Account', lines: linesBy(accounts, currency)},
        {
          title: 'Tax code',
          lines: linesBy(
            tracked.find(({set}) => set === 'tax_codes'),
            currency,
          ),
        },
        {title: 'Currency', lines: [lineOf(currency, currency, whole), ...foreignLines()]},
      ]
      return {tables: tables.filter(({lines}) => lines.length > 0), ...documents.refs()}
    },
  }

  function foreignLines(): ProtocolLine[] {
    return foreign.entries().map(({key, S, H}) => lineOf(unpackCurrency(key), unpackCurrency(key), {S, H}))
  }
}

function trackedOf(
  {dataset: set, balances, accounts}: WrittenSection,
  keys: LineSumsOptions['keys'],
  columns: ReadonlyMap<string, number>,
): Tracked[] {
  const column = columns.get(REFERENCES[set])
  // Accounts and tax codes stand in the protocol; of the others only those that have balances are of interest.
  if (column === undefined || (balances === undefined && set !== 'accounts' && set !== 'tax_codes')) return []
  return [
    {
      set,
      column,
      keys: keys[set],
      movements: createMovements(),
      balances,
      accounts: set === 'accounts' ? undefined : accounts,
      parents: set === 'accounts' ? accounts : undefined,
    },
  ]
}

function linesBy(tracked: Tracked | undefined, currency: string): ProtocolLine[] {
  if (tracked === undefined) return []
  const {keys, movements} = tracked
  return Array.from({length: keys.size()}, (_, number) => ({key: textOf(keys, number), sums: movements.sums(number)})).flatMap(({key, sums}) =>
    sums === undefined ? [] : [lineOf(key, currency, sums)],
  )
}

function textOf(keys: KeyTable, number: number): string {
  return fieldText(keys.bytes(number)) ?? ''
}

/** Debit minus credit by number, with all that belongs to it: children come after their parents. */
function netOf({keys, movements, parents}: Tracked): bigint[] {
  const net = Array.from({length: keys.size()}, (_, number) => movements.net(number))
  for (let number = net.length - 1; number >= 0; number--) {
    const parent = parents?.at(number) ?? NO_ACCOUNT
    if (parent > NO_ACCOUNT) net[parent]! += net[number]!
  }
  return net
}

function compareBalances(tracked: Tracked, findings: Findings, rules: RuleContext): void {
  const {set, keys, balances} = tracked
  for (const [number, moved] of netOf(tracked).entries()) {
    const stated = balances?.stated(number) ?? Number.NaN
    if (Number.isNaN(stated) || BigInt(stated) === moved) continue
    findings.error({
      dataset: set,
      row: number + 1,
      key: {column: keyColumn(set), value: textOf(keys, number)},
      column: 'closing_debit, closing_credit',
      rule: 'BalanceDiffers',
      right: sentence('BalanceDiffers', {path: ''}, rules),
      detail: differenceText(stated, moved),
    })
  }
}

/** The first and the last row, as a person finds them. The last one is still where it was read when all have been. */
function createDocuments({cursor, starts}: Row, columns: ReadonlyMap<string, number>): {met(): void; refs(): Pick<Protocol, 'first' | 'last'>} {
  const number = columns.get('document_number') ?? columns.get('transaction_id')!
  const date = columns.get('posting_date')!
  let first: DocumentRef | undefined
  let rows = 0

  function field(column: number): string {
    return fieldText(cursor.source.subarray(starts[column], starts[column + 1]! - 1)) ?? ''
  }

  function ref(): DocumentRef {
    return {row: rows, number: field(number), date: field(date)}
  }

  return {
    met() {
      rows++
      first ??= ref()
    },
    refs: () => (first === undefined ? {} : {first, last: ref()}),
  }
}
