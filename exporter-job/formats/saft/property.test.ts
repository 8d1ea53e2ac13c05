// Any line either is written and reads back by value, or is refused by a named rule. Nothing is changed silently, nothing throws.
import * as fc from 'fast-check'
import {expect, test} from 'vitest'
import type {Row} from '../testing/dataset.ts'
import {RULES} from './rules.ts'
import {sampleLedger} from './testing/ledger.ts'
import {NORWEGIAN} from './testing/norway.ts'
import {writeAudit} from './testing/write.ts'
import type {XmlElement} from './testing/xml.ts'
import {all, readXml, textAt} from './testing/xml.ts'

/** 2,000 transactions in the daily loop; PROPERTY_ROWS=100000 and more for a thorough look. */
const ROWS_A_RUN = 50
const RUNS = Math.ceil(Number(process.env['PROPERTY_ROWS'] ?? 2_000) / ROWS_A_RUN)

const {accounts, customers, suppliers, tax_codes} = sampleLedger(NORWEGIAN)

function anyText(length: number): fc.Arbitrary<string> {
  const awkward = fc.constantFrom('&', '<', '>', ']]>', '"', '\\', '\\n', 'ø', '€', '😀', '\u0301', ' ')
  return fc.oneof(
    {weight: 8, arbitrary: fc.string({unit: 'grapheme', maxLength: Math.min(length, 20)})},
    {weight: 4, arbitrary: fc.array(awkward, {maxLength: 12}).map((parts) => parts.join(''))},
    {weight: 1, arbitrary: fc.string({unit: awkward, minLength: length - 1, maxLength: length + 1})},
    {weight: 1, arbitrary: fc.string({unit: 'binary', maxLength: 6})},
    {weight: 1, arbitrary: fc.constantFrom('\t', 'a\nb', '\u0000', '\u0085', '\uffff', '=cmd()', String.raw`\N`, ' ')},
  )
}

function digits(least: number, most: number): fc.Arbitrary<string> {
  return fc.string({unit: fc.constantFrom(...Array.from('0123456789')), minLength: least, maxLength: most})
}

const anyAmount: fc.Arbitrary<string> = fc.oneof(
  {weight: 8, arbitrary: fc.tuple(digits(1, 13), digits(1, 2)).map(([whole, fraction]) => `${whole}.${fraction}`)},
  {weight: 2, arbitrary: digits(1, 14)},
  {weight: 1, arbitrary: fc.tuple(digits(0, 3), digits(0, 4)).map(([whole, fraction]) => `${whole}.${fraction}`)},
  {weight: 1, arbitrary: fc.constantFrom('-1', '-0', '0', '0.00', '00.10', '1,5', '1e3', 'NaN', '+1', '1.', '.1', '٣')},
)

const anyDate = fc.oneof(
  {
    weight: 9,
    arbitrary: fc
      .date({min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true})
      .map((date) => date.toISOString().slice(0, 10)),
  },
  {weight: 1, arbitrary: fc.constantFrom('2026-02-29', '2026-1-01', '31.10.2026', 'infinity', '1999-12-31')},
)

function sometimes<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> {
  return fc.oneof({weight: 3, arbitrary: fc.constant(null)}, {weight: 2, arbitrary})
}

/** Mostly what is right, of one line. */
const anyLine: fc.Arbitrary<Row> = fc
  .record({
    account: fc.oneof({weight: 19, arbitrary: fc.constantFrom(...accounts.map((row) => row['account']!))}, {weight: 1, arbitrary: anyText(70)}),
    amount: anyAmount,
    text: sometimes(anyText(256)),
    document_number: sometimes(anyText(35)),
    reference: sometimes(anyText(35)),
    due_date: sometimes(anyDate),
    value_date: sometimes(anyDate),
    currency: sometimes(fc.constantFrom('EUR', 'USD', 'NOK', 'XXY', 'eur')),
    currency_amount: sometimes(anyAmount),
    exchange_rate: sometimes(fc.tuple(digits(1, 11), digits(1, 9)).map(([whole, fraction]) => `${whole}.${fraction}`)),
    tax_code: sometimes(fc.constantFrom('3', '31', '1-K', '4')),
    tax_rate: sometimes(fc.constantFrom('25', '15.00', '0', '12.5', '1.23456')),
    tax_base: sometimes(anyAmount),
    tax_amount: sometimes(anyAmount),
    customer_id: sometimes(fc.constantFrom('C100', 'C999')),
    transaction_text: sometimes(anyText(256)),
  })
  .map(({amount, ...line}) => ({...line, debit: amount, credit: null}))

