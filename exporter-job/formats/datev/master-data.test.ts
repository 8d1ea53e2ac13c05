// Master data: whole files read back by the independent reader, every rule of their own, several categories in one run.
import {readFileSync} from 'node:fs'
import {describe, expect, test} from 'vitest'
import type {DatasetName} from '../../../crds/datasets.ts'
import {ScheduledExportSpec} from '../../../crds/spec.ts'
import type {Dataset} from '../../sources/types.ts'
import {datasetOf} from '../testing/dataset.ts'
import {contextOf} from '../testing/memory-sink.ts'
import type {Row} from '../testing/dataset.ts'
import type {CategoryFile} from './categories.ts'
import {MASTER_DATA} from './master-categories.ts'
import {booking, write, writeAll} from './testing/booking.ts'
import type {WriteOptions} from './testing/booking.ts'
import {MASTER_EXAMPLES, rowsOf} from './testing/master-rows.ts'
import {factsOf, readStack} from './testing/reader.ts'

const FILES: readonly (readonly [file: CategoryFile, facts: string, datasets: readonly (typeof MASTER_EXAMPLES)[number]['dataset'][], header: string])[] = [
  ['Kontenbeschriftungen', 'kontenbeschriftungen', ['accounts'], '20;"Kontenbeschriftungen";3'],
  ['Zahlungsbedingungen', 'zahlungsbedingungen', ['payment_terms'], '46;"Zahlungsbedingungen";2'],
  ['DebitorenKreditoren', 'debitoren-kreditoren', ['customers', 'suppliers'], '16;"Debitoren/Kreditoren";5'],
]

function datasets(...names: readonly (typeof MASTER_EXAMPLES)[number]['dataset'][]): Dataset[] {
  return names.map((name) => datasetOf(rowsOf(name), undefined, {name}))
}

/** One row of a master dataset, written alone. */
async function writeRow(name: DatasetName, row: Row, options: WriteOptions = {}): Promise<readonly string[]> {
  const [file, facts] = FILES.find(([, , all]) => (all as readonly string[]).includes(name))!
  const {sink} = await writeAll([datasetOf([row], undefined, {name})], {...options, spec: {files: [file], ...options.spec}})
  return readStack(sink.bytes(0), factsOf(facts)).rows[0]!
}

describe.each(FILES)('a file of %s', (file, facts, names, header) => {
  test('is what the golden file holds, to the byte', async () => {
    const {sink, result} = await writeAll(datasets(...names), {spec: {files: [file], chartOfAccounts: '03'}})
    const name = `EXTF_${file}_202610_001.csv`
    expect(sink.files.map((each) => each.name)).toEqual([name])
    expect(sink.bytes(0).toString('latin1')).toBe(readFileSync(new URL(`testing/${name}`, import.meta.url)).toString('latin1'))
    expect(result).toMatchObject({rows: 2, totals: [], unusedColumns: [], protocol: {tables: []}})
    expect(result.datasets).toEqual(names.map((dataset) => ({dataset, written: rowsOf(dataset).length, skipped: 0})))
  })

  test('has its category in the header, and nothing that speaks of bookings', async () => {
    const {sink} = await writeAll(datasets(...names), {spec: {files: [file], fiscalYearStart: '07-01'}})
    const lines = sink.bytes(0).toString('latin1').split('\r\n')
    expect(lines[0]).toContain(`"EXTF";700;${header};20261101060000250;;"RE"`)
    expect(lines[0]).toContain(';1001;456;20260701;4;;;"";"";;;;"";;"";;;"";;;"";"3f2504e04f8951d3"')
    expect(lines[1]!.split(';')).toEqual(factsOf(facts).map(({heading}) => heading))
  })

  test('is there without rows only where that is asked for', async () => {
    const empty = names.map((name) => datasetOf([], Object.keys(rowsOf(name)[0]!), {name}))
    expect((await writeAll(empty, {spec: {files: [file]}})).sink.files).toEqual([])
    const {sink} = await writeAll(empty, {spec: {files: [file]}, context: {emptyFile: true, period: {start: '2026-10-05', end: '2026-10-12'}}})
    expect(sink.files.map(({name, rows, closed}) => [name, rows, closed])).toEqual([[`EXTF_${file}_20261005-20261011_001.csv`, 0, true]])
    expect(readStack(sink.bytes(0), factsOf(facts)).rows).toEqual([])
  })
})

describe('a row', () => {
  test.each(MASTER_EXAMPLES)('of $dataset fills what it must, and nothing else', async ({dataset, row, written}) => {
    const values = await writeRow(dataset, row)
    expect(Object.fromEntries(values.flatMap((value, index) => (value === '' ? [] : [[index + 1, value]])))).toEqual(written)
  })

  test('is filled from names of the user, too', async () => {
    const masterColumns = [
      {file: 'DebitorenKreditoren', to: 'datev_2_name_adressattyp_unternehmen', from: 'firm'},
      {file: 'DebitorenKreditoren', to: 'datev_10_eu_ustid', from: 'number'},
      {file: 'Kontenbeschriftungen', to: 'datev_2_kontobeschriftung', from: 'elsewhere'},
    ] as const
    const values = await writeRow('suppliers', {account: '70001', firm: 'Firma', number: 'U12345678'}, {spec: {masterColumns: [...masterColumns]}})
    expect([1, 9].map((index) => values[index])).toEqual(['Firma', 'U12345678'])
  })
})

