// The dataset `accounts`: the general-ledger accounts, each once, with their balances where the format wants them.
import type {ColumnDescription} from './types.ts'

/** Every canonical column. */
export const ACCOUNT_COLUMNS = [
  {name: 'account', type: 'text', meaning: 'Number of the account.'},
  {name: 'name', type: 'text', meaning: 'Name of the account.'},
  {name: 'standard_account', type: 'text', meaning: 'Number in the standard chart of accounts of the authority.'},
  {
    name: 'grouping_category',
    type: 'text',
    meaning: "Category of the authority's grouping (Norway: a category of næringsspesifikasjonen; Portugal: GR, GA, GM, AR, AA, AM).",
  },
  {
    name: 'grouping_code',
    type: 'text',
    meaning: "Code of the authority's grouping (Norway: its code; Portugal: the account above it, which comes before it).",
  },
  {name: 'taxonomy_code', type: 'integer', meaning: 'Portugal: TaxonomyCode.'},
  {
    name: 'account_type',
    type: 'text',
    meaning: 'Kind of account, where the authority has a list (Luxembourg: Actif, Passif, Produit, Charge; Romania: Activ, Pasiv, Bifunctional).',
  },
  {name: 'created_on', type: 'date', meaning: 'Day on which the account was opened.'},
  {name: 'opening_debit', type: 'decimal', meaning: 'Balance before the period, where it is a debit.'},
  {name: 'opening_credit', type: 'decimal', meaning: 'Balance before the period, where it is a credit.'},
  {name: 'closing_debit', type: 'decimal', meaning: 'Balance after the period, where it is a debit; left out, it is reckoned.'},
  {name: 'closing_credit', type: 'decimal', meaning: 'Balance after the period, where it is a credit; left out, it is reckoned.'},
  {name: 'long_name', type: 'text', meaning: 'A longer name, where there are two.'},
  {name: 'language', type: 'text', meaning: 'Language of the name (DATEV: de-DE or en-GB).'},
] as const satisfies readonly ColumnDescription[]

export type AccountColumn = (typeof ACCOUNT_COLUMNS)[number]['name']
