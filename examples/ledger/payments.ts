// What follows later or every month: payments, cancellations, wages, rent, tax.
import {addDays, lastDayOfMonth} from './calendar.ts'
import {cut} from './trade.ts'
import type {Day} from './trade.ts'
import type {Booking, Draft} from './types.ts'

/** The payment of an invoice, now and then with 2 % discount. Abroad it comes in euros. */
export function payment(invoice: Booking, day: Day): Draft {
  const incoming = invoice.side === 'debit'
  const discountCents = day.random.chance(25) ? Math.round(invoice.euroCents * 0.02) : 0
  return {
    documentDate: day.date,
    documentNumber: invoice.documentNumber,
    ...(invoice.reference !== undefined && {reference: invoice.reference}),
    account: 1200,
    contraAccount: invoice.account,
    side: incoming ? 'debit' : 'credit',
    cents: invoice.euroCents - discountCents,
    ...(discountCents > 0 && {discountCents}),
    description: cut(`${incoming ? 'Eingang' : 'Überweisung'} zu ${invoice.documentNumber}`),
  }
}

/** Takes a booking back with its own sides (Generalumkehr), so that turnover does not swell on both. */
export function cancellation(booking: Booking, date: string): Draft {
  const {id, euroCents: _, ...copy} = booking
  return {...copy, documentDate: date, description: cut(`Storno: ${booking.description}`), cancels: id}
}

/** What falls due in any month, with the day of the month it is booked on. */
export function monthlyBookings(day: Day): Draft[] {
  const {date, random} = day
  const drafts: Draft[] = []
  const add = (draft: Omit<Draft, 'documentDate' | 'documentNumber' | 'side'>): number =>
    drafts.push({...draft, documentDate: date, documentNumber: day.nextNumber('MB'), side: 'debit'})
  if (date.endsWith('-01')) {
    add({account: 4210, contraAccount: 1200, cents: 480_000, taxKey: '9', costCenter: 'WERK', description: 'Miete Halle 3, Süderstraße'})
  }
  if (date.endsWith('-10')) {
    add({account: 1780, contraAccount: 1200, cents: random.between(900_000, 1_900_000), description: 'USt-Vorauszahlung Finanzamt'})
  }
  if (date === lastDayOfMonth(date)) {
    for (const name of ['Jürgen Weiß', 'Zoë Çelik', 'Søren Großmann', 'Håkon Müller-Lüdenscheid']) {
      add({account: 4120, contraAccount: 1740, cents: random.between(290_000, 430_000), costCenter: 'VERW', description: `Gehalt ${name}`})
    }
    add({account: 4830, contraAccount: 410, cents: 123_456, costCenter: 'WERK', description: 'AfA Geschäftsausstattung'})
    add({account: 4970, contraAccount: 1200, cents: 1_290, description: "Kontoführung; 'Business' à 0,10 €"})
  }
  return drafts
}

/** The edges of the format: one cent, and the largest amount it can hold, typed by mistake and taken back the next day. */
export function edgeCases(day: Day): Draft[] {
  const {date} = day
  if (date.endsWith('-12')) {
    const documentNumber = day.nextNumber('MB')
    return [
      {documentDate: date, documentNumber, account: 2309, contraAccount: 1200, side: 'debit', cents: 1, description: 'Rundungsdifferenz 0,01 €'},
    ]
  }
  if (date.endsWith('-14')) {
    const documentNumber = day.nextNumber('MB')
    const description = 'Umbuchung "Treuhand"; Betrag vertippt'
    return [{documentDate: date, documentNumber, account: 1590, contraAccount: 1360, side: 'debit', cents: 999_999_999_999, description}]
  }
  return []
}

/** Whether the mistake of edgeCases is to be taken back, and when. */
export function correctionDate(booking: Booking): string | undefined {
  return booking.cents === 999_999_999_999 ? addDays(booking.documentDate, 1) : undefined
}
