// NDJSON as a spec asks for it.
import {z} from 'zod'
import {currencyCode, fileStem} from '../fields.ts'
import {COLUMN_CHOICE, DATASET_CHOICE, MAX_ROWS, columnsOf, datasetChoices} from './tables.ts'

const NdjsonDataset = z.strictObject({
  dataset: DATASET_CHOICE,
  fileName: fileStem()
    .optional()
    .describe('Name of the file without its ending. Left out, <dataset>_<period>, such as bookings_2026-10.'),
  columns: columnsOf(z.strictObject(COLUMN_CHOICE)).describe('The keys of an object, in this order. Left out, all columns of the dataset in their order.'),
})

/** NDJSON: one JSON object (RFC 8259) a line, UTF-8, each line ended by LF. */
export const NdjsonFormat = z.strictObject({
  numbers: z
    .enum(['Number', 'String'])
    .default('Number')
    .describe(
      'How a number is written, always with the digits that the source gave: Number as a JSON number, String in quotation marks, ' +
        'for readers that would make a binary floating-point number of it.',
    ),
  nulls: z.enum(['Write', 'Omit']).default('Write').describe('NULL: Write it as null, or Omit its key.'),
  maxRows: MAX_ROWS,
  currency: currencyCode().default('EUR').describe('Currency of amounts whose row names none, and of journal_lines; for totals and protocol alone.'),
  datasets: datasetChoices(NdjsonDataset).describe('What to write of which dataset. Every dataset of the source is written, with all its columns where nothing is said here.'),
})
export type NdjsonFormat = z.infer<typeof NdjsonFormat>
