// Every rule by example: what is written for a value, or which rule refuses it and how that is said.
import {describe, expect, test} from 'vitest'
import {RowsRefused} from '../findings.ts'
import {datasetOf} from '../testing/dataset.ts'
import type {Row} from '../testing/dataset.ts'
import {RULES} from './rules.ts'
import {booking, nameAt, write} from './testing/booking.ts'
import type {WriteOptions} from './testing/booking.ts'

interface Accepted {
  readonly column: string | number
  readonly value: string | null
  readonly written: string
  readonly with?: Row
  readonly spec?: WriteOptions['spec']
}

interface Refused {
  readonly column: string | number
  readonly value: string | null
  readonly rule: keyof typeof RULES
  readonly says?: string
  readonly with?: Row
  readonly spec?: WriteOptions['spec']
}

const GUID = '3f2504e0-4f89-11d3-9a0c-0305e82c3301'

const ACCEPTED: readonly Accepted[] = [
  {column: 'amount', value: '1234.5', written: '1234,50'},
  {column: 'amount', value: '7', written: '7,00'},
  {column: 'amount', value: '0.01', written: '0,01'},
  {column: 'amount', value: '9999999999.99', written: '9999999999,99'},
  {column: 'amount', value: '1.2300', written: '1,23'},
  {column: 'amount', value: '007.50', written: '7,50'},
  {column: 'amount', value: '00000000000000.10', written: '0,10'},
  {column: 'debit_credit', value: 'H', written: 'H'},
  {column: 'currency', value: 'USD', written: 'USD'},
  {column: 'currency', value: null, written: ''},
  {column: 'exchange_rate', value: '0.83', written: '0,830000'},
  {column: 'exchange_rate', value: '9999.999999', written: '9999,999999'},
  {column: 'account', value: '1200', written: '1200'},
  {column: 'account', value: '0420', written: '0420'},
  {column: 'account', value: '70001', written: '70001'},
  {column: 'account', value: '123456789', written: '123456789', spec: {accountLength: 8}},
  {column: 'tax_key', value: '3', written: '3'},
  {column: 'tax_key', value: '4001', written: '4001'},
  {column: 'document_date', value: '2026-10-01', written: '0110'},
  {column: 'document_number', value: 'RE-2026/0001_$%&*+', written: 'RE-2026/0001_$%&*+'},
  {column: 'document_number', value: 'X'.repeat(36), written: 'X'.repeat(36)},
  {column: 'text', value: 'Büromöbel "Große" €; 5 % – ‚neu‘ … Š', written: 'Büromöbel "Große" €; 5 % – ‚neu‘ … Š'},
  {column: 'text', value: String.raw`C:\temp\new`, written: String.raw`C:\temp\new`},
  {column: 'text', value: String.raw`\N`, written: String.raw`\N`},
  {column: 'text', value: 'ü'.repeat(60), written: 'ü'.repeat(60)},
  {column: 'text', value: '"'.repeat(60), written: '"'.repeat(60)},
  {column: 'text', value: '', written: ''},
  {column: 'text', value: '=1+1', written: '=1+1'},
  {column: 'document_link', value: `BEDI "${GUID}"`, written: `BEDI "${GUID}"`},
  {column: 'cost_center_1', value: 'KST-100', written: 'KST-100'},
  {column: 'cost_quantity', value: '30', written: '30,0000'},
  {column: 'cost_quantity', value: '0', written: '0,0000'},
  {column: 'cost_quantity', value: '999999999999.9999', written: '999999999999,9999'},
  {column: 'vat_id', value: 'DE123456789', written: 'DE123456789'},
  {column: 'vat_id', value: 'IE1234567+', written: 'IE1234567+'},
  {column: 'vat_id', value: 'EL', written: 'EL'},
  {column: 'destination_tax_rate', value: '7', written: '7,00'},
  {column: 'service_date', value: '2024-02-29', written: '29022024', with: {tax_period_date: '2026-10-01'}},
  {column: 'due_date', value: '2026-12-24', written: '24122026'},
  {column: 'reversal', value: 't', written: '1'},
  {column: 'reversal', value: 'f', written: '0'},
  {column: 15, value: '1', written: '1'},
  {column: 17, value: '001', written: '001'},
  {column: 18, value: '31.00', written: '31'},
  {column: 42, value: 'K', written: 'K'},
  {column: 92, value: '2026', written: '2026'},
  {column: 96, value: 'AG', written: 'AG'},
  {column: 98, value: 'XI', written: 'XI'},
  {column: 101, value: '0', written: '0'},
  {column: 108, value: '0012', written: '0012'},
  {column: 113, value: '1', written: '1'},
  {column: 114, value: '0', written: '0'},
  {column: 114, value: 't', written: '1', spec: {festschreibung: true}},
  {column: 120, value: 'EL', written: 'EL'},
  {column: 122, value: '5', written: '5'},
  {column: 125, value: '2650', written: '2650'},
  {column: 'amount', value: '-119.5', written: '119,50', spec: {negativeAmount: 'SwapSide'}},
  {column: 'tax_key', value: '40', written: '40', spec: {automaticAccounts: ['8400']}},
  {column: 'tax_key', value: '4013', written: '4013', spec: {automaticAccounts: ['8000-8999']}},
  {column: 'tax_key', value: '9', written: '9', spec: {automaticAccounts: ['8300-8399', '8401']}},
  {column: 'tax_key', value: null, written: '', spec: {automaticAccounts: ['8400']}},
]

