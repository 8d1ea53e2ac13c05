// What breaks a rule is refused by that rule, at its row and column, with no value in what goes into status.
import {describe, expect, test} from 'vitest'
import type {Finding} from '../findings.ts'
import type {Row} from '../testing/dataset.ts'
import type {RULES} from './rules.ts'
import {sampleLedger} from './testing/ledger.ts'
import type {SampleLedger} from './testing/ledger.ts'
import {NORWEGIAN} from './testing/norway.ts'
import type {WriteOptions} from './testing/write.ts'
import {writeAudit} from './testing/write.ts'

const WHOLE = sampleLedger(NORWEGIAN)
/** Six transactions, two of each journal; the first is a purchase of three lines. */
const IDS = ['2', '6', '1', '4', '3', '7']
const LEDGER: SampleLedger = {...WHOLE, journal_lines: IDS.flatMap((id) => WHOLE.journal_lines.filter((row) => row['transaction_id'] === id))}

async function find(changes: Partial<SampleLedger>, options?: WriteOptions): Promise<readonly Finding[]> {
  const {findings} = await writeAudit({...LEDGER, ...changes}, options)
  return findings.errors()
}

type Dataset = keyof SampleLedger

/** The ledger with one row changed (rows from 1). */
function changed(dataset: Dataset, row: number, change: Row): Partial<SampleLedger> {
  return {[dataset]: LEDGER[dataset].map((each, index) => (index === row - 1 ? {...each, ...change} : each))}
}

test('the ledger itself breaks no rule', async () => {
  expect(await find({})).toEqual([])
})

test.each([
  ['an account older than the books', changed('accounts', 1, {created_on: '1987-03-01'})],
  ['a tax code older than the books', changed('tax_codes', 1, {valid_from: '1970-01-01'})],
  ['the amount once more, in the currency of the books', changed('journal_lines', 1, {currency: 'NOK', currency_amount: LEDGER.journal_lines[0]!['debit']!})],
  ['the amount once more, without currency', changed('journal_lines', 1, {currency: null, currency_amount: LEDGER.journal_lines[0]!['debit']!})],
])('%s is no error', async (_, changes) => {
  expect(await find(changes)).toEqual([])
})

interface Case {
  readonly what: string
  readonly dataset?: Dataset
  readonly row?: number
  readonly change: Row
  readonly rule: keyof typeof RULES
  /** As findings name it. */
  readonly column: string
  readonly options?: WriteOptions
}

const LONG = 'x'.repeat(257)

