// Any booking with its documents and shares either is written and reads back by value, or is refused by a named rule at its own row. Nothing
// is changed silently, and no exception gets out.
import * as fc from 'fast-check'
import {expect, test} from 'vitest'
import type {Finding} from '../findings.ts'
import {createFindings} from '../findings.ts'
import type {Row} from '../testing/dataset.ts'
import {contextOf, inputOf, memorySink} from '../testing/memory-sink.ts'
import {createBmdFormat} from './format.ts'
import {RULES} from './rules.ts'
import {booking, bookings, document, share, specOf} from './testing/booking.ts'
import type {BookingRow, FieldFact} from './testing/reader.ts'
import {FACTS, cents, readBookings} from './testing/reader.ts'

/** Rows in the daily loop; PROPERTY_ROWS=100000 and more for a thorough look. */
const ROWS = Number(process.env['PROPERTY_ROWS'] ?? 2_000)
const GROUPS_A_RUN = 20
/** A booking has about one row that follows it. */
const RUNS = Math.ceil(ROWS / GROUPS_A_RUN / 2)

const FORMATS = (['Windows-1252', 'UTF-8'] as const).map((encoding) => createBmdFormat(specOf({encoding})))

const PLAIN = Array.from('ABCabc 0123-_/.,äöüß€"\\\'=+@')
const anyText = fc.oneof(
  {weight: 10, arbitrary: fc.string({unit: fc.constantFrom(...PLAIN), maxLength: 20})},
  {weight: 2, arbitrary: fc.constantFrom('ü'.repeat(20), 'x'.repeat(60), '€'.repeat(255), 'x'.repeat(256), '"', 'Ł', '😀')},
  {weight: 1, arbitrary: fc.string({unit: 'binary', maxLength: 8})},
  {weight: 1, arbitrary: fc.constantFrom('\t', 'a\nb', String.raw`\N`, ';', 'NULL', ' ', '\u0000', '=cmd()', '\u0085')},
)

function digits(least: number, most: number): fc.Arbitrary<string> {
  return fc.string({unit: fc.constantFrom(...Array.from('0123456789')), minLength: least, maxLength: most})
}

const anyNumber = fc.oneof(
  {weight: 6, arbitrary: fc.tuple(fc.constantFrom('', '', '-'), digits(1, 6), digits(1, 2)).map(([sign, before, after]) => `${sign}${before}.${after}`)},
  {weight: 3, arbitrary: digits(1, 3)},
  {weight: 1, arbitrary: fc.tuple(digits(0, 16), digits(0, 9)).map(([before, after]) => `${before}.${after}`)},
  {weight: 1, arbitrary: fc.constantFrom('-1', '0', '-0.00', '00.10', '1,5', '1e3', 'NaN', '+1', '1.', '.1', '--1', '٣')},
)

const anyDate = fc.oneof(
  {weight: 8, arbitrary: fc.integer({min: 1, max: 31}).map((day) => `2026-10-${String(day).padStart(2, '0')}`)},
  {weight: 1, arbitrary: fc.constantFrom('2026-02-29', '2026-13-01', '2026-1-01', '31.10.2026', 'infinity', '1999-12-31', '2026-11-01')},
)

function valueOf({type}: FieldFact): fc.Arbitrary<string> {
  switch (type) {
    case 'int':
      return fc.oneof({weight: 5, arbitrary: digits(1, 2)}, {weight: 1, arbitrary: anyNumber})
    case 'decimal':
      return anyNumber
    case 'date':
      return anyDate
    case 'period':
      return fc.constantFrom('202610', '202600', '20261', 'x')
    default:
      return anyText
  }
}

/** What the kind of document and the currency decide on; they are part of the bookings below. */
const DECIDED = new Set(['satzart', 'konto', 'belegnr', 'belegdatum', 'buchsymbol', 'buchcode', 'betrag', 'steuer', 'prozent', 'steuercode', 'waehrung', 'fwbetrag', 'fwsteuer', 'kobetrag', 'gkonto', 'buchdatum', 'dokument', 'kost'])
const OTHERS = FACTS.filter(({name}) => !DECIDED.has(name))

const anyOther = fc
  .uniqueArray(fc.integer({min: 0, max: OTHERS.length - 1}), {maxLength: 2})
  .chain((indices) => fc.tuple(...indices.map((index) => fc.tuple(fc.constant(ownName(OTHERS[index]!)), fc.oneof({weight: 6, arbitrary: valueOf(OTHERS[index]!)}, {weight: 1, arbitrary: fc.constantFrom(null, '')})))))
  .map((values) => Object.fromEntries(values))

function ownName({name}: FieldFact): string {
  return `bmd_${name.replaceAll('-', '_')}`
}

