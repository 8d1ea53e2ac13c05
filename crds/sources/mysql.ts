// MySQL and MariaDB as a source.
import {z} from 'zod'
import {datasetsOf} from '../datasets.ts'
import {SecretKeyRef} from '../fields.ts'
import {QUERIES, QueryDataset, SQL_OPTIONS, Tls} from './sql.ts'

/** Rows from MySQL or MariaDB, all datasets in one consistent snapshot, READ ONLY. */
export const MysqlSource = z.strictObject({
  urlSecretRef: SecretKeyRef.describe('The connection URL (mysql://user:password@host:3306/database). Give it a user that may only SELECT.'),
  tls: Tls.optional().describe('TLS; without it the connection is not encrypted.'),
  ...SQL_OPTIONS,
  datasets: datasetsOf(() => QueryDataset).describe(QUERIES),
})
export type MysqlSource = z.infer<typeof MysqlSource>
