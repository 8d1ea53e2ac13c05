// Any line either is written and reads back by value, or is refused by a named rule. Nothing is changed silently, nothing throws.
import * as fc from 'fast-check'
import {expect} from 'vitest'
import type {Finding} from '../../findings.ts'
import type {Row} from '../../testing/dataset.ts'
import {RULES} from '../rules.ts'
import {sampleLedger} from './ledger.ts'
import {NORWEGIAN} from './norway.ts'
import {writeAudit} from './write.ts'
import type {XmlElement} from './xml.ts'
import {all, readXml, textAt} from './xml.ts'

const ROWS_A_RUN = 200

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

/** Of any length between the two, with leading zeros, too. From a number: a string of characters takes five times as long to make. */
function digits(least: number, most: number): fc.Arbitrary<string> {
  return fc
    .tuple(fc.integer({min: 0, max: 10 ** most - 1}), fc.integer({min: least, max: most}))
    .map(([number, length]) => String(number).padStart(length, '0').slice(0, length))
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

/** A transaction of that line and one that balances it, on the same account: whatever the amounts, its balance stays 0. */
function transactionOf(line: Row, index: number): Row[] {
  const shared = {journal_id: 'A', transaction_id: String(index + 1), posting_date: '2026-10-01', transaction_text: line['transaction_text'] ?? null}
  return [
    {...line, ...shared, line_id: '1'},
    {...shared, line_id: '2', account: line['account'] ?? null, debit: null, credit: line['debit'] ?? null},
  ]
}

/** The same number in one form only, exactly. */
function plain(number: string | null | undefined): string | null {
  if (number === null || number === undefined || number === '') return null
  const [whole, fraction = ''] = number.replace('-', '').split('.')
  const digitsOnly = `${whole!.replace(/^0+(?=\d)/, '')}.${fraction.replace(/0+$/, '')}`
  return `${number.startsWith('-') && digitsOnly !== '0.' ? '-' : ''}${digitsOnly}`
}

/** What a line must say, and what the file says; each in the same order. */
function valuesOf(line: Row, element: XmlElement): readonly [expected: (string | null)[], written: (string | null)[]] {
  const text = (path: string): string | null => textAt(element, path) ?? null
  const filled = (name: string): string | null => (line[name] === '' ? null : (line[name] ?? null))
  const isForeign = filled('currency') !== null && filled('currency') !== 'NOK'
  const isTaxed = filled('tax_code') !== null
  const number = (path: string): string | null => plain(text(path))
  return [
    [
      filled('account'), plain(line['debit']),
      filled('text') ?? filled('transaction_text') ?? filled('document_number') ?? line['transaction_id']!,
      filled('document_number'), filled('reference'), filled('due_date'), filled('value_date'),
      ...(isForeign ? [filled('currency'), plain(line['currency_amount']), plain(line['exchange_rate'])] : [null, null, null]),
      ...(isTaxed ? [filled('tax_code'), plain(line['tax_rate']), plain(line['tax_base']), plain(line['tax_amount'])] : [null, null, null, null]),
    ],
    [
      text('AccountID'), number('DebitAmount/Amount'),
      text('Description'),
      text('SourceDocumentID'), text('ReferenceNumber'), text('DueDate'), text('ValueDate'),
      text('DebitAmount/CurrencyCode'), number('DebitAmount/CurrencyAmount'), number('DebitAmount/ExchangeRate'),
      text('TaxInformation/TaxCode'), number('TaxInformation/TaxPercentage'), number('TaxInformation/TaxBase'),
      number('TaxInformation/DebitTaxAmount/Amount'),
    ],
  ]
}

/** Whether it does not say what is wrong, and where. */
function isVague({rule, right, dataset, column}: Finding): boolean {
  return dataset !== 'journal_lines' || !Object.hasOwn(RULES, rule) || !right.startsWith('must ') || !/^\w+ \(.*\)$/.test(column)
}

/** How many transactions were accepted, and which rules were broken. A property that refuses everything, or breaks few rules, proves little. */
export interface Seen {
  accepted: number
  readonly rules: Set<string>
}

/** Writes so many transactions made by chance, of two lines each, and reads back what was not refused. */
export async function writeAnyLines(transactions: number): Promise<Seen> {
  const runs = Math.ceil(transactions / ROWS_A_RUN)
  const seen: Seen = {accepted: 0, rules: new Set()}
  await fc.assert(
    fc.asyncProperty(fc.array(anyLine, {minLength: ROWS_A_RUN, maxLength: ROWS_A_RUN}), async (lines) => {
      const masters = {accounts, customers, suppliers, tax_codes}
      const first = await writeAudit({...masters, journal_lines: lines.flatMap(transactionOf)})
      const refused = new Set(first.findings.errors().map(({row}) => Math.floor((row - 1) / 2)))
      for (const {rule} of first.findings.errors()) seen.rules.add(rule)
      expect(first.findings.errors().filter(isVague)).toEqual([])
      const accepted = lines.filter((_, index) => !refused.has(index))
      if (accepted.length === 0) return
      const {sink, findings} = await writeAudit({...masters, journal_lines: accepted.flatMap(transactionOf)})
      expect(findings.errors()).toEqual([])
      const written = all(readXml(sink.bytes(0)), 'GeneralLedgerEntries/Journal/Transaction')
      expect(written).toHaveLength(accepted.length)
      const pairs = accepted.map((line, index) => valuesOf({...line, transaction_id: String(index + 1)}, all(written[index]!, 'Line')[0]!))
      expect(pairs.map(([, inFile]) => inFile)).toEqual(pairs.map(([expected]) => expected))
      seen.accepted += accepted.length
    }),
    // A transaction that is wrong is found in the values that differ; cutting a run down to it takes minutes.
    {numRuns: runs, endOnFailure: true},
  )
  return seen
}
