// The dataset `payment_terms`: terms of payment, each once.
import type {ColumnDescription} from './types.ts'

/** Every canonical column. */
export const PAYMENT_TERM_COLUMNS = [
  {name: 'id', type: 'integer', meaning: 'Key of the terms.'},
  {name: 'name', type: 'text', meaning: 'What they are called.'},
  {name: 'due_type', type: 'integer', meaning: 'Kind of terms, where the target software has a list (DATEV: Fälligkeitstyp; left out, 1, by days).'},
  {name: 'due_days', type: 'integer', meaning: 'Days after which the item falls due.'},
  {name: 'discount_days_1', type: 'integer', meaning: 'Days within which the first discount may be taken.'},
  {name: 'discount_percent_1', type: 'decimal', meaning: 'The first discount, per cent.'},
  {name: 'discount_days_2', type: 'integer', meaning: 'Days within which the second discount may be taken.'},
  {name: 'discount_percent_2', type: 'decimal', meaning: 'The second discount, per cent.'},
] as const satisfies readonly ColumnDescription[]

export type PaymentTermColumn = (typeof PAYMENT_TERM_COLUMNS)[number]['name']