const REFUSED: readonly Refused[] = [
  {column: 'amount', value: null, rule: 'MissingValue', says: 'column amount (Umsatz, 1): must not be empty'},
  {column: 'amount', value: '0.00', rule: 'AmountIsZero', says: 'must be greater than 0,00: DATEV refuses'},
  {column: 'amount', value: '-5.00', rule: 'NegativeNumber', says: 'must be positive'},
  {column: 'amount', value: '10000000000.00', rule: 'TooManyDigits', says: 'at most 10 digits before the decimal point'},
  {column: 'amount', value: '1.005', rule: 'TooManyDecimals', says: 'at most 2 decimals'},
  {column: 'amount', value: '1,234.50', rule: 'NotANumber'},
  {column: 'amount', value: '1e3', rule: 'NotANumber'},
  {column: 'amount', value: 'NaN', rule: 'NotANumber'},
  {column: 'amount', value: '.50', rule: 'NotANumber'},
  {column: 'amount', value: '5.', rule: 'NotANumber'},
  {column: 'amount', value: '+5', rule: 'NotANumber'},
  {column: 'amount', value: ' 5', rule: 'NotANumber'},
  {column: 'debit_credit', value: 'D', rule: 'ValueNotAllowed', says: 'must be S (Soll, debit) or H (Haben, credit)'},
  {column: 'debit_credit', value: 'SH', rule: 'ValueNotAllowed'},
  {column: 'debit_credit', value: '', rule: 'MissingValue'},
  {column: 'currency', value: 'EURO', rule: 'UnknownCode', says: 'ISO 4217'},
  {column: 'currency', value: 'eur', rule: 'UnknownCode'},
  {column: 'currency', value: 'ABC', rule: 'UnknownCode'},
  {column: 'exchange_rate', value: '0.000000', rule: 'ZeroNotAllowed', says: 'must be greater than 0'},
  {column: 'exchange_rate', value: '10000', rule: 'TooManyDigits'},
  {column: 'exchange_rate', value: '1.2345678', rule: 'TooManyDecimals'},
  {column: 'base_amount', value: '0', rule: 'ZeroNotAllowed', with: {base_currency: 'USD'}},
  {column: 'base_amount', value: '1', rule: 'CompanionMissing', says: 'needs column base_currency (WKZ Basis-Umsatz, 6) to be filled too'},
  {column: 'base_currency', value: 'EUR', rule: 'CompanionMissing', with: {base_amount: null}},
  {column: 'account', value: '12a0', rule: 'NotAnAccount'},
  {column: 'account', value: '1200.00', rule: 'NotAnAccount'},
  {column: 'account', value: '123456', rule: 'AccountTooLong', says: 'at most 4 digits (accountLength), or 5 for a personal account'},
  {column: 'account', value: '0000', rule: 'AccountIsZero'},
  {column: 'account', value: '01200', rule: 'NotAPersonalAccount', says: '5 digits mean a personal account'},
  {column: 'contra_account', value: null, rule: 'MissingValue'},
  {column: 'tax_key', value: '12345', rule: 'NotATaxKey'},
  {column: 'tax_key', value: 'V9', rule: 'NotATaxKey'},
  {column: 'amount', value: '-0.00', rule: 'AmountIsZero', spec: {negativeAmount: 'SwapSide'}},
  {column: 'amount', value: '--1', rule: 'NotANumber', spec: {negativeAmount: 'Generalumkehr'}},
  {column: 'amount', value: '-', rule: 'NotANumber', spec: {negativeAmount: 'SwapSide'}},
  {column: 'base_amount', value: '-1', rule: 'NegativeNumber', with: {base_currency: 'USD'}, spec: {negativeAmount: 'SwapSide'}},
  {column: 'reversal', value: 't', rule: 'NegativeReversal', says: 'only the ledger knows', with: {amount: '-1'}, spec: {negativeAmount: 'SwapSide'}},
  {column: 'discount', value: '2.00', rule: 'SignsMixed', says: 'must be negative', with: {amount: '-119'}, spec: {negativeAmount: 'SwapSide'}},
  {column: 5, value: '110', rule: 'SignsMixed', with: {amount: '-119', base_currency: 'EUR'}, spec: {negativeAmount: 'Generalumkehr'}},
  {column: 'discount', value: 'x', rule: 'NotANumber', with: {amount: '-119'}, spec: {negativeAmount: 'SwapSide'}},
  {column: 'reversal', value: '1', rule: 'NegativeReversal', with: {amount: '-1'}, spec: {negativeAmount: 'Generalumkehr'}},
  {column: 'tax_key', value: '20', rule: 'NegativeReversal', says: 'Generalumkehr', with: {amount: '-1'}, spec: {negativeAmount: 'Generalumkehr'}},
  {column: 'tax_key', value: '29', rule: 'NegativeReversal', with: {amount: '-1'}, spec: {negativeAmount: 'SwapSide'}},
  {column: 'tax_key', value: '9', rule: 'TaxKeyOnAutomaticAccount', says: 'automatic', spec: {automaticAccounts: ['8400']}},
  {column: 'tax_key', value: '4', rule: 'TaxKeyOnAutomaticAccount', spec: {automaticAccounts: ['1000-1100', '8300-8499']}},
  {column: 'tax_key', value: '3', rule: 'TaxKeyOnAutomaticAccount', with: {account: '4400', contra_account: '1200'}, spec: {automaticAccounts: ['4400']}},
  {column: 'document_date', value: '2026-11-01', rule: 'DateOutsidePeriod', says: 'period of the run, 2026-10-01 to 2026-10-31'},
  {column: 'document_date', value: '2026-09-30', rule: 'DateOutsidePeriod'},
  {column: 'document_date', value: '2026-10-01', rule: 'DateOutsideFiscalYears', says: 'fiscalYears', spec: {fiscalYears: [{start: '2026-10-02', end: '2026-12-31'}]}},
  {column: 'document_date', value: '31.10.2026', rule: 'NotADate', says: 'YYYY-MM-DD'},
  {column: 'document_date', value: '2026-10-31 00:00:00', rule: 'NotADate'},
  {column: 'document_date', value: '2026-10-32', rule: 'NotADate'},
  {column: 'document_date', value: null, rule: 'MissingValue'},
  {column: 'document_number', value: 'RE 1', rule: 'CharacterNotAllowed'},
  {column: 'document_number', value: 'Ä1', rule: 'CharacterNotAllowed'},
  {column: 'document_number', value: 'X'.repeat(37), rule: 'TextTooLong', says: 'has 37'},
  {column: 'discount', value: '0.00', rule: 'ZeroNotAllowed'},
  {column: 'text', value: 'ü'.repeat(61), rule: 'TextTooLong', says: 'has 61'},
  {column: 'text', value: 'Tab\there', rule: 'ControlCharacter', says: 'holds U+0009'},
  {column: 'text', value: 'two\r\nlines', rule: 'ControlCharacter', says: 'holds U+000D'},
  {column: 'text', value: 'bell\u0007', rule: 'ControlCharacter'},
  {column: 'text', value: 'delete\u007f', rule: 'ControlCharacter'},
  {column: 'text', value: 'Fest 🎉', rule: 'CharacterNotInWindows1252', says: 'holds "🎉" (U+1F389)'},
  {column: 'text', value: 'Łódź', rule: 'CharacterNotInWindows1252', says: '"Ł" (U+0141)'},
  {column: 'text', value: 'u\u0308ber', rule: 'CharacterNotInWindows1252', says: 'normalize(…, NFC) in the query would do'},
  {column: 'text', value: 'next line \u0085', rule: 'CharacterNotInWindows1252', says: 'U+0085'},
  {column: 'document_link', value: GUID, rule: 'InvalidDocumentLink'},
  {column: 'document_link', value: `BEDI "${GUID.replaceAll('-', '0')}"`, rule: 'InvalidDocumentLink'},
  {column: 'document_link', value: `bedi "${GUID}"`, rule: 'InvalidDocumentLink'},
  {column: 'vat_id', value: 'GR123456789', rule: 'InvalidVatId', says: 'Greece is EL'},
  {column: 'vat_id', value: 'DE 123456789', rule: 'InvalidVatId'},
  {column: 'vat_id', value: 'DE12345678901234', rule: 'InvalidVatId'},
  {column: 'vat_id', value: 'D', rule: 'InvalidVatId'},
  {column: 'service_date', value: '2026-10-30', rule: 'CompanionMissing', says: 'tax_period_date (Datum Zuord. Steuerperiode, 116)'},
  {column: 'service_date', value: '2026-10-30', rule: 'CompanionMissing', with: {tax_period_date: ''}},
  {column: 'due_date', value: '2025-02-29', rule: 'NotADate'},
  {column: 'due_date', value: '1999-12-31', rule: 'NotADate'},
  {column: 'due_date', value: 'infinity', rule: 'NotADate'},
  {column: 'reversal', value: 'G', rule: 'ValueNotAllowed', says: '0 or 1'},
  {column: 15, value: '2', rule: 'ValueNotAllowed'},
  {column: 21, value: 'Art', rule: 'CompanionMissing', says: 'datev_22_beleginfo_inhalt_1 (Beleginfo - Inhalt 1, 22)'},
  {column: 49, value: 'Inhalt', rule: 'CompanionMissing', with: {[nameAt(48)]: null}},
  {column: 42, value: 'X', rule: 'ValueNotAllowed'},
  {column: 43, value: '0', rule: 'ZeroNotAllowed'},
  {column: 44, value: '000', rule: 'ZeroNotAllowed'},
  {column: 88, value: '1.5', rule: 'TooManyDecimals', says: 'at most 0 decimals'},
  {column: 92, value: '1999', rule: 'NumberOutOfRange', says: 'must lie from 2000 to 2099'},
  {column: 96, value: 'ZZ', rule: 'UnknownCode', says: 'AA, AG'},
  {column: 98, value: 'US', rule: 'UnknownCode', says: 'a country of the EU'},
  {column: 99, value: '0', rule: 'ZeroNotAllowed'},
  {column: 101, value: '12345', rule: 'AccountTooLong', says: 'must be a general-ledger account of at most 4 digits'},
  {column: 113, value: '2', rule: 'NumberOutOfRange'},
  {column: 114, value: '1', rule: 'FestschreibungDiffers', says: 'must be 0 as spec.format.datev.festschreibung says'},
  {column: 114, value: null, rule: 'MissingValue', says: 'DATEV would lock the whole stack'},
  {column: 120, value: 'ZZ', rule: 'UnknownCode', says: 'ISO 3166-1'},
  {column: 122, value: '0', rule: 'NumberOutOfRange'},
  {column: 122, value: '6', rule: 'NumberOutOfRange'},
  {column: 125, value: '0', rule: 'AccountIsZero'},
]

