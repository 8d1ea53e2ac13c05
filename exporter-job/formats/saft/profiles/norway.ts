// Norway: SAF-T Financial 1.30 (Skatteetaten), after its schema and codelists. README.md says what is left out and why.
import {COUNTRY, CURRENCY, DATE, DAY, EXCHANGE_RATE, RATE, amount, fixed, group, id, idIn, idOf, list, optional, required, text} from '../elements.ts'
import type {Element, KeySet} from '../elements.ts'
import type {Profile, Section} from '../profile.ts'
import {analysisOfLine, analysisTable} from './analysis.ts'
import type {Dimension} from './analysis.ts'
import {
  BALANCES,
  HEADER_SELECTION,
  JOURNAL,
  LONG,
  MIDDLE1,
  MIDDLE2,
  PARTNER_CONTACT,
  SHORT,
  TAX_REGISTRATION,
  companyContact,
  headerStart,
} from './common.ts'

/** Standard tax codes of the authority, and NA for what cannot be mapped. */
const STANDARD_TAX_CODES = '0 1 11 12 13 14 15 20 21 22 3 31 32 33 5 51 52 6 7 81 82 83 84 85 86 87 88 89 91 92 NA'.split(' ')

const ADDRESS: Element = group(
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
)

const BANK_ACCOUNT: Element = group('BankAccount', [required('IBANNumber', 'iban', id(MIDDLE1)), optional('BIC', 'bic', id(SHORT))], {
  filled: ['iban'],
})

const HEADER: readonly Element[] = [
  group('Header', [
    ...headerStart('1.30', 'NO'),
    group('Company', [
      required('RegistrationNumber', 'registration_number', {
        kind: 'pattern',
        pattern: /^\d{9}$|^\d{11}$/,
        words: 'nine digits (organisasjonsnummer) or eleven (fødselsnummer)',
      }),
      required('Name', 'name', text(LONG)),
      ADDRESS,
      companyContact('optional'),
      TAX_REGISTRATION,
      BANK_ACCOUNT,
    ]),
    ...HEADER_SELECTION,
    optional('HeaderComment', 'comment', text(LONG)),
    fixed('TaxAccountingBasis', 'A'),
  ]),
]

const ACCOUNTS: Section = {
  dataset: 'accounts',
  name: 'GeneralLedgerAccounts',
  balances: 'always',
  whenEmpty: 'omit',
  entry: [
    group('Account', [
      required('AccountID', 'account', idOf('accounts', MIDDLE2)),
      required('AccountDescription', 'name', text(LONG)),
      required('GroupingCategory', 'grouping_category', id(LONG)),
      required('GroupingCode', 'grouping_code', id(MIDDLE1)),
      fixed('AccountType', 'GL'),
      optional('AccountCreationDate', 'created_on', DAY),
      ...BALANCES,
    ]),
  ],
}

function partners(dataset: KeySet & ('customers' | 'suppliers'), [all, one, key]: readonly [string, string, string]): Section {
  return {
    dataset,
    name: all,
    balances: 'given',
    whenEmpty: 'omit',
    entry: [
      group(one, [
        optional('RegistrationNumber', 'registration_number', id(MIDDLE1)),
        required('Name', 'name', text(LONG)),
        ADDRESS,
        PARTNER_CONTACT,
        TAX_REGISTRATION,
        BANK_ACCOUNT,
        required(key, 'id', idOf(dataset, MIDDLE1)),
        group('BalanceAccount', [optional('AccountID', 'account', idIn('accounts', MIDDLE2)), ...BALANCES], {flag: 'hasBalance'}),
      ]),
    ],
  }
}