/** A transaction of that line and one that balances it. */
function transactionOf(line: Row, index: number): Row[] {
  const shared = {journal_id: 'A', transaction_id: String(index + 1), posting_date: '2026-10-01', transaction_text: line['transaction_text'] ?? null}
  return [
    {...line, ...shared, line_id: '1'},
    {...shared, line_id: '2', account: '1920', debit: null, credit: line['debit'] ?? null},
  ]
}

/** The same number in one form only, exactly. */
function plain(number: string | null | undefined): string | null {
  if (number === null || number === undefined || number === '') return null
  const [whole, fraction = ''] = number.replace('-', '').split('.')
  const digitsOnly = `${whole!.replace(/^0+(?=\d)/, '')}.${fraction.replace(/0+$/, '')}`
  return `${number.startsWith('-') && digitsOnly !== '0.' ? '-' : ''}${digitsOnly}`
}

function requireSame(line: Row, element: XmlElement): void {
  const text = (path: string): string | null => textAt(element, path) ?? null
  const filled = (name: string): string | null => (line[name] === '' ? null : (line[name] ?? null))
  const isForeign = filled('currency') !== null && filled('currency') !== 'NOK'
  expect(text('AccountID')).toBe(line['account'])
  expect(plain(text('DebitAmount/Amount'))).toBe(plain(line['debit']))
  expect(text('Description')).toBe(filled('text') ?? filled('transaction_text') ?? filled('document_number') ?? line['transaction_id'])
  expect(text('SourceDocumentID')).toBe(filled('document_number'))
  expect(text('ReferenceNumber')).toBe(filled('reference'))
  expect([text('DueDate'), text('ValueDate')]).toEqual([filled('due_date'), filled('value_date')])
  expect([text('DebitAmount/CurrencyCode'), plain(text('DebitAmount/CurrencyAmount')), plain(text('DebitAmount/ExchangeRate'))]).toEqual(
    isForeign ? [line['currency'], plain(line['currency_amount']), plain(line['exchange_rate'])] : [null, null, null],
  )
  const isTaxed = filled('tax_code') !== null
  expect([text('TaxInformation/TaxCode'), plain(text('TaxInformation/TaxPercentage')), plain(text('TaxInformation/TaxBase'))]).toEqual(
    isTaxed ? [line['tax_code'], plain(line['tax_rate']), plain(line['tax_base'])] : [null, null, null],
  )
  expect(plain(text('TaxInformation/DebitTaxAmount/Amount'))).toBe(isTaxed ? plain(line['tax_amount']) : null)
}

test('any line is written as it is, or refused by rules that the findings name', async () => {
  const seen = {accepted: 0, rules: new Set<string>()}
  await fc.assert(
    fc.asyncProperty(fc.array(anyLine, {minLength: ROWS_A_RUN, maxLength: ROWS_A_RUN}), async (lines) => {
      const masters = {accounts, customers, suppliers, tax_codes}
      const first = await writeAudit({...masters, journal_lines: lines.flatMap(transactionOf)})
      const refused = new Set(first.findings.errors().map(({row}) => Math.floor((row - 1) / 2)))
      for (const {rule, right, dataset, column} of first.findings.errors()) {
        expect(dataset).toBe('journal_lines')
        expect(RULES).toHaveProperty(rule)
        expect(right).toMatch(/^must /)
        expect(column).toMatch(/^\w+ \(.*\)$/)
        seen.rules.add(rule)
      }
      const accepted = lines.filter((_, index) => !refused.has(index))
      if (accepted.length === 0) return
      const {sink, findings} = await writeAudit({...masters, journal_lines: accepted.flatMap(transactionOf)})
      expect(findings.errors()).toEqual([])
      const written = all(readXml(sink.bytes(0)), 'GeneralLedgerEntries/Journal/Transaction')
      expect(written).toHaveLength(accepted.length)
      for (const [index, line] of accepted.entries()) {
        requireSame({...line, transaction_id: String(index + 1)}, all(written[index]!, 'Line')[0]!)
      }
      seen.accepted += accepted.length
    }),
    {numRuns: RUNS},
  )
  // A property that refuses everything, or breaks few rules, proves little.
  expect(seen.accepted).toBeGreaterThan((RUNS * ROWS_A_RUN) / 20)
  expect(seen.rules.size).toBeGreaterThan(10)
}, 300_000)
