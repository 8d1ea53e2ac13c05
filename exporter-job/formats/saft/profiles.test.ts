// What is peculiar to each authority, read back by the independent reader.
import {readFileSync} from 'node:fs'
import {describe, expect, test} from 'vitest'
import type {Row} from '../testing/dataset.ts'
import {PROFILES} from './profiles/index.ts'
import {createFindings} from '../findings.ts'
import {contextOf, memorySink} from '../testing/memory-sink.ts'
import {amount, group, idIn, idOf, required, text} from './elements.ts'
import {createFormatOf, createSaftFormat} from './format.ts'
import type {Profile} from './profile.ts'
import {LUXEMBOURG, NORWAY, PORTUGAL, ROMANIA, changed, read, without, write} from './testing/changes.ts'
import {SAMPLES} from './testing/samples.ts'
import {inputOfRows, specOf, writeAudit} from './testing/write.ts'
import {all, textAt} from './testing/xml.ts'

test('there is a sample of every profile', () => {
  expect(SAMPLES.map(({profile}) => profile)).toEqual(Object.keys(PROFILES))
})

describe.each(SAMPLES)('$profile', (sample) => {
  test('is what the golden file holds, to the byte', async () => {
    const {sink, findings} = await write(sample, sample.small)
    expect(findings.errors()).toEqual([])
    expect(sink.bytes(0).toString('latin1')).toBe(readFileSync(new URL(`testing/${sample.profile}.xml`, import.meta.url), 'latin1'))
  })

  test('announces and holds the same', async () => {
    const root = await read(sample)
    const entries = all(root, 'GeneralLedgerEntries')[0]!
    const transactions = all(entries, 'Journal/Transaction')
    expect(textAt(entries, 'NumberOfEntries')).toBe(String(transactions.length))
    expect(textAt(entries, 'TotalDebit')).toBe(textAt(entries, 'TotalCredit'))
    expect(transactions).toHaveLength(new Set(sample.ledger.journal_lines.map((row) => row['transaction_id'])).size)
  })

  test('has every account, customer, supplier and tax code of the datasets once', async () => {
    const masters = all(await read(sample), 'MasterFiles')[0]!
    const {accounts, customers, suppliers, tax_codes} = sample.ledger
    const isFlat = sample === PORTUGAL
    expect(all(masters, 'GeneralLedgerAccounts/Account')).toHaveLength(accounts.length)
    expect(all(masters, isFlat ? 'Customer' : 'Customers/Customer')).toHaveLength(customers.length)
    expect(all(masters, isFlat ? 'Supplier' : 'Suppliers/Supplier')).toHaveLength(suppliers.length)
    expect(all(masters, isFlat ? 'TaxTable/TaxTableEntry' : 'TaxTable/TaxTableEntry/TaxCodeDetails')).toHaveLength(tax_codes.length)
  })

  test('refuses an amount with three decimals and an account that is not in the chart', async () => {
    const lines = changed(sample.ledger.journal_lines, 1, {account: '999999', debit: '1.001'})
    const {findings} = await write(sample, {journal_lines: lines})
    expect(findings.errors().map(({row, rule}) => [row, rule])).toEqual([
      [1, 'TooManyDecimals'],
      [1, 'NotInMasterFiles'],
    ])
  })
})

test.each([
  [NORWAY, 'SAF-T Financial_999999999_20261101060000_1_1.xml', []],
  [ROMANIA, 'D406_12345678_20261001_20261031.xml', ['cost_centers.valid_from', 'journal_lines.due_date']],
  [LUXEMBOURG, 'FAIA_19991234567_20260101_20261231.xml', ['cost_centers.valid_from', 'journal_lines.due_date']],
  [
    PORTUGAL,
    'SAFT-PT_501234567_20261001_20261031.xml',
    ['customers.registration_number', 'customers.iban', 'suppliers.registration_number', 'suppliers.iban', 'journal_lines.due_date'],
  ],
] as const)('the file is named as its authority wants it: %#', async (sample, name, unused) => {
  const {result, sink} = await write(sample)
  expect(sink.files.map((file) => file.name)).toEqual([name])
  expect(result.unusedColumns).toEqual(unused)
})

test("says that a partner's account has no place in a Norwegian file without his balances", async () => {
  const customers = NORWAY.ledger.customers.map((row) => without(row, 'opening_debit', 'opening_credit'))
  const {result} = await write(NORWAY, {customers})
  expect(result.unusedColumns).toEqual(['customers.account'])
})

