// What a person compares with the books: the amounts of bookings and journal_lines by currency, month, account and tax key. Whatever
// columns the file has, the sums are those of the dataset.
import type {DatasetName} from '../../../crds/datasets.ts'
import type {Total} from '../../../crds/run.ts'
import {fieldText} from '../copy-rows.ts'
import type {DocumentRef, Protocol, ProtocolLine} from '../protocol.ts'
import {isFilled} from '../values/rows.ts'
import type {Sums} from './amounts.ts'
import {addAmount, countOf, isZero, newAmount, newSums, readAmount, sumText} from './amounts.ts'
import type {Keys} from './keys.ts'
import {findKey, newKeys} from './keys.ts'
import type {ValueKind} from './kinds.ts'
import type {ChosenColumn} from './resolve.ts'
import type {RuleCode} from './rules.ts'

/** A column's value that cannot be counted. */
export interface Uncountable {
  readonly column: number
  readonly rule: RuleCode
}

export interface Tally {
  /** A row whose fields begin at `starts`. */
  add(source: Uint8Array, starts: Int32Array): Uncountable | undefined
  /** The first row, or the last one so far. */
  remember(row: number, source: Uint8Array, starts: Int32Array): void
  totals(): Total[]
  protocol(): Protocol
}

/** Columns of a dataset by their meaning; indexes, or -1. */
interface Shape {
  /** Amounts: of the side that a column names, or of one side. */
  readonly amounts: readonly {readonly column: number; readonly side: number | 'S' | 'H'}[]
  readonly currency: number
  readonly date: number
  readonly number: number
  readonly tables: readonly {readonly title: string; readonly columns: readonly {readonly column: number; readonly opposite: boolean}[]; readonly length: number; readonly none: boolean}[]
}

export interface TallyOptions {
  /** Columns of the dataset, in its order. */
  readonly names: readonly string[]
  readonly columns: readonly ChosenColumn[]
  /** Currency of rows that name none. */
  readonly currency: string
}

/** Undefined where the dataset has no amounts, or the spec says that what should be amounts or sides is something else. */
export function createTally(dataset: DatasetName, {names, columns, currency}: TallyOptions): Tally | undefined {
  const others = new Set(columns.filter(({name, kind}) => (KINDS[name] ?? kind) !== kind).map(({name}) => name))
  const shape = shapeOf(dataset, (name) => (others.has(name) ? -1 : names.indexOf(name)))
  return shape === undefined || shape.amounts.length === 0 ? undefined : tallyOf(shape, currency)
}

/** What must be of that kind to be counted. */
const KINDS: Readonly<Record<string, ValueKind>> = {amount: 'number', debit: 'number', credit: 'number', debit_credit: 'side'}

const MONTH_BYTES = 7
/** Longer than any key. */
const ANY_LENGTH = 2 ** 30

function shapeOf(dataset: DatasetName, at: (name: string) => number): Shape | undefined {
  const table = (title: string, columns: readonly (readonly [name: string, opposite?: 'opposite'])[], length = ANY_LENGTH): Shape['tables'][number] => ({
    title,
    columns: columns.map(([name, opposite]) => ({column: at(name), opposite: opposite !== undefined})).filter(({column}) => column >= 0),
    length,
    none: title.startsWith('Tax'),
  })
  if (dataset === 'bookings') {
    const [amount, side] = [at('amount'), at('debit_credit')]
    return {
      amounts: amount < 0 || side < 0 ? [] : [{column: amount, side}],
      currency: at('currency'),
      date: at('document_date'),
      number: at('document_number'),
      tables: [
        table('Month', [['document_date']], MONTH_BYTES),
        table('Account', [['account'], ['contra_account', 'opposite']]),
        table('Tax key', [['tax_key']]),
      ],
    }
  }
  if (dataset !== 'journal_lines') return undefined
  const sides = [{column: at('debit'), side: 'S'}, {column: at('credit'), side: 'H'}] as const
  return {
    amounts: sides.filter(({column}) => column >= 0),
    // Debit and credit are in the currency of the books.
    currency: -1,
    date: at('posting_date'),
    number: at('document_number'),
    tables: [table('Month', [['posting_date']], MONTH_BYTES), table('Account', [['account']]), table('Tax code', [['tax_code']])],
  }
}

/** Sums by the keys of some columns. */
interface Table {
  readonly title: string
  readonly columns: Shape['tables'][number]['columns']
  readonly length: number
  /** Rows without a key are counted, too. */
  readonly none: boolean
  /** By the currency's number. */
  readonly byCurrency: KeyedSums[]
}

/** A key's debit stands at twice its number, its credit behind it. */
interface KeyedSums {
  readonly keys: Keys
  readonly sums: Sums
}

/** Where a column's keys are counted. */
interface Place extends KeyedSums {
  readonly column: number
  /** 1 where the column is about the other side. */
  readonly flip: number
  readonly length: number
  readonly none: boolean
}

/** More keys than that share one line: a bound on memory. */
const MAX_KEYS = 10_000
const MAX_CURRENCIES = 1_000
/** What the line of rows without a key is called. */
const NO_KEY = Buffer.from('none')
const LETTER_S = 0x53
const LETTER_H = 0x48
const DEBIT = 0
const CREDIT = 1

