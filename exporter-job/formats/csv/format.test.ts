import {describe, expect, test} from 'vitest'
import type {z} from 'zod'
import {CsvFormat} from '../../../crds/formats/csv.ts'
import type {ColumnType} from '../../sources/types.ts'
import {createFindings} from '../findings.ts'
import type {Row} from '../testing/dataset.ts'
import {datasetOf, datasetOfBytes} from '../testing/dataset.ts'
import type {Written} from '../tables/testing/write.ts'
import {write} from '../tables/testing/write.ts'
import type {FormatContext} from '../types.ts'
import {createCsvFormat} from './format.ts'

type Input = z.input<typeof CsvFormat>

const BOOKINGS: readonly Row[] = [
  {amount: '1234.50', debit_credit: 'S', currency: 'EUR', account: '10000', contra_account: '8400', document_date: '2026-10-31', document_number: 'RE-1', text: 'Miete Büro; "Köln"', reversal: 'f'},
  {amount: '-0.99', debit_credit: 'H', currency: null, account: '10001', contra_account: '8400', document_date: '2026-10-01', document_number: 'RE-2', text: '', reversal: 't'},
  {amount: '7', debit_credit: 'S', currency: 'USD', account: '9', contra_account: '8400', document_date: '2026-11-02', document_number: 'RE-3', text: null, reversal: null},
]
const TYPES: Readonly<Record<string, ColumnType>> = {amount: 'numeric', account: 'integer', contra_account: 'integer', document_date: 'date', reversal: 'boolean'}

function bookings(rows = BOOKINGS): ReturnType<typeof datasetOf> {
  return datasetOf(rows, Object.keys(BOOKINGS[0]!), {types: TYPES})
}

function writeCsv(input: Input, datasets = [bookings()], context: Partial<FormatContext> = {}): Promise<Written> {
  return write(createCsvFormat(CsvFormat.parse(input)), datasets, context)
}

describe('a file', () => {
  test('is RFC 4180 in UTF-8 where the spec says nothing', async () => {
    const {file} = await writeCsv({})
    expect(file('bookings_2026-10.csv').toString()).toBe(
      [
        'amount,debit_credit,currency,account,contra_account,document_date,document_number,text,reversal',
        '1234.50,S,EUR,10000,8400,2026-10-31,RE-1,"Miete Büro; ""Köln""",false',
        '-0.99,H,,10001,8400,2026-10-01,RE-2,"",true',
        '7,S,USD,9,8400,2026-11-02,RE-3,,',
        '',
      ].join('\r\n'),
    )
  })

  test('is what a German spreadsheet reads: semicolons, decimal comma, days first, Windows-1252', async () => {
    const {file} = await writeCsv({
      delimiter: ';',
      decimalSign: ',',
      dateFormat: 'DD.MM.YYYY',
      encoding: 'Windows1252',
      lineEnding: 'LF',
      nullText: 'NULL',
      trueText: 'ja',
      falseText: 'nein',
      header: false,
      datasets: [{dataset: 'bookings', columns: ['document_date', 'amount', 'text', 'currency', 'reversal'].map((from) => ({from}))}],
    })
    expect(file('bookings_2026-10.csv').toString('latin1')).toBe(
      '31.10.2026;1234,50;"Miete Büro; ""Köln""";EUR;nein\n01.10.2026;-0,99;"";NULL;ja\n02.11.2026;7;NULL;USD;NULL\n',
    )
  })

  test('has everything but NULL in quotation marks where the spec says All', async () => {
    const {file} = await writeCsv({quote: 'All', dateFormat: 'YYYYMMDD', datasets: [{dataset: 'bookings', columns: [{from: 'amount'}, {from: 'currency'}, {from: 'document_date', to: 'Beleg "datum"'}]}]})
    expect(file('bookings_2026-10.csv').toString().split('\r\n').slice(0, 3)).toEqual(['"amount","currency","Beleg ""datum"""', '"1234.50","EUR","20261031"', '"-0.99",,"20261001"'])
  })

  test.each([
    ['UTF8BOM', '\uFEFF', 'utf8'],
    ['UTF16LE', '\uFEFF', 'utf16le'],
  ] as const)('in %s begins with a byte order mark, and so does every part', async (encoding, mark, decoding) => {
    const {file} = await writeCsv({encoding, maxRows: 2, datasets: [{dataset: 'bookings', columns: [{from: 'text'}, {from: 'account'}]}]})
    expect(file('bookings_2026-10_001.csv').toString(decoding)).toBe(`${mark}text,account\r\n"Miete Büro; ""Köln""",10000\r\n"",10001\r\n`)
    expect(file('bookings_2026-10_002.csv').toString(decoding)).toBe(`${mark}text,account\r\n,9\r\n`)
  })

  test('quotes numbers where the decimal sign is the delimiter', async () => {
    const {file} = await writeCsv({decimalSign: ',', header: false, datasets: [{dataset: 'bookings', columns: [{from: 'amount'}, {from: 'account'}]}]})
    expect(file('bookings_2026-10.csv').toString()).toBe('"1234,50",10000\r\n"-0,99",10001\r\n"7",9\r\n')
  })

  test('of one column has no line without a byte: it would be taken for none', async () => {
    const {file} = await writeCsv({header: false, datasets: [{dataset: 'bookings', columns: [{from: 'currency'}]}]})
    expect(file('bookings_2026-10.csv').toString()).toBe('EUR\r\n""\r\nUSD\r\n')
  })

  test('tells NULL from a text that reads like it', async () => {
    const rows = [{a: null, b: 'x'}, {a: String.raw`\N`, b: 'x'}, {a: '', b: 'x'}]
    const {file} = await writeCsv({header: false, nullText: String.raw`\N`}, [datasetOf(rows, ['a', 'b'], {name: 'rows'})])
    expect(file('rows_2026-10.csv').toString()).toBe('\\N,x\r\n"\\N",x\r\n"",x\r\n')
  })
})