describe('Luxembourg', () => {
  test.each([
    ['2026-01-01', '2026-12-31'],
    ['2026-02-01', '2027-02-01'],
    ['2026-10-01', '2026-11-01'],
  ])('takes no other period than a calendar year: not %s to before %s', async (start, end) => {
    await expect(write({...LUXEMBOURG, context: {period: {start, end}}})).rejects.toMatchObject({code: 'PeriodRefused'})
  })

  test('knows four types of accounts', async () => {
    const {findings} = await write(LUXEMBOURG, {accounts: changed(LUXEMBOURG.ledger.accounts, 1, {account_type: 'Activ'})})
    expect(findings.errors()[0]).toMatchObject({
      dataset: 'accounts',
      row: 1,
      rule: 'ValueNotAllowed',
      right: 'must be one of Actif, Passif, Produit, Charge',
    })
  })
})

describe('Portugal', () => {
  test('is Windows-1252, and refuses what that lacks', async () => {
    const {sink} = await write(PORTUGAL)
    expect(sink.bytes(0).toString('latin1')).toContain('Serra, Lda')
    expect(sink.bytes(0).includes(Buffer.from([0xe7, 0xe3, 0x6f]))).toBe(true)
    const {findings} = await write(PORTUGAL, {journal_lines: changed(PORTUGAL.ledger.journal_lines, 1, {text: 'Łódź'})})
    expect(findings.errors().map(({row, rule}) => [row, rule])).toEqual([[1, 'CharacterNotInWindows1252']])
  })

  test('has a TransactionID of date, journal and archive number', async () => {
    const lines: Row[] = PORTUGAL.ledger.journal_lines.map((row) => ({...row, archive_number: `A${row['transaction_id']}`}))
    const transaction = all(await read(PORTUGAL, {journal_lines: lines}), 'GeneralLedgerEntries/Journal/Transaction')[0]!
    expect(textAt(transaction, 'TransactionID')).toBe(`${lines[0]!['transaction_date']} AP A2`)
    expect(textAt(transaction, 'DocArchivalNumber')).toBe('A2')
    expect(textAt(all(transaction, 'Lines/DebitLine')[0]!, 'SystemEntryDate')).toBe('2026-11-02T08:30:00')
  })

  test('refuses two documents of one day and one journal that have the same archive number', async () => {
    const lines: Row[] = PORTUGAL.ledger.journal_lines.map((row) => ({...row, archive_number: `A${row['transaction_id']}`}))
    const [first, other] = [lines[0]!, lines.find((row) => row['transaction_id'] === '126')!]
    const twice = lines.map((row) => (row['transaction_id'] === '126' ? {...row, archive_number: 'A2'} : row))
    expect(other['transaction_date']).toBe(first['transaction_date'])
    const {findings} = await write(PORTUGAL, {journal_lines: twice})
    expect(findings.errors().map(({row, rule, column}) => [row, rule, column])).toEqual([
      [lines.indexOf(other) + 1, 'DuplicateId', 'archive_number (TransactionID)'],
    ])
  })

  test('takes the same archive number on another day, and in another journal', async () => {
    const lines: Row[] = PORTUGAL.ledger.journal_lines.map((row) => ({...row, archive_number: row['transaction_date']!.slice(-2)}))
    const once = lines.filter((row) => Number(row['transaction_id']) <= 31)
    const accounts = PORTUGAL.ledger.accounts.map((row) => ({...row, opening_debit: null, opening_credit: null, closing_debit: null, closing_credit: null}))
    const {findings} = await write(PORTUGAL, {journal_lines: once, accounts})
    expect(new Set(findings.errors().map(({rule}) => rule))).toEqual(new Set(['BalanceDiffers']))
  })

  test.each([
    ['a movement account without taxonomy code', {taxonomy_code: null}, 'MissingValue'],
    ['a movement account without the account above it', {grouping_code: null}, 'MissingValue'],
    ['a movement account below one that has not come', {grouping_code: '99'}, 'NotInMasterFiles'],
    ['an account of first degree with an account above it', {grouping_category: 'GR', taxonomy_code: null}, 'NotEmpty'],
    ['an account that holds others with a taxonomy code', {grouping_category: 'GA'}, 'NotEmpty'],
    ['a category that there is not', {grouping_category: 'XX'}, 'ValueNotAllowed'],
    ['a closing balance that the lines do not bear out', {closing_debit: '1.00', closing_credit: null}, 'BalanceDiffers'],
  ] as const)('refuses %s', async (_, change, rule) => {
    const row = PORTUGAL.ledger.accounts.findIndex((each) => each['grouping_category'] === 'GM') + 1
    const {findings} = await write(PORTUGAL, {accounts: changed(PORTUGAL.ledger.accounts, row, change)})
    expect(findings.errors()[0]).toMatchObject({dataset: 'accounts', row, rule})
  })

  test('compares the balance of an account that holds others with all of theirs', async () => {
    const {findings} = await write(PORTUGAL, {accounts: changed(PORTUGAL.ledger.accounts, 1, {closing_debit: '1.00', closing_credit: null})})
    expect(findings.errors().map(({row, rule}) => [row, rule])).toEqual([[1, 'BalanceDiffers']])
  })

  test.each([
    ['2026-07-01', '2027-07-01', 1],
    ['2026-01-01', '2027-01-01', 7],
  ])('takes no period of two fiscal years: from %s to before %s, where they begin in month %i', async (start, end, fiscalYearStartMonth) => {
    const writing = write({...PORTUGAL, context: {period: {start, end}}}, {}, {fiscalYearStartMonth})
    await expect(writing).rejects.toMatchObject({code: 'PeriodRefused'})
  })

  test('wants closing balances to be stated', async () => {
    const accounts = PORTUGAL.ledger.accounts.map((row) => without(row, 'closing_debit', 'closing_credit'))
    await expect(write(PORTUGAL, {accounts})).rejects.toMatchObject({code: 'MissingColumn'})
  })

  test.each(['24:00:00', '08:60:00', '8:30:00', '08:30', '08:30:00.5'])('refuses the time %s', async (time) => {
    const {findings} = await write(PORTUGAL, {journal_lines: changed(PORTUGAL.ledger.journal_lines, 1, {entry_time: time})})
    expect(findings.errors().map(({row, rule}) => [row, rule])).toEqual([[1, 'NotATime']])
  })

  test("takes no negative amounts, and no blanks in a journal's id", async () => {
    expect(() => createSaftFormat(specOf({...PORTUGAL.spec, profile: 'PT-1.04_01', negativeAmounts: 'Keep'}))).toThrow(
      'must be one of Error, SwapSide',
    )
    const lines = PORTUGAL.ledger.journal_lines.map((row) => ({...row, journal_id: `J ${row['journal_id']}`}))
    const {findings} = await write(PORTUGAL, {journal_lines: lines})
    expect(new Set(findings.errors().map(({rule}) => rule))).toEqual(new Set(['BlankNotAllowed']))
  })
})

