// How the sample company's program posts a booking in double entry: gross on one side, net and tax on the other, a control account for partners.
import {PARTNERS} from './master-data.ts'
import type {Booking, JournalLine, Partner} from './types.ts'

/** A tax code of the ledger, with the account that its tax goes to. */
export interface Tax {
  readonly code: string
  readonly name: string
  /** Per cent. */
  readonly rate: number
  readonly account: number
  /** On the side of the net amount (input tax), or against it at once (acquisition inside the Union). */
  readonly against?: number
}

export const TAXES = {
  U19: {code: 'U19', name: 'Umsatzsteuer 19 %', rate: 19, account: 1776},
  U7: {code: 'U7', name: 'Umsatzsteuer 7 %', rate: 7, account: 1771},
  V19: {code: 'V19', name: 'Vorsteuer 19 %', rate: 19, account: 1576},
  E19: {code: 'E19', name: 'Innergemeinschaftlicher Erwerb 19 %', rate: 19, account: 1574, against: 1774},
} as const satisfies Readonly<Record<string, Tax>>

const RECEIVABLES = 1400
const PAYABLES = 1600
const DISCOUNT_GIVEN = 8736
const DISCOUNT_TAKEN = 3736

/** Accounts that reckon their tax by themselves. */
const AUTOMATIC = new Map<number, Tax>([
  [8400, TAXES.U19],
  [8300, TAXES.U7],
  [3400, TAXES.V19],
  [3425, TAXES.E19],
])
const BY_KEY = new Map<string, Tax>([
  ['2', TAXES.U7],
  ['3', TAXES.U19],
  ['9', TAXES.V19],
])

const PARTNER_BY_NUMBER = new Map<number, Partner>(PARTNERS.map((partner) => [partner.number, partner]))

type Leg = Pick<JournalLine, 'account' | 'side' | 'cents'> & Partial<Pick<JournalLine, 'customer' | 'supplier' | 'taxCode' | 'taxBaseCents' | 'taxCents'>>

/** The lines of every booking; each transaction balances to the cent. */
export function journalOf(bookings: readonly Booking[]): JournalLine[] {
  return bookings.flatMap(linesOf)
}

function linesOf(booking: Booking): JournalLine[] {
  const {id, currency, rate, cents, cancels} = booking
  const journal = journalOfBooking(booking)
  return legsOf(booking).map((leg, index) => ({
    bookingId: id,
    line: index + 1,
    journal,
    postingDate: booking.documentDate,
    documentNumber: booking.documentNumber,
    text: booking.description,
    ...leg,
    // What is taken back stands on the other side.
    side: cancels === undefined ? leg.side : opposite(leg.side),
    ...(rate !== undefined && index === 0 && {currency, currencyCents: cents, rate}),
    ...(booking.costCenter !== undefined && leg.customer === undefined && leg.supplier === undefined && {costCenter: booking.costCenter}),
  }))
}

/** VK sales, EK purchases, ZB money, SO whatever else. */
function journalOfBooking({account, contraAccount}: Booking): JournalLine['journal'] {
  if ([account, contraAccount].some((number) => number === 1000 || number === 1200)) return 'ZB'
  const partner = PARTNER_BY_NUMBER.get(account)
  return partner === undefined ? 'SO' : partner.kind === 'customer' ? 'VK' : 'EK'
}

function legsOf(booking: Booking): Leg[] {
  const {account, contraAccount, side, euroCents, discountCents} = booking
  const [own, contra] = [taxOf(account, booking), taxOf(contraAccount, booking)]
  if (discountCents !== undefined) return paymentWithDiscount(booking, discountCents)
  return [
    ...splitLegs(account, side, {cents: euroCents, tax: contra === undefined ? own : undefined}),
    ...splitLegs(contraAccount, opposite(side), {cents: euroCents, tax: contra}),
  ]
}

/** The tax of an account in this booking: its own, or that of the key where the account has none. */
function taxOf(account: number, {taxKey}: Booking): Tax | undefined {
  const automatic = AUTOMATIC.get(account)
  if (automatic !== undefined) return automatic
  const taxable = (account >= 3000 && account < 5000) || (account >= 8000 && account < 9000)
  return taxable && taxKey !== undefined ? BY_KEY.get(taxKey) : undefined
}

/** One account's side of a booking: the account alone, or net and tax. */
function splitLegs(account: number, side: Booking['side'], {cents, tax}: {cents: number; tax: Tax | undefined}): Leg[] {
  if (tax === undefined) return [{...partnerAccount(account), side, cents}]
  if (tax.against !== undefined) {
    const taxCents = share(cents, tax.rate, 100)
    return [
      {account, side, cents, taxCode: tax.code, taxBaseCents: cents, taxCents},
      {account: tax.account, side, cents: taxCents},
      {account: tax.against, side: opposite(side), cents: taxCents},
    ].filter((leg) => leg.cents > 0)
  }
  const taxCents = share(cents, tax.rate, 100 + tax.rate)
  const net = cents - taxCents
  const legs: Leg[] = [
    {account, side, cents: net, taxCode: tax.code, taxBaseCents: net, taxCents},
    {account: tax.account, side, cents: taxCents},
  ]
  return legs.filter((leg) => leg.cents > 0)
}

/** The bank gets (or gives) what is paid, the partner is cleared of the whole, the rest is discount. */
function paymentWithDiscount({account, contraAccount, side, euroCents}: Booking, discountCents: number): Leg[] {
  const discount = side === 'debit' ? DISCOUNT_GIVEN : DISCOUNT_TAKEN
  return [
    {account, side, cents: euroCents},
    {account: discount, side, cents: discountCents},
    {...partnerAccount(contraAccount), side: opposite(side), cents: euroCents + discountCents},
  ]
}

/** A partner stands on a control account. */
function partnerAccount(account: number): Pick<Leg, 'account' | 'customer' | 'supplier'> {
  const partner = PARTNER_BY_NUMBER.get(account)
  if (partner === undefined) return {account}
  return partner.kind === 'customer' ? {account: RECEIVABLES, customer: account} : {account: PAYABLES, supplier: account}
}

/** cents × part ÷ whole, half a cent rounded up: whole numbers below 2^53 all the way. */
function share(cents: number, part: number, whole: number): number {
  return Math.floor((2 * cents * part + whole) / (2 * whole))
}

function opposite(side: Booking['side']): Booking['side'] {
  return side === 'debit' ? 'credit' : 'debit'
}