const CASES: readonly Case[] = [
  {what: 'an empty account', change: {account: null}, rule: 'MissingValue', column: 'account (Line/AccountID)'},
  {
    what: 'an account without grouping',
    dataset: 'accounts',
    change: {grouping_code: ''},
    rule: 'MissingValue',
    column: 'grouping_code (Account/GroupingCode)',
  },
  {what: 'a tax code without amount', change: {tax_amount: null}, rule: 'MissingValue', column: 'tax_amount (TaxInformation)'},
  {what: 'a text that is too long', change: {text: LONG}, rule: 'TextTooLong', column: 'text (Line/Description)'},
  {what: 'as many characters of two bytes', change: {text: 'ø'.repeat(257)}, rule: 'TextTooLong', column: 'text (Line/Description)'},
  {what: 'a line break', change: {text: 'a\nb'}, rule: 'ControlCharacter', column: 'text (Line/Description)'},
  {what: 'a control character of Latin-1', change: {text: 'a\u0085b'}, rule: 'ControlCharacter', column: 'text (Line/Description)'},
  {what: 'what is no character', change: {text: 'a\uffffb'}, rule: 'CharacterNotInXml', column: 'text (Line/Description)'},
  {
    what: 'a formula, where none may be',
    change: {text: '=1+1'},
    rule: 'SpreadsheetFormula',
    column: 'text (Line/Description)',
    options: {context: {spreadsheetFormulas: 'Refuse'}},
  },
  {what: 'a thousands separator', change: {debit: '1,000.00'}, rule: 'NotANumber', column: 'debit (DebitAmount or CreditAmount)'},
  {what: 'an exponent', change: {tax_rate: '2e1'}, rule: 'NotANumber', column: 'tax_rate (Line/TaxInformation/TaxPercentage)'},
  {what: 'fourteen digits', change: {debit: '12345678901234.00'}, rule: 'TooManyDigits', column: 'debit (DebitAmount or CreditAmount)'},
  {what: 'three decimals', change: {debit: '10.001'}, rule: 'TooManyDecimals', column: 'debit (DebitAmount or CreditAmount)'},
  {what: 'a negative amount', change: {debit: '-10.00'}, rule: 'NegativeNumber', column: 'debit (DebitAmount or CreditAmount)'},
  {what: 'a negative tax', change: {tax_amount: '-1.00'}, rule: 'SignDiffers', column: 'tax_amount (TaxInformation)'},
  {what: 'debit and credit', change: {credit: '1.00'}, rule: 'BothSides', column: 'credit (DebitAmount or CreditAmount)'},
  {what: 'neither debit nor credit', change: {debit: null}, rule: 'AmountMissing', column: 'debit (DebitAmount or CreditAmount)'},
  {what: 'a day that there is not', change: {due_date: '2026-02-29'}, rule: 'NotADate', column: 'due_date (Line/DueDate)'},
  {
    what: 'a currency that there is not',
    change: {currency: 'XYZ', currency_amount: '1.00'},
    rule: 'UnknownCode',
    column: 'currency (Line/DebitAmount/CurrencyCode)',
  },
  {
    what: 'a country that there is not',
    dataset: 'customers',
    change: {country: 'NN'},
    rule: 'UnknownCode',
    column: 'country (Customer/Address/Country)',
  },
  {
    what: 'a standard tax code that there is not',
    dataset: 'tax_codes',
    change: {standard_tax_code: '99'},
    rule: 'ValueNotAllowed',
    column: 'standard_tax_code (TaxCodeDetails/StandardTaxCode)',
  },
  {
    what: 'a currency without amount',
    change: {currency: 'EUR', currency_amount: null},
    rule: 'CompanionMissing',
    column: 'currency_amount (CurrencyAmount)',
  },
  {
    what: 'an amount in a currency that is not said',
    change: {currency: null, currency_amount: '7.00'},
    rule: 'CurrencyMissing',
    column: 'currency_amount (CurrencyAmount)',
  },
  {
    what: 'another amount in the currency of the books',
    change: {currency: 'NOK', currency_amount: '7.00'},
    rule: 'CurrencyMissing',
    column: 'currency_amount (CurrencyAmount)',
  },
  {what: 'a negative tax rate', change: {tax_rate: '-25'}, rule: 'NegativeNumber', column: 'tax_rate (Line/TaxInformation/TaxPercentage)'},
  {
    what: 'a negative exchange rate',
    change: {currency: 'EUR', currency_amount: '1.00', exchange_rate: '-1.25'},
    rule: 'NegativeNumber',
    column: 'exchange_rate (Line/DebitAmount/ExchangeRate)',
  },
  {
    what: 'a day of opening that there is not',
    dataset: 'accounts',
    change: {created_on: '1900-02-29'},
    rule: 'NotADate',
    column: 'created_on (Account/AccountCreationDate)',
  },
  {what: 'a tax without code', change: {tax_code: null}, rule: 'CompanionMissing', column: 'tax_code (TaxInformation)'},
  {
    what: 'an account that comes twice',
    dataset: 'accounts',
    row: 2,
    change: {account: '1500'},
    rule: 'DuplicateId',
    column: 'account (Account/AccountID)',
  },
  {what: 'a customer that comes twice', dataset: 'customers', row: 7, change: {id: 'C100'}, rule: 'DuplicateId', column: 'id (Customer/CustomerID)'},
  {what: 'an account that is not in the chart', change: {account: '9999'}, rule: 'NotInMasterFiles', column: 'account (Line/AccountID)'},
  {what: 'a supplier that is unknown', row: 3, change: {supplier_id: 'S999'}, rule: 'NotInMasterFiles', column: 'supplier_id (Line/SupplierID)'},
  {what: 'a tax code that is unknown', change: {tax_code: '4'}, rule: 'NotInMasterFiles', column: 'tax_code (Line/TaxInformation/TaxCode)'},
  {
    what: 'a control account that is unknown',
    dataset: 'customers',
    change: {account: '9999'},
    rule: 'NotInMasterFiles',
    column: 'account (Customer/BalanceAccount/AccountID)',
  },
  {what: 'a line that comes twice', row: 2, change: {line_id: '1'}, rule: 'NotAscending', column: 'line_id (RecordID)'},
  {
    what: 'another text in the second line of a transaction',
    row: 2,
    change: {transaction_text: 'other'},
    rule: 'TransactionDiffers',
    column: 'transaction_text',
  },
  {what: 'another day in the second line', row: 2, change: {posting_date: '2026-10-30'}, rule: 'TransactionDiffers', column: 'posting_date'},
  {what: 'another name of the journal', row: 2, change: {journal_name: 'other'}, rule: 'JournalDiffers', column: 'journal_name'},
]

