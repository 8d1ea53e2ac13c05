// Luxembourg: FAIA 2.01, full version (Administration de l'enregistrement), after its schema. What belongs to the general ledger.
import {COUNTRY, CURRENCY, DATE, DAY, EXCHANGE_RATE, RATE, amount, group, id, idIn, idOf, list, optional, required, saidOf, text} from '../elements.ts'
import type {Element, KeySet} from '../elements.ts'
import type {Profile, Section} from '../profile.ts'
import {analysisOfLine, analysisTable} from './analysis.ts'
import type {Dimension} from './analysis.ts'
import {
  BALANCES,
  CODE,
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

const ADDRESS: Element = group('Address', [
  optional('StreetName', 'street', text(MIDDLE2)),
  optional('Number', 'street_number', text(SHORT)),
  optional('AdditionalAddressDetail', 'address_extra', text(MIDDLE2)),
  required('City', 'city', text(MIDDLE1)),
  required('PostalCode', 'postal_code', id(SHORT)),
  optional('Region', 'region', text(MIDDLE1)),
  optional('Country', 'country', COUNTRY),
])

const BANK_ACCOUNT: Element = group('BankAccount', [required('IBANNumber', 'iban', id(MIDDLE1))], {filled: ['iban']})

const HEADER: readonly Element[] = [
  group('Header', [
    ...headerStart('2.01', 'LU'),
    group('Company', [
      required('RegistrationNumber', 'registration_number', id(MIDDLE1)),
      required('Name', 'name', text(MIDDLE2)),
      ADDRESS,
      companyContact('required'),
      TAX_REGISTRATION,
      BANK_ACCOUNT,
    ]),
    ...HEADER_SELECTION,
    optional('HeaderComment', 'comment', text(LONG)),
    required('TaxAccountingBasis', 'tax_accounting_basis', text(SHORT)),
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
      optional('StandardAccountID', 'standard_account', id(MIDDLE1)),
      optional('GroupingCategory', 'grouping_category', id(MIDDLE1)),
      optional('GroupingCode', 'grouping_code', id(MIDDLE1)),
      required('AccountType', 'account_type', list('Actif', 'Passif', 'Produit', 'Charge')),
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
        required('Name', 'name', text(MIDDLE2)),
        ADDRESS,
        PARTNER_CONTACT,
        TAX_REGISTRATION,
        BANK_ACCOUNT,
        required(key, 'id', idOf(dataset, MIDDLE1)),
        optional('AccountID', 'account', idIn('accounts', MIDDLE2)),
        group('', BALANCES, {flag: 'hasBalance'}),
      ]),
    ],
  }
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
      required('TaxCode', 'tax_code', idOf('tax_codes', CODE)),
      optional('EffectiveDate', 'valid_from', DAY),
      optional('ExpirationDate', 'valid_to', DAY),
      optional('Description', 'name', text(LONG)),
      optional('TaxPercentage', 'tax_rate', RATE),
      required('Country', 'country', COUNTRY, 'LU'),
      optional('Region', 'region', id(CODE)),
    ]),
  ],
}

const DIMENSIONS: readonly Dimension[] = [
  {dataset: 'cost_centers', type: 'CC', description: 'Centre de coûts'},
  {dataset: 'projects', type: 'PROJET', description: 'Projet'},
]

const LINE_AMOUNT: readonly Element[] = [
  amount('Amount', 'amount'),
  group(
    '',
    [
      required('CurrencyCode', 'currency', CURRENCY),
      amount('CurrencyAmount', 'currencyAmount'),
      optional('ExchangeRate', 'exchange_rate', EXCHANGE_RATE),
    ],
    {flag: 'isForeign', of: 'currency'},
  ),
]

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
    group('DebitAmount', LINE_AMOUNT, {flag: 'isDebit'}),
    group('CreditAmount', LINE_AMOUNT, {flag: 'isCredit'}),
    group(
      'TaxInformation',
      [
        required('TaxType', 'tax_code', saidOf('tax_codes', CODE), 'TVA'),
        required('TaxCode', 'tax_code', idIn('tax_codes', CODE)),
        optional('TaxPercentage', 'tax_rate', RATE),
        group('', [amount('TaxBase', 'taxBase')], {flag: 'hasTaxBase'}),
        group('TaxAmount', [amount('Amount', 'taxAmount')]),
      ],
      {flag: 'hasTax', of: 'tax_code'},
    ),
  ]),
]

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
  header: HEADER,
  headerValues: ({taxAccountingBasis}) => ({tax_accounting_basis: taxAccountingBasis ?? 'Invoice Accounting'}),
  masters: [
    ACCOUNTS,
    partners('customers', ['Customers', 'Customer', 'CustomerID']),
    partners('suppliers', ['Suppliers', 'Supplier', 'SupplierID']),
    TAX_TABLE,
    ...analysisTable(DIMENSIONS, 'omit'),
  ],
  journal: {name: 'Journal', elements: JOURNAL},
  transaction: {
    name: 'Transaction',
    elements: [
      required('TransactionID', 'transaction_id', id(MIDDLE2)),
      required('Period', 'posting_date', {kind: 'period'}),
      required('PeriodYear', 'posting_date', {kind: 'fiscalYear'}),
      required('TransactionDate', ['transaction_date', 'posting_date'], DATE),
      optional('SourceID', 'entered_by', text(MIDDLE1)),
      optional('TransactionType', 'transaction_type', text(SHORT)),
      required('Description', ['transaction_text', 'text', 'document_number', 'transaction_id'], text(LONG)),
      optional('BatchID', 'batch_id', id(MIDDLE1)),
      required('SystemEntryDate', ['entry_date', 'transaction_date', 'posting_date'], DATE),
      required('GLPostingDate', 'posting_date', DATE),
      optional('SystemID', 'system_id', id(SHORT)),
    ],
  },
  line: LINE,
  fileName: ({registrationNumber, start, end}) => `FAIA_${registrationNumber}_${start}_${end}`,
}
