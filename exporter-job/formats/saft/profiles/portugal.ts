// Portugal: SAF-T (PT) 1.04_01, accounting (TaxAccountingBasis C), after its schema and the assertions in it.
import type {SaftFormat} from '../../../../crds/formats/saft.ts'
import {lastDay} from '../../../../crds/period.ts'
import {DATE, DAY, RATE, TIME, absent, amount, fixed, group, id, idIn, idOf, list, optional, required, text, token} from '../elements.ts'
import type {Element, KeySet} from '../elements.ts'
import type {Profile, Section} from '../profile.ts'

/** Written where an address is not known, as the authority wants it. */
const UNKNOWN = 'Desconhecido'

const CONTACT: readonly Element[] = [
  optional('Telephone', 'telephone', id(20)),
  optional('Email', 'email', text(254)),
  optional('Website', 'website', text(60)),
]

const HEADER: readonly Element[] = [
  group('Header', [
    fixed('AuditFileVersion', '1.04_01'),
    required('CompanyID', 'registration_number', text(50)),
    required('TaxRegistrationNumber', 'tax_registration_number', {
      kind: 'pattern',
      pattern: /^[1-9]\d{8}$/,
      words: 'the nine digits of the NIF, in company.vatNumber or company.registrationNumber',
    }),
    fixed('TaxAccountingBasis', 'C'),
    required('CompanyName', 'name', text(100)),
    group('CompanyAddress', [
      optional('BuildingNumber', 'street_number', text(10)),
      optional('StreetName', 'street', text(200)),
      required('AddressDetail', 'address_detail', text(210)),
      required('City', 'city', text(50)),
      required('PostalCode', 'postal_code', {kind: 'pattern', pattern: /^\d{4}-\d{3}$/, words: 'four digits, a hyphen, three digits'}),
      optional('Region', 'region', text(50)),
      fixed('Country', 'PT'),
    ]),
    required('FiscalYear', 'fiscal_year', {kind: 'pattern', pattern: /^20\d\d$/, words: 'a year'}),
    required('StartDate', 'start', DATE),
    required('EndDate', 'end', DATE),
    fixed('CurrencyCode', 'EUR'),
    required('DateCreated', 'created_on', DAY),
    // Accounting files are made for the seat of the company.
    fixed('TaxEntity', 'Sede'),
    required('ProductCompanyTaxID', 'product_company_tax_id', text(30)),
    required('SoftwareCertificateNumber', 'certificate', {kind: 'pattern', pattern: /^\d+$/, words: 'a number'}),
    fixed('ProductID', 'Scheduled exports/scheduledexport.dev'),
    required('ProductVersion', 'software_version', text(30)),
    optional('HeaderComment', 'comment', text(255)),
    ...CONTACT,
  ]),
]

/** Accounts that hold others, and those that lines are posted on: of the general ledger (G), of cost accounting (A). */
const CATEGORIES = ['GR', 'GA', 'GM', 'AR', 'AA', 'AM']

const ACCOUNTS: Section = {
  dataset: 'accounts',
  name: 'GeneralLedgerAccounts',
  head: [required('TaxonomyReference', 'taxonomy_reference', list('S', 'M', 'N', 'O'))],
  balances: 'always',
  parent: 'grouping_code',
  whenEmpty: 'omit',
  entry: [
    group('Account', [
      required('AccountID', 'account', idOf('accounts', 30)),
      required('AccountDescription', 'name', text(100)),
      amount('OpeningDebitBalance', 'openingDebit'),
      amount('OpeningCreditBalance', 'openingCredit'),
      amount('ClosingDebitBalance', 'closingDebit'),
      amount('ClosingCreditBalance', 'closingCredit'),
      required('GroupingCategory', 'grouping_category', list(...CATEGORIES)),
      // What the schema's assertions say of the three.
      group('', [required('GroupingCode', 'grouping_code', idIn('accounts', 30))], {column: 'grouping_category', is: ['GA', 'GM', 'AA', 'AM']}),
      group('', [absent('GroupingCode', 'grouping_code')], {column: 'grouping_category', is: ['GR', 'AR']}),
      group('', [required('TaxonomyCode', 'taxonomy_code', {kind: 'pattern', pattern: /^[1-9]\d{0,2}$/, words: 'a number from 1 to 999'})], {
        column: 'grouping_category',
        is: ['GM'],
      }),
      group('', [absent('TaxonomyCode', 'taxonomy_code')], {column: 'grouping_category', is: CATEGORIES.filter((category) => category !== 'GM')}),
    ]),
  ],
}

function partners(dataset: KeySet & ('customers' | 'suppliers'), [one, key, tax]: readonly [string, string, string]): Section {
  const country: Element =
    dataset === 'customers' ? required('Country', 'country', {kind: 'country'}, UNKNOWN) : required('Country', 'country', {kind: 'country'})
  return {
    dataset,
    name: '',
    balances: 'none',
    whenEmpty: 'omit',
    entry: [
      group(one, [
        required(key, 'id', idOf(dataset, 30)),
        required('AccountID', 'account', idIn('accounts', 30), UNKNOWN),
        required(tax, ['tax_number', 'vat_id'], text(30)),
        required('CompanyName', 'name', text(100)),
        optional('Contact', 'contact', text(50)),
        group('BillingAddress', [
          optional('BuildingNumber', 'street_number', text(10)),
          optional('StreetName', 'street', text(200)),
          required('AddressDetail', ['address_extra', 'street'], text(210), UNKNOWN),
          required('City', 'city', text(50), UNKNOWN),
          required('PostalCode', 'postal_code', text(20), UNKNOWN),
          optional('Region', 'region', text(50)),
          country,
        ]),
        ...CONTACT,
        fixed('SelfBillingIndicator', '0'),
      ]),
    ],
  }
}

