// The whole way from datasets to a file, read back by the independent reader.
import {describe, expect, test} from 'vitest'
import {createFindings} from '../findings.ts'
import type {Row} from '../testing/dataset.ts'
import {contextOf, memorySink} from '../testing/memory-sink.ts'
import {createFormatOf} from './format.ts'
import {PROFILES} from './profiles/index.ts'
import {sampleLedger} from './testing/ledger.ts'
import type {SampleLedger} from './testing/ledger.ts'
import {NORWEGIAN} from './testing/norway.ts'
import type {WriteOptions, Written} from './testing/write.ts'
import {inputOfRows, specOf, writeAudit} from './testing/write.ts'
import type {XmlElement} from './testing/xml.ts'
import {all, readXml, textAt} from './testing/xml.ts'

const LEDGER = sampleLedger(NORWEGIAN)

async function write(changes: Partial<SampleLedger> = {}, options: WriteOptions = {}): Promise<Written & {roots: XmlElement[]}> {
  const written = await writeAudit({...LEDGER, ...changes}, options)
  expect(written.findings.errors()).toEqual([])
  return {...written, roots: written.sink.files.map((_, index) => readXml(written.sink.bytes(index)))}
}

describe('a file for Norway', () => {
  test('is the same however the source cuts its chunks', async () => {
    const [whole, cut] = [await write(), await write({}, {chunkBytes: 7})]
    expect(cut.sink.bytes(0).equals(whole.sink.bytes(0))).toBe(true)
  })

  test('has the name that the authority wants', async () => {
    const {sink, result} = await write()
    expect(sink.files.map(({name, rows, closed}) => ({name, rows, closed}))).toEqual([
      {name: 'SAF-T Financial_999999999_20261101060000_1_1.xml', rows: LEDGER.journal_lines.length, closed: true},
    ])
    expect(result.rows).toBe(LEDGER.journal_lines.length)
  })

  test('announces what it holds: transactions, debit and credit', async () => {
    const {roots} = await write()
    const entries = all(roots[0]!, 'GeneralLedgerEntries')[0]!
    expect(textAt(entries, 'NumberOfEntries')).toBe(String(all(entries, 'Journal/Transaction').length))
    expect(textAt(entries, 'TotalDebit')).toBe(sum(all(entries, 'Journal/Transaction/Line/DebitAmount/Amount')))
    expect(textAt(entries, 'TotalCredit')).toBe(sum(all(entries, 'Journal/Transaction/Line/CreditAmount/Amount')))
  })

  test('holds every line by value', async () => {
    const {roots} = await write()
    const lines = all(roots[0]!, 'GeneralLedgerEntries/Journal').flatMap((journal) =>
      all(journal, 'Transaction').flatMap((transaction) => all(transaction, 'Line').map((line) => ({journal, transaction, line}))),
    )
    expect(lines).toHaveLength(LEDGER.journal_lines.length)
    for (const [index, row] of LEDGER.journal_lines.entries()) expect(valuesOf(lines[index]!)).toEqual(expectedOf(row))
  })

  test('has opening and closing balances that the lines bear out', async () => {
    const {roots} = await write()
    for (const account of all(roots[0]!, 'MasterFiles/GeneralLedgerAccounts/Account')) {
      const id = textAt(account, 'AccountID')
      const moved = LEDGER.journal_lines
        .filter((row) => row['account'] === id)
        .reduce((cents, row) => cents + centsOf(row['debit']) - centsOf(row['credit']), 0)
      expect(balance(account, 'Closing') - balance(account, 'Opening')).toBe(moved)
    }
  })

  test('opens each journal once', async () => {
    const {roots} = await write()
    expect(all(roots[0]!, 'GeneralLedgerEntries/Journal/JournalID').map(({text}) => text)).toEqual(['AP', 'AR', 'BK'])
  })
})

