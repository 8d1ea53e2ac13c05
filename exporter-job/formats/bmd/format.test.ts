// The whole way from a dataset to files, read back by the independent reader.
import {readFileSync} from 'node:fs'
import {describe, expect, test} from 'vitest'
import {BMD_COLUMNS} from '../../../crds/formats/bmd-columns.ts'
import {copyText, datasetOf, datasetOfBytes} from '../testing/dataset.ts'
import type {Row} from '../testing/dataset.ts'
import {contextOf, inputOf, memorySink} from '../testing/memory-sink.ts'
import {createBmdFormat} from './format.ts'
import {booking, bookings, document, findingsIn, payment, share, specOf, write} from './testing/booking.ts'
import {FACTS} from './testing/reader.ts'
import type {FieldFact} from './testing/reader.ts'

const GOLDEN = new URL('testing/BMD_Buchungen_2026-10_001.csv', import.meta.url)

/** Every case of the table, a payment, documents, shares and a foreign currency. */
const GOLDEN_ROWS: readonly Row[] = [
  booking({record_kind: '0', text: 'Fahrräder „Größe L“ 5 % €', document_file: 'R1.pdf', due_date: '2026-11-30'}),
  booking({record_kind: '0', document_kind: 'GU', document_number: 'G1', text: 'Gutschrift'}),
  booking({record_kind: '0', document_kind: 'ER', account: '300001', contra_account: '5000', document_number: 'E1', tax_key: '2', document_number_2: 'L-17/4'}),
  ...['E1-1.pdf', 'E1-2.pdf'].map((name) => document(name, {account: '300001', document_number: 'E1'})),
  ...['60.00', '40.00'].map((amount, index) => share(amount, {account: '300001', document_number: 'E1', cost_center_1: `K${index + 1}`})),
  booking({record_kind: '0', document_kind: 'EG', account: '300001', document_number: 'EG1', tax_key: '2'}),
  booking({record_kind: '0', document_kind: 'ER', account: '300002', document_number: 'E2', amount: '100', tax_key: '19', reverse_charge: 't'}),
  booking({record_kind: '0', document_number: 'R2', amount: '132', tax_amount: '22', currency: 'USD', base_amount: '120', base_tax_amount: '20', base_currency: 'EUR'}),
  payment({record_kind: '0', account: '2700', contra_account: '200001', document_number: 'K1', debit_credit: 'S', signed_amount: '120', posted_on: '2026-10-15'}),
]

const NAMES = [...new Set(GOLDEN_ROWS.flatMap((row) => Object.keys(row)))]

