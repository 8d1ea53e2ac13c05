import {readFile} from 'node:fs/promises'
import {expect, test} from 'vitest'
import {bookingsCsv} from './csv.ts'
import {generateLedger} from './generate.ts'
import {PARTNERS, ACCOUNTS} from './master-data.ts'

const ledger = generateLedger()
const inMonths = ledger.bookings.filter(({documentDate}) => documentDate >= '2026-08-01' && documentDate <= '2026-10-31')

test('three months hold at least 5,000 bookings, and a few lie before and after', () => {
  expect(inMonths.length).toBeGreaterThanOrEqual(5_000)
  expect(ledger.bookings.some(({documentDate}) => documentDate < '2026-08-01')).toBe(true)
  expect(ledger.bookings.some(({documentDate}) => documentDate > '2026-10-31')).toBe(true)
})

test('the ledger is the same every time', () => {
  expect(generateLedger()).toEqual(ledger)
})

test('the committed CSV is what the generator makes', async () => {
  const committed = await readFile(new URL('bookings-2026-10.csv', import.meta.url), 'utf8')
  // Stale? npm run --silent ledger -- csv 2026-10 > examples/ledger/bookings-2026-10.csv
  expect(committed === bookingsCsv(ledger, '2026-10')).toBe(true)
})

test('another quarter can be had, for clocks that stand elsewhere', () => {
  const days = generateLedger('2031-12-01').bookings.map(({documentDate}) => documentDate)
  expect(days.filter((day) => day >= '2032-02-01' && day <= '2032-02-29').length).toBeGreaterThan(1_000)
})

test.each([
  ['a cent', 1],
  ['the largest amount the format holds', 999_999_999_999],
])('every month books %s', (_, cents) => {
  const months = inMonths.filter((booking) => booking.cents === cents).map(({documentDate}) => documentDate.slice(0, 7))
  expect(new Set(months)).toEqual(new Set(['2026-08', '2026-09', '2026-10']))
})

test.each(['ä', 'ß', '€', '"', ';', "'", '&', '–', 'Ç'])('some text holds %s', (character) => {
  expect(inMonths.some(({description}) => description.includes(character))).toBe(true)
})

test('every text fits the format: 60 characters of Windows-1252', () => {
  const cp1252 = new Set(new TextDecoder('windows-1252').decode(Uint8Array.from({length: 256}, (_, byte) => byte)))
  const unfit = ledger.bookings.filter(({description}) => description.length > 60 || description.split('').some((unit) => !cp1252.has(unit)))
  expect(unfit).toEqual([])
})

test('there are tax keys, cost centres, discounts, service dates, foreign currency and cancellations', () => {
  const october = inMonths.filter(({documentDate}) => documentDate.startsWith('2026-10'))
  const fields = ['taxKey', 'costCenter', 'project', 'discountCents', 'serviceDate', 'rate', 'cancels', 'dueDate', 'reference'] as const
  expect(fields.filter((field) => october.filter((booking) => booking[field] !== undefined).length < 2)).toEqual([])
})

test('a cancellation repeats what it takes back', () => {
  for (const {cancels, account, contraAccount, side, cents} of ledger.bookings.filter((booking) => booking.cancels !== undefined)) {
    expect(ledger.bookings.find(({id}) => id === cancels)).toMatchObject({account, contraAccount, side, cents})
  }
})

test('every account is known, and document numbers hold only what DATEV takes', () => {
  const known = new Set([...ACCOUNTS, ...PARTNERS].map(({number}) => number))
  for (const {account, contraAccount, documentNumber, reference} of ledger.bookings) {
    expect(known.has(account) && known.has(contraAccount)).toBe(true)
    expect(documentNumber).toMatch(/^[A-Z0-9/-]{1,36}$/)
    expect(reference ?? 'R1').toMatch(/^[A-Z0-9/-]{1,12}$/)
  }
})

test('every transaction of the journal balances, and so does the whole of it', () => {
  const balances = new Map<number, number>()
  for (const {bookingId, side, cents} of ledger.journal) {
    expect(cents).toBeGreaterThan(0)
    balances.set(bookingId, (balances.get(bookingId) ?? 0) + (side === 'debit' ? cents : -cents))
  }
  expect(balances.size).toBe(ledger.bookings.length)
  expect([...balances.values()].every((balance) => balance === 0)).toBe(true)
})

test('the journal has tax on both kinds of documents, partners on control accounts and foreign currency', () => {
  const has = (matches: (line: (typeof ledger.journal)[number]) => boolean): number => ledger.journal.filter(matches).length
  expect(new Set(ledger.journal.flatMap(({taxCode}) => taxCode ?? []))).toEqual(new Set(['U19', 'U7', 'V19', 'E19']))
  expect(has(({customer, account}) => customer !== undefined && account === 1400)).toBeGreaterThan(100)
  expect(has(({supplier, account}) => supplier !== undefined && account === 1600)).toBeGreaterThan(100)
  expect(has(({currency}) => currency !== undefined)).toBeGreaterThan(10)
  const known = new Set(ACCOUNTS.map(({number}) => number))
  expect(ledger.journal.filter(({account}) => !known.has(account))).toEqual([])
})
