// Any booking with its documents and shares either is written and reads back by value, or is refused by a named rule at its own row. Nothing
// is changed silently, and no exception gets out.
import * as fc from 'fast-check'
import {expect, test} from 'vitest'
import type {Finding} from '../findings.ts'
import {createFindings} from '../findings.ts'
import type {Picker} from '../testing/batches.ts'
import {anySeed, counted, createPicker, extentOf} from '../testing/batches.ts'
import type {Row} from '../testing/dataset.ts'
import {contextOf, inputOf, memorySink} from '../testing/memory-sink.ts'
import {createBmdFormat} from './format.ts'
import {RULES} from './rules.ts'
import {booking, bookings, document, share, specOf} from './testing/booking.ts'
import type {BookingRow, FieldFact} from './testing/reader.ts'
import {FACTS, cents, readBookings} from './testing/reader.ts'

const {rows: ROWS, batch: BATCH, runs: RUNS} = extentOf({batch: 250})

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

/** A field that nothing decides on, filled. */
const anyOther: fc.Arbitrary<Row> = fc
  .constantFrom(...OTHERS)
  .chain((fact) => fc.oneof({weight: 6, arbitrary: valueOf(fact)}, {weight: 1, arbitrary: fc.constantFrom(null, '')}).map((value) => ({[ownName(fact)]: value})))

function ownName({name}: FieldFact): string {
  return `bmd_${name.replaceAll('-', '_')}`
}

const anyCents = fc.oneof({weight: 6, arbitrary: fc.integer({min: 0, max: 10_000_000})}, {weight: 1, arbitrary: fc.integer({min: 0, max: 999_999_999_999_999})})

function decimal(amount: number): string {
  const text = String(Math.abs(amount)).padStart(3, '0')
  return `${amount < 0 ? '-' : ''}${text.slice(0, -2)}.${text.slice(-2)}`
}

const SIGNS: Readonly<Record<string, readonly [code: string, amount: 1 | -1, tax: 1 | -1]>> = {AR: ['1', 1, -1], GU: ['1', -1, 1], ER: ['2', -1, 1], EG: ['2', 1, -1], 'ER with reverse charge': ['2', -1, -1]}

/** What the bookings of a batch are put together from. */
interface Pools {
  readonly kinds: readonly string[]
  readonly amounts: readonly number[]
  readonly taxes: readonly number[]
  readonly others: readonly Row[]
  readonly shares: readonly (readonly number[])[]
  /** Values of any kind in place of right ones. */
  readonly flaws: readonly Row[]
}

const FLAWED = ['amount', 'account', 'document_number', 'document_date', 'tax_amount', 'tax_rate', 'record_kind', 'currency', 'debit_credit', 'reverse_charge', 'cost_amount', 'reversal']