describe('split by month', () => {
  const october = LEDGER.journal_lines
  const later = october.map((row) => ({
    ...row,
    transaction_id: `1${row['transaction_id']!.padStart(4, '0')}`,
    posting_date: row['posting_date']!.replace('-10-', '-12-').replace('-31', '-30'),
  }))
  const lines = [...october, ...later].toSorted(byJournal)
  const options: WriteOptions = {spec: {split: 'Month'}, context: {period: {start: '2026-10-01', end: '2027-01-01'}}}

  test('there is a file a month, numbered of all, with master files in the first', async () => {
    const {sink, roots} = await write({journal_lines: lines}, options)
    expect(sink.files.map(({name}) => name.slice(-7))).toEqual(['1_3.xml', '2_3.xml', '3_3.xml'])
    expect(sink.files.map(({rows}) => rows)).toEqual([october.length, 0, later.length])
    expect(roots.map((root) => all(root, 'MasterFiles').length)).toEqual([1, 0, 0])
    expect(roots.map((root) => all(root, 'Header').length)).toEqual([1, 1, 1])
  })

  test('each file announces its own transactions and holds each journal once', async () => {
    const {roots} = await write({journal_lines: lines}, options)
    for (const root of roots) {
      const transactions = all(root, 'GeneralLedgerEntries/Journal/Transaction')
      expect(textAt(root, 'GeneralLedgerEntries/NumberOfEntries')).toBe(String(transactions.length))
      expect(textAt(root, 'GeneralLedgerEntries/TotalDebit')).toBe(sum(all(root, 'GeneralLedgerEntries/Journal/Transaction/Line/DebitAmount/Amount')))
      expect(new Set(transactions.map((transaction) => textAt(transaction, 'GLPostingDate')!.slice(0, 7))).size).toBeLessThanOrEqual(1)
    }
    expect(all(roots[2]!, 'GeneralLedgerEntries/Journal')).toHaveLength(3)
  })
})

describe('the accounting period', () => {
  test.each([
    ['2026-10-05', 1, '10', '2026'],
    ['2026-10-05', 7, '4', '2026'],
    ['2026-10-05', 11, '12', '2025'],
  ])('of %s, where fiscal years begin in month %i, is %s of %s', async (_, fiscalYearStartMonth, period, year) => {
    const lines = LEDGER.journal_lines.filter((row) => row['posting_date'] === '2026-10-05')
    const {roots} = await write({journal_lines: lines}, {spec: {fiscalYearStartMonth}})
    const transaction = all(roots[0]!, 'GeneralLedgerEntries/Journal/Transaction')[0]!
    expect([textAt(transaction, 'Period'), textAt(transaction, 'PeriodYear')]).toEqual([period, year])
  })
})

describe('negative amounts', () => {
  const lines: Row[] = [
    {journal_id: 'A', transaction_id: '1', posting_date: '2026-10-01', line_id: '1', account: '1500', debit: '-125.00', credit: null},
    {
      journal_id: 'A',
      transaction_id: '1',
      posting_date: '2026-10-01',
      line_id: '2',
      account: '3000',
      debit: null,
      credit: '-125.00',
      tax_code: '3',
      tax_base: '-100.00',
      tax_amount: '-25.00',
    },
  ]

  test('go to the other side, tax and totals with them', async () => {
    const {roots, result} = await write({journal_lines: lines}, {spec: {negativeAmounts: 'SwapSide'}})
    expect(sides(roots[0]!)).toEqual([
      ['Credit', '125.00'],
      ['Debit', '125.00'],
    ])
    expect(textAt(all(roots[0]!, 'GeneralLedgerEntries/Journal/Transaction/Line')[1]!, 'TaxInformation/DebitTaxAmount/Amount')).toBe('25.00')
    expect(textAt(roots[0]!, 'GeneralLedgerEntries/TotalDebit')).toBe('125.00')
    expect(result.totals.map(({side, sum: total}) => [side, total])).toEqual([
      ['S', '125.00'],
      ['H', '125.00'],
    ])
  })

  test('stay as they are where the spec says so', async () => {
    const {roots} = await write({journal_lines: lines}, {spec: {negativeAmounts: 'Keep'}})
    expect(sides(roots[0]!)).toEqual([
      ['Debit', '-125.00'],
      ['Credit', '-125.00'],
    ])
    expect(textAt(roots[0]!, 'GeneralLedgerEntries/TotalDebit')).toBe('-125.00')
  })
})

