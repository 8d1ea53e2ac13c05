import {describe, expect, test} from 'vitest'
import {decode, readCsv} from '../tables/testing/rfc4180.ts'
import type {Written} from '../tables/testing/write.ts'
import type {Row} from '../testing/dataset.ts'
import {datasetOf} from '../testing/dataset.ts'
import type {FormatContext} from '../types.ts'
import type {Input} from './testing/carrier.ts'
import {columnsOf, tablesOf, variable, writeCarrier} from './testing/carrier.ts'
import {all, readXml, textAt} from './testing/read-xml.ts'

function lines(): ReturnType<typeof datasetOf> {
  const rows = [
    {journal_id: 'VK', transaction_id: '1', line_id: '1', posting_date: '2026-01-31', account: '1400', debit: '119.00', credit: null, customer_id: '10001', tax_code: null, text: 'Rechnung "1"; Müller'},
    {journal_id: 'VK', transaction_id: '1', line_id: '2', posting_date: '2026-01-31', account: '8400', debit: null, credit: '100.00', customer_id: null, tax_code: 'U19', text: null},
    {journal_id: 'VK', transaction_id: '1', line_id: '3', posting_date: '2026-01-31', account: '1776', debit: null, credit: '19.005', customer_id: null, tax_code: null, text: ''},
  ]
  return datasetOf(rows, undefined, {name: 'journal_lines', types: {debit: 'numeric', credit: 'numeric', posting_date: 'date', account: 'integer', line_id: 'integer'}})
}

const noLines = (): ReturnType<typeof datasetOf> => datasetOf([], ['transaction_id', 'account'], {name: 'journal_lines'})
const accounts = (): ReturnType<typeof datasetOf> => datasetOf([{name: 'Forderungen', account: '1400'}, {name: 'Erlöse', account: '8400'}], undefined, {name: 'accounts'})
const customers = (): ReturnType<typeof datasetOf> => datasetOf([{id: '10001', name: 'Müller & Söhne <KG>'}], undefined, {name: 'customers'})
const taxCodes = (): ReturnType<typeof datasetOf> => datasetOf([{tax_code: 'U19', tax_rate: '19'}], undefined, {name: 'tax_codes'})

function writeGobd(input: Input = {}, datasets = [lines(), accounts(), customers(), taxCodes()], context: Partial<FormatContext> = {}): Promise<Written> {
  return writeCarrier(input, datasets, context)
}

test('index.xml and its tables are those that were looked at by hand', async () => {
  const {file, sink} = await writeGobd()
  expect(sink.files.map(({name, rows}) => [name, rows])).toEqual([['journal_lines.csv', 3], ['accounts.csv', 2], ['customers.csv', 1], ['tax_codes.csv', 1], ['index.xml', 0]])
  await expect(file('index.xml').toString()).toMatchFileSnapshot('testing/index.xml')
  expect(file('journal_lines.csv').toString()).toBe(
    [
      'transaction_id;line_id;journal_id;posting_date;account;debit;credit;customer_id;tax_code;text',
      '1;1;VK;31.01.2026;1400;119,00;;10001;;"Rechnung ""1""; Müller"',
      '1;2;VK;31.01.2026;8400;;100,00;;U19;',
      '1;3;VK;31.01.2026;1776;;19,005;;;""',
      '',
    ].join('\r\n'),
  )
  expect(file('accounts.csv').toString()).toBe('account;name\r\n1400;Forderungen\r\n8400;Erlöse\r\n')
})

test('the index says of each table how to read it, and its columns stand as in the file', async () => {
  const {file} = await writeGobd()
  for (const [dataset, table] of tablesOf(file('index.xml'))) {
    const encapsulated = variable(table)
    expect([textAt(encapsulated, 'ColumnDelimiter'), textAt(encapsulated, 'RecordDelimiter'), textAt(encapsulated, 'TextEncapsulator')]).toEqual([';', '\r\n', '"'])
    expect([textAt(table, 'DecimalSymbol'), textAt(table, 'DigitGroupingSymbol'), textAt(table, 'Range', 'From'), textAt(table, 'UTF8')]).toEqual([',', '.', '2', ''])
    expect([textAt(table, 'Validity', 'Range', 'From'), textAt(table, 'Validity', 'Range', 'To')]).toEqual(['01.01.2026', '31.12.2026'])
    const [heading] = readCsv(decode(file(`${dataset}.csv`), 'utf-8'), ';', '\r\n')
    expect(columnsOf(table).map((column) => column.replace(/^key /, '').split(' ')[0])).toEqual(heading!.map(({text}) => text))
  }
})