function pool<T>(size: number, arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T[]> {
  return fc.array(arbitrary, {minLength: size, maxLength: size})
}

const anyPools: fc.Arbitrary<Pools> = fc.record({
  kinds: pool(8, fc.oneof({weight: 9, arbitrary: fc.constantFrom(...Object.keys(SIGNS))}, {weight: 1, arbitrary: fc.constantFrom('KA', 'GU with reverse charge', 'X', '')})),
  amounts: pool(8, anyCents),
  taxes: pool(6, fc.integer({min: 0, max: 1_000})),
  others: pool(12, anyOther),
  shares: pool(6, fc.oneof({weight: 2, arbitrary: fc.constant([])}, {weight: 1, arbitrary: pool(3, fc.integer({min: -5, max: 1_000}))})),
  flaws: pool(8, fc.tuple(fc.constantFrom(...FLAWED), fc.oneof(anyText, anyNumber, anyDate, fc.constant(null))).map(([name, value]) => ({[name]: value}))),
})

/** The booking's row, its documents, its shares: right where nothing is drawn that is not. */
function groupOf(pools: Pools, pick: Picker, number: number): Row[] {
  const kind = pick.of(pools.kinds)
  const [, amountSign, taxSign] = SIGNS[kind] ?? ['', 1, -1]
  const [amount, tax] = [pick.of(pools.amounts), pick.of(pools.taxes)]
  const [isForeign, isGiven] = [pick.below(2) === 0, pick.below(2) === 0]
  const given = {amount: null, tax_amount: null, signed_amount: decimal(amountSign * amount), signed_tax_amount: decimal(taxSign * tax)}
  const head = booking({
    document_kind: kind.slice(0, 2),
    record_kind: '0',
    amount: decimal(amount),
    tax_amount: decimal(tax),
    ...(kind.endsWith('charge') && {reverse_charge: 't'}),
    ...(isForeign && !isGiven && {currency: 'USD', base_amount: decimal(amount), base_tax_amount: decimal(tax)}),
    ...(isGiven && {...given, ...(SIGNS[kind] === undefined && {debit_credit: 'S'})}),
    ...Object.assign({}, ...Array.from({length: pick.below(3)}, () => pick.of(pools.others))),
  })
  const documents = Array.from({length: pick.of([0, 0, 0, 2, 3, 1])}, (_, index) => document(`${index}.pdf`))
  const net = amountSign === taxSign ? amount : Math.abs(amount - tax)
  const [first, ...rest] = pick.of(pools.shares)
  const last = net - rest.reduce((sum, each) => sum + each, 0)
  const shares = first === undefined ? [] : [last, ...rest].map((each) => share(decimal(each)))
  const flawAt = pick.below(5) === 0 ? pick.below(4) : -1
  return [head, ...documents, ...shares].map((row, index) => ({...row, document_number: `R${number}`, ...(index === flawAt && pick.of(pools.flaws))}))
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
  for (const [name, value] of Object.entries({buchcode: code, ...expected})) {
    const written = back[name] ?? ''
    const [is, wanted] = name === 'buchcode' ? [written, value] : [written === '' ? '' : plain(written), value === '' ? '' : plain(value)]
    if (is !== wanted) throw new Error(`${name}: ${JSON.stringify(row)} was written as ${written}, not ${value}`)
  }
}

function signed(sign: 1 | -1, amount: string | null | undefined): string {
  return amount === null || amount === undefined || amount === '' ? '' : `${sign < 0 ? '-' : ''}${amount}`
}

/** As many as have the rows of a batch. */
function groupsOf(pools: Pools, pick: Picker): Row[][] {
  const groups: Row[][] = []
  for (let rows = 0; rows < BATCH; rows += groups.at(-1)!.length) groups.push(groupOf(pools, pick, groups.length))
  return groups
}

interface Outcome {
  readonly findings: readonly Finding[]
  readonly rows: readonly BookingRow[]
}

async function write(groups: readonly (readonly Row[])[], format: (typeof FORMATS)[number]): Promise<Outcome> {
  const sink = memorySink()
  const context = contextOf({findings: createFindings(10_000)})
  await format.write(inputOf(bookings(...groups.flat())), sink, context)
  const findings = context.findings.errors()
  return {findings, rows: findings.length > 0 || groups.length === 0 ? [] : readBookings(sink.bytes(0)).rows}
}

/** Groups of whose rows nothing was found. */
function rightOnes(groups: readonly (readonly Row[])[], findings: readonly Finding[]): (readonly Row[])[] {
  const refused = new Set(findings.map(({row}) => row))
  let end = 0
  return groups.filter((rows) => {
    const start = end
    end += rows.length
    return !rows.some((_, index) => refused.has(start + index + 1))
  })
}

function requireNamed({row, column, rule, right}: Finding, rows: number): void {
  const isNamed = row > 0 && row <= rows && column !== '' && /^(must|needs) /.test(right) && rule in RULES
  if (!isNamed) throw new Error(`row ${row}, column ${column}: ${right} [${rule}] names no place or no rule`)
}

test(`any of ${counted(ROWS)} rows is written as it is, with what belongs to it, or refused by rules that the findings name`, async () => {
  const seen = {written: 0, rows: 0, rules: new Set<string>()}
  await fc.assert(
    fc.asyncProperty(anyPools, anySeed, fc.constantFrom(...FORMATS), async (pools, seed, format) => {
      const groups = groupsOf(pools, createPicker(seed))
      const rows = groups.flat().length
      const {findings} = await write(groups, format)
      for (const finding of findings) requireNamed(finding, rows)
      for (const {rule} of findings) seen.rules.add(rule)
      const right = rightOnes(groups, findings)
      const again = await write(right, format)
      expect(again.findings).toEqual([])
      expect(again.rows).toHaveLength(right.flat().length)
      let place = 0
      for (const group of right) {
        const head = again.rows[place]!
        for (const row of group) requireSame(row, again.rows[place++]!, head)
      }
      seen.rows += rows
      seen.written += place
    }),
    {numRuns: RUNS},
  )
  expect(seen.rows).toBeGreaterThanOrEqual(ROWS)
  // A property that refuses everything, or breaks few rules, proves little.
  expect(seen.written).toBeGreaterThan(seen.rows / 4)
  expect(seen.rules.size).toBeGreaterThan(15)
}, 600_000)
