// What is peculiar to Romania, read back by the independent reader.
import {describe, expect, test} from 'vitest'
import type {Row} from '../testing/dataset.ts'
import {createSaftFormat} from './format.ts'
import {ROMANIA, read, write} from './testing/changes.ts'
import {specOf} from './testing/write.ts'
import {all, textAt} from './testing/xml.ts'

describe('Romania', () => {
  test('says of a line without tax that it has none, and repeats lei as currency', async () => {
    const line = all(await read(ROMANIA), 'GeneralLedgerEntries/Journal/Transaction/TransactionLine').find(
      (each) => textAt(each, 'TaxInformation/TaxCode') === '000000',
    )!
    expect(textAt(line, 'TaxInformation/TaxType')).toBe('000')
    expect(textAt(line, 'TaxInformation/TaxAmount/Amount')).toBe('0.00')
    const side = all(line, 'DebitAmount')[0] ?? all(line, 'CreditAmount')[0]!
    expect(textAt(side, 'CurrencyCode')).toBe('RON')
    expect(textAt(side, 'CurrencyAmount')).toBe(textAt(side, 'Amount'))
  })

  test('puts 0 where a line has no customer or no supplier', async () => {
    const lines = all(await read(ROMANIA), 'GeneralLedgerEntries/Journal/Transaction/TransactionLine')
    expect(lines.every((line) => textAt(line, 'CustomerID') === '0' || textAt(line, 'SupplierID') === '0')).toBe(true)
  })

  test('has every section, also those that stay empty', async () => {
    const root = await read(ROMANIA)
    expect(all(root, 'MasterFiles')[0]!.children.map(({name}) => name)).toEqual(
      'GeneralLedgerAccounts Customers Suppliers TaxTable UOMTable AnalysisTypeTable MovementTypeTable Products Owners Assets'.split(' '),
    )
    expect(all(root, 'SourceDocuments')[0]!.children.map(({name}) => name)).toEqual([
      'SalesInvoices',
      'PurchaseInvoices',
      'Payments',
      'MovementOfGoods',
    ])
  })

  test('groups tax codes by type, and refuses a type that comes back', async () => {
    const types = all(await read(ROMANIA), 'MasterFiles/TaxTable/TaxTableEntry/TaxType').map((element) => element.text)
    expect(types).toEqual(['300', '390'])
    const [one, two, other] = ROMANIA.ledger.tax_codes as [Row, Row, Row]
    const {findings} = await write(ROMANIA, {tax_codes: [one, other, two]})
    expect(findings.errors().map(({dataset, row, rule}) => [dataset, row, rule])).toEqual([['tax_codes', 3, 'GroupNotAscending']])
  })

  test('wants to know what kind of declaration it is', async () => {
    await expect(write(ROMANIA, {}, {comment: 'X'})).rejects.toMatchObject({
      code: 'SpecRefused',
      message: expect.stringContaining('HeaderComment') as string,
    })
    await expect(write({...ROMANIA, spec: {company: ROMANIA.spec.company!}})).rejects.toMatchObject({code: 'SpecRefused'})
  })

  test.each([
    ['L', '2026-10-01', '2026-12-01'],
    ['L', '2026-10-01', '2026-10-15'],
    ['T', '2026-10-01', '2026-11-01'],
    ['NT', '2026-11-01', '2027-02-01'],
  ])('takes no declaration %s from %s to before %s', async (comment, start, end) => {
    await expect(write({...ROMANIA, context: {period: {start, end}}}, {}, {comment})).rejects.toMatchObject({code: 'PeriodRefused'})
  })

  test('takes a quarter as declaration T', async () => {
    const root = await read({...ROMANIA, context: {period: {start: '2026-10-01', end: '2027-01-01'}}}, {}, {comment: 'T'})
    expect(textAt(root, 'Header/SelectionCriteria/SelectionEndDate')).toBe('2026-12-31')
  })

  test("repeats in a line the type that the tax table gives to the line's code", async () => {
    const root = await read(ROMANIA)
    const types = new Map(
      all(root, 'MasterFiles/TaxTable/TaxTableEntry').flatMap((entry) =>
        all(entry, 'TaxCodeDetails').map((details) => [textAt(details, 'TaxCode'), textAt(entry, 'TaxType')] as const),
      ),
    )
    const taxes = all(root, 'GeneralLedgerEntries/Journal/Transaction/TransactionLine/TaxInformation')
    const taxed = taxes.filter((tax) => textAt(tax, 'TaxCode') !== '000000')
    expect(new Set(taxed.map((tax) => textAt(tax, 'TaxType')))).toEqual(new Set(['300', '390']))
    for (const tax of taxed) expect(textAt(tax, 'TaxType')).toBe(types.get(textAt(tax, 'TaxCode')))
  })

  test('keeps its books in lei', () => {
    expect(() => createSaftFormat(specOf({...ROMANIA.spec, profile: 'RO-2.4.8', currency: 'EUR'}))).toThrow('must be RON')
  })
})
