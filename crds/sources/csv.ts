// CSV files on a volume as a source.
import {z} from 'zod'
import {datasetsOf} from '../datasets.ts'
import {objectName, volumePath, withRule} from '../fields.ts'
import {VALUE_FIELDS, columns, withTwoSigns} from './columns.ts'

/** One file. */
const CsvDataset = withRule(
  z.strictObject({
    path: volumePath().min(1).describe("The file's path on the volume, with placeholders; plain or gzip."),
    heading: z.boolean().default(true).describe('The first line names the columns.'),
    columns: columns().describe('Names and types; without a heading all columns in order. Others are text.'),
    otherColumns: z.enum(['Keep', 'Drop']).default('Keep').describe('What to do with other columns of the heading.'),
  }),
  {
    cel: "(self.heading && self.otherColumns == 'Keep') || self.columns.size() > 0",
    message: 'columns must name columns where there is no heading, or where other columns are dropped',
    test: ({heading, otherColumns, columns: named}) => (heading && otherColumns === 'Keep') || named.length > 0,
  },
)
export type CsvDataset = z.infer<typeof CsvDataset>

/** Rows from CSV files on a volume. */
export const CsvSource = withTwoSigns(
  z.strictObject({
    claimName: objectName().describe('Name of a PersistentVolumeClaim in the same namespace; it is mounted read-only.'),
    delimiter: z.enum([',', ';', '\t', '|']).default(',').describe('What stands between two fields.'),
    quote: z.enum(['"', "'", 'None']).default('"').describe('What stands around a field, and doubled inside it. None: quotes are text.'),
    encoding: z
      .enum(['UTF8', 'Windows1252', 'Latin1', 'UTF16LE'])
      .default('UTF8')
      .describe('Encoding of the files. A byte that it does not have is an error.'),
    ...VALUE_FIELDS,
    datasets: datasetsOf(() => CsvDataset).describe('One file for each dataset that the format needs.'),
  }),
)
export type CsvSource = z.infer<typeof CsvSource>
