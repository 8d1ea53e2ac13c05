// What docs/datasets.md says of the columns of each dataset.
import type {DatasetName} from '../../../crds/datasets.ts'
import {ACCOUNT_COLUMNS} from '../../datasets/accounts.ts'
import {BOOKING_COLUMNS} from '../../datasets/bookings.ts'
import {DIMENSION_COLUMNS} from '../../datasets/dimensions.ts'
import {DOCUMENT_COLUMNS} from '../../datasets/documents.ts'
import {JOURNAL_LINE_COLUMNS} from '../../datasets/journal-lines.ts'
import {PARTNER_COLUMNS} from '../../datasets/partners.ts'
import {PAYMENT_TERM_COLUMNS} from '../../datasets/payment-terms.ts'
import {TAX_CODE_COLUMNS} from '../../datasets/tax-codes.ts'
import type {ColumnDescription} from '../../datasets/types.ts'

interface CanonicalDataset {
  readonly columns: readonly ColumnDescription[]
  /** The column that names a row to a person, where there is one. */
  readonly key: string | undefined
}

/** `rows` has any columns, and none that is known. */
export const CANONICAL: Readonly<Record<DatasetName, CanonicalDataset>> = {
  bookings: {columns: BOOKING_COLUMNS, key: 'booking_id'},
  journal_lines: {columns: JOURNAL_LINE_COLUMNS, key: 'transaction_id'},
  accounts: {columns: ACCOUNT_COLUMNS, key: 'account'},
  customers: {columns: PARTNER_COLUMNS, key: 'id'},
  suppliers: {columns: PARTNER_COLUMNS, key: 'id'},
  tax_codes: {columns: TAX_CODE_COLUMNS, key: 'tax_code'},
  cost_centers: {columns: DIMENSION_COLUMNS, key: 'id'},
  projects: {columns: DIMENSION_COLUMNS, key: 'id'},
  payment_terms: {columns: PAYMENT_TERM_COLUMNS, key: 'id'},
  documents: {columns: DOCUMENT_COLUMNS, key: 'document_id'},
  rows: {columns: [], key: undefined},
}

/** The description of a column that docs/datasets.md knows. */
export function canonicalColumn(dataset: DatasetName, name: string): ColumnDescription | undefined {
  return CANONICAL[dataset].columns.find((column) => column.name === name)
}
