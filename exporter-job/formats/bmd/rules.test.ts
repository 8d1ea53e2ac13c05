// Every rule by example: what is written for a value, or which rule refuses it and how that is said.
import {describe, expect, test} from 'vitest'
import type {Row} from '../testing/dataset.ts'
import {RULES} from './rules.ts'
import {booking, bookings, document, findingsIn, payment, share, write} from './testing/booking.ts'
import type {WriteOptions} from './testing/booking.ts'

interface Accepted {
  readonly column: string
  readonly value: string | null
  readonly field: string
  readonly written: string
  readonly with?: Row
  readonly options?: WriteOptions
}

interface Refused {
  readonly column: string
  readonly value: string | null
  readonly rule: keyof typeof RULES
  readonly says?: string
  readonly with?: Row
  readonly options?: WriteOptions
}

const USD: Row = {currency: 'USD', base_amount: '100.00', base_tax_amount: '16.67', base_currency: 'EUR'}

const ACCEPTED: readonly Accepted[] = [
  {column: 'amount', value: '1234.5', field: 'betrag', written: '1234,50'},
  {column: 'amount', value: '0.00', field: 'betrag', written: '0,00', with: {tax_amount: '0', tax_rate: '0'}},
  {column: 'amount', value: '9999999999999.99', field: 'betrag', written: '9999999999999,99'},
  {column: 'amount', value: '007.50', field: 'betrag', written: '7,50', with: {tax_amount: '1.00'}},
  {column: 'amount', value: '1.2300', field: 'betrag', written: '1,23', with: {tax_amount: '1.00'}},
  {column: 'tax_amount', value: '0.01', field: 'steuer', written: '-0,01'},
  {column: 'tax_amount', value: '0.00', field: 'steuer', written: '0,00'},
  {column: 'tax_rate', value: '20', field: 'prozent', written: '20,00'},
  {column: 'tax_rate', value: '5.125', field: 'prozent', written: '5,125'},
  {column: 'tax_rate', value: '100.500', field: 'prozent', written: '100,50'},
  {column: 'tax_key', value: '03', field: 'steuercode', written: '03'},
  {column: 'account', value: '0420', field: 'konto', written: '0420'},
  {column: 'account', value: '9999999999', field: 'konto', written: '9999999999'},
  {column: 'contra_account', value: '4000', field: 'gkonto', written: '4000'},
  {column: 'document_number', value: 'R-2026/0001', field: 'belegnr', written: 'R-2026/0001'},
  {column: 'document_number', value: 'X'.repeat(20), field: 'belegnr', written: 'X'.repeat(20)},
  {column: 'document_number', value: 'X'.repeat(60), field: 'belegnr', written: 'X'.repeat(60), options: {spec: {documentNumberLength: 60}}},
  {column: 'document_date', value: '2026-10-01', field: 'buchdatum', written: '01.10.2026'},
  {column: 'document_date', value: '2024-02-29', field: 'belegdatum', written: '29.02.2024', with: {posted_on: '2026-10-05'}},
  {column: 'posted_on', value: '2026-10-05', field: 'buchdatum', written: '05.10.2026'},
  {column: 'posted_on', value: null, field: 'buchdatum', written: '31.10.2026'},
  {column: 'bmd_buchsymbol', value: 'RG', field: 'buchsymbol', written: 'RG'},
  {column: 'bmd_buchsymbol', value: null, field: 'buchsymbol', written: 'AR'},
  {column: 'debit_credit', value: 'S', field: 'buchcode', written: '1'},
  {column: 'bmd_buchcode', value: '1', field: 'buchcode', written: '1'},
  {column: 'signed_amount', value: '120', field: 'betrag', written: '120,00', with: {amount: null}},
  {column: 'text', value: 'Büromöbel "Große" € – ‚neu‘ … Š', field: 'text', written: 'Büromöbel "Große" € – ‚neu‘ … Š'},
  {column: 'text', value: 'Łódź 😀', field: 'text', written: 'Łódź 😀', options: {spec: {encoding: 'UTF-8'}}},
  {column: 'text', value: '😀'.repeat(255), field: 'text', written: '😀'.repeat(255), options: {spec: {encoding: 'UTF-8'}}},
  {column: 'text', value: String.raw`C:\temp`, field: 'text', written: String.raw`C:\temp`},
  {column: 'text', value: 'ü'.repeat(255), field: 'text', written: 'ü'.repeat(255)},
  {column: 'text', value: 'a;b; ü', field: 'text', written: 'a,b, ü', options: {spec: {semicolon: 'Comma'}}},
  {column: 'text', value: '', field: 'text', written: ''},
  {column: 'text', value: '=1+1', field: 'text', written: '=1+1'},
  {column: 'text', value: '=1+1', field: 'text', written: "'=1+1", options: {context: {spreadsheetFormulas: 'Prefix'}}},
  {column: 'due_date', value: '2026-12-24', field: 'nettodatum', written: '24.12.2026'},
  {column: 'service_date', value: '2026-09-30', field: 'leistungsdatum', written: '30.09.2026'},
  {column: 'cost_center_1', value: 'KST-1', field: 'kost', written: 'KST-1'},
  {column: 'cost_quantity', value: '-1.5', field: 'komenge', written: '-1,500000'},
  {column: 'document_number_2', value: 'L 17/4', field: 'extbelegnr', written: 'L 17/4'},
  {column: 'document_file', value: 'R1.pdf', field: 'dokument', written: 'R1.pdf'},
  {column: 'vat_id', value: 'ATU12345678', field: 'uidnr', written: 'ATU12345678'},
  {column: 'tax_amount', value: '120.00', field: 'steuer', written: '-120,00'},
  {column: 'currency', value: 'EUR', field: 'waehrung', written: 'EUR'},
  {column: 'currency', value: 'USD', field: 'fwbetrag', written: '120,00', with: USD},
  {column: 'currency', value: 'USD', field: 'fwsteuer', written: '-20,00', with: USD},
  {column: 'currency', value: 'USD', field: 'betrag', written: '100,00', with: USD},
  {column: 'currency', value: 'USD', field: 'steuer', written: '-16,67', with: USD},
  {column: 'currency', value: 'EUR', field: 'fwbetrag', written: ''},
  {column: 'bmd_uva_korrperiode', value: '202609', field: 'uva-korrperiode', written: '202609'},
  {column: 'bmd_skonto', value: '-1.20', field: 'skonto', written: '-1,20'},
  {column: 'bmd_skonto', value: '-0.00', field: 'skonto', written: '0,00'},
  {column: 'bmd_ausz_betrag', value: '120', field: 'ausz-betrag', written: '120,00'},
  {column: 'bmd_fwkurs', value: '1.08000001', field: 'fwkurs', written: '1,08000001'},
  {column: 'discount', value: '0.00', field: 'betrag', written: '120,00'},
  {column: 'reversal', value: 'f', field: 'betrag', written: '120,00'},
]

