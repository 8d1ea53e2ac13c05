// The sample ledger of every profile, with what its spec must say.
import type {Row} from '../../testing/dataset.ts'
import {AWKWARD, AWKWARD_1252, money, sampleLedger} from './ledger.ts'
import type {ProfileSample, SampleFacts, SampleLedger} from './ledger.ts'
import {NORWEGIAN_SAMPLE} from './norway.ts'

const ROMANIAN: SampleFacts = {
  country: 'RO',
  foreign: 'EUR',
  taxes: [
    {code: '310309', rate: '19', more: {tax_type: '300', tax_type_name: 'TVA <300>'}},
    {code: '310310', rate: '9', more: {tax_type: '300', tax_type_name: 'TVA <300>'}},
    {code: '390309', rate: '5', more: {tax_type: '390', tax_type_name: 'Altele'}},
  ],
  accounts: [
    ['4111', 'Clienți', {account_type: 'Activ'}],
    ['401', 'Furnizori', {account_type: 'Pasiv'}],
    ['5121', 'Conturi la bănci în lei', {account_type: 'Bifunctional'}],
    ['707', 'Venituri din vânzarea mărfurilor', {account_type: 'Pasiv'}],
    ['607', 'Cheltuieli privind mărfurile', {account_type: 'Activ'}],
    ['4427', 'TVA colectată', {account_type: 'Pasiv'}],
    ['4426', 'TVA deductibilă', {account_type: 'Activ'}],
  ],
}

const LUXEMBOURGISH: SampleFacts = {
  country: 'LU',
  foreign: 'USD',
  taxes: [
    {code: 'LU17', rate: '17', more: {tax_type: 'TVA', tax_type_name: 'Taxe sur la valeur ajoutée'}},
    {code: 'LU8', rate: '8', more: {tax_type: 'TVA', tax_type_name: 'Taxe sur la valeur ajoutée'}},
  ],
  accounts: [
    ['4011', 'Clients', {account_type: 'Actif', standard_account: '4011'}],
    ['44111', 'Fournisseurs', {account_type: 'Passif'}],
    ['51311', 'Banque', {account_type: 'Actif'}],
    ['702', 'Ventes de produits finis', {account_type: 'Produit'}],
    ['6061', 'Achats de marchandises', {account_type: 'Charge'}],
    ['461411', 'TVA en aval', {account_type: 'Passif'}],
    ['421611', 'TVA en amont', {account_type: 'Actif'}],
  ],
}

const PORTUGUESE: SampleFacts = {
  country: 'PT',
  foreign: 'USD',
  taxes: [
    {code: 'NOR', rate: '23', more: {tax_type: 'IVA', region: 'PT'}},
    {code: 'RED', rate: '6', more: {tax_type: 'IVA', region: 'PT'}},
  ],
  accounts: [
    ['2111', 'Clientes c/c', {}],
    ['2211', 'Fornecedores c/c', {}],
    ['1201', 'Depósitos à ordem', {}],
    ['7111', 'Vendas de mercadorias', {}],
    ['3111', 'Compras de mercadorias', {}],
    ['24331', 'IVA liquidado', {}],
    ['24321', 'IVA dedutível', {}],
  ],
  line: () => ({entered_by: 'maria', entry_time: '08:30:00'}),
  partner: {tax_number: '501234567', vat_id: null},
}

function centsOf(text: string | null | undefined): number {
  return Math.round(Number(text ?? 0) * 100)
}

function balance(which: 'opening' | 'closing', cents: number): Row {
  return {[`${which}_debit`]: cents > 0 ? money(cents) : null, [`${which}_credit`]: cents < 0 ? money(-cents) : null}
}

interface Account {
  readonly account: string
  readonly name: string
  readonly opening: number
  readonly closing: number
}

/** Accounts of two digits above those that lines are posted on, with the balances of all below them. Lines have no tax and no currency. */
function portuguese(transactions?: number): SampleLedger {
  const {accounts, journal_lines, ...ledger} = sampleLedger(PORTUGUESE, AWKWARD_1252, transactions)
  const leaves = accounts.map((row): Account => {
    const opening = centsOf(row['opening_debit']) - centsOf(row['opening_credit'])
    const own = journal_lines.filter((line) => line['account'] === row['account'])
    const moved = own.reduce((sum, line) => sum + centsOf(line['debit']) - centsOf(line['credit']), 0)
    return {account: row['account']!, name: row['name']!, opening, closing: opening + moved}
  })
  const heads = [...new Set(leaves.map(({account}) => account.slice(0, 2)))].map((account): Account => {
    const below = leaves.filter((leaf) => leaf.account.startsWith(account))
    const total = (which: 'opening' | 'closing'): number => below.reduce((sum, leaf) => sum + leaf[which], 0)
    return {account, name: `Conta ${account}`, opening: total('opening'), closing: total('closing')}
  })
  const rows = [...heads, ...leaves].toSorted((one, other) => (one.account < other.account ? -1 : 1)).map(accountRow)
  const untaxed = Object.keys(journal_lines[0]!).filter((name) => !/^tax_|^currency|^exchange_rate$|^cost_center$|^project$/.test(name))
  const lines = journal_lines.map((line) => Object.fromEntries(untaxed.map((name) => [name, line[name] ?? null])))
  return {...ledger, accounts: rows, journal_lines: lines}
}

function accountRow({account, name, opening, closing}: Account): Row {
  const isHead = account.length === 2
  return {
    account,
    name,
    grouping_category: isHead ? 'GR' : 'GM',
    grouping_code: isHead ? null : account.slice(0, 2),
    taxonomy_code: isHead ? null : '10',
    ...balance('opening', opening),
    ...balance('closing', closing),
  }
}

const PORTUGUESE_COMPANY = {
  registrationNumber: '501234567',
  name: 'Mar & Serra, Lda',
  address: {street: 'Rua das Flores', number: '12', postalCode: '4050-265', city: 'Porto', country: 'PT'},
  contact: {lastName: 'Silva', telephone: '+351 220 000 000', email: 'geral@example.pt'},
}

export const SAMPLES: readonly ProfileSample[] = [
  NORWEGIAN_SAMPLE,
  {
    profile: 'RO-2.4.8',
    ledger: sampleLedger(ROMANIAN),
    small: sampleLedger(ROMANIAN, AWKWARD, 4),
    spec: {
      comment: 'L',
      company: {
        registrationNumber: '12345678',
        name: 'Munte & Mare SRL',
        vatNumber: 'RO12345678',
        address: {street: 'Strada Lungă', number: '1', city: 'Brașov', region: 'RO-BV', country: 'RO'},
        contact: {firstName: 'Ana', lastName: 'Popescu', telephone: '+40 268 000 000'},
        iban: 'RO49AAAA1B31007593840000',
      },
    },
  },
  {
    profile: 'LU-2.01',
    ledger: sampleLedger(LUXEMBOURGISH),
    small: sampleLedger(LUXEMBOURGISH, AWKWARD, 4),
    context: {period: {start: '2026-01-01', end: '2027-01-01'}},
    spec: {
      company: {
        registrationNumber: '19991234567',
        name: 'Moselle & Sûre S.à r.l.',
        vatNumber: 'LU12345678',
        address: {street: 'Grand-Rue', number: '1', postalCode: 'L-1661', city: 'Luxembourg', country: 'LU'},
        contact: {firstName: 'Jean', lastName: 'Weber', telephone: '+352 26 00 00'},
      },
    },
  },
  {profile: 'PT-1.04_01', ledger: portuguese(), small: portuguese(4), spec: {company: PORTUGUESE_COMPANY}},
]
