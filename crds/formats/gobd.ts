// The data carrier of the German tax audit (Datenträgerüberlassung, Z3) as a spec asks for it.
import {z} from 'zod'
import {currencyCode, line, withRule} from '../fields.ts'
import {COLUMN_CHOICE, DATASET_CHOICE, columnsOf, datasetChoices} from './tables.ts'

const GobdDataset = z.strictObject({
  dataset: DATASET_CHOICE,
  name: line(100).min(1).optional().describe('Name of the table for the auditor. Left out, a German one, such as Buchungszeilen.'),
  description: line(500).min(1).optional().describe('Description of the table.'),
  primaryKey: z
    .array(line(100).min(1))
    .max(8)
    .optional()
    .meta({'x-kubernetes-list-type': 'atomic'})
    .describe(
      "The dataset's columns that name a row; they come first in the file. Left out: booking_id of bookings, transaction_id and line_id of " +
        'journal_lines, account of accounts, tax_code of tax_codes, id of customers, suppliers, cost_centers, projects and payment_terms; none of documents and rows.',
    ),
  columns: columnsOf(
    z.strictObject({...COLUMN_CHOICE, description: line(500).min(1).optional().describe('Description of the column.')}),
  ).describe('The columns to write. Left out, all columns of the dataset in their order.'),
})

/** index.xml after the Beschreibungsstandard für die Datenträgerüberlassung, and the tables that it describes. */
export const GobdFormat = z.strictObject({
  supplier: z
    .strictObject({
      name: line(200).min(1).describe('Name of the company that hands the data over.'),
      location: line(200).min(1).describe('Its place.'),
      comment: line(500).default('').describe('What the auditor should know besides.'),
    })
    .describe('DataSupplier: who hands the data over.'),
  media: line(200).min(1).default('Datenträger 1').describe('Name of the data carrier.'),
  dtd: withRule(z.string().min(1).max(200), {
    cel: "self.matches('^[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*$')",
    message: 'must be a relative path of A-Z a-z 0-9 "." "_" "-" and "/"',
    test: (value) => /^[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*$/.test(value),
  })
    .default('gdpdu-01-09-2004.dtd')
    .describe('The document type definition that index.xml names. You put that file beside it: it is not ours to hand on.'),
  encoding: z
    .enum(['UTF8', 'Windows1252'])
    .default('UTF8')
    .describe('Of the tables. With Windows1252 (ANSI) a character that it lacks fails the run; it is never replaced.'),
  lineBreaks: z
    .enum(['Space', 'Refuse'])
    .default('Refuse')
    .describe('A line break inside a text: Space writes a blank instead and counts it, Refuse fails the run. Audit software does not read them.'),
  currency: currencyCode().default('EUR').describe('Currency of amounts whose row names none, and of journal_lines; for totals and protocol alone.'),
  datasets: datasetChoices(GobdDataset).describe('What to write of which dataset. Every dataset of the source is written, with all its columns where nothing is said here.'),
})
export type GobdFormat = z.infer<typeof GobdFormat>
