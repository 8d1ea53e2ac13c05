// Where the rows come from: optional siblings, exactly one of them.
import {z} from 'zod'
import {SecretKeyRef, exactlyOneOf, objectName, volumePath, withRule} from './fields.ts'

const CONTROL_IN_QUERY = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/

const Query = withRule(
  withRule(z.string().min(1).max(16_384), {
    cel: String.raw`self.matches('\\S')`,
    message: 'must be a SELECT statement, not blank',
    test: (value) => /\S/.test(value),
  }),
  {
    cel: String.raw`!self.matches('[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f]')`,
    message: 'must hold no control characters but line breaks and tabs',
    test: (value) => !CONTROL_IN_QUERY.test(value),
  },
).describe(
  'One SELECT statement. :periodStart and :periodEnd are local dates (the end exclusive), :periodStartAt and :periodEndAt ' +
    'instants; the session time zone is spec.timeZone. It runs in a read-only transaction.',
)

const PostgresDataset = z.strictObject({query: Query})

/** Rows from PostgreSQL, all datasets in one REPEATABLE READ, READ ONLY transaction. */
export const PostgresSource = z.strictObject({
  urlSecretRef: SecretKeyRef.describe('The connection URL (postgres://user:password@host/database). Give it a user that may only SELECT.'),
  datasets: z
    .strictObject({bookings: PostgresDataset.describe('Gross bookings: one row a booking (see docs/datasets.md).')})
    .describe('One query for each dataset that the format needs.'),
})
export type PostgresSource = z.infer<typeof PostgresSource>

const CsvDataset = z.strictObject({
  path: volumePath()
    .min(1)
    .describe("The file's path on the volume; placeholders such as {{ period.start | date: '%Y-%m' }} are filled in."),
})

/** Rows from a CSV file on a volume: UTF-8, a heading line, ISO dates, decimal point. */
export const CsvSource = z.strictObject({
  claimName: objectName().describe('Name of a PersistentVolumeClaim in the same namespace; it is mounted read-only.'),
  delimiter: z.enum([',', ';', '\t', '|']).default(',').describe('What stands between two fields.'),
  datasets: z
    .strictObject({bookings: CsvDataset.describe('Gross bookings: one row a booking (see docs/datasets.md).')})
    .describe('One file for each dataset that the format needs.'),
})
export type CsvSource = z.infer<typeof CsvSource>

export const Source = exactlyOneOf(
  z.strictObject({
    postgres: PostgresSource.optional().describe('Read from PostgreSQL.'),
    csv: CsvSource.optional().describe('Read CSV files from a volume.'),
  }),
  ['postgres', 'csv'],
)
export type Source = z.infer<typeof Source>
