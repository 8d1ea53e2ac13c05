import {describe, expect, test} from 'vitest'
import {BmdFormat} from '../../../crds/formats/bmd.ts'
import {RowsRefused} from '../findings.ts'
import type {Row} from '../testing/dataset.ts'
import {datasetOf} from '../testing/dataset.ts'
import {contextOf, inputOf, memorySink} from '../testing/memory-sink.ts'
import type {FormatContext} from '../types.ts'
import {createBmdFormat} from './format.ts'
import {booking, bookings} from './testing/booking.ts'

const CUSTOMER: Row = {id: 'C1', account: '200001', name: 'Müller & Söhne', street: 'Hauptplatz 1', postal_code: '4020', city: 'Linz', country: 'AT', vat_id: 'ATU12345678'}
const SUPPLIER: Row = {id: 'S1', account: '300001', name: 'Zulieferer GmbH', iban: 'AT611904300234573201', bic: 'BKAUATWW'}

interface Given {
  readonly customers?: readonly Row[]
  readonly suppliers?: readonly Row[]
  readonly spec?: object
  readonly context?: Partial<FormatContext>
}

/** The files by name, each as its lines. */
async function write({customers, suppliers, spec, context}: Given) {
  const sink = memorySink()
  const given = contextOf(context)
  const datasets = [customers === undefined ? [] : [datasetOf(customers, undefined, {name: 'customers'})], suppliers === undefined ? [] : [datasetOf(suppliers, undefined, {name: 'suppliers'})]]
  const format = createBmdFormat(BmdFormat.parse({files: ['Personenkonten'], ...spec}))
  const result = await format.write(inputOf(...datasets.flat()), sink, given)
  const errors = given.findings.errors()
  if (errors.length > 0) throw new RowsRefused(errors, {full: false})
  const files = sink.files.map(({name, rows}, index) => ({name, rows, lines: new TextDecoder('windows-1252').decode(sink.bytes(index)).split('\r\n')}))
  return {result, files, context: given}
}

describe('personal accounts', () => {
  test('are one file for debtors and one for creditors, with the columns that the dataset has', async () => {
    const {files, result} = await write({customers: [CUSTOMER], suppliers: [SUPPLIER, {...SUPPLIER, account: '300002', bic: null}]})
    expect(files).toEqual([
      {
        name: 'BMD_Debitoren_2026-10_001.csv',
        rows: 1,
        lines: ['KontoNummer;Name;Strasse;PLZ;Ort;Land;UID', '200001;Müller & Söhne;Hauptplatz 1;4020;Linz;AT;ATU12345678', ''],
      },
      {
        name: 'BMD_Kreditoren_2026-10_001.csv',
        rows: 2,
        lines: ['KontoNummer;Name;IBAN;BIC', '300001;Zulieferer GmbH;AT611904300234573201;BKAUATWW', '300002;Zulieferer GmbH;AT611904300234573201;', ''],
      },
    ])
    expect(result).toMatchObject({rows: 3, datasets: [{dataset: 'customers', written: 1}, {dataset: 'suppliers', written: 2}], totals: []})
  })

  test('have the headings of another profile', async () => {
    const {files, result} = await write({customers: [CUSTOMER], spec: {personalAccounts: {profile: 'Stamerf'}}})
    expect(files[0]!.lines[0]).toBe('Konto-Nr;Name;Strasse;Postltz;Ort')
    expect(result.unusedColumns).toEqual(['country', 'vat_id'])
  })

  test('have the columns of the spec, also those that are no canonical ones', async () => {
    const columns = [{heading: 'Konto', from: 'account'}, {heading: 'Zahlungsziel', from: 'days'}]
    const {files} = await write({customers: [{...CUSTOMER, days: '30'}], spec: {personalAccounts: {columns}}})
    expect(files[0]!.lines.slice(0, 2)).toEqual(['Konto;Zahlungsziel', '200001;30'])
  })

  test('stand beside the bookings, each with its own count', async () => {
    const sink = memorySink()
    const format = createBmdFormat(BmdFormat.parse({files: ['Buchungen', 'Personenkonten']}))
    const result = await format.write(inputOf(bookings(booking()), datasetOf([CUSTOMER], undefined, {name: 'customers'})), sink, contextOf())
    expect(sink.files.map(({name, rows}) => [name, rows])).toEqual([['BMD_Buchungen_2026-10_001.csv', 1], ['BMD_Debitoren_2026-10_001.csv', 1]])
    expect(result).toMatchObject({rows: 2, datasets: [{dataset: 'bookings', written: 1}, {dataset: 'customers', written: 1}], totals: [{sum: '120.00'}]})
  })

  test('begin as the spec says', async () => {
    const spec = {personalAccounts: {customersBeginWith: '1'}}
    expect((await write({customers: [{...CUSTOMER, account: '10001'}], spec})).files[0]!.rows).toBe(1)
  })

  test('an account that comes twice is written and noted, for BMD keeps what the last row says', async () => {
    const {files, context} = await write({customers: [CUSTOMER, {...CUSTOMER, account: '200002'}, {...CUSTOMER, id: 'C2'}]})
    expect(files[0]!.rows).toBe(3)
    expect(context.findings.notes()).toMatchObject([{dataset: 'customers', row: 3, column: 'account (KontoNummer)', rule: 'DuplicateNumber', value: '200001', key: {value: 'C2'}}])
  })

  test('telephone numbers with a plus are noted, for a spreadsheet would run them', async () => {
    const {context} = await write({customers: [{...CUSTOMER, telephone: '+43 732 1'}]})
    expect(context.findings.notes().map(({column, rule, key}) => [column, rule, key?.value])).toEqual([['telephone (Telefon)', 'SpreadsheetFormula', 'C1']])
  })
})