const anyCents = fc.oneof({weight: 6, arbitrary: fc.integer({min: 0, max: 10_000_000})}, {weight: 1, arbitrary: fc.integer({min: 0, max: 999_999_999_999_999})})

function decimal(amount: number): string {
  const text = String(Math.abs(amount)).padStart(3, '0')
  return `${amount < 0 ? '-' : ''}${text.slice(0, -2)}.${text.slice(-2)}`
}

const SIGNS: Readonly<Record<string, readonly [code: string, amount: 1 | -1, tax: 1 | -1]>> = {AR: ['1', 1, -1], GU: ['1', -1, 1], ER: ['2', -1, 1], EG: ['2', 1, -1], 'ER with reverse charge': ['2', -1, -1]}

interface Draft {
  readonly kind: string
  readonly amount: number
  readonly tax: number
  readonly other: Row
  readonly isForeign: boolean
  readonly isGiven: boolean
  readonly shares: readonly number[]
  readonly documents: number
  /** Values of any kind in place of right ones. */
  readonly flaw: Row
  readonly flawAt: number
}

const anyDraft: fc.Arbitrary<Draft> = fc.record({
  kind: fc.oneof({weight: 9, arbitrary: fc.constantFrom(...Object.keys(SIGNS))}, {weight: 1, arbitrary: fc.constantFrom('KA', 'GU with reverse charge', 'X', '')}),
  amount: anyCents,
  tax: fc.integer({min: 0, max: 1_000}),
  other: anyOther,
  isForeign: fc.boolean(),
  isGiven: fc.boolean(),
  shares: fc.oneof({weight: 2, arbitrary: fc.constant([])}, {weight: 1, arbitrary: fc.array(fc.integer({min: -5, max: 1_000}), {minLength: 1, maxLength: 3})}),
  documents: fc.constantFrom(0, 0, 0, 2, 3, 1),
  flaw: fc.oneof(
    {weight: 4, arbitrary: fc.constant({})},
    {weight: 1, arbitrary: fc.tuple(fc.constantFrom('amount', 'account', 'document_number', 'document_date', 'tax_amount', 'tax_rate', 'record_kind', 'currency', 'debit_credit', 'reverse_charge', 'cost_amount', 'reversal'), fc.oneof(anyText, anyNumber, anyDate, fc.constant(null))).map(([name, value]) => ({[name]: value}))},
  ),
  flawAt: fc.integer({min: 0, max: 3}),
})

/** The booking's row, its documents, its shares: right where nothing is drawn that is not. */
function rowsOf(draft: Draft): Row[] {
  const {kind, isForeign, isGiven} = draft
  const [, amountSign, taxSign] = SIGNS[kind] ?? ['', 1, -1]
  const [amount, tax] = [decimal(draft.amount), decimal(draft.tax)]
  const given = {amount: null, tax_amount: null, signed_amount: decimal(amountSign * draft.amount), signed_tax_amount: decimal(taxSign * draft.tax)}
  const foreign = {currency: 'USD', base_amount: amount, base_tax_amount: tax}
  const head = booking({
    document_kind: kind.slice(0, 2),
    record_kind: '0',
    amount,
    tax_amount: tax,
    ...(kind.endsWith('charge') && {reverse_charge: 't'}),
    ...(isForeign && !isGiven && foreign),
    ...(isGiven && {...given, ...(SIGNS[kind] === undefined && {debit_credit: 'S'})}),
    ...draft.other,
  })
  const documents = Array.from({length: draft.documents}, (_, index) => document(`${index}.pdf`))
  const net = amountSign === taxSign ? draft.amount : Math.abs(draft.amount - draft.tax)
  const last = net - draft.shares.slice(1).reduce((sum, each) => sum + each, 0)
  const shares = draft.shares.map((each, index) => share(decimal(index === 0 ? last : each)))
  return [head, ...documents, ...shares].map((row, index) => (index === draft.flawAt ? {...row, ...draft.flaw} : row))
}

/** The same number in one form only: no leading zeros, no trailing ones, no minus before 0. */
function plain(number: string): string {
  const [, sign = '', whole = '', fraction = ''] = /^(-?)0*(\d*)(?:[.,](\d*?)0*)?$/.exec(number) ?? ['', '?', number]
  return whole + fraction === '' ? '0' : `${sign}${whole}.${fraction}`
}

