// The frame of OECD's SAF-T 2.00, which Norway, Luxembourg and Romania share: what stands where. A profile fills in what is its own.
import {DATE, DAY, amount, group, id, idIn, idOf, optional, required, text} from '../elements.ts'
import type {Element, KeySet} from '../elements.ts'
import type {Level, Section} from '../profile.ts'
import {BALANCES, HEADER_SELECTION, JOURNAL, LONG, MIDDLE1, MIDDLE2, PARTNER_CONTACT, SHORT, TAX_REGISTRATION, companyContact, headerStart} from './common.ts'

/** What a company is known by, and where it is reached: the books' own, or a partner. */
export interface Party {
  readonly registration: Element
  /** Length of the name. */
  readonly name: number
  readonly address: Element
  readonly contact: Element
  readonly bankAccount: Element
}

function partyElements({registration, name, address, contact, bankAccount}: Party): readonly Element[] {
  return [registration, required('Name', 'name', text(name)), address, contact, TAX_REGISTRATION, bankAccount]
}

export interface HeaderFacts {
  readonly version: string
  readonly country: string
  readonly company: Omit<Party, 'contact'> & {readonly telephone: 'optional' | 'required'}
  /** What follows the selection. */
  readonly end: readonly Element[]
}

export function header({version, country, company: {telephone, ...company}, end}: HeaderFacts): readonly Element[] {
  return [
    group('Header', [
      ...headerStart(version, country),
      group('Company', partyElements({...company, contact: companyContact(telephone)})),
      ...HEADER_SELECTION,
      ...end,
    ]),
  ]
}

/** The chart of accounts; `kind` says of an account what the authority asks for. */
export function accounts(whenEmpty: Section['whenEmpty'], kind: readonly Element[]): Section {
  return {
    dataset: 'accounts',
    name: 'GeneralLedgerAccounts',
    balances: 'always',
    whenEmpty,
    entry: [
      group('Account', [
        required('AccountID', 'account', idOf('accounts', MIDDLE2)),
        required('AccountDescription', 'name', text(LONG)),
        ...kind,
        optional('AccountCreationDate', 'created_on', DAY),
        ...BALANCES,
      ]),
    ],
  }
}

export interface PartnerFacts extends Pick<Section, 'balances' | 'whenEmpty'> {
  readonly party: Omit<Party, 'contact'>
  /** An element around what the partner is known by. */
  readonly structure: string
  /** Account and balances. */
  readonly end: readonly Element[]
}

/** Customers and suppliers, which differ in their names alone. */
export function partners({balances, whenEmpty, party, structure, end}: PartnerFacts): readonly Section[] {
  return (['customers', 'suppliers'] as const satisfies readonly KeySet[]).map((dataset) => {
    const one = dataset === 'customers' ? 'Customer' : 'Supplier'
    const known = group(structure, partyElements({...party, contact: PARTNER_CONTACT}))
    const entry = group(one, [known, required(`${one}ID`, 'id', idOf(dataset, MIDDLE1)), ...end])
    return {dataset, name: `${one}s`, balances, whenEmpty, entry: [entry]}
  })
}

/** The beginning of TaxCodeDetails. */
export function taxCode(max: number): readonly Element[] {
  return [
    required('TaxCode', 'tax_code', idOf('tax_codes', max)),
    optional('EffectiveDate', 'valid_from', DAY),
    optional('ExpirationDate', 'valid_to', DAY),
    optional('Description', 'name', text(LONG)),
  ]
}

export const JOURNAL_LEVEL: Level = {name: 'Journal', elements: JOURNAL}

/** `source` follows who entered the transaction, `partners` its dates. */
export function transaction({source = [], partners: named = []}: {source?: readonly Element[]; partners?: readonly Element[]}): Level {
  return {
    name: 'Transaction',
    elements: [
      required('TransactionID', 'transaction_id', id(MIDDLE2)),
      required('Period', 'posting_date', {kind: 'period'}),
      required('PeriodYear', 'posting_date', {kind: 'fiscalYear'}),
      required('TransactionDate', ['transaction_date', 'posting_date'], DATE),
      optional('SourceID', 'entered_by', text(MIDDLE1)),
      ...source,
      optional('TransactionType', 'transaction_type', text(SHORT)),
      required('Description', ['transaction_text', 'text', 'document_number', 'transaction_id'], text(LONG)),
      optional('BatchID', 'batch_id', id(MIDDLE1)),
      required('SystemEntryDate', ['entry_date', 'transaction_date', 'posting_date'], DATE),
      required('GLPostingDate', 'posting_date', DATE),
      ...named,
      optional('SystemID', 'system_id', id(SHORT)),
    ],
  }
}

export interface LineFacts {
  readonly name: string
  readonly analysis: readonly Element[]
  /** CustomerID and SupplierID are there in every line, with this where there is none. */
  readonly nobody?: string
  /** Beside the amount in the books' currency, on either side. */
  readonly inCurrency: readonly Element[]
  /** Tax, and what else a line ends with. */
  readonly end: readonly Element[]
}

export function line({name, analysis, nobody, inCurrency, end}: LineFacts): readonly Element[] {
  const partner = (element: string, column: string, set: KeySet): Element =>
    nobody === undefined ? optional(element, column, idIn(set, MIDDLE1)) : required(element, column, idIn(set, MIDDLE1), nobody)
  const side = [amount('Amount', 'amount'), ...inCurrency]
  return [
    group(name, [
      required('RecordID', 'line_id', id(SHORT)),
      required('AccountID', 'account', idIn('accounts', MIDDLE2)),
      ...analysis,
      optional('ValueDate', 'value_date', DATE),
      optional('SourceDocumentID', 'document_number', text(MIDDLE1)),
      partner('CustomerID', 'customer_id', 'customers'),
      partner('SupplierID', 'supplier_id', 'suppliers'),
      required('Description', ['text', 'transaction_text', 'document_number', 'transaction_id'], text(LONG)),
      group('DebitAmount', side, {flag: 'isDebit'}),
      group('CreditAmount', side, {flag: 'isCredit'}),
      ...end,
    ]),
  ]
}

/** Currency, its amount and its rate, of a line in another currency than that of the books. */
export function foreignAmount(rate: Element): Element {
  return group('', [required('CurrencyCode', 'currency', {kind: 'currency'}), amount('CurrencyAmount', 'currencyAmount'), rate], {
    flag: 'isForeign',
    of: 'currency',
  })
}