describe('is refused:', () => {
  test.each([
    {sentence: 'a customer among the creditors', given: {suppliers: [{...SUPPLIER, account: '200001'}]}, code: 'NotAPersonalAccount', says: 'must begin with 3'},
    {sentence: 'a supplier among the debtors', given: {customers: [{...CUSTOMER, account: '300001'}]}, code: 'NotAPersonalAccount', says: 'must begin with 2'},
    {sentence: 'letters in an account', given: {customers: [{...CUSTOMER, account: 'K1'}]}, code: 'NotAnAccount', says: 'digits only'},
    {sentence: 'a customer without name', given: {customers: [{...CUSTOMER, name: null}]}, code: 'MissingValue', says: 'name (Name)'},
    {sentence: 'a name that is too long', given: {customers: [{...CUSTOMER, name: 'x'.repeat(51)}]}, code: 'TextTooLong', says: 'at most 50 characters'},
    {sentence: 'an IBAN in groups of four', given: {suppliers: [{...SUPPLIER, iban: 'AT61 1904 3002 3457 3201'}]}, code: 'InvalidIban', says: 'without blanks'},
    {sentence: 'an IBAN with a slip of the pen', given: {suppliers: [{...SUPPLIER, iban: 'AT611904300234573210'}]}, code: 'InvalidIban', says: 'check digits'},
    {sentence: 'no IBAN', given: {suppliers: [{...SUPPLIER, iban: '=x'}]}, code: 'InvalidIban', says: ''},
    {sentence: 'a semicolon', given: {customers: [{...CUSTOMER, name: 'a;b'}]}, code: 'SemicolonInText', says: ''},
    {sentence: 'a column that nobody knows', given: {customers: [{...CUSTOMER, ort: 'Linz'}]}, code: 'UnknownColumn', says: '"ort"'},
    {sentence: 'no account', given: {customers: [{name: 'x'}]}, code: 'MissingColumn', says: 'account (KontoNummer)'},
  ] satisfies {sentence: string; given: Given; code: string; says: string}[])('$sentence', async ({given, code, says}) => {
    await expect(write(given)).rejects.toMatchObject({code, message: expect.stringContaining(says) as string})
  })

  test.each([
    ['columns without account', {columns: [{heading: 'Name', from: 'name'}]}],
    ['a heading twice', {columns: [{heading: 'Name', from: 'name'}, {heading: 'Name', from: 'account'}]}],
    ['a heading with a semicolon', {columns: [{heading: 'a;b', from: 'account'}]}],
    ['letters before accounts', {customersBeginWith: 'D'}],
  ])('by the schema: %s', (_, personalAccounts) => {
    expect(BmdFormat.safeParse({personalAccounts}).success).toBe(false)
  })
})