const TAX_TABLE: Section = {
  dataset: 'tax_codes',
  name: 'TaxTable',
  balances: 'none',
  whenEmpty: 'omit',
  // One entry holds all codes: MVA is the only type of tax.
  group: {name: 'TaxTableEntry', elements: [fixed('TaxType', 'MVA'), fixed('Description', 'Merverdiavgift')]},
  entry: [
    group('TaxCodeDetails', [
      required('TaxCode', 'tax_code', idOf('tax_codes', MIDDLE2)),
      optional('EffectiveDate', 'valid_from', DAY),
      optional('ExpirationDate', 'valid_to', DAY),
      optional('Description', 'name', text(LONG)),
      optional('TaxPercentage', 'tax_rate', RATE),
      required('Country', 'country', COUNTRY, 'NO'),
      required('StandardTaxCode', 'standard_tax_code', list(...STANDARD_TAX_CODES)),
      required('BaseRate', 'base_share', RATE, '100'),
    ]),
  ],
}

/** Types of analysis are the company's own; these are what the two datasets are called here. */
const DIMENSIONS: readonly Dimension[] = [
  {dataset: 'cost_centers', type: 'AVD', description: 'Avdeling'},
  {dataset: 'projects', type: 'PROSJEKT', description: 'Prosjekt'},
]

const IN_CURRENCY: Element = group(
  '',
  [
    required('CurrencyCode', 'currency', CURRENCY),
    amount('CurrencyAmount', 'currencyAmount'),
    optional('ExchangeRate', 'exchange_rate', EXCHANGE_RATE),
  ],
  {flag: 'isForeign', of: 'currency'},
)

const LINE: readonly Element[] = [
  group('Line', [
    required('RecordID', 'line_id', id(SHORT)),
    required('AccountID', 'account', idIn('accounts', MIDDLE2)),
    ...analysisOfLine(DIMENSIONS),
    optional('ValueDate', 'value_date', DATE),
    optional('SourceDocumentID', 'document_number', text(MIDDLE1)),
    optional('CustomerID', 'customer_id', idIn('customers', MIDDLE1)),
    optional('SupplierID', 'supplier_id', idIn('suppliers', MIDDLE1)),
    required('Description', ['text', 'transaction_text', 'document_number', 'transaction_id'], text(LONG)),
    group('DebitAmount', [amount('Amount', 'amount'), IN_CURRENCY], {flag: 'isDebit'}),
    group('CreditAmount', [amount('Amount', 'amount'), IN_CURRENCY], {flag: 'isCredit'}),
    group(
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
    ),
    optional('ReferenceNumber', 'reference', text(MIDDLE1)),
    optional('DueDate', 'due_date', DATE),
  ]),
]

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
  header: HEADER,
  headerValues: () => ({}),
  masters: [
    ACCOUNTS,
    partners('customers', ['Customers', 'Customer', 'CustomerID']),
    partners('suppliers', ['Suppliers', 'Supplier', 'SupplierID']),
    TAX_TABLE,
    ...analysisTable(DIMENSIONS, 'omit', [optional('StartDate', 'valid_from', DAY), optional('EndDate', 'valid_to', DAY)]),
  ],
  journal: {
    name: 'Journal',
    elements: JOURNAL,
  },
  transaction: {
    name: 'Transaction',
    elements: [
      required('TransactionID', 'transaction_id', id(MIDDLE2)),
      required('Period', 'posting_date', {kind: 'period'}),
      required('PeriodYear', 'posting_date', {kind: 'fiscalYear'}),
      required('TransactionDate', ['transaction_date', 'posting_date'], DATE),
      optional('SourceID', 'entered_by', text(MIDDLE1)),
      optional('VoucherType', 'voucher_type', text(MIDDLE2)),
      optional('VoucherDescription', 'voucher_text', text(MIDDLE2)),
      optional('TransactionType', 'transaction_type', text(SHORT)),
      required('Description', ['transaction_text', 'text', 'document_number', 'transaction_id'], text(LONG)),
      optional('BatchID', 'batch_id', id(MIDDLE1)),
      required('SystemEntryDate', ['entry_date', 'transaction_date', 'posting_date'], DATE),
      required('GLPostingDate', 'posting_date', DATE),
      optional('SystemID', 'system_id', id(SHORT)),
    ],
  },
  line: LINE,
  fileName: ({registrationNumber, createdAt, number, total}) => `SAF-T-Financial_${registrationNumber}_${createdAt}_${number}_${total}`,
}