const REFUSED: readonly Refused[] = [
  {column: 'amount', value: null, rule: 'MissingValue', says: 'column amount (betrag): must not be empty'},
  {column: 'amount', value: '-5.00', rule: 'NegativeNumber', says: 'must be positive: the kind of document'},
  {column: 'amount', value: '10000000000000', rule: 'TooManyDigits', says: 'at most 13 digits'},
  {column: 'amount', value: '1.005', rule: 'TooManyDecimals', says: 'at most 2 decimals'},
  ...['1,234.50', '1e3', 'NaN', '.50', '5.', '+5', ' 5'].map((value) => ({column: 'amount', value, rule: 'NotANumber'}) as const),
  {column: 'signed_amount', value: '--5', rule: 'NotANumber', with: {amount: null}},
  {column: 'signed_amount', value: '-120', rule: 'SignDiffers', says: 'column signed_amount (betrag): must agree', with: {amount: null}},
  {column: 'bmd_steuer', value: '20.00', rule: 'SignDiffers'},
  {column: 'bmd_buchcode', value: '2', rule: 'SignDiffers'},
  {column: 'bmd_buchcode', value: '3', rule: 'ValueNotAllowed', says: 'S (Soll, debit) or H'},
  {column: 'debit_credit', value: 'H', rule: 'SideDiffers', says: 'S for AR and EG'},
  {column: 'debit_credit', value: 'D', rule: 'ValueNotAllowed'},
  {column: 'tax_amount', value: null, rule: 'CompanionMissing', says: 'column tax_rate (prozent): needs tax_amount'},
  {column: 'tax_key', value: null, rule: 'CompanionMissing', says: 'column tax_amount (steuer): needs tax_key'},
  {column: 'tax_rate', value: null, rule: 'CompanionMissing'},
  {column: 'tax_rate', value: '-20', rule: 'NegativeNumber', says: 'must have no sign'},
  {column: 'tax_rate', value: '1000', rule: 'TooManyDigits'},
  {column: 'tax_key', value: 'V9', rule: 'NotANumber'},
  {column: 'tax_key', value: '12345', rule: 'TooManyDigits'},
  {column: 'tax_amount', value: '120.01', rule: 'TaxExceedsAmount', says: 'column tax_amount (steuer): must not be more than the amount'},
  {column: 'signed_amount', value: '-16.00', rule: 'TaxExceedsAmount', says: 'column signed_tax_amount (steuer)', with: {document_kind: 'KA', amount: null, tax_amount: null, signed_tax_amount: '20.00', debit_credit: 'S'}},
  {column: 'reverse_charge', value: 't', rule: 'TaxOnReverseCharge', says: 'the customer owes the tax'},
  {column: 'reverse_charge', value: 'x', rule: 'ValueNotAllowed', says: 'true or false'},
  {column: 'account', value: '12a0', rule: 'NotAnAccount'},
  {column: 'account', value: '12345678901', rule: 'AccountTooLong', says: 'at most 10 digits'},
  {column: 'account', value: '000', rule: 'AccountIsZero'},
  {column: 'contra_account', value: null, rule: 'MissingValue'},
  {column: 'document_number', value: null, rule: 'MissingValue'},
  {column: 'document_number', value: 'X'.repeat(21), rule: 'TextTooLong', says: '20 characters (documentNumberLength)'},
  {column: 'document_date', value: '2026-10-32', rule: 'NotADate'},
  {column: 'document_date', value: '2026-11-01', rule: 'DateOutsidePeriod', says: '2026-10-01 to 2026-10-31'},
  {column: 'posted_on', value: '2026-09-30', rule: 'DateOutsidePeriod', says: 'column posted_on (buchdatum)'},
  {column: 'posted_on', value: '31.10.2026', rule: 'NotADate'},
  {column: 'document_kind', value: null, rule: 'MissingValue', with: {bmd_buchcode: '1', signed_amount: '1', signed_tax_amount: '0'}},
  {column: 'document_kind', value: 'ABCDE', rule: 'TextTooLong', with: {bmd_buchcode: '1', signed_amount: '1', signed_tax_amount: '0', amount: null, tax_amount: null}},
  {column: 'text', value: 'ü'.repeat(256), rule: 'TextTooLong', says: 'at most 255 characters'},
  {column: 'text', value: '😀'.repeat(256), rule: 'TextTooLong', options: {spec: {encoding: 'UTF-8'}}},
  {column: 'text', value: 'a;b', rule: 'SemicolonInText'},
  {column: 'text', value: '"a" b', rule: 'QuotationMarkAtStart'},
  {column: 'text', value: 'a\nb', rule: 'ControlCharacter'},
  {column: 'text', value: 'a\u0085b', rule: 'ControlCharacter', options: {spec: {encoding: 'UTF-8'}}},
  {column: 'text', value: 'Łódź', rule: 'CharacterNotInWindows1252', says: 'encoding must be UTF-8'},
  {column: 'text', value: '@sum', rule: 'SpreadsheetFormula', options: {context: {spreadsheetFormulas: 'Refuse'}}},
  {column: 'text', value: `=${'x'.repeat(254)}`, rule: 'TextTooLong', options: {context: {spreadsheetFormulas: 'Prefix'}}},
  {column: 'currency', value: 'ABC', rule: 'UnknownCode', with: {base_amount: '1', base_tax_amount: '1'}},
  {column: 'base_amount', value: null, rule: 'MissingValue', says: 'column base_amount (betrag)', with: {...USD, base_amount: null}},
  {column: 'base_tax_amount', value: null, rule: 'MissingValue', says: 'column base_tax_amount (steuer)', with: {...USD, base_tax_amount: null}},
  {column: 'base_currency', value: 'CHF', rule: 'BaseCurrencyDiffers', says: 'must be EUR', with: {...USD, base_currency: 'CHF'}},
  {column: 'bmd_fwbetrag', value: '5', rule: 'CompanionMissing', says: 'needs currency (waehrung)'},
  {column: 'bmd_fwsteuer', value: '5', rule: 'CompanionMissing'},
  {column: 'bmd_uva_korrperiode', value: '202613', rule: 'NotAPeriod'},
  {column: 'bmd_uva_periode', value: '2026-1', rule: 'NotAPeriod'},
  {column: 'bmd_uva_periode', value: '26-10', rule: 'NotAPeriod'},
  {column: 'discount', value: '2.40', rule: 'NoPlaceInBmd', says: 'give it by bmd_skonto'},
  {column: 'discount_account', value: '4400', rule: 'NoPlaceInBmd'},
  {column: 'reversal', value: 't', rule: 'NoPlaceInBmd', says: 'a document kind of its own'},
  {column: 'record_kind', value: '2', rule: 'ValueNotAllowed', says: '0 (booking), 1 (share) or 5'},
  {column: 'cost_amount', value: '5', rule: 'NotOnThisRecord', says: 'it belongs to record_kind 1'},
]

