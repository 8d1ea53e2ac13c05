// What the sample company sells and buys on an ordinary day, as bookings.
import {addDays, germanDay} from './calendar.ts'
import {COST_CENTERS, partnersOf} from './master-data.ts'
import type {Random} from './random.ts'
import type {Draft, Partner} from './types.ts'

/** What a day's bookings are made from: its date, chance, and running numbers for documents. */
export interface Day {
  readonly date: string
  readonly random: Random
  /** The next document number of that series, such as AR-2026-004711. */
  nextNumber(series: string): string
}

interface Article {
  readonly text: string
  readonly low: number
  readonly high: number
}

/** Prices in cents, gross. */
const BICYCLES: readonly [Article, ...Article[]] = [
  {text: 'Tourenrad "Deichläufer 7", Größe M', low: 89_900, high: 149_900},
  {text: 'Lastenrad "Möwe"; Kasten aus Birke', low: 349_900, high: 529_900},
  {text: 'Kinderrad Käpt’n 16 Zoll, weiß/grün', low: 24_900, high: 34_900},
  {text: 'E-Rad Brise, Akku 500 Wh, Heckträger', low: 219_900, high: 389_900},
]
const PARTS: readonly [Article, ...Article[]] = [
  {text: 'Schlauch 28", Autoventil', low: 595, high: 990},
  {text: 'Bremsbeläge (Paar), für Scheibe', low: 1_290, high: 2_490},
  {text: 'Öl & Fett – Pflegeset groß', low: 899, high: 1_799},
  {text: 'Glocke "Schiffshorn", Messing', low: 1_450, high: 2_950},
  {text: 'Inspektion 49 € + Kleinteile', low: 4_900, high: 9_800},
  {text: 'Satteltasche aus Filz; genäht', low: 3_900, high: 6_900},
  {text: 'Ventilkappe, einzeln', low: 25, high: 95},
]
const MAPS: readonly [Article, ...Article[]] = [
  {text: 'Radwanderkarte Nordfriesland', low: 890, high: 1_490},
  {text: 'Buch "Mit dem Rad zum Wattenmeer"', low: 1_290, high: 2_490},
]
const RATES: Readonly<Record<string, {readonly currency: string; readonly low: number; readonly high: number}>> = {
  CH: {currency: 'CHF', low: 931_000, high: 948_500},
  US: {currency: 'USD', low: 1_152_000, high: 1_181_000},
  TW: {currency: 'USD', low: 1_152_000, high: 1_181_000},
}

/** An invoice to a dealer, due in 30 days. */
export function dealerInvoice(day: Day): Draft {
  const {random, date} = day
  const dealer = random.pick(partnersOf('customer', 'inland'))
  const pieces = random.between(1, 6)
  const article = random.pick(BICYCLES)
  const delivered = random.chance(8) ? addDays(date, -random.between(1, 6)) : undefined
  return {
    documentDate: date,
    ...(delivered !== undefined && {serviceDate: delivered}),
    dueDate: addDays(date, 30),
    documentNumber: day.nextNumber('AR'),
    account: dealer.number,
    contraAccount: 8400,
    side: 'debit',
    cents: pieces * random.between(article.low, article.high),
    costCenter: 'WERK',
    ...(random.chance(15) && {project: `FLOTTE ${random.between(1, 9)}`}),
    description: cut(`${pieces} × ${article.text}`),
  }
}

/** A sale over the counter or by post: paid at once. */
export function retailSale(day: Day): Draft {
  const {random} = day
  const kind = random.between(1, 100)
  const article = random.pick(kind <= 12 ? BICYCLES : kind <= 22 ? MAPS : PARTS)
  const reduced = kind > 12 && kind <= 22
  const byPost = random.chance(35)
  // 8300 and 8400 reckon the tax by themselves; on 8200 the key says it: 2 is 7 %, 3 is 19 %.
  const keyed = random.chance(20)
  return {
    documentDate: day.date,
    documentNumber: day.nextNumber(byPost ? 'NV' : 'KB'),
    account: byPost ? 1200 : 1000,
    contraAccount: keyed ? 8200 : reduced ? 8300 : 8400,
    side: 'debit',
    cents: random.between(article.low, article.high),
    ...(keyed && {taxKey: reduced ? '2' : '3'}),
    costCenter: byPost ? 'NETZ' : 'LADEN',
    description: cut(article.text),
  }
}

