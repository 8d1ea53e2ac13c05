// Romania: D406, SAF-T 2.4.8 (ANAF), the XML that DUKIntegrator takes. What belongs to the general ledger; README.md says what is empty.
import type {SaftFormat} from '../../../../crds/formats/saft.ts'
import type {FormatContext} from '../../types.ts'
import {COUNTRY, RATE, amount, fixed, group, id, idIn, list, optional, required, saidOf, text} from '../elements.ts'
import type {Element} from '../elements.ts'
import type {Profile, Section} from '../profile.ts'
import {analysisOfLine, analysisTable} from './analysis.ts'
import type {Dimension} from './analysis.ts'
import {BALANCES, CODE, GROUPING, IBAN, LONG, MIDDLE1, MIDDLE2, SHORT, choice} from './common.ts'
import {JOURNAL_LEVEL, accounts, foreignAmount, header, line, partners, taxCode, transaction} from './oecd.ts'

const BASES = ['A', 'I', 'IFRS', 'BANK', 'INSURANCE', 'NORMA39', 'IFN', 'NORMA36', 'NORMA14', 'ONG']
/** Kinds of declaration that hold ledger entries, of residents and of others (N), with the months that each covers. */
const DECLARATIONS: Readonly<Record<string, number>> = {L: 1, T: 3, NL: 1, NT: 3}

const DIMENSIONS: readonly Dimension[] = [
  {dataset: 'cost_centers', type: 'CC', description: 'Centru de cost'},
  {dataset: 'projects', type: 'PROIECT', description: 'Proiect'},
]

const PARTY = {
  name: LONG,
  address: group('Address', [
    optional('StreetName', 'street', text(MIDDLE2)),
    optional('Number', 'street_number', text(SHORT)),
    optional('AdditionalAddressDetail', 'address_extra', text(MIDDLE2)),
    required('City', 'city', text(MIDDLE1)),
    optional('PostalCode', 'postal_code', id(SHORT)),
    optional('Region', 'region', id(MIDDLE1)),
    required('Country', 'country', COUNTRY),
  ]),
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
      ...taxCode(CODE),
      required('TaxPercentage', 'tax_rate', RATE),
      required('BaseRate', 'base_share', {kind: 'decimal', digits: 3, decimals: 2}, '100'),
      required('Country', 'country', COUNTRY, 'RO'),
      optional('Region', 'region', id(CODE)),
    ]),
  ],
}

/** Currency and its amount are never left out: lines in lei repeat the amount. */
const IN_CURRENCY: readonly Element[] = [
  // SAFexchangerateType has four decimals here.
  foreignAmount(optional('ExchangeRate', 'exchange_rate', {kind: 'decimal', digits: 14, decimals: 4})),
  group('', [fixed('CurrencyCode', 'RON'), amount('CurrencyAmount', 'amount')], {unless: 'isForeign'}),
]

const TAX_AMOUNT: Element = group('TaxAmount', [amount('Amount', 'taxAmount'), fixed('CurrencyCode', 'RON'), amount('CurrencyAmount', 'taxAmount')])

const TAX: readonly Element[] = [
  group(
    'TaxInformation',
    [
      required('TaxType', 'tax_code', saidOf('tax_codes', CODE)),
      required('TaxCode', 'tax_code', idIn('tax_codes', CODE)),
      optional('TaxPercentage', 'tax_rate', RATE),
      group('', [amount('TaxBase', 'taxBase')], {flag: 'hasTaxBase'}),
      TAX_AMOUNT,
    ],
    {flag: 'hasTax', of: 'tax_code'},
  ),
  // A line without tax says so by these codes.
  group('TaxInformation', [fixed('TaxType', '000'), fixed('TaxCode', '000000'), TAX_AMOUNT], {unless: 'hasTax'}),
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
  header: header({
    version: '2.4.8',
    country: 'RO',
    company: {
      ...PARTY,
      registration: required('RegistrationNumber', 'registration_number', id(MIDDLE1)),
      telephone: 'required',
      bankAccount: group('BankAccount', [IBAN]),
    },
    end: [
      choice('HeaderComment', 'comment', ...Object.keys(DECLARATIONS)),
      fixed('SegmentIndex', '1'),
      fixed('TotalSegmentsInsequence', '1'),
      choice('TaxAccountingBasis', 'tax_accounting_basis', ...BASES),
    ],
  }),
  headerValues: ({taxAccountingBasis}) => ({tax_accounting_basis: taxAccountingBasis ?? 'A'}),
  masters: [
    accounts('write', [...GROUPING, required('AccountType', 'account_type', list('Activ', 'Pasiv', 'Bifunctional'))]),
    ...partners({
      balances: 'always',
      whenEmpty: 'write',
      party: {
        ...PARTY,
        registration: required('RegistrationNumber', ['registration_number', 'id'], id(MIDDLE1)),
        bankAccount: group('BankAccount', [IBAN], {filled: ['iban']}),
      },
      structure: 'CompanyStructure',
      end: [required('AccountID', 'account', idIn('accounts', MIDDLE2)), ...BALANCES],
    }),
    TAX_TABLE,
    '<UOMTable></UOMTable>',
    ...analysisTable(DIMENSIONS, 'write'),
    ...['MovementTypeTable', 'Products', 'Owners', 'Assets'].map((name) => `<${name}></${name}>`),
  ],
  journal: JOURNAL_LEVEL,
  // Partners stand in the lines.
  transaction: transaction({partners: [fixed('CustomerID', '0'), fixed('SupplierID', '0')]}),
  line: line({name: 'TransactionLine', analysis: analysisOfLine(DIMENSIONS), nobody: '0', inCurrency: IN_CURRENCY, end: TAX}),
  tail:
    '<SourceDocuments><SalesInvoices></SalesInvoices><PurchaseInvoices></PurchaseInvoices><Payments></Payments>' +
    '<MovementOfGoods></MovementOfGoods></SourceDocuments>',
  fileName: ({registrationNumber, start, end}) => `D406_${registrationNumber}_${start}_${end}`,
}