test('widths, accuracies and types are those of the rows', async () => {
  const {file} = await writeGobd()
  const tables = tablesOf(file('index.xml'))
  expect(columnsOf(tables.get('journal_lines')!)).toEqual([
    'key transaction_id AlphaNumeric 1',
    'key line_id AlphaNumeric 1',
    'journal_id AlphaNumeric 2',
    'posting_date Date DD.MM.YYYY',
    'account AlphaNumeric 4',
    'debit Numeric 2',
    'credit Numeric 3',
    'customer_id AlphaNumeric 5',
    'tax_code AlphaNumeric 3',
    'text AlphaNumeric 21',
  ])
  expect(columnsOf(tables.get('tax_codes')!)).toEqual(['key tax_code AlphaNumeric 3', 'tax_rate Numeric 0'])
})

describe('foreign keys', () => {
  test('lead from the journal to the master data that is there, by the names that the files have', async () => {
    const datasets = [{dataset: 'accounts' as const, name: 'Konten', columns: [{from: 'account', to: 'Konto'}, {from: 'name', description: 'Bezeichnung'}]}]
    const {file} = await writeGobd({datasets}, [lines(), accounts(), customers()])
    const keys = all(variable(tablesOf(file('index.xml')).get('journal_lines')!), 'ForeignKey').map((key) => [
      textAt(key, 'Name'),
      textAt(key, 'References'),
      textAt(key, 'Alias', 'From'),
      textAt(key, 'Alias', 'To'),
    ])
    expect(keys).toEqual([
      ['account', 'Konten', 'account', 'Konto'],
      ['customer_id', 'Debitoren', 'customer_id', 'id'],
    ])
  })

  test('are left out where the column is not, or the key is another', async () => {
    const {file} = await writeGobd({datasets: [{dataset: 'accounts', primaryKey: ['name']}, {dataset: 'customers', primaryKey: []}, {dataset: 'tax_codes', columns: [{from: 'tax_rate'}]}]})
    const tables = tablesOf(file('index.xml'))
    expect(all(variable(tables.get('journal_lines')!), 'ForeignKey')).toEqual([])
    expect(columnsOf(tables.get('accounts')!)).toEqual(['key name AlphaNumeric 11', 'account AlphaNumeric 4'])
    expect(columnsOf(tables.get('customers')!)[0]).toBe('id AlphaNumeric 5')
  })
})

function people(...ids: readonly string[]): ReturnType<typeof datasetOf> {
  return datasetOf(ids.map((id, index) => ({name: `N${index}`, id})), undefined, {name: 'customers'})
}

function keyed(transaction_id: string, line_id: string | null): Row {
  return {account: '1', transaction_id, line_id}
}

describe('a key', () => {
  test('that comes twice is refused at its second row', async () => {
    const {errors} = await writeGobd({}, [people('1', '2', '01', '1')])
    expect(errors).toMatchObject([{dataset: 'customers', row: 4, column: 'id', rule: 'DuplicateKey', value: '1', right: expect.stringMatching(/^must not be in two rows/)}])
  })

  test('of several columns is all of them, and a part of it may come again', async () => {
    const rows = [keyed('1', '1'), keyed('1', '2'), keyed('2', '1'), keyed('11', ''), keyed('1', null), keyed('1', '2')]
    const {errors} = await writeGobd({}, [datasetOf(rows, undefined, {name: 'journal_lines'})])
    expect(errors.map(({row: number, column, rule}) => [number, column, rule])).toEqual([[4, 'line_id', 'MissingValue'], [5, 'line_id', 'MissingValue'], [6, 'line_id', 'DuplicateKey']])
  })

  test('that the spec does not want may come as often as it likes', async () => {
    expect((await writeGobd({datasets: [{dataset: 'customers', primaryKey: []}]}, [people('1', '1')])).errors).toEqual([])
  })
})

