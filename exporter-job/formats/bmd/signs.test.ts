// Side and signs: the five cases that follow from the kind of document, and all others, of which nothing is derived.
import {describe, expect, test} from 'vitest'
import {booking, bookings, findingsIn, payment, write} from './testing/booking.ts'

const TABLE = [
  {sentence: 'an outgoing invoice', kind: 'AR', code: '1', amount: '120,00', tax: '-20,00', side: 'S'},
  {sentence: 'a credit note given', kind: 'GU', code: '1', amount: '-120,00', tax: '20,00', side: 'H'},
  {sentence: 'an incoming invoice', kind: 'ER', code: '2', amount: '-120,00', tax: '20,00', side: 'H'},
  {sentence: 'a credit note received', kind: 'EG', code: '2', amount: '120,00', tax: '-20,00', side: 'S'},
]

describe('the kind of document says the side and the signs of', () => {
  test.each(TABLE)('$sentence ($kind)', async ({kind, code, amount, tax, side}) => {
    for (const debit_credit of [null, side]) {
      const {files, result} = await write(bookings(booking({document_kind: kind, debit_credit})))
      expect(files[0]!.rows[0]).toMatchObject({buchsymbol: kind, buchcode: code, betrag: amount, steuer: tax})
      expect(result.totals).toEqual([{currency: 'EUR', side, count: 1, sum: '120.00'}])
    }
  })

  test.each(['t', '1'])('an incoming invoice whose tax the recipient owes (%s): both negative, betrag net', async (reverse_charge) => {
    const {files} = await write(bookings(booking({document_kind: 'ER', amount: '100', tax_amount: '20', reverse_charge})))
    expect(files[0]!.rows[0]).toMatchObject({buchcode: '2', betrag: '-100,00', steuer: '-20,00'})
  })

  test('the same in a foreign currency', async () => {
    const row = booking({document_kind: 'ER', currency: 'USD', base_amount: '100', base_tax_amount: '16.67'})
    const {files, result} = await write(bookings(row))
    expect(files[0]!.rows[0]).toMatchObject({betrag: '-100,00', steuer: '16,67', waehrung: 'USD', fwbetrag: '-120,00', fwsteuer: '20,00'})
    expect(result.totals).toEqual([{currency: 'USD', side: 'H', count: 1, sum: '120.00'}])
  })

  test('an outgoing invoice with reverse charge, which has no tax', async () => {
    const {files} = await write(bookings(booking({reverse_charge: 't', tax_amount: '0', tax_rate: '0'})))
    expect(files[0]!.rows[0]).toMatchObject({buchcode: '1', betrag: '120,00', steuer: '0,00'})
  })
})

describe('nothing is derived for', () => {
  const OTHERS = ['KA', 'BK', 'EB', 'UB', 'SO', 'ar', 'ARX', 'A']

  test.each(OTHERS)('%s: side, amount and tax must be given', async (document_kind) => {
    const findings = await findingsIn(bookings(booking({document_kind})))
    expect(findings.filter(({rule}) => rule === 'SignNotGiven').map(({column}) => column)).toEqual(['buchcode', 'amount (betrag)', 'tax_amount (steuer)'])
  })

  test.each(['GU', 'EG'])('%s with reverse charge', async (document_kind) => {
    const findings = await findingsIn(bookings(booking({document_kind, reverse_charge: 't'})))
    expect(findings.map(({rule}) => rule)).toEqual(['SignNotGiven', 'SignNotGiven', 'SignNotGiven'])
  })

  test('a booking with a tax code: the tax must be given, with 0 where there is none', async () => {
    const row = payment({signed_amount: '5', debit_credit: 'S', tax_key: '1', signed_tax_amount: null})
    expect((await findingsIn(bookings(row))).map(({rule}) => rule)).toEqual(['SignNotGiven'])
    const {files} = await write(bookings({...row, signed_tax_amount: '0'}))
    expect(files[0]!.rows[0]).toMatchObject({betrag: '5,00', steuer: '0,00'})
  })

  test('a foreign amount', async () => {
    const row = payment({signed_amount: '5', debit_credit: 'S', currency: 'USD', amount: '6', base_amount: '5'})
    expect((await findingsIn(bookings(row))).map(({rule, column}) => [rule, column])).toEqual([['SignNotGiven', 'amount (fwbetrag)']])
    const {files} = await write(bookings({...row, bmd_fwbetrag: '6.00'}))
    expect(files[0]!.rows[0]).toMatchObject({betrag: '5,00', waehrung: 'USD', fwbetrag: '6,00'})
  })

  test.each([
    {given: {debit_credit: 'S'}, code: '1'},
    {given: {debit_credit: 'H'}, code: '2'},
    {given: {bmd_buchcode: '1'}, code: '1'},
    {given: {bmd_buchcode: '1', debit_credit: 'H'}, code: '1'},
  ])('a payment, which says it: $given is $code', async ({given, code}) => {
    const {files} = await write(bookings(payment({...given, signed_amount: '-17.50'})))
    expect(files[0]!.rows[0]).toMatchObject({buchcode: code, betrag: '-17,50'})
  })
})
