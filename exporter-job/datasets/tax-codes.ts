// The dataset `tax_codes`: every tax code that `journal_lines` uses, each once.
import type {ColumnDescription} from './types.ts'

/** Every canonical column. */
export const TAX_CODE_COLUMNS = [
  {name: 'tax_code', type: 'text', meaning: 'The code as the ledger has it.'},
  {name: 'tax_type', type: 'text', meaning: 'Kind of tax, such as MVA, IVA, TVA.'},
  {name: 'tax_type_name', type: 'text', meaning: 'What that kind of tax is called.'},
  {name: 'name', type: 'text', meaning: 'Description.'},
  {name: 'tax_rate', type: 'decimal', meaning: 'Rate in per cent.'},
  {name: 'standard_tax_code', type: 'text', meaning: "Code of the authority's list."},
  {name: 'country', type: 'text', meaning: 'ISO 3166-1 code of the country that levies it.'},
  {name: 'region', type: 'text', meaning: 'Region, where it has its own (Portugal: PT, PT-AC, PT-MA).'},
  {name: 'valid_from', type: 'date', meaning: 'First day on which it holds.'},
  {name: 'valid_to', type: 'date', meaning: 'Last day on which it holds.'},
  {name: 'base_share', type: 'decimal', meaning: 'Share of the base that is taxed, in per cent; empty means 100.'},
] as const satisfies readonly ColumnDescription[]

export type TaxCodeColumn = (typeof TAX_CODE_COLUMNS)[number]['name']
