// The hot loop over bookings: which file a row goes to, its sums, the first and the last document. row.ts writes the row itself.
import type {DocumentRef} from '../protocol.ts'
import {fieldText} from '../copy-rows.ts'
import {readDate} from '../values/dates.ts'
import {packLetters} from './codes.ts'
import {POSITION} from './columns.ts'
import {taxKeyNumber} from './number-values.ts'
import type {Part, Parts} from './parts.ts'
import type {Field, RowPlan} from './plan.ts'
import {isoDay} from './ranges.ts'
import type {RowOptions} from './row.ts'
import {broken, createRow, isFilled, point, splitRow, writeRow} from './row.ts'
import type {Booked, StackSums} from './sums.ts'
import {OWN_CURRENCY} from './sums.ts'

export interface EncoderOptions extends RowOptions {
  readonly parts: Parts
  readonly sums: StackSums
}

export interface RowEncoder {
  /**
   * Encodes whole rows from `position` on; gives the length of `rows`, or the start of a row whose part is not ready.
   * Faults: what the options' functions throw or make.
   */
  encode(rows: Uint8Array, position: number): number
  /** The part that is not ready. */
  waitingFor(): Part
  /** Rows met so far, right or wrong. */
  rows(): number
  /** The first and the last row that were written. */
  documents(): {readonly first?: DocumentRef; readonly last?: DocumentRef}
}

const CAPITAL_S = 0x53
const NONE = -1

export function createRowEncoder(options: EncoderOptions): RowEncoder {
  const {plan, parts, sums} = options
  const row = createRow(options)
  const {cursor, numbers} = row
  const places = placesOf(plan)
  const {date, side, currency, taxKey} = places
  const booked: Booked = {cents: 0, isDebit: false, month: 0, account: 0, taxKey: 0}
  /** Where a row goes that belongs to no part: its other values are checked all the same. */
  const scrap = new Uint8Array(plan.maxRowBytes)
  let part: Part | undefined
  let day = 0
  let first: DocumentRef | undefined
  let last: DocumentRef | undefined
  /** Start and number of the row written last, as long as its bytes are there. */
  let lastStart = NONE
  let lastRow = 0

  function encode(source: Uint8Array, position: number): number {
    lastStart = NONE
    while (position < source.length) {
      const next = splitRow(row, source, position)
      const found = partOfRow()
      if (found === undefined) refuseRow()
      else if (!parts.isReady(found)) break
      else if (write(found)) {
        lastStart = position
        lastRow = row.number
        first ??= documentOfRow()
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

  function write(to: Part): boolean {
    cursor.out = to.out
    cursor.at = to.at
    if (!writeRow(row)) return false
    to.at = cursor.at
    to.rows++
    addToSums()
    return true
  }

  /** The date is wrong: says so, and whatever else is. */
  function refuseRow(): void {
    cursor.out = scrap
    cursor.at = 0
    writeRow(row)
  }

  /** undefined where the date is wrong, which has been said then. */
  function partOfRow(): Part | undefined {
    point(row, date.source)
    day = readDate(cursor.source, cursor.from, cursor.to)
    if (part !== undefined && day >= part.range.from && day <= part.range.to) return part
    const found = parts.find(day)
    if (found !== undefined) return (part = found)
    // An empty date and one that is none are met again when the row is encoded.
    if (day !== 0) broken(row, date, 'DateOutsidePeriod')
    return undefined
  }

  function addToSums(): void {
    booked.cents = numbers[places.amount]!
    booked.account = numbers[places.account]!
    booked.month = Math.floor(day / 100)
    point(row, side.source)
    booked.isDebit = cursor.source[cursor.from] === CAPITAL_S
    booked.taxKey = taxKey !== undefined && isFilled(row, taxKey.source) ? taxKeyNumber(cursor) : 0
    const named = currency !== undefined && isFilled(row, currency.source)
    sums.add(named ? packLetters(cursor.source, cursor.from, cursor.to) : OWN_CURRENCY, booked)
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
    documents: () => ({...(first && {first}), ...(last && {last})}),
  }
}

/** The fields with a part of their own in the loop; of those that are read as numbers, their places among all. */
interface Places {
  readonly date: Field
  readonly side: Field
  readonly currency: Field | undefined
  readonly taxKey: Field | undefined
  readonly number: Field | undefined
  readonly amount: number
  readonly account: number
}

function placesOf({fields}: RowPlan): Places {
  const at = (position: number): number => fields.findIndex((field) => field.column.position === position)
  return {
    date: fields[at(POSITION.documentDate)]!,
    side: fields[at(POSITION.side)]!,
    currency: fields[at(POSITION.currency)],
    taxKey: fields[at(POSITION.taxKey)],
    number: fields[at(POSITION.documentNumber)],
    amount: at(POSITION.amount),
    account: at(POSITION.account),
  }
}
