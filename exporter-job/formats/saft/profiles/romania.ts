// Romania: D406, SAF-T 2.4.8 (ANAF), the XML that DUKIntegrator takes. What belongs to the general ledger; README.md says what is empty.
import type {SaftFormat} from '../../../../crds/formats/saft.ts'
import type {FormatContext} from '../../types.ts'
import {COUNTRY, CURRENCY, DATE, DAY, amount, fixed, group, id, idIn, idOf, list, optional, required, saidOf, text} from '../elements.ts'
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
  choice,
  companyContact,
  headerStart,
} from './common.ts'

const BASES = ['A', 'I', 'IFRS', 'BANK', 'INSURANCE', 'NORMA39', 'IFN', 'NORMA36', 'NORMA14', 'ONG']
/** Kinds of declaration that hold ledger entries, of residents and of others (N), with the months that each covers. */
const DECLARATIONS: Readonly<Record<string, number>> = {L: 1, T: 3, NL: 1, NT: 3}

const ADDRESS: Element = group('Address', [
  optional('StreetName', 'street', text(MIDDLE2)),
  optional('Number', 'street_number', text(SHORT)),
  optional('AdditionalAddressDetail', 'address_extra', text(MIDDLE2)),
  required('City', 'city', text(MIDDLE1)),
  optional('PostalCode', 'postal_code', id(SHORT)),
  optional('Region', 'region', id(MIDDLE1)),
  required('Country', 'country', COUNTRY),
])

const BANK_ACCOUNT: Element = group('BankAccount', [required('IBANNumber', 'iban', id(MIDDLE1))], {filled: ['iban']})

const HEADER: readonly Element[] = [
  group('Header', [
    ...headerStart('2.4.8', 'RO'),
    group('Company', [
      required('RegistrationNumber', 'registration_number', id(MIDDLE1)),
      required('Name', 'name', text(LONG)),
      ADDRESS,
      companyContact('required'),
      TAX_REGISTRATION,
      group('BankAccount', [required('IBANNumber', 'iban', id(MIDDLE1))]),
    ]),
    ...HEADER_SELECTION,
    choice('HeaderComment', 'comment', ...Object.keys(DECLARATIONS)),
    fixed('SegmentIndex', '1'),
    fixed('TotalSegmentsInsequence', '1'),
    choice('TaxAccountingBasis', 'tax_accounting_basis', ...BASES),
  ]),
]

const ACCOUNTS: Section = {
  dataset: 'accounts',
  name: 'GeneralLedgerAccounts',
  balances: 'always',
  whenEmpty: 'write',
  entry: [
    group('Account', [
      required('AccountID', 'account', idOf('accounts', MIDDLE2)),
      required('AccountDescription', 'name', text(LONG)),
      optional('StandardAccountID', 'standard_account', id(MIDDLE1)),
      optional('GroupingCategory', 'grouping_category', id(MIDDLE1)),
      optional('GroupingCode', 'grouping_code', id(MIDDLE1)),
      required('AccountType', 'account_type', list('Activ', 'Pasiv', 'Bifunctional')),
      optional('AccountCreationDate', 'created_on', DAY),
      ...BALANCES,
    ]),
  ],
}

function partners(dataset: KeySet & ('customers' | 'suppliers'), [all, one, key]: readonly [string, string, string]): Section {
  return {
    dataset,
    name: all,
    balances: 'always',
    whenEmpty: 'write',
    entry: [
      group(one, [
        group('CompanyStructure', [
          required('RegistrationNumber', ['registration_number', 'id'], id(MIDDLE1)),
          required('Name', 'name', text(LONG)),
          ADDRESS,
          PARTNER_CONTACT,
          TAX_REGISTRATION,
          BANK_ACCOUNT,
        ]),
        required(key, 'id', idOf(dataset, MIDDLE1)),
        required('AccountID', 'account', idIn('accounts', MIDDLE2)),
        ...BALANCES,
      ]),
    ],
  }
}

const TAX_TABLE: Section = {
  dataset: 'tax_codes',
  name: 'TaxTable',
  balances: 'none',
  says: 'tax_type',
  whenEmpty: 'write',
  group: {
    by: 'tax_type',
    name: 'TaxTableEntry',
    elements: [required('TaxType', 'tax_type', id(CODE)), required('Description', ['tax_type_name', 'tax_type'], text(LONG))],
  },
  entry: [
    group('TaxCodeDetails', [
      required('TaxCode', 'tax_code', idOf('tax_codes', CODE)),
      optional('EffectiveDate', 'valid_from', DAY),
      optional('ExpirationDate', 'valid_to', DAY),
      optional('Description', 'name', text(LONG)),
      required('TaxPercentage', 'tax_rate', {kind: 'decimal', digits: 4, decimals: 4}),
      required('BaseRate', 'base_share', {kind: 'decimal', digits: 3, decimals: 2}, '100'),
      required('Country', 'country', COUNTRY, 'RO'),
      optional('Region', 'region', id(CODE)),
    ]),
  ],
}