describe('columns', () => {
  test('are chosen, renamed and ordered; one may be written twice', async () => {
    const columns = [{from: 'account', to: 'Konto'}, {from: 'amount', to: 'Betrag'}, {from: 'account', to: 'Konto 2'}]
    const {file, result} = await writeCsv({datasets: [{dataset: 'bookings', columns}]})
    expect(file('bookings_2026-10.csv').toString().split('\r\n').slice(0, 2)).toEqual(['Konto,Betrag,Konto 2', '10000,1234.50,10000'])
    expect(result.unusedColumns).toEqual(['debit_credit', 'currency', 'contra_account', 'document_date', 'document_number', 'text', 'reversal'].map((name) => `bookings.${name}`))
  })

  test.each([
    ['a column that is not there', {columns: [{from: 'acount'}]}, 'MissingColumn', 'bookings has no column acount, which spec.format names (nearest: amount, account'],
    ['a name that its encoding lacks', {columns: [{from: 'account', to: 'Kontoł'}]}, 'NameRefused', 'a column cannot be called "Kontoł"'],
  ])('%s is said before the first row', async (_, entry, code, message) => {
    const written = writeCsv({encoding: 'Windows1252', datasets: [{dataset: 'bookings', ...entry}]})
    await expect(written).rejects.toMatchObject({code, message: expect.stringContaining(message)})
  })

  test.each([
    ['amount', 'float'],
    ['document_date', 'timestamptz'],
    ['account', 'date'],
  ] as const)('%s of the type %s is refused: a canonical column has a meaning', async (name, type) => {
    const dataset = datasetOf(BOOKINGS, undefined, {types: {...TYPES, [name]: type}})
    await expect(writeCsv({}, [dataset])).rejects.toMatchObject({code: 'ColumnTypeRefused'})
  })

  test('of rows that no document describes are what the database says, or the spec', async () => {
    const row = {n: '1.50', f: '1e+20', when: '2026-10-31 12:00:00.5+01', text: '1.50', day: '0999-02-28', flag: 'true'}
    const dataset = datasetOf([row], undefined, {name: 'rows', types: {n: 'numeric', f: 'float', when: 'timestamptz'}})
    const typed = [{from: 'n'}, {from: 'f'}, {from: 'when'}, {from: 'text'}, {from: 'day', type: 'Date' as const}, {from: 'flag', type: 'Boolean' as const}]
    const {file} = await writeCsv({decimalSign: ',', delimiter: ';', dateFormat: 'DD/MM/YYYY', header: false, datasets: [{dataset: 'rows', columns: typed}]}, [dataset])
    expect(file('rows_2026-10.csv').toString()).toBe('1,50;1e+20;31/10/2026 12:00:00.5+01:00;1.50;28/02/0999;true\r\n')
  })
})