function requireSame(row: Row, back: BookingRow, head: BookingRow): void {
  const says = (name: string, written: string | undefined, expected: string): void => {
    if ((written ?? '') !== expected) throw new Error(`${name}: ${JSON.stringify(row)} was written as ${written}, not ${expected}`)
  }
  says('satzart', back['satzart'], (row['record_kind'] ?? '') === '' ? '0' : row['record_kind']!)
  says('konto', back['konto'], row['account'] ?? '')
  says('belegnr', back['belegnr'], row['document_number'] ?? '')
  says('dokument', back['dokument'], row['document_file'] ?? '')
  if (back['satzart'] === '0') requireSameAmounts(row, back)
  if (back['satzart'] === '1') {
    const isNegative = row['cost_amount']!.startsWith('-') !== isNetNegative(head)
    const sign = isNegative ? '-' : ''
    says('kobetrag', plain(back['kobetrag']!), plain(`${sign}${row['cost_amount']!.replace('-', '')}`))
  }
  for (const fact of OTHERS) {
    const value = row[ownName(fact)] ?? ''
    if (fact.type === 'decimal') says(fact.name, value === '' ? back[fact.name] : plain(back[fact.name]!), value === '' ? '' : plain(value))
    else if (fact.type === 'date') says(fact.name, back[fact.name], value.split('-').toReversed().join('.'))
    else if (fact.type === 'int') says(fact.name, value === '' ? back[fact.name] : String(Number(back[fact.name])), value === '' ? '' : String(Number(value)))
    else says(fact.name, back[fact.name], value)
  }
}

/** Gross less tax where both have different signs; betrag is net where they have the same one. */
function isNetNegative(head: BookingRow): boolean {
  const [amount, tax] = [cents(head['betrag']), cents(head['steuer'])]
  return (amount * tax < 0n ? amount + tax : amount) < 0n
}

function caseOf(row: Row) {
  return SIGNS[`${row['document_kind']}${['t', '1'].includes(row['reverse_charge'] ?? '') && row['document_kind'] !== 'AR' ? ' with reverse charge' : ''}`]
}

function requireSameAmounts(row: Row, back: BookingRow): void {
  const [code, amountSign, taxSign] = caseOf(row) ?? [row['debit_credit'] === 'S' ? '1' : '2', 1, 1]
  const isForeign = ![null, undefined, '', 'EUR'].includes(row['currency'])
  const expected = {
    betrag: row['signed_amount'] ?? signed(amountSign, isForeign ? row['base_amount'] : row['amount']),
    steuer: row['signed_tax_amount'] ?? signed(taxSign, isForeign ? row['base_tax_amount'] : row['tax_amount']),
    fwbetrag: isForeign ? signed(amountSign, row['amount']) : '',
    fwsteuer: isForeign ? signed(taxSign, row['tax_amount']) : '',
  }
  expect(back['buchcode']).toBe(code)
  for (const [name, value] of Object.entries(expected)) {
    const written = back[name] ?? ''
    expect(`${name} ${written === '' ? '' : plain(written)}`).toBe(`${name} ${value === '' ? '' : plain(value)}`)
  }
}

function signed(sign: 1 | -1, amount: string | null | undefined): string {
  return amount === null || amount === undefined || amount === '' ? '' : `${sign < 0 ? '-' : ''}${amount}`
}

interface Outcome {
  readonly findings: readonly Finding[]
  readonly rows: readonly BookingRow[]
}

async function writeGroup(rows: readonly Row[], format: (typeof FORMATS)[number]): Promise<Outcome> {
  const sink = memorySink()
  const context = contextOf({findings: createFindings(1_000)})
  await format.write(inputOf(bookings(...rows)), sink, context)
  const findings = context.findings.errors()
  return {findings, rows: findings.length > 0 ? [] : readBookings(sink.bytes(0)).rows}
}

test('any booking is written as it is, with what belongs to it, or refused by rules that the findings name', async () => {
  const seen = {written: 0, all: 0, rules: new Set<string>()}
  await fc.assert(
    fc.asyncProperty(fc.array(anyDraft, {minLength: GROUPS_A_RUN, maxLength: GROUPS_A_RUN}), async (drafts) => {
      for (const [index, draft] of drafts.entries()) {
        const rows = rowsOf(draft)
        const {findings, rows: back} = await writeGroup(rows, FORMATS[index % FORMATS.length]!)
        for (const {row, column, rule, right} of findings) {
          expect(row).toBeGreaterThan(0)
          expect(row).toBeLessThanOrEqual(rows.length)
          expect(column).not.toBe('')
          expect(right).toMatch(/^(must|needs) /)
          expect(RULES).toHaveProperty(rule)
          seen.rules.add(rule)
        }
        seen.all += rows.length
        if (findings.length > 0) continue
        expect(back).toHaveLength(rows.length)
        for (const [place, row] of rows.entries()) requireSame(row, back[place]!, back[0]!)
        seen.written += rows.length
      }
    }),
    {numRuns: RUNS},
  )
  // A property that refuses everything, or breaks few rules, proves little.
  expect(seen.written).toBeGreaterThan(seen.all / 4)
  expect(seen.rules.size).toBeGreaterThan(15)
}, 600_000)