const PARTNER = {account: '10001', name: 'A'}
const TERM = {id: '1', name: 'A'}

const REFUSED: readonly (readonly [dataset: DatasetName, row: Row, rule: string])[] = [
  ['customers', {...PARTNER, account: '70001'}, 'NotADebtor'],
  ['suppliers', {...PARTNER, account: '69999'}, 'NotACreditor'],
  ['customers', {...PARTNER, account: '1000'}, 'NotAPersonalAccount'],
  ['customers', {...PARTNER, account: '01000'}, 'NotAPersonalAccount'],
  ['customers', {...PARTNER, account: '100000'}, 'AccountTooLong'],
  ['customers', {...PARTNER, account: null}, 'MissingValue'],
  ['customers', {...PARTNER, name: 'x'.repeat(51)}, 'TextTooLong'],
  ['customers', {...PARTNER, iban: 'DE02 1203 0000 0000 2020 51'}, 'InvalidIban'],
  ['customers', {...PARTNER, iban: '1203000000'}, 'InvalidIban'],
  ['customers', {...PARTNER, iban: 'DE02120300000000202015'}, 'InvalidIban'],
  ['customers', {...PARTNER, bic: 'bylade'}, 'ValueNotAllowed'],
  ['customers', {...PARTNER, vat_id: 'CHE123456789'}, 'InvalidVatId'],
  ['customers', {...PARTNER, country: 'GERMANY'}, 'UnknownCode'],
  ['customers', {...PARTNER, datev_15_adressart: 'HAUS'}, 'ValueNotAllowed'],
  ['customers', {...PARTNER, payment_terms: '1000'}, 'TooManyDigits'],
  ['accounts', {account: '10001', name: 'A'}, 'AccountTooLong'],
  ['accounts', {account: '0000', name: 'A'}, 'AccountIsZero'],
  ['accounts', {account: '8400', name: null}, 'MissingValue'],
  ['accounts', {account: '8400', name: 'A', language: 'de'}, 'ValueNotAllowed'],
  ['payment_terms', {...TERM, id: '0'}, 'ZeroNotAllowed'],
  ['payment_terms', {...TERM, discount_percent_1: '100'}, 'TooManyDigits'],
  ['payment_terms', {...TERM, discount_percent_1: '1.005'}, 'TooManyDecimals'],
  ['payment_terms', {...TERM, datev_9_rechnung_bis_zeitraum_1: '15'}, 'CompanionMissing'],
]

describe('a value that breaks a rule', () => {
  test.each(REFUSED)('of %s, %o: %s', async (dataset, row, rule) => {
    await expect(writeRow(dataset, row)).rejects.toMatchObject({code: rule, findings: [{dataset, row: 1, rule}]})
  })

  test('says which values there are', async () => {
    await expect(writeRow('customers', {...PARTNER, datev_15_adressart: 'HAUS'})).rejects.toThrow('must be one of STR, PF, GK')
  })
})

describe('a dataset that cannot become a file', () => {
  test.each<[DatasetName, Row, WriteOptions['spec'], {code: string; says: string}]>([
    ['accounts', {account: '8400'}, {}, {code: 'MissingColumn', says: 'accounts lacks name (Kontobeschriftung, 2)'}],
    ['customers', {...PARTNER, vat: '1'}, {}, {code: 'UnknownColumn', says: 'customers has a column "vat"'}],
    ['customers', {...PARTNER, datev_46_leerfeld: ''}, {}, {code: 'UnknownColumn', says: 'datev_46_leerfeld'}],
    ['accounts', {account: '1', name: 'A'}, {masterColumns: [{file: 'Kontenbeschriftungen', to: 'datev_5_x', from: 'name'}]}, {code: 'UnknownColumn', says: 'names datev_5_x, which Kontenbeschriftungen does not have'}],
    ['accounts', {account: '1', name: 'A'}, {masterColumns: [{file: 'Kontenbeschriftungen', to: 'datev_3_sprachid', from: 'lang'}]}, {code: 'MissingColumn', says: 'accounts has no column lang'}],
  ])('%s %o', async (dataset, row, spec, {code, says}) => {
    const fault: unknown = await writeRow(dataset, row, {spec: spec ?? {}}).catch((error: unknown) => error)
    expect(fault).toMatchObject({code})
    expect(String(fault)).toContain(says)
  })

  test('is one whose period ends in no fiscal year', async () => {
    const writing = writeRow('customers', PARTNER, {spec: {fiscalYears: [{start: '2025-01-01', end: '2025-12-31'}]}})
    await expect(writing).rejects.toMatchObject({code: 'DateOutsideFiscalYears'})
  })
})

