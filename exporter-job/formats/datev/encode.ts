// The hot loop over bookings: which file a row goes to, its sums, the first and the last document. row.ts writes the row itself.
import type {DatevFormat} from '../../../crds/formats/datev.ts'
import type {DocumentRef} from '../protocol.ts'
import {fieldText} from '../copy-rows.ts'
import {MINUS} from '../values/cursor.ts'
import {readDate} from '../values/dates.ts'
import type {IsAutomatic} from './automatic.ts'
import {isAutomatic, liftsAutomatism} from './automatic.ts'
import {accountNumber, encodeMagnitude} from './number-values.ts'
import type {Part, Parts} from './parts.ts'
import type {Field, RowPlan} from './plan.ts'
import {isoDay} from './ranges.ts'
import type {RowOptions} from './row.ts'
import {EMPTY, broken, createRow, isFilled, noted, point, splitRow, writeRow} from './row.ts'
import type {Booked, StackSums} from './sums.ts'
import type {Role} from './types.ts'

/** What the spec leaves to the user about amounts and tax keys. */
export interface Choices {
  /** A row with an amount of 0 is left out. */
  readonly skipsZero: boolean
  /** A row with a negative amount is written on the other side. */
  readonly swapsSides: boolean
  /** undefined where tax keys are not held against accounts. */
  readonly automatic: IsAutomatic | undefined
}

export interface EncoderOptions extends RowOptions, Choices {
  /** First and last day of the run's period. */
  readonly days: {readonly from: number; readonly to: number}
  readonly parts: Parts
  readonly sums: StackSums
}

export function choicesOf({zeroAmount, negativeAmount, automaticAccounts}: DatevFormat): Choices {
  return {
    skipsZero: zeroAmount === 'Skip',
    swapsSides: negativeAmount === 'SwapSide',
    automatic: automaticAccounts.length === 0 ? undefined : isAutomatic(automaticAccounts),
  }
}

export interface RowEncoder {
  /**
   * Encodes whole rows from `position` on; gives the length of `rows`, or the start of a row whose part is not ready.
   * Faults: what the options' functions throw or make.
   */
  encode(rows: Uint8Array, position: number): number
  /** The part that is not ready. */
  waitingFor(): Part
  /** Rows met so far, right or wrong or left out. */
  rows(): number
  /** Rows left out because the spec says so. */
  skipped(): number
  /** The first and the last row that were written. */
  documents(): {readonly first?: DocumentRef; readonly last?: DocumentRef}
}

const CAPITAL_S = 0x53
const CAPITAL_H = 0x48
const NONE = -1
/** The first of two digits is the key of the correction: 2 is Generalumkehr. */
const [FIRST_REVERSING_KEY, LAST_REVERSING_KEY] = [20, 29]

