// NDJSON files on a volume as a source.
import {z} from 'zod'
import {datasetsOf} from '../datasets.ts'
import {objectName, volumePath} from '../fields.ts'
import {VALUE_FIELDS, columns, withTwoSigns} from './columns.ts'

/** What the JSON of a dataset holds: the same for a file and for an API. */
export const JSON_FIELDS = {
  columns: columns().describe('The keys to read, customer.number for one in an inner object. Left out, the first object fixes them.'),
  otherKeys: z
    .enum(['Refuse', 'Ignore'])
    .default('Refuse')
    .describe('What to do with other keys.'),
}

/** One file. */
const NdjsonDataset = z.strictObject({
  path: volumePath()
    .min(1)
    .describe("The file's path on the volume, with placeholders; plain or gzip."),
  ...JSON_FIELDS,
})
export type NdjsonDataset = z.infer<typeof NdjsonDataset>

/** Rows from NDJSON files on a volume: one object a line, UTF-8. */
export const NdjsonSource = withTwoSigns(
  z.strictObject({
    claimName: objectName().describe('Name of a PersistentVolumeClaim in the same namespace; it is mounted read-only.'),
    ...VALUE_FIELDS,
    datasets: datasetsOf(() => NdjsonDataset).describe('One file for each dataset that the format needs.'),
  }),
)
export type NdjsonSource = z.infer<typeof NdjsonSource>