describe('several categories', () => {
  const ALL = ['Buchungsstapel', 'DebitorenKreditoren', 'Kontenbeschriftungen', 'Zahlungsbedingungen'] as const

  test('are written in one run, what others refer to first', async () => {
    const all = [datasetOf([booking(), booking()]), ...datasets('accounts', 'payment_terms', 'customers', 'suppliers')]
    const {sink, result} = await writeAll(all, {spec: {files: [...ALL]}})
    expect(sink.files.map(({name, rows}) => [name, rows])).toEqual([
      ['EXTF_Kontenbeschriftungen_202610_001.csv', 2],
      ['EXTF_Zahlungsbedingungen_202610_001.csv', 2],
      ['EXTF_DebitorenKreditoren_202610_001.csv', 2],
      ['EXTF_Buchungsstapel_202610_001.csv', 2],
    ])
    expect(result).toMatchObject({rows: 8, totals: [{currency: 'EUR', side: 'S', count: 2, sum: '238.00'}]})
    expect(result.datasets.map(({dataset, written}) => [dataset, written])).toEqual([
      ['accounts', 2], ['payment_terms', 2], ['customers', 1], ['suppliers', 1], ['bookings', 2],
    ])
    expect(result.protocol.tables).toHaveLength(4)
  })

  test('are none that the spec does not name', async () => {
    const {sink} = await write(datasetOf([booking()]))
    expect(sink.files).toHaveLength(1)
  })

  test('split customers and suppliers over files that are full, one after the other', async () => {
    const customers = datasetOf(Array.from({length: 3}, (_, index) => ({account: String(10_000 + index), name: 'A'})), undefined, {name: 'customers'})
    const suppliers = datasetOf([{name: 'B', account: '70000'}], undefined, {name: 'suppliers'})
    const {sink} = await writeAll([customers, suppliers], {spec: {files: ['DebitorenKreditoren']}, maxRowsPerFile: 2})
    expect(sink.files.map((each, index) => [each.name.slice(25, -4), readStack(sink.bytes(index), factsOf('debitoren-kreditoren')).rows.map((row) => row[0])])).toEqual([
      ['202610_001', ['10000', '10001']],
      ['202610_002', ['10002', '70000']],
    ])
  })

  test('list the columns that DATEV has no place for by their dataset', async () => {
    const customers = datasetOf([{...PARTNER, region: 'Sachsen'}], undefined, {name: 'customers'})
    const {result} = await writeAll([customers], {spec: {files: ['DebitorenKreditoren']}})
    expect(result.unusedColumns).toEqual(['customers.region'])
  })

  test.each([
    ['DebitorenKreditoren', ['customers'], []],
    ['DebitorenKreditoren', ['suppliers'], []],
    ['DebitorenKreditoren', ['bookings'], ['format.datev with the file DebitorenKreditoren needs the dataset customers or suppliers']],
    ['Kontenbeschriftungen', ['bookings'], ['format.datev with the file Kontenbeschriftungen needs the dataset accounts']],
    ['Zahlungsbedingungen', ['accounts'], ['format.datev with the file Zahlungsbedingungen needs the dataset payment_terms']],
  ])('%s from %o', (file, names, problems) => {
    const spec = {
      schedule: '@monthly',
      period: {range: 'PreviousMonth'},
      source: {csv: {claimName: 'in', datasets: Object.fromEntries(names.map((name) => [name, {path: `${name}.csv`}]))}},
      format: {datev: {consultant: 1001, client: 456, files: [file]}},
      destination: {volume: {claimName: 'out'}},
    }
    const messages = ScheduledExportSpec.safeParse(spec).error?.issues.map(({message}) => message.split(':')[0]) ?? []
    expect(messages).toEqual(problems)
  })
})

test('every category has a golden file', () => {
  expect(MASTER_DATA.map(({file}) => file).toSorted()).toEqual(FILES.map(([file]) => file).toSorted())
})

async function notesOf(dataset: 'customers' | 'payment_terms' | 'accounts', file: CategoryFile, rows: readonly Row[]): Promise<string[]> {
  const context = contextOf()
  await writeAll([datasetOf(rows, undefined, {name: dataset})], {spec: {files: [file]}, context})
  return context.findings.notes().map(({row, column, rule, value}) => `${row} ${column} ${rule} ${value}`)
}

describe('an account that comes twice', () => {
  test('is written and noted, for DATEV keeps what the last row says', async () => {
    const rows = [{...PARTNER, name: 'first'}, {...PARTNER, account: '10002'}, {...PARTNER, name: 'second'}]
    expect(await notesOf('customers', 'DebitorenKreditoren', rows)).toEqual(['3 account (Konto, 1) DuplicateNumber 10001'])
    expect(await notesOf('payment_terms', 'Zahlungsbedingungen', [{id: '10', name: 'a'}, {id: '10', name: 'b'}])).toEqual(['2 id (Nummer, 1) DuplicateNumber 10'])
  })

  test('is nothing special among Kontenbeschriftungen, which may be in two languages', async () => {
    const rows = ['de-DE', 'en-GB'].map((language) => ({account: '8400', name: 'a', language}))
    expect(await notesOf('accounts', 'Kontenbeschriftungen', rows)).toEqual([])
  })
})
