// CSV as a spec asks for it.
import {z} from 'zod'
import {currencyCode, fileStem, withRule} from '../fields.ts'
import {COLUMN_CHOICE, DATASET_CHOICE, MAX_ROWS, columnsOf, datasetChoices} from './tables.ts'

/** How a day is written; ISO is 2026-10-31, and 2026-10-31T12:00:00 where a time follows. */
export const DATE_FORMATS = ['ISO', 'DD.MM.YYYY', 'DD/MM/YYYY', 'MM/DD/YYYY', 'YYYYMMDD'] as const
export type DateFormat = (typeof DATE_FORMATS)[number]

export const CSV_ENCODINGS = ['UTF8', 'UTF8BOM', 'Windows1252', 'UTF16LE'] as const
export type CsvEncoding = (typeof CSV_ENCODINGS)[number]

/** A word that no number, no date and no quoting can be mistaken for. */
function word(): z.ZodString {
  return withRule(z.string().max(20), {
    cel: String.raw`self.matches('^([A-Za-z\\\\#][A-Za-z0-9\\\\#_/]*)?$')`,
    message: 'must begin with a letter, "\\" or "#" and go on with letters, digits, "_", "/" and those, or be empty',
    test: (value) => /^([A-Za-z\\#][A-Za-z0-9\\#_/]*)?$/.test(value),
  })
}

const BooleanWord = withRule(z.string().min(1).max(20), {
  cel: "self.matches('^[A-Za-z0-9]+$')",
  message: 'must be letters and digits',
  test: (value) => /^[A-Za-z0-9]+$/.test(value),
})

const CsvDataset = z.strictObject({
  dataset: DATASET_CHOICE,
  fileName: fileStem()
    .optional()
    .describe('Name of the file without its ending. Left out, <dataset>_<period>, such as bookings_2026-10.'),
  columns: columnsOf(z.strictObject(COLUMN_CHOICE)).describe('The columns to write, in this order. Left out, all columns of the dataset in their order.'),
})

/** CSV (RFC 4180). */
export const CsvFormat = withRule(
  z.strictObject({
    delimiter: z.enum([',', ';', '\t', '|']).default(',').describe('What stands between two fields.'),
    quote: z
      .enum(['Minimal', 'All'])
      .default('Minimal')
      .describe('Which fields stand in quotation marks: Minimal those that need them, All every one. NULL never does, so that it differs from an empty text.'),
    lineEnding: z.enum(['CRLF', 'LF']).default('CRLF').describe('What ends a row.'),
    header: z.boolean().default(true).describe('Whether the first line of a file holds the names of the columns.'),
    encoding: z
      .enum(CSV_ENCODINGS)
      .default('UTF8')
      .describe('UTF8BOM is what Excel recognises. With Windows1252 a character that it lacks fails the run; it is never replaced.'),
    decimalSign: z.enum(['.', ',']).default('.').describe('Decimal sign of numbers; they never have a thousands separator.'),
    dateFormat: z.enum(DATE_FORMATS).default('ISO').describe('How dates are written; a time follows as it is.'),
    nullText: word().default('').describe('What NULL is written as. A text that is the same stands in quotation marks.'),
    trueText: BooleanWord.default('true').describe('What a true boolean is written as.'),
    falseText: BooleanWord.default('false').describe('What a false boolean is written as.'),
    lineBreaks: z
      .enum(['Keep', 'Space', 'Refuse'])
      .default('Keep')
      .describe('A line break inside a text: Keep writes it (in quotation marks), Space writes a blank instead and counts it, Refuse fails the run.'),
    extension: z.enum(['csv', 'txt', 'tsv']).default('csv').describe("Ending of the files' names."),
    maxRows: MAX_ROWS,
    currency: currencyCode().default('EUR').describe('Currency of amounts whose row names none, and of journal_lines; for totals and protocol alone.'),
    datasets: datasetChoices(CsvDataset).describe('What to write of which dataset. Every dataset of the source is written, with all its columns where nothing is said here.'),
  }),
  {
    cel: 'self.trueText != self.falseText && self.nullText != self.trueText && self.nullText != self.falseText',
    message: 'trueText, falseText and nullText must differ',
    test: ({trueText, falseText, nullText}) => new Set([trueText, falseText, nullText]).size === 3,
  },
)
export type CsvFormat = z.infer<typeof CsvFormat>
