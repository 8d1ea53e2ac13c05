// What a CSV file is wrong in is said of all of it, each row in its place.
import {describe, expect, it} from 'vitest'
import type {Column} from '../../../crds/sources/columns.ts'
import {createFindings} from '../../formats/findings.ts'
import type {Finding} from '../../formats/findings.ts'
import {rightEncoding} from '../files/encodings.ts'
import {textPieces} from '../files/text.ts'
import {readOn} from '../read-on.ts'
import {createCsvParser} from './parser.ts'
import {planOf} from './plan.ts'

const WHERE = {dataset: 'bookings', file: 'b.csv'}
const GERMAN = {decimalSign: ',', thousandsSeparator: '.', dateFormat: 'DD.MM.YYYY'} as const
const TYPED: readonly Column[] = [
  {name: 'booking_id', from: 'Nr', type: 'text'},
  {name: 'amount', from: 'Betrag', type: 'numeric'},
  {name: 'document_date', from: 'Datum', type: 'date'},
]

interface Read {
  readonly rows: string
  readonly findings: readonly Finding[]
}

async function read(text: string | Uint8Array, {columns = [], maxErrors = 100, drop = false}: {columns?: readonly Column[]; maxErrors?: number; drop?: boolean} = {}): Promise<Read> {
  const findings = createFindings(maxErrors)
  const parser = createCsvParser({
    dialect: {delimiter: ';', quote: '"'},
    where: WHERE,
    refusals: findings,
    rightEncoding: rightEncoding('UTF8'),
    planOf: (names) => planOf(names, {columns, otherColumns: drop ? 'Drop' : 'Keep', format: GERMAN}, WHERE),
  })
  async function* pieces(): AsyncGenerator<Buffer, void, undefined> {
    yield Buffer.from(text)
  }
  let rows = ''
  for await (const piece of readOn(textPieces(pieces(), 'UTF8'), parser, new AbortController().signal)) rows += piece.toString()
  expect(rows.split('\n')).toHaveLength(parser.rows() + 1)
  return {rows, findings: findings.errors()}
}

describe('a value that its column cannot have', () => {
  it('is said with row, key, both names of the column, value and line, and so are all others', async () => {
    const {rows, findings} = await read('Nr;Betrag;Datum;Text\nB1;1.5;31.10.2026;"zwei\nZeilen"\nB2;zwölf;31.02.2026;x\nB3;2,50;;\n', {columns: TYPED})
    expect(findings).toEqual([
      {
        dataset: 'bookings',
        row: 1,
        key: {column: 'booking_id', value: 'B1'},
        column: 'amount (Betrag)',
        rule: 'NotANumber',
        right: 'must be a number such as 1.234,56 (decimalSign and thousandsSeparator of the source)',
        value: '1.5',
        place: 'b.csv, line 2',
      },
      expect.objectContaining({row: 2, key: {column: 'booking_id', value: 'B2'}, column: 'amount (Betrag)', rule: 'NotANumber', value: 'zwölf', place: 'b.csv, line 4'}),
      expect.objectContaining({row: 2, column: 'document_date (Datum)', rule: 'NotADate', value: '31.02.2026', place: 'b.csv, line 4'}),
    ])
    expect(rows).toBe('B1\t?\t2026-10-31\tzwei\\nZeilen\nB2\t?\t?\tx\nB3\t2.50\t\\N\t\\N\n')
  })

  it('has its key also where that comes later in the row, and none where the key itself is wrong', async () => {
    const columns: readonly Column[] = [{name: 'amount', type: 'numeric'}, {name: 'booking_id', type: 'numeric'}]
    expect((await read('amount;booking_id\nx;17\n1;y\n', {columns})).findings).toMatchObject([
      {row: 1, key: {column: 'booking_id', value: '17'}, value: 'x'},
      {row: 2, column: 'booking_id', value: 'y'},
    ])
  })

  it('ends the reading where there are as many as were asked for; the rows before are handed on', async () => {
    const {rows, findings} = await read('Nr;Betrag;Datum\nB1;x;\nB2;1;\nB3;y;\nB4;z;\n', {columns: TYPED, maxErrors: 2})
    expect(findings.map(({row}) => row)).toEqual([1, 3])
    expect(rows).toBe('B1\t?\t\\N\nB2\t1\t\\N\nB3\t?\t\\N\n')
  })
})