test('another authority is data: the writer has never heard of this one', async () => {
  const {ledger} = NORWAY
  const profile: Profile = {
    ...PROFILES['NO-1.30'],
    namespace: 'urn:example:saf-t',
    header: [group('Hoved', [required('Virksomhed', 'name', text(50))])],
    masters: [
      {
        dataset: 'accounts',
        name: 'Kontoplan',
        balances: 'always',
        whenEmpty: 'omit',
        entry: [group('Konto', [required('Nummer', 'account', idOf('accounts', 20)), amount('Primo', 'openingDebit')])],
      },
    ],
    journal: {name: 'Kladde', elements: [required('Navn', 'journal_id', text(20))]},
    transaction: {name: 'Bilag', elements: [required('Dato', 'posting_date', {kind: 'date'})], inner: 'Linjer'},
    line: [
      group('D', [required('Konto', 'account', idIn('accounts', 20)), amount('Beløb', 'amount')], {flag: 'isDebit'}),
      group('K', [amount('Beløb', 'amount')], {unless: 'isDebit'}),
    ],
    fileName: () => 'saft-dk',
  }
  const [sink, findings] = [memorySink(), createFindings(10)]
  await createFormatOf(profile, specOf()).write(
    inputOfRows({accounts: ledger.accounts, journal_lines: ledger.journal_lines.slice(0, 3)}),
    sink,
    contextOf({findings}),
  )
  expect(findings.errors()).toEqual([])
  expect(sink.bytes(0).toString()).toMatch(
    new RegExp(
      [
        '<Hoved><Virksomhed>Fjord &amp; Fjell AS</Virksomhed></Hoved>',
        '<Kladde><Navn>AP</Navn><Bilag><Dato>2026-10-02</Dato><Linjer><D><Konto>4300</Konto><Beløb>89.19</Beløb></D>',
        '</Linjer></Bilag></Kladde>',
      ].join('.*'),
      's',
    ),
  )
})

describe('the shape of a dataset', () => {
  const {journal_lines: lines, accounts} = NORWAY.ledger

  test.each([
    ['a column that is not known', {journal_lines: lines.map((row) => ({...row, acount: '1'}))}, 'UnknownColumn', 'nearest: account'],
    ['no debit', {journal_lines: lines.map((row) => without(row, 'debit'))}, 'MissingColumn', 'debit'],
    ['tax without its amount', {journal_lines: lines.map((row) => without(row, 'tax_amount'))}, 'MissingColumn', 'tax_amount'],
    [
      'accounts without grouping',
      {accounts: accounts.map((row) => without(row, 'grouping_category'))},
      'MissingColumn',
      'grouping_category (Account/GroupingCategory)',
    ],
  ])('refuses %s', async (_, changes, code, words) => {
    await expect(write(NORWAY, changes)).rejects.toMatchObject({code, message: expect.stringContaining(words) as string})
  })

  test('accounts must be there', async () => {
    const {customers, suppliers} = NORWAY.ledger
    await expect(writeAudit({customers, suppliers, journal_lines: lines})).rejects.toMatchObject({code: 'DatasetMissing'})
  })
})