describe('a file of bookings', () => {
  test('is what the golden file holds, to the byte', async () => {
    const {sink} = await write(bookings(...GOLDEN_ROWS))
    expect(sink.files.map((file) => file.name)).toEqual(['BMD_Buchungen_2026-10_001.csv'])
    expect(sink.bytes(0).toString('latin1')).toBe(readFileSync(GOLDEN).toString('latin1'))
  })

  test('has the headings that are filled, and those without which it means nothing', async () => {
    const {files} = await write(bookings(booking({tax_amount: null, tax_rate: null, tax_key: null})))
    const always = ['satzart', 'konto', 'gkonto', 'buchdatum', 'belegnr', 'belegdatum', 'buchsymbol', 'buchcode', 'prozent', 'steuercode', 'betrag', 'steuer']
    expect(files[0]!.headings).toEqual(always)
  })

  test.each(FACTS.filter(({name}) => !REQUIRED_OR_SPECIAL.has(name)))('fills $name from a column of its own name', async (fact) => {
    const [name, value, written] = [`bmd_${fact.name.replaceAll('-', '_')}`, ...sampleOf(fact)]
    const {files} = await write(bookings(booking({[name]: value})))
    expect(files[0]!.rows[0]![fact.name]).toBe(written)
  })

  test('fills fields from names of the user, too', async () => {
    const row = {soll: '200001', haben: '4000', nummer: 'R1', tag: '2026-10-31', art: 'SO', code: '1', wert: '-7.5'}
    const targets = ['bmd_konto', 'bmd_gkonto', 'bmd_belegnr', 'bmd_belegdatum', 'bmd_buchsymbol', 'bmd_buchcode', 'bmd_betrag'] as const
    const columns = Object.keys(row).map((from, index) => ({to: targets[index]!, from}))
    const {files} = await write(datasetOf([row]), {spec: {columns}})
    expect(Object.values(files[0]!.rows[0]!)).toEqual(['0', '200001', '4000', '31.10.2026', 'R1', '31.10.2026', 'SO', '1', '-7,50'])
  })

  test('may be UTF-8 with a byte order mark', async () => {
    const {files, sink} = await write(bookings(booking({text: 'Łódź €'})), {spec: {encoding: 'UTF-8'}})
    expect(files[0]).toMatchObject({encoding: 'UTF-8', rows: [{text: 'Łódź €'}]})
    expect(sink.bytes(0).toString('utf8')).toMatch(/^\uFEFFsatzart;/)
  })

  test('bears the revision in its name', async () => {
    const {sink} = await write(bookings(booking()), {context: {revisionSuffix: '-r2'}})
    expect(sink.files.map(({name}) => name)).toEqual(['BMD_Buchungen_2026-10_001-r2.csv'])
  })

  test.each([
    [false, []],
    [true, ['BMD_Buchungen_2026-10_001.csv']],
  ])('without rows is made only where it is wanted: %s', async (emptyFile, names) => {
    const {sink, result} = await write(datasetOf([], Object.keys(booking())), {context: {emptyFile}})
    expect(sink.files.map(({name}) => name)).toEqual(names)
    expect(result).toMatchObject({rows: 0, totals: [], protocol: {tables: []}})
  })
})

/** Others decide what is written into these: rules.test.ts, signs.test.ts. */
const REQUIRED_OR_SPECIAL = new Set(
  'satzart konto gkonto belegnr belegdatum buchcode betrag steuer steuercode prozent kobetrag waehrung fwbetrag fwsteuer'.split(' '),
)

/** A value of the dataset, and what is written for it. */
function sampleOf({name, type, length, decimals}: FieldFact): [string, string] {
  if (type === 'period' || name === 'uva-periode') return ['202610', '202610']
  switch (type) {
    case 'int':
      return ['1', '1']
    case 'date':
      return ['2026-10-07', '07.10.2026']
    case 'decimal':
      return ['1.5', `1,${'5'.padEnd(decimals, '0')}`]
    default:
      return length === '' || Number(length) > 3 ? ['Äb 1', 'Äb 1'] : ['A', 'A']
  }
}

