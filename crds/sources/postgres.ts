// PostgreSQL as a source.
import {z} from 'zod'
import {datasetsOf} from '../datasets.ts'
import {SecretKeyRef} from '../fields.ts'
import {QUERIES, QueryDataset, SQL_OPTIONS, Tls} from './sql.ts'

/** Rows from PostgreSQL, all datasets in one REPEATABLE READ, READ ONLY transaction. */
export const PostgresSource = z.strictObject({
  urlSecretRef: SecretKeyRef.describe('The connection URL (postgres://user:password@host/database). Give it a user that may only SELECT.'),
  tls: Tls.optional().describe("TLS; what the URL says of it (sslmode and the like) then does not count. Without it the URL's sslmode holds: without one, no TLS."),
  ...SQL_OPTIONS,
  datasets: datasetsOf(() => QueryDataset).describe(QUERIES),
})
export type PostgresSource = z.infer<typeof PostgresSource>
