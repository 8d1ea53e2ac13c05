// Norway: SAF-T Financial 1.30 (Skatteetaten), after its schema and codelists. README.md says what is left out and why.
import {COUNTRY, CURRENCY, DATE, EXCHANGE_RATE, RATE, amount, fixed, group, id, idIn, idOf, optional, required, text} from '../elements.ts'
import type {Element, KeySet} from '../elements.ts'
import type {Profile, Section} from '../profile.ts'

/** Lengths of the schema's text types. */
const CODE = 9
const SHORT = 18
const MIDDLE1 = 35
const MIDDLE2 = 70
const LONG = 256

/** Standard tax codes of the authority, and NA for what cannot be mapped. */
const STANDARD_TAX_CODES = [
  '0', '1', '11', '12', '13', '14', '15', '20', '21', '22', '3', '31', '32', '33', '5', '51', '52', '6', '7', '81', '82', '83', '84', '85', '86', '87', '88', '89', '91', '92', 'NA',
]

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

/** The name of a partner's contact is one text: the schema wants NotUsed for the first name then. */
const PARTNER_CONTACT: Element = group(
  'Contact',
  [
    group('ContactPerson', [fixed('FirstName', 'NotUsed'), required('LastName', 'contact', text(MIDDLE2), 'NotUsed')]),
    optional('Telephone', 'telephone', id(SHORT)),
    optional('Email', 'email', text(MIDDLE2)),
    optional('Website', 'website', text(LONG)),
  ],
  {filled: ['contact', 'telephone', 'email', 'website']},
)

const TAX_REGISTRATION: Element = group('TaxRegistration', [required('TaxRegistrationNumber', ['vat_id', 'vat_number'], id(MIDDLE1))], {
  filled: ['vat_id', 'vat_number'],
})

const BANK_ACCOUNT: Element = group('BankAccount', [required('IBANNumber', 'iban', id(MIDDLE1)), optional('BIC', 'bic', id(SHORT))], {filled: ['iban']})

const BALANCES: readonly Element[] = [
  group('', [amount('OpeningDebitBalance', 'openingDebit')], {flag: 'opensOnDebit'}),
  group('', [amount('OpeningCreditBalance', 'openingCredit')], {flag: 'opensOnCredit'}),
  group('', [amount('ClosingDebitBalance', 'closingDebit')], {flag: 'closesOnDebit'}),
  group('', [amount('ClosingCreditBalance', 'closingCredit')], {flag: 'closesOnCredit'}),
]

const HEADER: readonly Element[] = [
  group('Header', [
    fixed('AuditFileVersion', '1.30'),
    fixed('AuditFileCountry', 'NO'),
    required('AuditFileDateCreated', 'created_on', DATE),
    fixed('SoftwareCompanyName', 'scheduledexport.dev'),
    fixed('SoftwareID', 'Scheduled exports'),
    required('SoftwareVersion', 'software_version', text(SHORT)),
    group('Company', [
      required('RegistrationNumber', 'registration_number', {kind: 'pattern', pattern: /^\d{9}$|^\d{11}$/, words: 'nine digits (organisasjonsnummer) or eleven (fødselsnummer)'}),
      required('Name', 'name', text(LONG)),
      ADDRESS,
      group('Contact', [
        group('ContactPerson', [required('FirstName', 'first_name', text(MIDDLE1)), required('LastName', 'last_name', text(MIDDLE2))]),
        optional('Telephone', 'telephone', id(SHORT)),
        optional('Email', 'email', text(MIDDLE2)),
        optional('Website', 'website', text(LONG)),
      ]),
      TAX_REGISTRATION,
      BANK_ACCOUNT,
    ]),
    required('DefaultCurrencyCode', 'currency', CURRENCY),
    group('SelectionCriteria', [required('SelectionStartDate', 'start', DATE), required('SelectionEndDate', 'end', DATE)]),
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
      optional('AccountCreationDate', 'created_on', DATE),
      ...BALANCES,
    ]),
  ],
}

function partners(dataset: KeySet & ('customers' | 'suppliers'), [list, entry, key]: readonly [string, string, string]): Section {
  return {
    dataset,
    name: list,
    balances: 'given',
    whenEmpty: 'omit',
    entry: [
      group(entry, [
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
      optional('EffectiveDate', 'valid_from', DATE),
      optional('ExpirationDate', 'valid_to', DATE),
      optional('Description', 'name', text(LONG)),
      optional('TaxPercentage', 'tax_rate', RATE),
      required('Country', 'country', COUNTRY, 'NO'),
      required('StandardTaxCode', 'standard_tax_code', {kind: 'list', values: STANDARD_TAX_CODES}),
      required('BaseRate', 'base_share', RATE, '100'),
    ]),
  ],
}

const IN_CURRENCY: Element = group(
  '',
  [required('CurrencyCode', 'currency', CURRENCY), amount('CurrencyAmount', 'currencyAmount'), optional('ExchangeRate', 'exchange_rate', EXCHANGE_RATE)],
  {flag: 'isForeign', of: 'currency'},
)

const LINE: readonly Element[] = [
  group('Line', [
    required('RecordID', 'line_id', id(SHORT)),
    required('AccountID', 'account', idIn('accounts', MIDDLE2)),
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
  ],
  journal: {
    name: 'Journal',
    elements: [
      required('JournalID', 'journal_id', id(SHORT)),
      required('Description', ['journal_name', 'journal_id'], text(LONG)),
      required('Type', 'journal_type', id(CODE), 'GL'),
    ],
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