describe('a value', () => {
  test.each(ACCEPTED)('$column $value is written as $written into $field', async ({column, value, field, written, with: others, options}) => {
    const {files} = await write(bookings(booking({...others, [column]: value})), options)
    expect(files[0]!.rows[0]![field]).toBe(written)
  })

  test.each(REFUSED)('$column $value breaks $rule', async ({column, value, rule, says, with: others, options}) => {
    const findings = await findingsIn(bookings(booking({...others, [column]: value})), options)
    const finding = findings.find((each) => each.rule === rule)
    expect(findings.map((each) => each.rule)).toContain(rule)
    expect(finding!.row).toBe(1)
    expect(`column ${finding!.column}: ${finding!.right}`).toContain(says ?? '')
    expect(finding!.right.includes(value ?? '') && (value ?? '').length > 3).toBe(false)
  })
})

/** Rules about rows that follow a booking: groups.test.ts; about signs that nobody says: signs.test.ts. */
const ELSEWHERE = [
  'NumberOutOfRange', // no field of BMD's has a range
  'InvalidUtf8', // format.test.ts
  'NotAPersonalAccount', // personal-accounts.test.ts
  'InvalidIban', // personal-accounts.test.ts
  'DuplicateNumber', // personal-accounts.test.ts
  'SignNotGiven',
  'RecordWithoutBooking',
  'RecordOutOfGroup',
  'RecordOutOfOrder',
  'SplitSumDiffers',
  'DocumentTwice',
  'DocumentAlone',
]

