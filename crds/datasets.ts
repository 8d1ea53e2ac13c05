// The datasets that a source can have. A format needs some of them; docs/datasets.md has their columns.
import {z} from 'zod'
import {withRule} from './fields.ts'

/** Every dataset by its name, with what it holds. */
export const DATASETS = {
  bookings: 'Gross bookings: one row a booking.',
  journal_lines: 'Double entry: one row a line, sorted by journal, transaction and line.',
  accounts: 'General-ledger accounts, with opening balances where the format wants them.',
  customers: 'Customers (debtors).',
  suppliers: 'Suppliers (creditors).',
  tax_codes: 'Tax codes that journal_lines use.',
  cost_centers: 'Cost centres that journal_lines name.',
  projects: 'Projects that journal_lines name.',
  payment_terms: 'Terms of payment.',
  documents: 'Files that belong to bookings: one row a file.',
  rows: 'Rows of any shape, for the formats csv, ndjson and gobd.',
} as const satisfies Readonly<Record<string, string>>

export type DatasetName = keyof typeof DATASETS

export const DATASET_NAMES = Object.keys(DATASETS) as readonly DatasetName[]

type Entries<S extends z.ZodType> = Record<DatasetName, z.ZodOptional<S>>

/** One optional entry a dataset, at least one of them. */
export function datasetsOf<S extends z.ZodType>(entry: () => S): z.ZodObject<Entries<S>, z.core.$strict> {
  const shape = Object.fromEntries(
    Object.entries(DATASETS).map(([name, meaning]) => [name, entry().optional().describe(`${meaning} See docs/datasets.md.`)]),
  ) as Entries<S>
  return withRule(z.strictObject(shape), {
    cel: `[${DATASET_NAMES.map((name) => `has(self.${name})`).join(', ')}].exists(x, x)`,
    message: `name at least one dataset: ${DATASET_NAMES.join(', ')}`,
    test: (value) => Object.values(value).some((dataset) => dataset !== undefined),
  })
}