const DIMENSIONS: readonly Dimension[] = [
  {dataset: 'cost_centers', type: 'CC', description: 'Centru de cost'},
  {dataset: 'projects', type: 'PROIECT', description: 'Proiect'},
]

/** Currency and its amount are never left out: lines in lei repeat the amount. */
const LINE_AMOUNT: readonly Element[] = [
  amount('Amount', 'amount'),
  group(
    '',
    [
      required('CurrencyCode', 'currency', CURRENCY),
      amount('CurrencyAmount', 'currencyAmount'),
      // SAFexchangerateType has four decimals here.
      optional('ExchangeRate', 'exchange_rate', {kind: 'decimal', digits: 14, decimals: 4}),
    ],
    {flag: 'isForeign', of: 'currency'},
  ),
  group('', [fixed('CurrencyCode', 'RON'), amount('CurrencyAmount', 'amount')], {unless: 'isForeign'}),
]

const TAX_AMOUNT: Element = group('TaxAmount', [amount('Amount', 'taxAmount'), fixed('CurrencyCode', 'RON'), amount('CurrencyAmount', 'taxAmount')])

const LINE: readonly Element[] = [
  group('TransactionLine', [
    required('RecordID', 'line_id', id(SHORT)),
    required('AccountID', 'account', idIn('accounts', MIDDLE2)),
    ...analysisOfLine(DIMENSIONS),
    optional('ValueDate', 'value_date', DATE),
    optional('SourceDocumentID', 'document_number', text(MIDDLE1)),
    required('CustomerID', 'customer_id', idIn('customers', MIDDLE1), '0'),
    required('SupplierID', 'supplier_id', idIn('suppliers', MIDDLE1), '0'),
    required('Description', ['text', 'transaction_text', 'document_number', 'transaction_id'], text(LONG)),
    group('DebitAmount', LINE_AMOUNT, {flag: 'isDebit'}),
    group('CreditAmount', LINE_AMOUNT, {flag: 'isCredit'}),
    group(
      'TaxInformation',
      [
        required('TaxType', 'tax_code', saidOf('tax_codes', CODE)),
        required('TaxCode', 'tax_code', idIn('tax_codes', CODE)),
        optional('TaxPercentage', 'tax_rate', {kind: 'decimal', digits: 4, decimals: 4}),
        group('', [amount('TaxBase', 'taxBase')], {flag: 'hasTaxBase'}),
        TAX_AMOUNT,
      ],
      {flag: 'hasTax', of: 'tax_code'},
    ),
    // A line without tax says so by these codes.
    group('TaxInformation', [fixed('TaxType', '000'), fixed('TaxCode', '000000'), TAX_AMOUNT], {unless: 'hasTax'}),
  ]),
]

/** A declaration covers a whole month or quarter of the calendar, as the VAT return does. */
function periodFault({start, end}: FormatContext['period'], {comment = ''}: SaftFormat): string | undefined {
  const months = DECLARATIONS[comment]
  if (months === undefined) return undefined
  const [year, month, day] = start.split('-').map(Number) as [number, number, number]
  const isWhole = day === 1 && (month - 1) % months === 0 && end === new Date(Date.UTC(year, month - 1 + months)).toISOString().slice(0, 10)
  const right = months === 1 ? 'month, such as period: {range: PreviousMonth}' : 'quarter, such as period: {range: PreviousQuarter}'
  return isWhole ? undefined : `a declaration ${comment} covers one whole ${right}`
}

export const ROMANIA: Profile = {
  id: 'RO-2.4.8',
  encoding: 'UTF-8',
  namespace: 'mfp:anaf:dgti:d406:declaratie:v1',
  currency: 'RON',
  hasFixedCurrency: true,
  periodFault,
  negativeAmounts: ['Error', 'SwapSide', 'Keep'],
  splits: false,
  needs: ['accounts'],
  header: HEADER,
  headerValues: ({taxAccountingBasis}) => ({tax_accounting_basis: taxAccountingBasis ?? 'A'}),
  masters: [
    ACCOUNTS,
    partners('customers', ['Customers', 'Customer', 'CustomerID']),
    partners('suppliers', ['Suppliers', 'Supplier', 'SupplierID']),
    TAX_TABLE,
    '<UOMTable></UOMTable>',
    ...analysisTable(DIMENSIONS, 'write'),
    ...['MovementTypeTable', 'Products', 'Owners', 'Assets'].map((name) => `<${name}></${name}>`),
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
      // Partners stand in the lines.
      fixed('CustomerID', '0'),
      fixed('SupplierID', '0'),
      optional('SystemID', 'system_id', id(SHORT)),
    ],
  },
  line: LINE,
  tail:
    '<SourceDocuments><SalesInvoices></SalesInvoices><PurchaseInvoices></PurchaseInvoices><Payments></Payments>' +
    '<MovementOfGoods></MovementOfGoods></SourceDocuments>',
  fileName: ({registrationNumber, start, end}) => `D406_${registrationNumber}_${start}_${end}`,
}