describe('files', () => {
  test('are one a dataset, in a fixed order, named by the spec where it does', async () => {
    const customers = datasetOf([{id: '10000', name: 'Kunde'}], undefined, {name: 'customers'})
    const datasets = [{dataset: 'customers' as const, fileName: "kunden-{{ scheduledTime | date: '%Y%m%d' }}"}]
    const {sink, result} = await writeCsv({extension: 'txt', datasets}, [customers, bookings()], {revisionSuffix: '-r2'})
    expect(sink.files.map(({name, rows, closed}) => [name, rows, closed])).toEqual([
      ['bookings_2026-10-r2.txt', 3, true],
      ['kunden-20261101-r2.txt', 1, true],
    ])
    expect(result).toMatchObject({rows: 4, datasets: [{dataset: 'bookings', written: 3, skipped: 0}, {dataset: 'customers', written: 1, skipped: 0}]})
  })

  test('are as many as maxRows makes of a dataset, and no more', async () => {
    const rows = Array.from({length: 6}, (_, index) => ({a: String(index)}))
    const {sink} = await writeCsv({maxRows: 3}, [datasetOf(rows, undefined, {name: 'rows', chunkBytes: 5})])
    expect(sink.files.map(({name, rows: count}) => [name, count])).toEqual([['rows_2026-10_001.csv', 3], ['rows_2026-10_002.csv', 3]])
  })

  test('are none for a dataset without rows, or one with its heading alone', async () => {
    expect((await writeCsv({}, [bookings([])])).sink.files).toEqual([])
    const {file, sink} = await writeCsv({}, [bookings([])], {emptyFile: true})
    expect(file('bookings_2026-10.csv').toString()).toMatch(/^amount,.*reversal\r\n$/)
    expect(sink.files[0]).toMatchObject({rows: 0, closed: true})
  })

  test.each(['all', 'All'])('of one name are refused: all and %s', async (other) => {
    const datasets = [{dataset: 'bookings' as const, fileName: 'all'}, {dataset: 'customers' as const, fileName: other}]
    const both = [bookings(), datasetOf([{id: '1'}], undefined, {name: 'customers'})]
    await expect(writeCsv({datasets}, both)).rejects.toMatchObject({code: 'DuplicateFileName', message: expect.stringContaining('bookings and customers')})
  })

  test('of a dataset that the source lacks are refused', async () => {
    await expect(writeCsv({datasets: [{dataset: 'suppliers'}]})).rejects.toMatchObject({code: 'DatasetMissing'})
  })
})