export function createRowEncoder(options: EncoderOptions): RowEncoder {
  const {plan, parts, sums, automatic} = options
  const row = createRow(options)
  const {cursor, numbers} = row
  const places = placesOf(plan)
  const {date, side, amount, taxKey} = places
  const booked: Booked = {cents: 0, isDebit: false, month: 0, account: 0, taxKey: EMPTY, currency: EMPTY}
  /** Where a row goes that belongs to no part: its other values are checked all the same. */
  const scrap = new Uint8Array(plan.maxRowBytes)
  const debit = {plain: CAPITAL_S, negative: options.swapsSides ? CAPITAL_H : CAPITAL_S}
  let part: Part | undefined
  let skipped = 0
  let first: DocumentRef | undefined
  let last: DocumentRef | undefined
  /** Start and number of the row written last, as long as its bytes are there. */
  let lastStart = NONE
  let lastRow = 0

  function encode(source: Uint8Array, position: number): number {
    lastStart = NONE
    while (position < source.length) {
      const next = splitRow(row, source, position)
      if (options.skipsZero && isZero()) skip()
      else {
        const found = partOfRow()
        if (found === undefined) refuseRow()
        else if (!parts.isReady(found)) break
        else if (write(found)) {
          lastStart = position
          lastRow = row.number
          first ??= documentOfRow()
        }
      }
      row.number++
      position = next
    }
    if (lastStart !== NONE) {
      splitRow(row, source, lastStart)
      last = documentOfRow()
    }
    return position
  }

  function isZero(): boolean {
    cursor.out = scrap
    cursor.at = 0
    return isFilled(row, amount.source) && encodeMagnitude(cursor, amount) === 'AmountIsZero'
  }

  function skip(): void {
    skipped++
    noted(row, amount, 'ZeroAmountSkipped')
  }

  function write(to: Part): boolean {
    cursor.out = to.out
    cursor.at = to.at
    const isNegative = plan.negative !== undefined && hasSign()
    const right = writeRow(row, isNegative ? plan.negative : plan.layout)
    const fitting = hasFittingKey()
    if (!fitting || !right || (isNegative && isReversed())) return false
    to.at = cursor.at
    to.rows++
    addToSums(isNegative ? debit.negative : debit.plain)
    return true
  }

  function hasSign(): boolean {
    point(row, amount.source)
    return cursor.source[cursor.from] === MINUS
  }

  /** The date is wrong: says so, and whatever else is. */
  function refuseRow(): void {
    cursor.out = scrap
    cursor.at = 0
    writeRow(row, plan.negative !== undefined && hasSign() ? plan.negative : plan.layout)
    hasFittingKey()
  }

  /** False where the row has a tax key and an automatic account, which has been said then. */
  function hasFittingKey(): boolean {
    if (automatic === undefined || taxKey === undefined || !isFilled(row, taxKey.source)) return true
    if (liftsAutomatism(cursor.source, cursor.from, cursor.to)) return true
    for (const account of places.accounts) {
      point(row, account.source)
      if (automatic(accountNumber(cursor))) return broken(row, taxKey, 'TaxKeyOnAutomaticAccount')
    }
    return true
  }

  /** True where the row has a negative amount and its tax key means a Generalumkehr, too, which has been said then. */
  function isReversed(): boolean {
    const key = places.taxKeyAt === NONE ? EMPTY : numbers[places.taxKeyAt]!
    return key >= FIRST_REVERSING_KEY && key <= LAST_REVERSING_KEY && !broken(row, taxKey!, 'NegativeReversal')
  }

  /** undefined where the date is wrong, which has been said then. */
  function partOfRow(): Part | undefined {
    point(row, date.source)
    const day = readDate(cursor.source, cursor.from, cursor.to)
    if (part !== undefined && day >= part.range.from && day <= part.range.to) return part
    const found = parts.find(day)
    if (found !== undefined) return (part = found)
    // An empty date and one that is none are met again when the row is encoded.
    const {from, to} = options.days
    if (day !== 0) broken(row, date, day >= from && day <= to ? 'DateOutsideFiscalYears' : 'DateOutsidePeriod')
    return undefined
  }

  /** `debitSide` is the letter in the dataset that means a debit in the file. */
  function addToSums(debitSide: number): void {
    booked.cents = numbers[places.amountAt]!
    booked.account = numbers[places.accountAt]!
    booked.taxKey = places.taxKeyAt === NONE ? EMPTY : numbers[places.taxKeyAt]!
    booked.currency = places.currencyAt === NONE ? EMPTY : numbers[places.currencyAt]!
    booked.month = part!.month
    point(row, side.source)
    booked.isDebit = cursor.source[cursor.from] === debitSide
    sums.add(booked)
  }

  function documentOfRow(): DocumentRef {
    point(row, date.source)
    const written = readDate(cursor.source, cursor.from, cursor.to)
    const {number} = places
    if (number !== undefined) point(row, number.source)
    const text = number === undefined ? undefined : fieldText(cursor.source.subarray(cursor.from, cursor.to))
    return {row: lastRow, number: text ?? '', date: isoDay(written)}
  }

  return {
    encode,
    waitingFor: () => part!,
    rows: () => row.number - 1,
    skipped: () => skipped,
    documents: () => ({...(first && {first}), ...(last && {last})}),
  }
}

/** The fields with a part of their own in the loop; of those that are read as numbers, their places among all. */
interface Places {
  readonly date: Field
  readonly side: Field
  readonly taxKey: Field | undefined
  readonly number: Field | undefined
  readonly amount: Field
  /** Both of them. */
  readonly accounts: readonly Field[]
  readonly amountAt: number
  readonly accountAt: number
  readonly taxKeyAt: number
  readonly currencyAt: number
}

function placesOf({layout: {fields}}: RowPlan): Places {
  const at = (role: Role): number => fields.findIndex((field) => field.column.role === role)
  return {
    date: fields[at('documentDate')]!,
    side: fields[at('side')]!,
    taxKey: fields[at('taxKey')],
    number: fields[at('documentNumber')],
    amount: fields[at('amount')]!,
    accounts: [fields[at('account')]!, fields[at('contraAccount')]!],
    amountAt: at('amount'),
    accountAt: at('account'),
    taxKeyAt: at('taxKey'),
    currencyAt: at('currency'),
  }
}