const TAX_TABLE: Section = {
  dataset: 'tax_codes',
  name: 'TaxTable',
  balances: 'none',
  whenEmpty: 'omit',
  entry: [
    group('TaxTableEntry', [
      required('TaxType', 'tax_type', list('IVA', 'IS', 'NS'), 'IVA'),
      required(
        'TaxCountryRegion',
        ['region', 'country'],
        {kind: 'pattern', pattern: /^([A-Z]{2}|PT-AC|PT-MA)$/, words: 'a country, PT-AC or PT-MA'},
        'PT',
      ),
      // The same code stands for each region: it is no key.
      required('TaxCode', 'tax_code', {
        kind: 'pattern',
        pattern: /^[A-Za-z0-9.]{1,10}$/,
        words: 'at most ten letters, digits and points, such as NOR',
      }),
      required('Description', 'name', text(255)),
      optional('TaxExpirationDate', 'valid_to', DAY),
      required('TaxPercentage', 'tax_rate', RATE),
    ]),
  ],
}

function line(side: 'Debit' | 'Credit'): Element {
  return group(
    `${side}Line`,
    [
      required('RecordID', 'line_id', text(30)),
      required('AccountID', 'account', idIn('accounts', 30)),
      optional('SourceDocumentID', 'document_number', text(60)),
      group('SystemEntryDate', [
        required('', ['entry_date', 'transaction_date', 'posting_date'], DATE),
        fixed('', 'T'),
        required('', 'entry_time', TIME, '00:00:00'),
      ]),
      required('Description', ['text', 'transaction_text', 'document_number', 'transaction_id'], text(200)),
      amount(`${side}Amount`, 'amount'),
    ],
    {flag: side === 'Debit' ? 'isDebit' : 'isCredit'},
  )
}

/** The year in which the fiscal year of that day began. */
function fiscalYearOf(day: string, {fiscalYearStartMonth}: SaftFormat): number {
  const [year, month] = day.split('-').map(Number) as [number, number]
  return month < fiscalYearStartMonth ? year - 1 : year
}

export const PORTUGAL: Profile = {
  id: 'PT-1.04_01',
  encoding: 'Windows-1252',
  namespace: 'urn:OECD:StandardAuditFile-Tax:PT_1.04_01',
  currency: 'EUR',
  hasFixedCurrency: true,
  // The header has room for one FiscalYear.
  periodFault: (period, spec) =>
    fiscalYearOf(period.start, spec) === fiscalYearOf(lastDay(period), spec) ? undefined : 'a file covers one fiscal year, or a part of it',
  negativeAmounts: ['Error', 'SwapSide'],
  splits: false,
  needs: ['accounts'],
  header: HEADER,
  headerValues: (spec, {period}) => {
    const {company, taxonomyReference, softwareCertificateNumber, productCompanyTaxId} = spec
    const nif = (company.vatNumber ?? company.registrationNumber).replace(/^PT/, '')
    const {street, number, extra} = company.address ?? {}
    return {
      tax_registration_number: nif,
      address_detail: extra ?? [street, number].filter((part) => part !== undefined).join(' '),
      fiscal_year: String(fiscalYearOf(period.start, spec)),
      product_company_tax_id: productCompanyTaxId ?? nif,
      certificate: String(softwareCertificateNumber),
      taxonomy_reference: taxonomyReference,
    }
  },
  masters: [
    ACCOUNTS,
    partners('customers', ['Customer', 'CustomerID', 'CustomerTaxID']),
    partners('suppliers', ['Supplier', 'SupplierID', 'SupplierTaxID']),
    TAX_TABLE,
  ],
  journal: {
    name: 'Journal',
    elements: [required('JournalID', 'journal_id', token(30)), required('Description', ['journal_name', 'journal_id'], text(200))],
  },
  transaction: {
    name: 'Transaction',
    inner: 'Lines',
    elements: [
      group('TransactionID', [
        required('', ['transaction_date', 'posting_date'], DATE),
        fixed('', ' '),
        required('', 'journal_id', token(30)),
        fixed('', ' '),
        required('', ['archive_number', 'transaction_id'], token(20)),
      ]),
      required('Period', 'posting_date', {kind: 'period'}),
      required('TransactionDate', ['transaction_date', 'posting_date'], DATE),
      required('SourceID', 'entered_by', text(30)),
      required('Description', ['transaction_text', 'text', 'document_number', 'transaction_id'], text(200)),
      required('DocArchivalNumber', ['archive_number', 'transaction_id'], token(20)),
      required('TransactionType', 'transaction_type', list('N', 'R', 'A', 'J'), 'N'),
      required('GLPostingDate', 'posting_date', DATE),
    ],
  },
  composedId: {
    column: 'archive_number',
    parts: [['journal_id'], ['transaction_date', 'posting_date'], ['archive_number', 'transaction_id']],
    name: 'TransactionID',
  },
  line: [line('Debit'), line('Credit')],
  fileName: ({registrationNumber, start, end}) => `SAFT-PT_${registrationNumber}_${start}_${end}`,
}