describe('what is wrong with the run as a whole', () => {
  test('a file is not longer than the authority takes', async () => {
    const profile = {...PROFILES['NO-1.30'], maxFileBytes: 100_000}
    const writing = createFormatOf(profile, specOf()).write(inputOfRows({...LEDGER}), memorySink(), contextOf())
    await expect(writing).rejects.toMatchObject({code: 'FileExceedsLimit', message: expect.stringContaining('split to Month') as string})
  })

  test.each([
    ['a number of ten digits', {registrationNumber: '1234567890', name: 'A', contact: {lastName: 'B'}}, 'Header/Company/RegistrationNumber'],
    ['no contact', {registrationNumber: '123456789', name: 'A'}, 'Header/Company/Contact/ContactPerson/FirstName'],
    [
      'a country that there is not',
      {registrationNumber: '123456789', name: 'A', contact: {lastName: 'B'}, address: {country: 'ZX'}},
      'Header/Company/Address/Country',
    ],
  ])('the header is refused for %s, which it names', async (_, company, path) => {
    await expect(writeAudit({...LEDGER}, {spec: {company}})).rejects.toMatchObject({
      code: 'SpecRefused',
      message: expect.stringContaining(path) as string,
    })
  })

  test('a source that gives other rows the second time is noticed', async () => {
    const input = inputOfRows({...LEDGER})
    let opened = 0
    const open: typeof input.open = async (name) => {
      const rows = name === 'journal_lines' && ++opened === 2 ? LEDGER.journal_lines.slice(0, -2) : undefined
      return rows === undefined ? input.open(name) : inputOfRows({...LEDGER, journal_lines: rows}).open(name)
    }
    const writing = createFormatOf(PROFILES['NO-1.30'], specOf()).write({...input, open}, memorySink(), contextOf({findings: createFindings(10)}))
    await expect(writing).rejects.toMatchObject({code: 'TotalsDiffer'})
  })

  test('a row with too few fields ends the run', async () => {
    const input = inputOfRows({...LEDGER})
    const open: typeof input.open = async (name) => {
      const dataset = await input.open(name)
      return name === 'journal_lines' ? {...dataset, columns: [...dataset.columns, {name: 'project', type: 'text'}]} : dataset
    }
    const writing = createFormatOf(PROFILES['NO-1.30'], specOf()).write({...input, open}, memorySink(), contextOf())
    await expect(writing).rejects.toMatchObject({code: 'InvalidRow'})
  })
})

describe('the protocol', () => {
  test('has tables by month, account, tax code and currency, and the first and last document', async () => {
    const {result} = await write()
    expect(result.protocol.tables.map(({title}) => title)).toEqual(['Month', 'Account', 'Tax code', 'Currency'])
    const [month, , , currency] = result.protocol.tables
    expect(month!.lines).toEqual([
      {key: '2026-10', currency: 'NOK', count: LEDGER.journal_lines.length, debit: result.totals[0]!.sum, credit: result.totals[1]!.sum},
    ])
    expect(currency!.lines.map(({key}) => key)).toEqual(['NOK', 'EUR'])
    const [first, last] = [LEDGER.journal_lines[0]!, LEDGER.journal_lines.at(-1)!]
    expect(result.protocol.first).toEqual({row: 1, number: first['document_number'], date: first['posting_date']})
    expect(result.protocol.last).toEqual({row: LEDGER.journal_lines.length, number: last['document_number'], date: last['posting_date']})
  })

  test.each(['Account', 'Tax code'])('adds up every %s', async (title) => {
    const {result} = await write()
    const column = title === 'Account' ? 'account' : 'tax_code'
    for (const {key, count, debit, credit} of result.protocol.tables.find((table) => table.title === title)!.lines) {
      const rows = LEDGER.journal_lines.filter((row) => row[column] === key)
      const total = (side: string): string => (rows.reduce((cents, row) => cents + centsOf(row[side]), 0) / 100).toFixed(2)
      expect({count, debit, credit}).toEqual({count: rows.length, debit: total('debit'), credit: total('credit')})
    }
  })
})

