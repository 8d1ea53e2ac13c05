// A sample ledger for tests: some hundred transactions of an invented company, with tax, customers, suppliers, foreign currency and
// characters that a careless writer trips over. Reckoned in whole cents; the same every time.
import type {Row} from '../../testing/dataset.ts'
import type {FormatContext} from '../../types.ts'
import type {SpecInput} from './write.ts'

export interface SampleLedger {
  readonly accounts: readonly Row[]
  readonly customers: readonly Row[]
  readonly suppliers: readonly Row[]
  readonly tax_codes: readonly Row[]
  readonly cost_centers: readonly Row[]
  readonly projects: readonly Row[]
  readonly journal_lines: readonly Row[]
}

/** What differs from country to country. */
export interface SampleFacts {
  /** Per cent of each tax code that is used. */
  readonly taxes: readonly {readonly code: string; readonly rate: string; readonly more: Row}[]
  /** Account numbers: receivables, payables, bank, sales, purchases, output tax, input tax. */
  readonly accounts: readonly (readonly [number: string, name: string, more: Row])[]
  readonly country: string
  readonly foreign: string
  /** Added to every line. */
  readonly line?: (transaction: number) => Row
  readonly partner?: Row
}

/** Markup, quotation marks, letters beyond Latin-1, a combining mark, an emoji, what looks like an escape. */
export const AWKWARD = [
  'Fisk & Sønner <AS> "Bergen"',
  "]]> & &amp; 'x'",
  'Łódź – “quoted” …',
  'Cafe\u0301 œuvre',
  '😀 𝔘nicode',
  String.raw`C:\temp\new \N`,
]

/** Without what Windows-1252 lacks. */
export const AWKWARD_1252 = ['Peixe & Filhos <Lda> "Porto"', "]]> & &amp; 'x'", 'Ação – “entre aspas” … 5 €', String.raw`C:\temp\new \N`]

const TRANSACTIONS = 240

interface Side {
  readonly account: string
  /** Cents; a debit where positive. */
  readonly cents: number
  readonly more?: Row
}

/** `transactions` fewer ones make a file that a person can read. */
export function sampleLedger(facts: SampleFacts, texts: readonly string[] = AWKWARD, transactions = TRANSACTIONS): SampleLedger {
  const lines = Array.from({length: transactions}, (_, index) => transaction(index, facts, texts))
    .toSorted(byJournal)
    .flat()
  const opening = new Map(
    facts.accounts.map(([number], index) => [number, index < 3 ? (index === 0 ? 500_000 : index === 1 ? -200_000 : -300_000) : 0]),
  )
  return {
    accounts: facts.accounts.map(([account, name, more]) => ({account, name, ...balance('opening', opening.get(account)!), ...more})),
    customers: Array.from({length: 7}, (_, index) => partner(`C${100 + index}`, facts.accounts[0]![0], {facts, texts, index})),
    suppliers: Array.from({length: 5}, (_, index) => partner(`S${200 + index}`, facts.accounts[1]![0], {facts, texts, index})),
    tax_codes: facts.taxes.map(({code, rate, more}) => ({tax_code: code, name: `Rate ${rate} %`, tax_rate: rate, ...more})),
    cost_centers: Array.from({length: 4}, (_, index) => ({id: `K${10 + index}`, name: texts[index % texts.length]!, valid_from: '1999-01-01'})),
    projects: Array.from({length: 2}, (_, index) => ({id: `P-${index}`, name: null})),
    journal_lines: lines,
  }
}

function byJournal(one: readonly Row[], other: readonly Row[]): number {
  return one[0]!['journal_id']! < other[0]!['journal_id']! ? -1 : one[0]!['journal_id']! > other[0]!['journal_id']! ? 1 : 0
}

function partner(id: string, account: string, {facts, texts, index}: {facts: SampleFacts; texts: readonly string[]; index: number}): Row {
  return {
    id,
    name: texts[index % texts.length]!,
    account,
    contact: index % 2 === 0 ? 'Kari Nordmann' : null,
    street: 'Strandgaten',
    street_number: String(index + 1),
    postal_code: `50${10 + index}`,
    city: 'Bergen',
    country: facts.country,
    telephone: '+47 55 00 00 00',
    registration_number: `98765432${index}`,
    vat_id: index % 3 === 0 ? `98765432${index}MVA` : null,
    iban: index % 3 === 1 ? 'NO9386011117947' : null,
    ...balance('opening', 0),
    ...facts.partner,
  }
}