function tallyOf(shape: Shape, ownCurrency: string): Tally {
  const currencies = newKeys(MAX_CURRENCIES)
  const own = findKey(currencies, Buffer.from(ownCurrency), 0, ownCurrency.length)
  const totals = newSums()
  const tables = shape.tables.filter(({columns}) => columns.length > 0).map((table): Table => ({...table, byCurrency: []}))
  const amount = newAmount()
  let current = -1
  let places: readonly Place[] = []
  let first: DocumentRef | undefined
  let last: DocumentRef | undefined

  function addToTables(source: Uint8Array, starts: Int32Array, currency: number, side: number): void {
    // Rows of one currency mostly follow each other.
    if (currency !== current) {
      current = currency
      places = placesOf(tables, currency)
    }
    for (let index = 0; index < places.length; index++) {
      const {column, flip, length, none, keys, sums} = places[index]!
      const from = starts[column]!
      const to = starts[column + 1]! - 1
      const filled = isFilled(source, from, to)
      if (!filled && !none) continue
      const key = filled ? findKey(keys, source, from, to - from > length ? from + length : to) : findKey(keys, NO_KEY, 0, NO_KEY.length)
      addAmount(sums, 2 * key + (side ^ flip), amount)
    }
  }

  function currencyOf(source: Uint8Array, starts: Int32Array): number {
    if (shape.currency < 0) return own
    const from = starts[shape.currency]!
    const to = starts[shape.currency + 1]! - 1
    return isFilled(source, from, to) ? findKey(currencies, source, from, to) : own
  }

  return {
    add(source, starts) {
      const currency = currencyOf(source, starts)
      for (let index = 0; index < shape.amounts.length; index++) {
        const {column, side} = shape.amounts[index]!
        const from = starts[column]!
        const to = starts[column + 1]! - 1
        if (!isFilled(source, from, to)) continue
        if (!readAmount(amount, source, from, to)) return {column, rule: 'NotANumber'}
        // 0 in the column of the other side is no posting.
        if (typeof side !== 'number' && isZero(amount)) continue
        const found = typeof side === 'number' ? sideAt(source, starts, side) : side === 'S' ? DEBIT : CREDIT
        if (found === undefined) return {column: side as number, rule: 'ValueNotAllowed'}
        addAmount(totals, 2 * currency + found, amount)
        addToTables(source, starts, currency, found)
      }
      return undefined
    },
    remember(row, source, starts) {
      last = documentOf(row, shape, (column) => (column < 0 ? undefined : fieldText(source.subarray(starts[column], starts[column + 1]! - 1))))
      first ??= last
    },
    totals: () => totalsOf(totals, currencies),
    protocol: () => ({
      tables: tables.map((table) => ({title: table.title, lines: linesOf(table, currencies)})).filter(({lines}) => lines.length > 0),
      ...(first !== undefined && {first}),
      ...(last !== undefined && {last}),
    }),
  }
}

/** Every column of every table, for rows of one currency. */
function placesOf(tables: readonly Table[], currency: number): Place[] {
  return tables.flatMap(({columns, length, none, byCurrency}) => {
    const {keys, sums} = (byCurrency[currency] ??= {keys: newKeys(MAX_KEYS), sums: newSums()})
    return columns.map(({column, opposite}) => ({column, flip: opposite ? 1 : 0, length, none, keys, sums}))
  })
}

function sideAt(source: Uint8Array, starts: Int32Array, column: number): number | undefined {
  if (starts[column + 1]! - starts[column]! !== 2) return undefined
  const byte = source[starts[column]!]
  return byte === LETTER_S ? DEBIT : byte === LETTER_H ? CREDIT : undefined
}

function documentOf(row: number, {date, number}: Shape, value: (column: number) => string | undefined): DocumentRef {
  return {row, number: value(number) ?? '', date: value(date) ?? ''}
}

/** Every key by its number, those beyond the limit as the last one. */
function namesOf({texts}: Keys, limit: number): {readonly number: number; readonly name: string}[] {
  const names = texts.map((name, number) => ({number, name}))
  return texts.length < limit ? names : [...names, {number: limit, name: '(others)'}]
}

/** By currency, S before H; sides without a row are left out. */
function totalsOf(sums: Sums, currencies: Keys): Total[] {
  return namesOf(currencies, MAX_CURRENCIES)
    .toSorted((one, other) => (one.name < other.name ? -1 : 1))
    .flatMap(({number, name}) =>
      (['S', 'H'] as const).map((side, offset) => ({currency: name, side, count: countOf(sums, 2 * number + offset), sum: sumText(sums, 2 * number + offset)})),
    )
    .filter(({count}) => count > 0)
}

function linesOf({byCurrency}: Table, currencies: Keys): ProtocolLine[] {
  const lines = namesOf(currencies, MAX_CURRENCIES).flatMap(({number: currency, name}) => {
    const found = byCurrency[currency]
    if (found === undefined) return []
    const {keys, sums} = found
    return namesOf(keys, MAX_KEYS).map(({number, name: key}) => ({
      key,
      currency: name,
      count: countOf(sums, 2 * number) + countOf(sums, 2 * number + 1),
      debit: sumText(sums, 2 * number),
      credit: sumText(sums, 2 * number + 1),
    }))
  })
  return lines.filter(({count}) => count > 0).toSorted((one, other) => byNumber(one.key, other.key) || (one.currency < other.currency ? -1 : 1))
}

const DIGITS = /^\d+$/

/** Numbers by their size, other keys behind them by their characters. */
function byNumber(one: string, other: string): number {
  const [isNumber, isOther] = [DIGITS.test(one), DIGITS.test(other)]
  if (isNumber !== isOther) return isNumber ? -1 : 1
  if (isNumber && one.length !== other.length) return one.length - other.length
  return one === other ? 0 : one < other ? -1 : 1
}