test('every rule has an example', () => {
  const shown = new Set<string>([...REFUSED.map(({rule}) => rule), ...ELSEWHERE])
  expect(Object.keys(RULES).filter((rule) => !shown.has(rule))).toEqual([])
})

test('all that is wrong with a row is said at once, and the next row is looked at, too', async () => {
  const findings = await findingsIn(bookings(booking({amount: 'x', account: 'y', text: 'a;b'}), booking(), booking({contra_account: null})))
  expect(findings.map(({row, rule}) => `${row} ${rule}`)).toEqual(['1 NotAnAccount', '1 NotANumber', '1 SemicolonInText', '3 MissingValue'])
})

test('the row is named by its key, where the dataset has one', async () => {
  const rows = [booking({booking_id: 'B-1'}), booking({booking_id: 'B-2', record_kind: '0'}), share('1.00', {booking_id: 'B-2a'})]
  const [finding] = await findingsIn(bookings(...rows))
  expect(finding).toMatchObject({row: 2, rule: 'SplitSumDiffers', key: {column: 'booking_id', value: 'B-2'}, column: 'kobetrag'})
})

test('a payment and a document need nothing more than their own columns', async () => {
  const {files} = await write(bookings(payment({signed_amount: '-5.00', debit_credit: 'H', record_kind: '0'}), document('a.pdf'), document('b.pdf')))
  expect(files[0]!.rows.map((row) => row['satzart'])).toEqual(['0', '5', '5'])
})
