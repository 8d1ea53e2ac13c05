// The ledger's bookings as the ndjson source reads them: one object a line, canonical keys, null for what is empty.
import {COLUMNS} from './csv.ts'
import type {Booking, Ledger} from './types.ts'

/** Written as JSON numbers, digit for digit: a float would lose some. */
const NUMBERS = new Set(['amount', 'exchange_rate', 'base_amount', 'discount'])

/** The bookings of one month ("2026-10") as NDJSON. */
export function bookingsNdjson({bookings}: Ledger, month: string): string {
  return bookings
    .filter(({documentDate}) => documentDate.startsWith(month))
    .map((booking) => `${bookingJson(booking)}\n`)
    .join('')
}

/** Every key stands in the first line too, so that it fixes them. */
export function bookingJson(booking: Booking): string {
  const members = Object.entries(COLUMNS).map(([name, cell]) => `${JSON.stringify(name)}: ${json(name, cell(booking))}`)
  return `{${members.join(', ')}}`
}

function json(name: string, value: string | number | undefined): string {
  if (value === undefined) return 'null'
  if (name === 'reversal') return String(value === 't')
  return NUMBERS.has(name) ? String(value) : JSON.stringify(String(value))
}
