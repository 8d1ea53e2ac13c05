// The ledger's bookings as the csv source reads them: canonical columns, UTF-8, ISO dates, decimal point.
import {partnersOf} from './master-data.ts'
import type {Booking, Ledger} from './types.ts'

type Cell = string | number | undefined

const VAT_IDS = new Map(partnersOf('customer', 'abroad').map(({number, vatId}) => [number, vatId]))

/** The view bookings_for_datev of schema.sql, once more. */
export const COLUMNS: Readonly<Record<string, (booking: Booking) => Cell>> = {
  amount: (booking) => money(booking.cents),
  debit_credit: (booking) => (booking.side === 'debit' ? 'S' : 'H'),
  currency: (booking) => booking.currency,
  exchange_rate: (booking) => booking.rate && decimal(booking.rate, 6),
  base_amount: (booking) => booking.rate && money(booking.euroCents),
  base_currency: (booking) => booking.rate && 'EUR',
  account: (booking) => booking.account,
  contra_account: (booking) => booking.contraAccount,
  tax_key: (booking) => booking.taxKey,
  document_date: (booking) => booking.documentDate,
  document_number: (booking) => booking.documentNumber,
  document_number_2: (booking) => booking.reference,
  discount: (booking) => booking.discountCents && money(booking.discountCents),
  text: (booking) => booking.description,
  cost_center_1: (booking) => booking.costCenter,
  cost_center_2: (booking) => booking.project,
  due_date: (booking) => booking.dueDate,
  service_date: (booking) => booking.serviceDate,
  tax_period_date: (booking) => booking.serviceDate && booking.documentDate,
  vat_id: (booking) => VAT_IDS.get(booking.account),
  reversal: (booking) => (booking.cancels === undefined ? 'f' : 't'),
}

/** The bookings of one month ("2026-10") as CSV, heading line first. */
export function bookingsCsv({bookings}: Ledger, month: string): string {
  const lines = [Object.keys(COLUMNS).join(',')]
  for (const booking of bookings) {
    if (!booking.documentDate.startsWith(month)) continue
    lines.push(
      Object.values(COLUMNS)
        .map((cell) => quote(cell(booking)))
        .join(','),
    )
  }
  return lines.join('\n') + '\n'
}

/** Cents as decimal text: 1234 is "12.34". */
export function money(cents: number): string {
  return decimal(cents, 2)
}

/** A whole number of units of 10^-places as decimal text. */
export function decimal(units: number, places: number): string {
  const digits = String(units).padStart(places + 1, '0')
  return `${digits.slice(0, -places)}.${digits.slice(-places)}`
}

function quote(value: Cell): string {
  const text = value === undefined ? '' : String(value)
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
