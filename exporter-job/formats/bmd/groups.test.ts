// A booking, its documents and its shares: order, identity, sums, and that files never part them.
import {describe, expect, test} from 'vitest'
import type {Row} from '../testing/dataset.ts'
import type {RuleCode} from './rules.ts'
import {booking, bookings, document, findingsIn, payment, share, write} from './testing/booking.ts'

const HEAD = booking({record_kind: '0'})

describe('rows of a booking', () => {
  test('come as booking, documents, shares, with the identity of the booking', async () => {
    const {files} = await write(bookings(HEAD, document('a.pdf'), document('b.pdf'), share('60.00'), share('40.00', {cost_center_1: 'K2'})))
    const {rows} = files[0]!
    expect(rows.map((row) => [row['satzart'], row['buchcode'], row['kobetrag'], row['kost'], row['dokument'], row['betrag']])).toEqual([
      ['0', '1', '', '', '', '120,00'],
      ['5', '1', '', '', 'a.pdf', ''],
      ['5', '1', '', '', 'b.pdf', ''],
      ['1', '1', '60,00', 'K1', '', ''],
      ['1', '1', '40,00', 'K2', '', ''],
    ])
  })

  test.each([
    {sentence: 'of an incoming invoice are negative', row: booking({document_kind: 'ER'}), shares: ['60', '40'], written: ['-60,00', '-40,00']},
    {sentence: 'of a credit note given are negative', row: booking({document_kind: 'GU'}), shares: ['100'], written: ['-100,00']},
    {sentence: 'with reverse charge add up to betrag', row: booking({document_kind: 'ER', reverse_charge: 't'}), shares: ['120'], written: ['-120,00']},
    {sentence: 'may go against the others', row: booking({document_kind: 'ER'}), shares: ['110', '-10'], written: ['-110,00', '10,00']},
    {sentence: 'without tax add up to betrag', row: booking({tax_amount: null, tax_rate: null, tax_key: null}), shares: ['119.99', '0.01'], written: ['119,99', '0,01']},
    {sentence: 'of a payment have the sign that it has', row: payment({signed_amount: '-5', debit_credit: 'H'}), shares: ['2', '3'], written: ['-2,00', '-3,00']},
  ])('shares $sentence', async ({row, shares, written}) => {
    const {files} = await write(bookings({...row, record_kind: '0'}, ...shares.map((amount) => share(amount))))
    expect(files[0]!.rows.slice(1).map((each) => each['kobetrag'])).toEqual(written)
  })

  test('a share may have its sign in it', async () => {
    const {files} = await write(bookings({...HEAD, document_kind: 'ER'}, share(null, {bmd_kobetrag: '-100.00'})))
    expect(files[0]!.rows[1]!['kobetrag']).toBe('-100,00')
  })
})

const SHARES = [share('100')]

