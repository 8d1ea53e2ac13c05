// Luxembourg: FAIA 2.01, full version (Administration de l'enregistrement), after its schema. What belongs to the general ledger.
import {COUNTRY, EXCHANGE_RATE, RATE, amount, group, id, idIn, list, optional, required, saidOf, text} from '../elements.ts'
import type {Element} from '../elements.ts'
import type {Profile, Section} from '../profile.ts'
import {analysisOfLine, analysisTable} from './analysis.ts'
import type {Dimension} from './analysis.ts'
import {BALANCES, CODE, GROUPING, IBAN, LONG, MIDDLE1, MIDDLE2, SHORT} from './common.ts'
import {JOURNAL_LEVEL, accounts, foreignAmount, header, line, partners, taxCode, transaction} from './oecd.ts'

const DIMENSIONS: readonly Dimension[] = [
  {dataset: 'cost_centers', type: 'CC', description: 'Centre de coûts'},
  {dataset: 'projects', type: 'PROJET', description: 'Projet'},
]

const PARTY = {
  name: MIDDLE2,
  address: group('Address', [
    optional('StreetName', 'street', text(MIDDLE2)),
    optional('Number', 'street_number', text(SHORT)),
    optional('AdditionalAddressDetail', 'address_extra', text(MIDDLE2)),
    required('City', 'city', text(MIDDLE1)),
    required('PostalCode', 'postal_code', id(SHORT)),
    optional('Region', 'region', text(MIDDLE1)),
    optional('Country', 'country', COUNTRY),
  ]),
  bankAccount: group('BankAccount', [IBAN], {filled: ['iban']}),
}

const TAX_TABLE: Section = {
  dataset: 'tax_codes',
  name: 'TaxTable',
  balances: 'none',
  says: 'tax_type',
  whenEmpty: 'omit',
  group: {
    by: 'tax_type',
    name: 'TaxTableEntry',
    elements: [
      required('TaxType', 'tax_type', id(CODE), 'TVA'),
      required('Description', ['tax_type_name', 'tax_type'], text(LONG), 'Taxe sur la valeur ajoutée'),
    ],
  },
  entry: [
    group('TaxCodeDetails', [
      ...taxCode(CODE),
      optional('TaxPercentage', 'tax_rate', RATE),
      required('Country', 'country', COUNTRY, 'LU'),
      optional('Region', 'region', id(CODE)),
    ]),
  ],
}

const TAX: Element = group(
  'TaxInformation',
  [
    required('TaxType', 'tax_code', saidOf('tax_codes', CODE), 'TVA'),
    required('TaxCode', 'tax_code', idIn('tax_codes', CODE)),
    optional('TaxPercentage', 'tax_rate', RATE),
    group('', [amount('TaxBase', 'taxBase')], {flag: 'hasTaxBase'}),
    group('TaxAmount', [amount('Amount', 'taxAmount')]),
  ],
  {flag: 'hasTax', of: 'tax_code'},
)

export const LUXEMBOURG: Profile = {
  id: 'LU-2.01',
  encoding: 'UTF-8',
  namespace: 'urn:OECD:StandardAuditFile-Taxation/2.00',
  currency: 'EUR',
  hasFixedCurrency: false,
  periodFault: ({start, end}) =>
    start.endsWith('-01-01') && end === `${Number(start.slice(0, 4)) + 1}-01-01`
      ? undefined
      : 'a file covers one whole calendar year, such as period: {range: PreviousYear}',
  negativeAmounts: ['Error', 'SwapSide', 'Keep'],
  splits: false,
  needs: ['accounts'],
  header: header({
    version: '2.01',
    country: 'LU',
    company: {...PARTY, registration: required('RegistrationNumber', 'registration_number', id(MIDDLE1)), telephone: 'required'},
    end: [optional('HeaderComment', 'comment', text(LONG)), required('TaxAccountingBasis', 'tax_accounting_basis', text(SHORT))],
  }),
  headerValues: ({taxAccountingBasis}) => ({tax_accounting_basis: taxAccountingBasis ?? 'Invoice Accounting'}),
  masters: [
    accounts('omit', [...GROUPING, required('AccountType', 'account_type', list('Actif', 'Passif', 'Produit', 'Charge'))]),
    ...partners({
      balances: 'given',
      whenEmpty: 'omit',
      party: {...PARTY, registration: optional('RegistrationNumber', 'registration_number', id(MIDDLE1))},
      structure: '',
      end: [optional('AccountID', 'account', idIn('accounts', MIDDLE2)), group('', BALANCES, {flag: 'hasBalance'})],
    }),
    TAX_TABLE,
    ...analysisTable(DIMENSIONS, 'omit'),
  ],
  journal: JOURNAL_LEVEL,
  transaction: transaction({}),
  line: line({
    name: 'Line',
    analysis: analysisOfLine(DIMENSIONS),
    inCurrency: [foreignAmount(optional('ExchangeRate', 'exchange_rate', EXCHANGE_RATE))],
    end: [TAX],
  }),
  fileName: ({registrationNumber, start, end}) => `FAIA_${registrationNumber}_${start}_${end}`,
}