describe('refused', () => {
  test.each(CASES)('$what: $rule', async ({dataset = 'journal_lines', row = 1, change, rule, column, options}) => {
    const errors = await find(changed(dataset, row, change), options)
    expect(errors.map((error) => [error.dataset, error.row, error.column, error.rule])).toContainEqual([dataset, row, column, rule])
    const found = errors.find((error) => error.rule === rule)!
    expect(found.right).toMatch(/^must |^debit and credit/)
    const values = Object.values(change).filter((value) => (value ?? '').length > 3)
    expect(values.filter((value) => found.right.includes(value!))).toEqual([])
  })

  test('a second tax code for the same line, in a row of its own, with the words that help', async () => {
    const [first, ...rest] = LEDGER.journal_lines
    const second: Row = {...first!, debit: '0.00', tax_code: '3', tax_rate: '25', tax_base: '0.00', tax_amount: '0.00'}
    const errors = await find({journal_lines: [first!, second, ...rest]})
    expect(errors.map(({row, rule, column}) => [row, rule, column])).toEqual([[2, 'NotAscending', 'line_id (RecordID)']])
    expect(errors[0]!.right).toContain('what has two tax codes is two lines')
  })

  test('a line split in two, one for each tax code, is no error', async () => {
    const lines = LEDGER.journal_lines.filter((row) => row['transaction_id'] === '2')
    const [cost] = lines
    const half = (Number(cost!['debit']) - 1).toFixed(2)
    const split: Row[] = [
      {...cost!, debit: half, tax_code: '3', tax_rate: '25', tax_base: half, tax_amount: '22.05'},
      {...cost!, line_id: '1.1', debit: '1.00', tax_code: '31', tax_rate: '15', tax_base: '1.00', tax_amount: '0.15'},
    ]
    expect(await find({journal_lines: [...split, ...lines.slice(1)]})).toEqual([])
  })

  test('a transaction that does not balance, by its last line', async () => {
    const [error, ...others] = await find(changed('journal_lines', 2, {debit: '0.01'}))
    expect(others).toEqual([])
    expect(error).toMatchObject({dataset: 'journal_lines', row: 3, rule: 'Unbalanced', key: {column: 'transaction_id', value: '2'}})
    expect(error!.detail).toMatch(/^debit [\d.]+, credit [\d.]+$/)
  })

  test('transactions out of order, and one that comes back after another', async () => {
    const [two, six] = [LEDGER.journal_lines.slice(0, 3), LEDGER.journal_lines.slice(3, 6)]
    const rest = LEDGER.journal_lines.slice(6)
    const swapped = await find({journal_lines: [...six, ...two, ...rest]})
    expect(swapped.map(({row, rule, column}) => [row, rule, column])).toEqual([[4, 'NotAscending', 'transaction_id (TransactionID)']])
    const again = await find({journal_lines: [...two, ...six, ...two, ...rest]})
    expect(again.map(({row, rule}) => [row, rule])).toEqual([[7, 'NotAscending']])
  })

  test('a transaction that stands in two journals, though each of them ascends', async () => {
    const lines = LEDGER.journal_lines.map((row) => (row['transaction_id'] === '3' ? {...row, transaction_id: '4'} : row))
    const errors = await find({journal_lines: lines})
    expect(errors.map(({row, rule, column, key}) => [row, rule, column, key?.value])).toEqual([[13, 'DuplicateId', 'transaction_id (TransactionID)', '4']])
  })

  test('journals out of order', async () => {
    const errors = await find({journal_lines: [...LEDGER.journal_lines.slice(6), ...LEDGER.journal_lines.slice(0, 6)]})
    expect(errors.map(({rule, column}) => [rule, column])).toEqual([['NotAscending', 'journal_id (JournalID)']])
  })

  test('a day outside of the period, once a transaction', async () => {
    const lines = LEDGER.journal_lines.map((row) => (row['transaction_id'] === '2' ? {...row, posting_date: '2026-11-01'} : row))
    const errors = await find({journal_lines: lines})
    expect(errors.map(({row, rule, column}) => [row, rule, column])).toEqual([[1, 'DateOutsidePeriod', 'posting_date (GLPostingDate)']])
    expect(errors[0]!.right).toContain('2026-10-01 to 2026-10-31')
  })

  test('a closing balance that the lines do not bear out', async () => {
    const accounts = LEDGER.accounts.map((row) => ({...row, opening_debit: null, opening_credit: null, closing_debit: null, closing_credit: null}))
    const errors = await find({accounts})
    expect(new Set(errors.map(({rule}) => rule))).toEqual(new Set(['BalanceDiffers']))
    expect(errors[0]).toMatchObject({dataset: 'accounts', row: 1, key: {column: 'account', value: '1500'}})
    expect(errors[0]!.detail).toMatch(/^closing minus opening balance is 0\.00, the lines add up to -?[\d.]+$/)
  })

  test('a balance that is too long to be reckoned exactly', async () => {
    const big = '9'.repeat(13)
    const lines = Array.from({length: 10}, (_, index) => [
      {journal_id: 'A', transaction_id: String(index + 1), posting_date: '2026-10-01', line_id: '1', account: '1500', debit: big, credit: null},
      {journal_id: 'A', transaction_id: String(index + 1), posting_date: '2026-10-01', line_id: '2', account: '3000', debit: null, credit: big},
    ]).flat()
    const errors = await find({journal_lines: lines})
    expect(new Set(errors.map(({dataset, rule}) => `${dataset} ${rule}`))).toEqual(new Set(['accounts TooManyDigits']))
  })

  test("a customer's closing balance, reckoned on his own account alone", async () => {
    const stray: Row = {...LEDGER.journal_lines[7]!, customer_id: 'C100'}
    const lines = LEDGER.journal_lines.map((row, index) => (index === 7 ? stray : row))
    const moved = lines.filter((row) => row['customer_id'] === 'C100' && row['account'] === '1500')
    const cents = moved.reduce((sum, row) => sum + Number(row['debit'] ?? 0) - Number(row['credit'] ?? 0), 0)
    const customers = LEDGER.customers.map((row) => (row['id'] === 'C100' ? {...row, closing_debit: cents.toFixed(2)} : row))
    const errors = await find({customers, journal_lines: lines})
    expect(errors.filter(({key}) => key?.value === 'C100')).toEqual([])
  })
})

test('what a spreadsheet would run is counted', async () => {
  const {findings} = await writeAudit({...LEDGER, ...changed('journal_lines', 1, {text: '=cmd()'})})
  expect(findings.errors()).toEqual([])
  expect(findings.noteCounts()).toEqual([{rule: 'SpreadsheetFormula', count: 1}])
})