/** A sale, a purchase, a payment, or a sale in a foreign currency. */
function transaction(index: number, facts: SampleFacts, texts: readonly string[]): Row[] {
  const [receivable, payable, bank, sales, purchases, outputTax, inputTax] = facts.accounts.map(([number]) => number) as [
    string,
    string,
    string,
    string,
    string,
    string,
    string,
  ]
  const tax = facts.taxes[index % facts.taxes.length]!
  const net = 1_000 + ((index * 7_919) % 900_000)
  const vat = Math.round((net * Number(tax.rate)) / 100)
  const assigned: Row = {cost_center: `K${10 + (index % 4)}`, project: index % 3 === 0 ? `P-${index % 2}` : null}
  const taxed: Row = {tax_code: tax.code, tax_rate: tax.rate, tax_base: money(net), tax_amount: money(vat), ...assigned}
  const customer: Row = {customer_id: `C${100 + (index % 7)}`}
  const supplier: Row = {supplier_id: `S${200 + (index % 5)}`}
  const foreign: Row = {currency: facts.foreign, currency_amount: money(Math.round((net + vat) / 1.25)), exchange_rate: '1.25'}
  const kinds: readonly (readonly [journal: string, sides: readonly Side[]])[] = [
    [
      'AR',
      [
        {account: receivable, cents: net + vat, more: customer},
        {account: sales, cents: -net, more: taxed},
        {account: outputTax, cents: -vat},
      ],
    ],
    [
      'AP',
      [
        {account: purchases, cents: net, more: taxed},
        {account: inputTax, cents: vat},
        {account: payable, cents: -net - vat, more: supplier},
      ],
    ],
    [
      'BK',
      [
        {account: bank, cents: net, more: {value_date: '2026-10-31'}},
        {account: receivable, cents: -net, more: customer},
      ],
    ],
    [
      'AR',
      [
        {account: receivable, cents: net + vat, more: {...customer, ...foreign}},
        {account: sales, cents: -net, more: taxed},
        {account: outputTax, cents: -vat},
      ],
    ],
  ]
  const [journal, sides] = kinds[index % kinds.length]!
  const day = `2026-10-${String(1 + (index % 31)).padStart(2, '0')}`
  const shared: Row = {
    journal_id: journal,
    journal_name: `Journal ${journal} & more`,
    transaction_id: String(index + 1),
    transaction_date: day,
    posting_date: day,
    entry_date: '2026-11-02',
    transaction_text: texts[index % texts.length]!,
    document_number: `INV-${index + 1}`,
    due_date: '2026-11-30',
    ...facts.line?.(index),
  }
  return sides.map(({account, cents, more}, line) => ({
    ...shared,
    line_id: String(line + 1),
    account,
    debit: cents > 0 ? money(cents) : null,
    credit: cents > 0 ? null : money(-cents),
    text: line === 0 ? texts[(index + 1) % texts.length]! : null,
    ...more,
  }))
}

/** Cents as a query would give them. */
export function money(cents: number): string {
  return `${cents < 0 ? '-' : ''}${Math.floor(Math.abs(cents) / 100)}.${String(Math.abs(cents) % 100).padStart(2, '0')}`
}

function balance(which: 'opening' | 'closing', cents: number): Row {
  return {[`${which}_debit`]: cents > 0 ? money(cents) : null, [`${which}_credit`]: cents < 0 ? money(-cents) : null}
}

/** Every column that any of the rows has. */
export function columnsOf(rows: readonly Row[]): string[] {
  return [...new Set(rows.flatMap((row) => Object.keys(row)))]
}

/** A ledger, and the spec under which it is written. */
export interface ProfileSample {
  readonly profile: SpecInput['profile']
  readonly ledger: SampleLedger
  /** Four transactions, for the golden file. */
  readonly small: SampleLedger
  readonly spec: Partial<SpecInput>
  readonly context?: Partial<FormatContext>
}
