// Makes the sample ledger: the same rows for the same months, on every machine.
import {addDays, addMonths, daysBetween, weekday} from './calendar.ts'
import {journalOf} from './journal.ts'
import {ACCOUNTS, COST_CENTERS, PARTNERS} from './master-data.ts'
import {cancellation, correctionDate, edgeCases, monthlyBookings, payment} from './payments.ts'
import {seededRandom} from './random.ts'
import type {Random} from './random.ts'
import {dealerInvoice, expense, exportInvoice, postage, purchase, retailSale} from './trade.ts'
import type {Day} from './trade.ts'
import type {Booking, Draft, Ledger} from './types.ts'

/** First day of the first of the three months. */
export const FIRST_MONTH = '2026-08-01'
const MONTHS = 3
/** Days of business before and after the three months, so that an export has something to leave out. */
const MARGIN_DAYS = 5
const SEED = 20_261_031

const DAILY: readonly [kind: (day: Day) => Draft, low: number, high: number][] = [
  [dealerInvoice, 6, 14],
  [retailSale, 22, 42],
  [exportInvoice, 0, 3],
  [purchase, 3, 9],
  [expense, 1, 5],
  [postage, 0, 2],
]

/** The ledger of three months from `firstMonth` (the first day of a month). */
export function generateLedger(firstMonth: string = FIRST_MONTH): Ledger {
  const random = seededRandom(SEED)
  const bookings: Booking[] = []
  const calendar = new Map<string, ((day: Day) => Draft)[]>()
  const nextNumber = numberSeries()
  const book = (draft: Draft): Booking => {
    const booking = numbered(draft, bookings.length + 1)
    bookings.push(booking)
    return booking
  }
  const days = daysBetween(addDays(firstMonth, -MARGIN_DAYS), addDays(addMonths(firstMonth, MONTHS), MARGIN_DAYS - 1))
  for (const date of days) {
    const day: Day = {date, random, nextNumber: (series) => nextNumber(series, date)}
    for (const draft of draftsOf(day)) planLater(book(draft), random, calendar)
    for (const due of calendar.get(date) ?? []) book(due(day))
  }
  return {accounts: ACCOUNTS, partners: PARTNERS, costCenters: COST_CENTERS, bookings, journal: journalOf(bookings)}
}

function draftsOf(day: Day): Draft[] {
  const drafts = [...monthlyBookings(day), ...edgeCases(day)]
  const closed = weekday(day.date) === 0
  for (const [kind, low, high] of closed ? [] : DAILY) {
    const count = day.random.between(low, high)
    for (let index = 0; index < count; index++) drafts.push(kind(day))
  }
  return drafts
}

/** Puts what follows from a booking into the calendar: its payment, or its cancellation. */
function planLater(booking: Booking, random: Random, calendar: Map<string, ((day: Day) => Draft)[]>): void {
  const plan = (date: string, make: (day: Day) => Draft): unknown => calendar.set(date, [...(calendar.get(date) ?? []), make])
  const correction = correctionDate(booking)
  if (correction !== undefined) plan(correction, () => cancellation(booking, correction))
  if (booking.dueDate === undefined) return
  if (random.chance(2)) {
    const date = addDays(booking.documentDate, random.between(1, 5))
    plan(date, () => cancellation(booking, date))
  } else if (random.chance(85)) {
    plan(addDays(booking.dueDate, random.between(-12, 4)), (day) => payment(booking, day))
  }
}

/** Document numbers count up within a series and a year. */
function numberSeries(): (series: string, date: string) => string {
  const last = new Map<string, number>()
  return (series, date) => {
    const prefix = `${series}-${date.slice(0, 4)}-`
    const number = (last.get(prefix) ?? 0) + 1
    last.set(prefix, number)
    return prefix + String(number).padStart(6, '0')
  }
}

function numbered(draft: Draft, id: number): Booking {
  const {currency = 'EUR', rate} = draft
  // Half a cent is rounded up, as merchants do; both factors stay below 2^53.
  const euroCents = rate === undefined ? draft.cents : Math.floor((2 * draft.cents * 1_000_000 + rate) / (2 * rate))
  return {...draft, id, currency, euroCents}
}