describe('values', () => {
  test('that break rules are all found, and the rows around them are read', async () => {
    const wrong = {...BOOKINGS[0]!, amount: '1.234,50', document_date: '2026-02-29', text: 'a\u0007b'}
    const {errors, result} = await writeCsv({}, [bookings([BOOKINGS[0]!, wrong, {...BOOKINGS[1]!, debit_credit: 'C'}])])
    expect(errors.map(({row, column, rule, value}) => [row, column, rule, value])).toEqual([
      [2, 'amount', 'NotANumber', '1.234,50'],
      [2, 'document_date', 'NotADate', '2026-02-29'],
      [2, 'text', 'ControlCharacter', 'a\u0007b'],
      [3, 'debit_credit', 'ValueNotAllowed', 'C'],
    ])
    expect(errors[2]).toMatchObject({dataset: 'bookings', right: 'must hold no control characters', detail: 'holds U+0007'})
    expect(result.rows).toBe(3)
  })

  test('carry the key of their row, and the name that the file gives the column', async () => {
    const dataset = datasetOf([{booking_id: 'B-1', text: 'Łódź'}])
    const columns = [{from: 'text', to: 'Buchungstext'}]
    const {errors} = await writeCsv({encoding: 'Windows1252', datasets: [{dataset: 'bookings', columns}]}, [dataset])
    expect(errors).toEqual([
      {
        dataset: 'bookings',
        row: 1,
        key: {column: 'booking_id', value: 'B-1'},
        column: 'text (Buchungstext)',
        rule: 'CharacterNotInWindows1252',
        right: 'must hold only characters of Windows-1252: replace the others in the query, or choose another encoding',
        detail: 'holds "Ł" (U+0141)',
        value: 'Łódź',
      },
    ])
  })

  test('that are no UTF-8 are refused', async () => {
    const bytes = Buffer.concat([Buffer.from('ä\n'), Buffer.from([0xe4, 0x0a]), Buffer.from([0xed, 0xa0, 0x80, 0x0a]), Buffer.from([0xc0, 0xaf, 0x0a]), Buffer.from('😀\n')])
    const {errors, file} = await writeCsv({header: false}, [datasetOfBytes(bytes, ['a'], {name: 'rows', rowCount: 5})])
    expect(errors.map(({row, rule}) => [row, rule])).toEqual([2, 3, 4].map((row) => [row, 'InvalidUtf8']))
    expect(file('rows_2026-10.csv').toString()).toBe('ä\r\n😀\r\n')
  })

  test.each([
    ['Keep', '"a\r\nb\tc"', []],
    ['Space', '"a b\tc"', ['LineBreakReplaced']],
  ] as const)('with line breaks are written: %s', async (lineBreaks, expected, noted) => {
    const {file, notes} = await writeCsv({lineBreaks, header: false}, [datasetOf([{a: 'a\r\nb\tc', b: 'x'}], undefined, {name: 'rows'})])
    expect(file('rows_2026-10.csv').toString()).toBe(`${expected},x\r\n`)
    expect(notes.map(({rule}) => rule)).toEqual(noted)
  })

  test('with line breaks are refused where the spec says so', async () => {
    const {errors} = await writeCsv({lineBreaks: 'Refuse'}, [datasetOf([{a: 'a\nb'}, {a: 'a\rb'}], undefined, {name: 'rows'})])
    expect(errors.map(({rule}) => rule)).toEqual(['LineBreak', 'LineBreak'])
  })

  test('of more or fewer fields than columns end the run', async () => {
    const dataset = datasetOfBytes(Buffer.from('a\tb\n'), ['a'], {name: 'rows', rowCount: 1})
    await expect(writeCsv({}, [dataset])).rejects.toMatchObject({code: 'InvalidRow', message: 'rows row 1 does not have 1 fields, as many as the dataset has columns'})
  })

  test('longer than the buffer are written', async () => {
    const long = '"'.repeat(400_000)
    const {file} = await writeCsv({header: false}, [datasetOf([{a: long}, {a: 'x'}], undefined, {name: 'rows', chunkBytes: 65_536})])
    expect(file('rows_2026-10.csv').toString()).toBe(`"${'"'.repeat(800_000)}"\r\nx\r\n`)
  })
})

describe('text that a spreadsheet would run', () => {
  const rows = ['=1+1', '+49 30', '-x', '@a', '\tb', 'a=b', '-5'].map((a, index) => ({a, n: String(-index)}))
  const run = (spreadsheetFormulas: FormatContext['spreadsheetFormulas']): Promise<Written> =>
    writeCsv({header: false}, [datasetOf(rows, undefined, {name: 'rows', types: {n: 'numeric'}})], {spreadsheetFormulas})

  test('is reported and written as it is; numbers are none', async () => {
    const {notes, errors, file} = await run('Report')
    expect(notes.map(({row, column, rule}) => [row, column, rule])).toEqual([1, 2, 3, 4, 5, 7].map((row) => [row, 'a', 'SpreadsheetFormula']))
    expect(errors).toEqual([])
    expect(file('rows_2026-10.csv').toString().split('\r\n')[0]).toBe('=1+1,0')
  })

  test('is counted also where every row has it', async () => {
    const many = datasetOf(Array.from({length: 3_000}, () => ({a: '=1'})), undefined, {name: 'rows'})
    const findings = createFindings(1)
    await writeCsv({}, [many], {findings})
    expect([findings.noteCounts(), findings.notes().length]).toEqual([[{rule: 'SpreadsheetFormula', count: 3_000}], 1_000])
  })

  test('is refused', async () => {
    const {errors, notes} = await run('Refuse')
    expect(errors.map(({row, rule}) => [row, rule])).toEqual([1, 2, 3, 4, 5, 7].map((row) => [row, 'SpreadsheetFormula']))
    expect(notes).toEqual([])
  })

  test('gets an apostrophe, and is counted', async () => {
    const {file, notes} = await run('Prefix')
    expect(file('rows_2026-10.csv').toString().split('\r\n').slice(0, -1)).toEqual(["'=1+1,0", "'+49 30,-1", "'-x,-2", "'@a,-3", '"\'\tb",-4', 'a=b,-5', "'-5,-6"])
    expect(notes).toHaveLength(6)
  })
})