describe('a byte that the encoding does not have', () => {
  it('is said of its column once, and of no other', async () => {
    const {findings} = await read(Buffer.from('a;b\nM\xfcller;\xe4\xf6\nx;y\n"M\xfcller";z\n', 'latin1'))
    expect(findings).toMatchObject([
      {row: 1, column: 'a', rule: 'NotInEncoding', value: 'M?ller', place: 'b.csv, line 2'},
      {row: 1, column: 'b', rule: 'NotInEncoding', value: '??'},
      {row: 3, column: 'a', rule: 'NotInEncoding', value: 'M?ller'},
    ])
  })

  it('is said of the row where it is in a column that nobody reads', async () => {
    const columns: readonly Column[] = [{name: 'a', type: 'text'}]
    expect((await read(Buffer.from('a;b\n1;\xfc\n', 'latin1'), {columns, drop: true})).findings).toMatchObject([{row: 1, column: '', rule: 'NotInEncoding'}])
  })
})

describe('a row that breaks the rules of CSV', () => {
  it.each([
    ['too few fields', '1;2\n3\n5;6\n', '1\t2\n?\t?\n5\t6\n', [[2, 3, /the row has 1 fields, but there are 2/]]],
    ['too many fields', '1;2\n3;4;x;y\n5;6\n', '1\t2\n?\t?\n5\t6\n', [[2, 3, /the row has 4 fields/]]],
    ['too few fields at the end of the file', '1;2\n3', '1\t2\n?\t?\n', [[2, 3, /the row has 1 fields/]]],
    ['a quote inside a field', '1;2\n3;4" pipe\n5;6\n', '1\t2\n3\t4" pipe\n5\t6\n', [[2, 3, /a quote inside a field/]]],
    ['text behind a closing quote', '"1"2;3\n"5" ;"6"\t\n7;8\n', '12\t3\n5 \t6\\t\n7\t8\n', [[1, 2, /something follows a closing quote/], [2, 3, /something follows/]]],
    ['a NUL byte', '1;\0\n3;"\0"\n5;6\n', '1\t?\n3\t?\n5\t6\n', [[1, 2, /a NUL byte/], [2, 3, /a NUL byte/]]],
    ['a carriage return alone', '1;2\r3;4\n5;6\r', '1\t2\n3\t4\n5\t6\n', [[1, 2, /a carriage return without/], [3, 3, /a carriage return .* at the end of the file/]]],
    ['empty lines between rows', '1;2\n\n\n3;4\n\n5;6\n\n', '1\t2\n3\t4\n5\t6\n', [[2, 3, /an empty line/], [3, 6, /an empty line/]]],
    ['a quote that is never closed', '1;2\n3;"4\n5;6\n', '1\t2\n', [[2, 3, /the quote that begins here is never closed/]]],
  ] as const)('is said with its line, and reading goes on: %s', async (_what, text, rows, expected) => {
    const read1 = await read(`a;b\n${text}`)
    expect(read1.rows).toBe(rows)
    expect(read1.findings).toEqual(
      expected.map(([row, line, right]) => ({dataset: 'bookings', row, column: '', rule: 'CsvInvalid', right: expect.stringMatching(right), place: `b.csv, line ${line}`})),
    )
  })

  it('is not said to have wrong values besides, for they may stand in other columns', async () => {
    expect((await read('Nr;Betrag;Datum\nB1;Text;1,00;1.1.2026\n', {columns: TYPED})).findings).toMatchObject([{row: 1, column: '', rule: 'CsvInvalid'}])
  })

  it('is the fault of the file where it has no end and is the first one', async () => {
    await expect(read('a;b\n1;"2\n3;4\n')).rejects.toMatchObject({code: 'CsvInvalid', message: 'dataset bookings: b.csv, line 2: the quote that begins here is never closed'})
  })

  it('is longer than any format takes, which ends the file', async () => {
    const field = 'x'.repeat(1 << 19)
    const {rows, findings} = await read(`a;b\n1;2\n${field};${field}\n3;4\n`)
    expect(rows).toBe('1\t2\n')
    expect(findings).toMatchObject([{row: 2, rule: 'CsvInvalid', right: 'a row of more than 1 MiB', place: 'b.csv, line 3'}])
    expect((await read(`a;b\n${field};${field.slice(2)}\n3;4\n`)).findings).toEqual([])
  })

  it('with more columns than bytes has a mark for each', async () => {
    const names = Array.from({length: 900}, (_, index) => `c${index}`).join(';')
    const {rows} = await read(`${names}\n${'x\n'.repeat(90)}`)
    expect(rows).toBe(`${Array(900).fill('?').join('\t')}\n`.repeat(90))
  })
})