function columnOf(column: string | number): string {
  return typeof column === 'number' ? nameAt(column) : column
}

describe('a value that is right', () => {
  test.each(ACCEPTED)('$column $value is written as $written', async ({column, value, written, with: others, spec}) => {
    const name = columnOf(column)
    const {stacks} = await write(datasetOf([booking({[name]: value, ...others})]), {spec: spec ?? {}})
    const headings = stacks[0]!.headings
    const index = typeof column === 'number' ? column - 1 : headings.indexOf(HEADINGS[name]!)
    expect(stacks[0]!.rows[0]![index]).toBe(written)
  })
})

describe('a value that breaks a rule', () => {
  test.each(REFUSED)('$column $value breaks $rule', async ({column, value, rule, says, with: others, spec}) => {
    const name = columnOf(column)
    const good = booking({[name]: column === 114 ? '0' : (booking()[name] ?? null)})
    const bad = booking({[name]: value, ...others})
    const fault = await write(datasetOf([good, bad], Object.keys(bad)), {spec: spec ?? {}}).catch((error: unknown) => error)
    expect(fault).toMatchObject({code: rule, transient: false})
    expect(fault).toMatchObject({findings: [{dataset: 'bookings', row: 2, rule}]})
    const [finding] = fault instanceof RowsRefused ? fault.findings : []
    expect(finding?.value ?? null).toBe(value)
    expect(`${String(fault)} ${finding?.detail}`).toContain(says ?? name)
    expect(String(fault)).toMatch(new RegExp(`one value was refused: bookings row 2, column ${name} \\(.+, [0-9]+\\): .+ \\[${rule}\\]`))
  })

  test('stays out of the message, which goes into status', async () => {
    const text = 'canary '.repeat(40)
    const fault: unknown = await write(datasetOf([booking({text})])).catch((error: unknown) => error)
    expect(fault).toMatchObject({code: 'TextTooLong', findings: [{value: text, detail: 'has 280'}]})
    expect(String(fault)).not.toContain('canary')
  })

  test('is collected with all others of its row and of the rows after it', async () => {
    const rows = [booking({amount: '0', text: '語', booking_id: 'b-1'}), booking({booking_id: 'b-2'}), booking({document_date: '2026-12-01', text: 'x'.repeat(61)})]
    const fault = await write(datasetOf(rows, Object.keys(rows[0]!))).catch((error: unknown) => error)
    expect(fault).toMatchObject({
      code: 'RowsRefused',
      findings: [
        {row: 1, rule: 'AmountIsZero', key: {column: 'booking_id', value: 'b-1'}},
        {row: 1, rule: 'CharacterNotInWindows1252', value: '語'},
        {row: 3, rule: 'DateOutsidePeriod'},
        {row: 3, rule: 'TextTooLong'},
      ],
    })
  })

  test('has an example here for every rule that a value of valid UTF-8 can break in a booking; two are noted by default', () => {
    const tested = new Set<string>(REFUSED.map((example) => example.rule))
    expect(Object.keys(RULES).filter((rule) => !tested.has(rule))).toEqual(['NotADebtor', 'NotACreditor', 'SpreadsheetFormula', 'InvalidUtf8', 'DuplicateNumber', 'ZeroAmountSkipped', 'InvalidIban'])
  })
})

const HEADINGS: Readonly<Record<string, string>> = {
  amount: 'Umsatz (ohne Soll/Haben-Kz)',
  debit_credit: 'Soll/Haben-Kennzeichen',
  currency: 'WKZ Umsatz',
  exchange_rate: 'Kurs',
  account: 'Konto',
  tax_key: 'BU-Schlüssel',
  document_date: 'Belegdatum',
  document_number: 'Belegfeld 1',
  text: 'Buchungstext',
  document_link: 'Beleglink',
  cost_center_1: 'KOST1 - Kostenstelle',
  cost_quantity: 'Kost-Menge',
  vat_id: 'EU-Land u. UStID (Bestimmung)',
  destination_tax_rate: 'EU-Steuersatz (Bestimmung)',
  service_date: 'Leistungsdatum',
  due_date: 'Fälligkeit',
  reversal: 'Generalumkehr (GU)',
}