describe('what a person compares with the books', () => {
  test('are totals by currency and side, and tables by month, account and tax key', async () => {
    const {result} = await writeCsv({})
    expect(result.totals).toEqual([
      {currency: 'EUR', side: 'S', count: 1, sum: '1234.50'},
      {currency: 'EUR', side: 'H', count: 1, sum: '-0.99'},
      {currency: 'USD', side: 'S', count: 1, sum: '7.00'},
    ])
    expect(result.protocol).toEqual({
      first: {row: 1, number: 'RE-1', date: '2026-10-31'},
      last: {row: 3, number: 'RE-3', date: '2026-11-02'},
      tables: [
        {
          title: 'Month',
          lines: [
            {key: '2026-10', currency: 'EUR', count: 2, debit: '1234.50', credit: '-0.99'},
            {key: '2026-11', currency: 'USD', count: 1, debit: '7.00', credit: '0.00'},
          ],
        },
        {
          title: 'Account',
          lines: [
            {key: '9', currency: 'USD', count: 1, debit: '7.00', credit: '0.00'},
            {key: '8400', currency: 'EUR', count: 2, debit: '-0.99', credit: '1234.50'},
            {key: '8400', currency: 'USD', count: 1, debit: '0.00', credit: '7.00'},
            {key: '10000', currency: 'EUR', count: 1, debit: '1234.50', credit: '0.00'},
            {key: '10001', currency: 'EUR', count: 1, debit: '0.00', credit: '-0.99'},
          ],
        },
      ],
    })
  })

  test('are those of the journal where there are both, and both have their tables', async () => {
    const lines = [
      {posting_date: '2026-10-31', account: '1400', debit: '119.00', credit: null, tax_code: null},
      {posting_date: '2026-10-31', account: '8400', debit: '0', credit: '100.00', tax_code: 'U19'},
      {posting_date: '2026-10-31', account: '1776', debit: null, credit: '19', tax_code: null},
    ]
    const {result} = await writeCsv({currency: 'CHF'}, [bookings(), datasetOf(lines, undefined, {name: 'journal_lines'})])
    expect(result.totals).toEqual([
      {currency: 'CHF', side: 'S', count: 1, sum: '119.00'},
      {currency: 'CHF', side: 'H', count: 2, sum: '119.00'},
    ])
    expect(result.protocol.tables.map(({title}) => title)).toEqual(['Month (bookings)', 'Account (bookings)', 'Month (journal_lines)', 'Account (journal_lines)', 'Tax code (journal_lines)'])
    // Rows without a code are counted, so that the table adds up to the totals.
    expect(result.protocol.tables.at(-1)!.lines).toEqual([
      {key: 'U19', currency: 'CHF', count: 1, debit: '0.00', credit: '100.00'},
      {key: 'none', currency: 'CHF', count: 2, debit: '119.00', credit: '19.00'},
    ])
  })

  test('are none where the dataset has no amounts', async () => {
    const {result} = await writeCsv({}, [datasetOf([{document_number: 'a', amount: '5'}])])
    expect(result).toMatchObject({rows: 1, totals: [], protocol: {tables: []}})
  })

  test('are none where the spec says that what should be amounts are texts', async () => {
    const columns = [{from: 'amount', type: 'Text' as const}, {from: 'debit_credit', type: 'Text' as const}]
    const {result, errors} = await writeCsv({datasets: [{dataset: 'bookings', columns}]}, [bookings([{...BOOKINGS[0]!, amount: '1.234,50', debit_credit: 'debit'}])])
    expect([errors, result.totals]).toEqual([[], []])
  })

  test('fail the run where a column that is not written cannot be counted', async () => {
    const {errors} = await writeCsv({datasets: [{dataset: 'bookings', columns: [{from: 'text'}]}]}, [bookings([{...BOOKINGS[0]!, amount: 'x'}])])
    expect(errors.map(({column, rule}) => [column, rule])).toEqual([['amount', 'NotANumber']])
  })
})