describe('without rows', () => {
  test('there is no file', async () => {
    const {sink, result} = await write({journal_lines: []})
    expect(sink.files).toEqual([])
    expect(result).toMatchObject({rows: 0, datasets: [{dataset: 'journal_lines', written: 0, skipped: 0}]})
  })

  test('there is a whole one where one is wanted', async () => {
    const columns = {journal_lines: Object.keys(LEDGER.journal_lines[0]!)}
    const {sink, roots} = await write({journal_lines: []}, {context: {emptyFile: true}, columns})
    expect(sink.files.map(({rows}) => rows)).toEqual([0])
    expect(all(roots[0]!, 'MasterFiles/GeneralLedgerAccounts/Account')).toHaveLength(LEDGER.accounts.length)
    expect(textAt(roots[0]!, 'GeneralLedgerEntries/NumberOfEntries')).toBe('0')
  })
})

function byJournal(one: Row, other: Row): number {
  return one['journal_id']! < other['journal_id']! ? -1 : one['journal_id']! > other['journal_id']! ? 1 : 0
}

function centsOf(text: string | null | undefined): number {
  return text === null || text === undefined ? 0 : Math.round(Number(text) * 100)
}

function sum(amounts: readonly XmlElement[]): string {
  return (amounts.reduce((cents, {text}) => cents + centsOf(text), 0) / 100).toFixed(2)
}

function balance(account: XmlElement, which: string): number {
  return centsOf(textAt(account, `${which}DebitBalance`)) - centsOf(textAt(account, `${which}CreditBalance`))
}

function sides(root: XmlElement): [string, string][] {
  return all(root, 'GeneralLedgerEntries/Journal/Transaction/Line').map((line) => {
    const debit = textAt(line, 'DebitAmount/Amount')
    return debit === undefined ? ['Credit', textAt(line, 'CreditAmount/Amount')!] : ['Debit', debit]
  })
}

function value(element: XmlElement, path: string): string | null {
  return textAt(element, path) ?? null
}

/** A line's values by the names of the dataset, as they stand in the file. */
function valuesOf({journal, transaction, line}: Record<'journal' | 'transaction' | 'line', XmlElement>): Row {
  const side = textAt(line, 'DebitAmount/Amount') === undefined ? 'Credit' : 'Debit'
  return {
    journal_id: value(journal, 'JournalID'),
    journal_name: value(journal, 'Description'),
    transaction_id: value(transaction, 'TransactionID'),
    transaction_date: value(transaction, 'TransactionDate'),
    posting_date: value(transaction, 'GLPostingDate'),
    entry_date: value(transaction, 'SystemEntryDate'),
    transaction_text: value(transaction, 'Description'),
    line_id: value(line, 'RecordID'),
    account: value(line, 'AccountID'),
    value_date: value(line, 'ValueDate'),
    document_number: value(line, 'SourceDocumentID'),
    customer_id: value(line, 'CustomerID'),
    supplier_id: value(line, 'SupplierID'),
    text: value(line, 'Description'),
    debit: value(line, 'DebitAmount/Amount'),
    credit: value(line, 'CreditAmount/Amount'),
    currency: value(line, `${side}Amount/CurrencyCode`),
    currency_amount: value(line, `${side}Amount/CurrencyAmount`),
    exchange_rate: value(line, `${side}Amount/ExchangeRate`),
    tax_code: value(line, 'TaxInformation/TaxCode'),
    tax_rate: value(line, 'TaxInformation/TaxPercentage'),
    tax_base: value(line, 'TaxInformation/TaxBase'),
    tax_amount: value(line, `TaxInformation/${side}TaxAmount/Amount`),
    due_date: value(line, 'DueDate'),
  }
}

function expectedOf(row: Row): Row {
  const names = Object.keys(valuesOf({journal: NOTHING, transaction: NOTHING, line: NOTHING}))
  const filled = Object.fromEntries(names.map((name) => [name, row[name] ?? null]))
  return {...filled, text: row['text'] ?? row['transaction_text']!}
}

const NOTHING: XmlElement = {name: '', text: '', children: []}