/** An invoice abroad: tax-free, with the VAT id inside the Union, in francs or dollars outside. */
export function exportInvoice(day: Day): Draft {
  const {random, date} = day
  const customer = random.pick(partnersOf('customer', 'abroad'))
  return {
    documentDate: date,
    dueDate: addDays(date, 60),
    documentNumber: day.nextNumber('EX'),
    account: customer.number,
    contraAccount: customer.vatId === undefined ? 8120 : 8125,
    side: 'debit',
    cents: random.between(120_000, 1_900_000),
    ...foreignCurrency(day, customer),
    costCenter: 'WERK',
    description: cut(`Räder nach ${customer.city}: ${customer.name}`),
  }
}

/** An invoice for goods. */
export function purchase(day: Day): Draft {
  const {random, date} = day
  const abroad = random.chance(18)
  const supplier = random.pick(partnersOf('supplier', abroad ? 'abroad' : 'inland'))
  const account = !abroad ? random.pick([3400, 3200]) : supplier.vatId === undefined ? 3200 : 3425
  return {
    documentDate: date,
    dueDate: addDays(date, random.pick([14, 30])),
    documentNumber: day.nextNumber('ER'),
    reference: `R${random.between(10_000, 999_999)}`,
    account: supplier.number,
    contraAccount: account,
    side: 'credit',
    cents: random.between(4_900, 1_250_000),
    ...foreignCurrency(day, supplier),
    ...(account === 3200 && !abroad && {taxKey: '9'}),
    costCenter: 'WERK',
    description: cut(`Teile von ${supplier.name}`),
  }
}

const EXPENSES: readonly [readonly [account: number, text: string], ...(readonly [account: number, text: string])[]] = [
  [4240, 'Strom & Wasser Werkstatt'],
  [4530, 'Diesel Lieferwagen NF-DL 77'],
  [4600, 'Anzeige "Frühstück & Fahrrad"; halbe Seite'],
  [4650, 'Bewirtung Händlertreffen, Gaststätte Süderhörn'],
  [4920, 'Telefon/Internet'],
  [4930, 'Toner, Papier, Heftklammern'],
]

/** An invoice for running costs; tax key 9 is 19 % input tax. */
export function expense(day: Day): Draft {
  const {random, date} = day
  const [account, text] = random.pick(EXPENSES)
  const supplier = random.pick(partnersOf('supplier', 'inland'))
  return {
    documentDate: date,
    dueDate: addDays(date, 14),
    documentNumber: day.nextNumber('ER'),
    reference: `${random.between(1, 99)}/${date.slice(0, 4)}`,
    account: supplier.number,
    contraAccount: account,
    side: 'credit',
    cents: random.between(990, 89_000),
    taxKey: '9',
    costCenter: random.pick(COST_CENTERS).code,
    description: cut(`${text} (${germanDay(date)})`),
  }
}

/** Stamps and the like: no tax, small. */
export function postage(day: Day): Draft {
  return {
    documentDate: day.date,
    documentNumber: day.nextNumber('KB'),
    account: 4910,
    contraAccount: 1000,
    side: 'debit',
    cents: day.random.between(95, 4_900),
    costCenter: 'VERW',
    description: 'Porto – Maxibriefe für Stoßdämpfer',
  }
}

function foreignCurrency({random}: Day, partner: Partner): Partial<Draft> {
  const range = RATES[partner.country]
  return range === undefined ? {} : {currency: range.currency, rate: random.between(range.low, range.high)}
}

/** DATEV's booking text has 60 characters; the company's own program knows that. */
export function cut(text: string): string {
  return text.slice(0, 60)
}