describe('what is told besides', () => {
  test('totals by currency and side, and a protocol by month, account, tax code and currency', async () => {
    const {result} = await write(bookings(...GOLDEN_ROWS))
    expect(result.totals).toEqual([
      {currency: 'EUR', side: 'S', count: 3, sum: '360.00'},
      {currency: 'EUR', side: 'H', count: 3, sum: '340.00'},
      {currency: 'USD', side: 'S', count: 1, sum: '132.00'},
    ])
    const {tables, first, last} = result.protocol
    expect(tables.map(({title, lines}) => [title, lines.map(({key, count, debit, credit}) => `${key} ${count} ${debit} ${credit}`)])).toEqual([
      ['Month', ['2026-10 7 480.00 340.00']],
      ['Account', ['2700 1 120.00 0.00', '200001 3 240.00 120.00', '300001 2 120.00 120.00', '300002 1 0.00 100.00']],
      ['Tax code', ['1 3 240.00 120.00', '2 2 120.00 120.00', '19 1 0.00 100.00', 'none 1 120.00 0.00']],
      ['Currency', ['EUR 6 360.00 340.00', 'USD 1 132.00 0.00']],
    ])
    expect([first, last]).toEqual([
      {row: 1, number: 'R1', date: '2026-10-31'},
      {row: 11, number: 'K1', date: '2026-10-31'},
    ])
  })

  test('accounts of ten digits have their line', async () => {
    const {result} = await write(bookings(booking({account: '9999999999'}), booking({account: '9999999999'}), booking({account: '3000000000'})))
    expect(result.protocol.tables[1]!.lines.map(({key, count}) => [key, count])).toEqual([['3000000000', 1], ['9999999999', 2]])
  })

  test('a ledger of many accounts: the first of them, and how many more there are', async () => {
    const rows = Array.from({length: 2_003}, (_, index) => booking({account: String(index + 1)}))
    const {result} = await write(bookings(...rows))
    const account = result.protocol.tables.find(({title}) => title === 'Account')!
    expect([account.lines.length, account.more]).toEqual([2_000, 3])
  })

  test('canonical columns that BMD has no place for', async () => {
    const {result} = await write(bookings(booking({booking_id: '1', sepa_mandate: 'M', order_number: 'O'})))
    expect(result.unusedColumns).toEqual(['booking_id', 'sepa_mandate', 'order_number'])
  })

  test.each(['Report', 'Prefix'] as const)('text that a spreadsheet would run (%s)', async (spreadsheetFormulas) => {
    const context = contextOf({spreadsheetFormulas})
    const rows = [booking({text: '=1'}), booking({text: 'a=1', document_number: '-1'})]
    await createBmdFormat(specOf()).write(inputOf(bookings(...rows)), memorySink(), context)
    expect(context.findings.noteCounts()).toEqual([{rule: 'SpreadsheetFormula', count: 2}])
    expect(context.findings.notes().map(({row, column}) => [row, column])).toEqual([[1, 'text (text)'], [2, 'document_number (belegnr)']])
  })
})

describe('the form in which rows arrive', () => {
  test.each([1, 2, 3, 7, 64])('chunks may have %i bytes', async (chunkBytes) => {
    const {sink, result} = await write(datasetOf(GOLDEN_ROWS, NAMES, {chunkBytes}))
    expect(sink.bytes(0).toString('latin1')).toBe(readFileSync(GOLDEN).toString('latin1'))
    expect(result.protocol.last).toEqual({row: 11, number: 'K1', date: '2026-10-31'})
  })

  test.each([
    ['one field too few', 'a\tb\n'],
    ['one field too many', `${'a\t'.repeat(9)}b\n`],
  ])('a row with %s is named', async (_, row) => {
    const names = Object.keys(booking())
    const bytes = Buffer.concat([copyText(names, [booking()]), Buffer.from(row)])
    const refused = write(datasetOfBytes(bytes, names))
    await expect(refused).rejects.toMatchObject({code: 'InvalidRow', message: /^bookings row 2 does not have 9 fields/})
  })

  const ILL = [
    ['a lonely continuation byte', [0x61, 0x80]],
    ['a sequence that is cut off', [0x61, 0xc3]],
    ['an overlong sequence of two', [0xc0, 0xaf]],
    ['an overlong sequence of three', [0xe0, 0x80, 0xaf]],
    ['an overlong sequence of four', [0xf0, 0x80, 0x80, 0x80]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['a character beyond Unicode', [0xf4, 0x90, 0x80, 0x80]],
    ['four bytes cut off', [0xf0, 0x9f, 0x8e]],
    ['a byte that UTF-8 never has', [0xff]],
  ] as const

  test.each(ILL)('%s is no text', async (_, bad) => {
    const names = [...Object.keys(booking()), 'text']
    const row = copyText(names, [booking({text: 'X'})])
    const bytes = Buffer.concat([row.subarray(0, -2), Uint8Array.from(bad), Buffer.from('\n')])
    const findings = await findingsIn(datasetOfBytes(bytes, names), {spec: {encoding: 'UTF-8'}})
    expect(findings.map(({rule, column}) => [rule, column])).toEqual([['InvalidUtf8', 'text (text)']])
  })
})

test('every committed name is a name of the facts', () => {
  expect(BMD_COLUMNS.map((name) => name.slice(4))).toEqual(FACTS.map(({name}) => name.replaceAll('-', '_')))
})
