// Norway: SAF-T Financial 1.30 (Skatteetaten), after its schema and codelists. README.md says what is left out and why.
import {COUNTRY, DATE, DAY, EXCHANGE_RATE, RATE, amount, fixed, group, id, idIn, list, optional, required, text} from '../elements.ts'
import type {Element} from '../elements.ts'
import type {Profile, Section} from '../profile.ts'
import {analysisOfLine, analysisTable} from './analysis.ts'
import type {Dimension} from './analysis.ts'
import {BALANCES, LONG, MIDDLE1, MIDDLE2, SHORT} from './common.ts'
import {JOURNAL_LEVEL, accounts, foreignAmount, header, line, partners, taxCode, transaction} from './oecd.ts'

/** Standard tax codes of the authority, and NA for what cannot be mapped. */
const STANDARD_TAX_CODES = '0 1 11 12 13 14 15 20 21 22 3 31 32 33 5 51 52 6 7 81 82 83 84 85 86 87 88 89 91 92 NA'.split(' ')

/** Types of analysis are the company's own; these are what the two datasets are called here. */
const DIMENSIONS: readonly Dimension[] = [
  {dataset: 'cost_centers', type: 'AVD', description: 'Avdeling'},
  {dataset: 'projects', type: 'PROSJEKT', description: 'Prosjekt'},
]

const PARTY = {
  name: LONG,
  address: group(
    'Address',
    [
      optional('StreetName', 'street', text(LONG)),
      optional('Number', 'street_number', text(MIDDLE2)),
      optional('AdditionalAddressDetail', 'address_extra', text(LONG)),
      optional('City', 'city', text(LONG)),
      optional('PostalCode', 'postal_code', text(MIDDLE2)),
      optional('Region', 'region', text(LONG)),
      optional('Country', 'country', COUNTRY),
    ],
    {filled: ['street', 'street_number', 'address_extra', 'city', 'postal_code', 'region', 'country']},
  ),
  bankAccount: group('BankAccount', [required('IBANNumber', 'iban', id(MIDDLE1)), optional('BIC', 'bic', id(SHORT))], {filled: ['iban']}),
}

const REGISTRATION = required('RegistrationNumber', 'registration_number', {
  kind: 'pattern',
  pattern: /^\d{9}$|^\d{11}$/,
  words: 'nine digits (organisasjonsnummer) or eleven (fødselsnummer)',
})

const TAX_TABLE: Section = {
  dataset: 'tax_codes',
  name: 'TaxTable',
  balances: 'none',
  whenEmpty: 'omit',
  // One entry holds all codes: MVA is the only type of tax.
  group: {name: 'TaxTableEntry', elements: [fixed('TaxType', 'MVA'), fixed('Description', 'Merverdiavgift')]},
  entry: [
    group('TaxCodeDetails', [
      ...taxCode(MIDDLE2),
      optional('TaxPercentage', 'tax_rate', RATE),
      required('Country', 'country', COUNTRY, 'NO'),
      required('StandardTaxCode', 'standard_tax_code', list(...STANDARD_TAX_CODES)),
      required('BaseRate', 'base_share', RATE, '100'),
    ]),
  ],
}

const TAX: Element = group(
  'TaxInformation',
  [
    fixed('TaxType', 'MVA'),
    required('TaxCode', 'tax_code', idIn('tax_codes', MIDDLE2)),
    optional('TaxPercentage', 'tax_rate', RATE),
    fixed('Country', 'NO'),
    group('', [amount('TaxBase', 'taxBase')], {flag: 'hasTaxBase'}),
    group('DebitTaxAmount', [amount('Amount', 'taxAmount')], {flag: 'isDebit'}),
    group('CreditTaxAmount', [amount('Amount', 'taxAmount')], {flag: 'isCredit'}),
  ],
  {flag: 'hasTax', of: 'tax_code'},
)

export const NORWAY: Profile = {
  id: 'NO-1.30',
  encoding: 'UTF-8',
  namespace: 'urn:StandardAuditFile-Taxation-Financial:NO',
  currency: 'NOK',
  hasFixedCurrency: false,
  negativeAmounts: ['Error', 'SwapSide', 'Keep'],
  splits: true,
  maxFileBytes: 2_000_000_000,
  needs: ['accounts'],
  header: header({
    version: '1.30',
    country: 'NO',
    company: {...PARTY, registration: REGISTRATION, telephone: 'optional'},
    end: [optional('HeaderComment', 'comment', text(LONG)), fixed('TaxAccountingBasis', 'A')],
  }),
  headerValues: () => ({}),
  masters: [
    accounts('omit', [
      required('GroupingCategory', 'grouping_category', id(LONG)),
      required('GroupingCode', 'grouping_code', id(MIDDLE1)),
      fixed('AccountType', 'GL'),
    ]),
    ...partners({
      balances: 'given',
      whenEmpty: 'omit',
      party: {...PARTY, registration: optional('RegistrationNumber', 'registration_number', id(MIDDLE1))},
      structure: '',
      end: [group('BalanceAccount', [optional('AccountID', 'account', idIn('accounts', MIDDLE2)), ...BALANCES], {flag: 'hasBalance'})],
    }),
    TAX_TABLE,
    ...analysisTable(DIMENSIONS, 'omit', [optional('StartDate', 'valid_from', DAY), optional('EndDate', 'valid_to', DAY)]),
  ],
  journal: JOURNAL_LEVEL,
  transaction: transaction({
    source: [optional('VoucherType', 'voucher_type', text(MIDDLE2)), optional('VoucherDescription', 'voucher_text', text(MIDDLE2))],
  }),
  line: line({
    name: 'Line',
    analysis: analysisOfLine(DIMENSIONS),
    inCurrency: [foreignAmount(optional('ExchangeRate', 'exchange_rate', EXCHANGE_RATE))],
    end: [TAX, optional('ReferenceNumber', 'reference', text(MIDDLE1)), optional('DueDate', 'due_date', DATE)],
  }),
  fileName: ({registrationNumber, createdAt, number, total}) => `SAF-T Financial_${registrationNumber}_${createdAt}_${number}_${total}`,
}
