// CSV files on a volume as a source.
import {z} from 'zod'
import {datasetsOf} from '../datasets.ts'
import {objectName, volumePath} from '../fields.ts'

/** One file. */
export const FileDataset = z.strictObject({
  path: volumePath()
    .min(1)
    .describe("The file's path on the volume; placeholders such as {{ period.start | date: '%Y-%m' }} are filled in."),
})

/** Rows from a CSV file on a volume: UTF-8, a heading line, ISO dates, decimal point. */
export const CsvSource = z.strictObject({
  claimName: objectName().describe('Name of a PersistentVolumeClaim in the same namespace; it is mounted read-only.'),
  delimiter: z.enum([',', ';', '\t', '|']).default(',').describe('What stands between two fields.'),
  datasets: datasetsOf(() => FileDataset).describe('One file for each dataset that the format needs.'),
})
export type CsvSource = z.infer<typeof CsvSource>