const REFUSED: readonly {sentence: string; rows: readonly Row[]; found: readonly (readonly [row: number, rule: RuleCode])[]}[] = [
  {sentence: 'a share of another account', rows: [HEAD, share('100', {account: '200002'})], found: [[2, 'RecordOutOfGroup']]},
  {sentence: 'a share of another document', rows: [HEAD, share('100', {document_number: 'R2'})], found: [[2, 'RecordOutOfGroup']]},
  {sentence: 'a share of another day', rows: [HEAD, share('100', {document_date: '2026-10-30'})], found: [[2, 'RecordOutOfGroup']]},
  {sentence: 'a share of another kind', rows: [HEAD, share('100', {document_kind: 'ER'})], found: [[2, 'RecordOutOfGroup']]},
  {sentence: 'a share that comes after the next booking', rows: [HEAD, {...HEAD, document_number: 'R2'}, ...SHARES], found: [[3, 'RecordOutOfGroup']]},
  {sentence: 'a document after a share', rows: [HEAD, ...SHARES, document('a.pdf'), document('b.pdf')], found: [[3, 'RecordOutOfOrder'], [4, 'RecordOutOfOrder']]},
  {sentence: 'shares that are less than the net amount', rows: [HEAD, share('60'), share('39.99'), HEAD], found: [[1, 'SplitSumDiffers']]},
  {sentence: 'shares of the gross amount', rows: [HEAD, share('120')], found: [[1, 'SplitSumDiffers']]},
  {sentence: 'sums beyond what is exact', rows: [HEAD, ...Array.from({length: 6}, () => share('9999999999999.99')), share('100')], found: [[1, 'SplitSumDiffers']]},
  {sentence: 'documents beside that of the booking', rows: [{...HEAD, document_file: 'a.pdf'}, document('b.pdf')], found: [[2, 'DocumentTwice']]},
  {sentence: 'a single document in a row of its own', rows: [HEAD, document('a.pdf')], found: [[1, 'DocumentAlone']]},
  {sentence: 'a document without a name', rows: [HEAD, document('a.pdf'), document(null)], found: [[3, 'MissingValue']]},
  {sentence: 'a share without amount', rows: [HEAD, share(null)], found: [[2, 'MissingValue']]},
  {sentence: 'a cash discount on a share', rows: [HEAD, share('100', {discount: '1'})], found: [[2, 'NoPlaceInBmd']]},
  {sentence: 'an amount on a share', rows: [HEAD, share('100', {amount: '100'})], found: [[2, 'NotOnThisRecord']]},
  {sentence: 'a cost centre on a document', rows: [HEAD, document('a.pdf'), document('b.pdf', {cost_center_1: 'K1'})], found: [[3, 'NotOnThisRecord']]},
  {sentence: 'shares of a booking that is refused, for its own fault alone', rows: [{...HEAD, amount: 'x'}, share('1')], found: [[1, 'NotANumber']]},
]

describe('is refused:', () => {
  test.each(REFUSED)('$sentence', async ({rows, found}) => {
    const findings = await findingsIn(bookings({...HEAD, cost_amount: null, cost_center_1: null}, ...rows))
    // The booking in front gives the dataset its columns, and is right.
    expect(findings.map(({row, rule}) => [row - 1, rule])).toEqual(found)
  })
})

test('a row that follows no booking is refused', async () => {
  const findings = await findingsIn(bookings({...share('1'), ...Object.fromEntries(Object.keys(HEAD).map((name) => [name, share('1')[name] ?? null]))}, document('a.pdf'), HEAD))
  expect(findings.map(({row, rule, column}) => [row, rule, column])).toEqual([1, 2].map((row) => [row, 'RecordWithoutBooking', 'record_kind (satzart)']))
})

/** A booking with two documents and two shares. */
function group(number: number): Row[] {
  const document_number = `R${number}`
  const followers = [document('a.pdf'), document('b.pdf'), share('60'), share('40')]
  return [HEAD, ...followers].map((row) => ({...row, document_number}))
}

describe('files', () => {
  test('hold so many bookings, however many rows follow them', async () => {
    const {files, sink, result} = await write(bookings(...[1, 2, 3, 4, 5].flatMap(group)), {spec: {maxBookings: 2}})
    expect(sink.files.map(({name, rows}) => [name, rows])).toEqual([
      ['BMD_Buchungen_2026-10_001.csv', 10],
      ['BMD_Buchungen_2026-10_002.csv', 10],
      ['BMD_Buchungen_2026-10_003.csv', 5],
    ])
    expect(files.map(({rows}) => new Set(rows.map((row) => row['belegnr'])).size)).toEqual([2, 2, 1])
    expect(result).toMatchObject({rows: 25, datasets: [{dataset: 'bookings', written: 25, skipped: 0}], totals: [{count: 5, sum: '600.00'}]})
  })

  test('are whole also where many rows follow the last booking that fits', async () => {
    const shares = Array.from({length: 5_000}, () => share('0.02'))
    const {files} = await write(bookings(HEAD, ...shares, HEAD), {spec: {maxBookings: 1}})
    expect(files.map(({rows}) => rows.length)).toEqual([5_001, 1])
  })
})