test('names and descriptions are escaped, and what XML cannot hold is refused', async () => {
  const nasty = `<&>"']]>`
  const {file} = await writeGobd({media: nasty, datasets: [{dataset: 'accounts', name: nasty, description: nasty, columns: [{from: 'account', to: nasty}]}]}, [lines(), accounts()])
  const {root, doctype} = readXml(file('index.xml').toString())
  expect(doctype).toBe('gdpdu-01-09-2004.dtd')
  expect(textAt(root, 'Media', 'Name')).toBe(nasty)
  expect(columnsOf(tablesOf(file('index.xml')).get('accounts')!)).toEqual([`${nasty} AlphaNumeric 4`].map((column) => `key ${column}`))
  await expect(writeGobd({media: 'a\uFFFE'})).rejects.toMatchObject({code: 'NameRefused'})
})

describe('the carrier', () => {
  test('of a revision has it in every name, and the DTD that the spec names', async () => {
    const {sink, file} = await writeGobd({dtd: 'dtd/gdpdu.dtd', encoding: 'Windows1252'}, [lines(), accounts()], {revisionSuffix: '-r2'})
    expect(sink.files.map(({name}) => name)).toEqual(['journal_lines-r2.csv', 'accounts-r2.csv', 'index-r2.xml'])
    expect(readXml(file('index-r2.xml').toString()).doctype).toBe('dtd/gdpdu.dtd')
    expect(textAt(tablesOf(file('index-r2.xml')).get('accounts')!, 'ANSI')).toBe('')
    expect(decode(file('accounts-r2.csv'), 'windows-1252')).toContain('Erlöse')
  })

  test('has every table that it describes, also one without rows', async () => {
    const {sink, file} = await writeGobd({}, [lines(), datasetOf([], ['id', 'name'], {name: 'customers'})])
    expect(sink.files.map(({name, rows}) => [name, rows])).toEqual([['journal_lines.csv', 3], ['customers.csv', 0], ['index.xml', 0]])
    expect(columnsOf(tablesOf(file('index.xml')).get('customers')!)).toEqual(['key id AlphaNumeric 1', 'name AlphaNumeric 1'])
  })

  test('is none where there is no row at all, unless the spec wants a file', async () => {
    expect((await writeGobd({}, [noLines()])).sink.files).toEqual([])
    expect((await writeGobd({}, [noLines()], {emptyFile: true})).sink.files.map(({name}) => name)).toEqual(['journal_lines.csv', 'index.xml'])
  })

  test('has totals of the journal, which balances or does not', async () => {
    expect((await writeGobd()).result.totals).toEqual([
      {currency: 'EUR', side: 'S', count: 1, sum: '119.00'},
      {currency: 'EUR', side: 'H', count: 2, sum: '119.005'},
    ])
  })
})

describe('refused', () => {
  test.each([
    ['a key that is not in the file', {datasets: [{dataset: 'accounts' as const, primaryKey: ['id']}]}, 'MissingColumn'],
    ['two tables of one name', {datasets: [{dataset: 'accounts' as const, name: 'Debitoren'}]}, 'DuplicateTableName'],
    ['a dataset that is not there', {datasets: [{dataset: 'suppliers' as const}]}, 'DatasetMissing'],
  ])('is %s', async (_, input, code) => {
    await expect(writeGobd(input)).rejects.toMatchObject({code})
  })

  test('is a floating-point column, for which no accuracy can be stated', async () => {
    const dataset = datasetOf([{x: '0.1'}], undefined, {name: 'rows', types: {x: 'float'}})
    await expect(writeGobd({}, [dataset])).rejects.toMatchObject({code: 'ColumnTypeRefused', message: expect.stringContaining('cast it to numeric')})
  })

  test('is a key without a value, and a line break', async () => {
    const rows = [{account: null, name: 'a'}, {account: '', name: 'a'}, {account: '1', name: 'a\nb'}]
    const {errors} = await writeGobd({}, [lines(), datasetOf(rows, undefined, {name: 'accounts'})])
    expect(errors.map(({dataset, row, column, rule}) => [dataset, row, column, rule])).toEqual([
      ['accounts', 1, 'account', 'MissingValue'],
      ['accounts', 2, 'account', 'MissingValue'],
      ['accounts', 3, 'name', 'LineBreak'],
    ])
  })
})
