// Where the rows come from: optional siblings, exactly one of them.
import {z} from 'zod'
import {exactlyOneOf} from './fields.ts'
import {CsvSource} from './sources/csv.ts'
import {MysqlSource} from './sources/mysql.ts'
import {HttpSource} from './sources/http.ts'
import {NdjsonSource} from './sources/ndjson.ts'
import {PostgresSource} from './sources/postgres.ts'

/** Every source by the name that a spec gives it. A new one is added here, in exporter-job/sources/index.ts and nowhere else. */
const SOURCES = {
  postgres: PostgresSource.optional().describe('Read from PostgreSQL.'),
  mysql: MysqlSource.optional().describe('Read from MySQL or MariaDB.'),
  csv: CsvSource.optional().describe('Read CSV files from a volume.'),
  ndjson: NdjsonSource.optional().describe('Read NDJSON files from a volume: one JSON object a line.'),
  http: HttpSource.optional().describe('Read JSON or NDJSON from an HTTP API.'),
}

export const SOURCE_NAMES = ['postgres', 'mysql', 'csv', 'ndjson', 'http'] as const satisfies readonly (keyof typeof SOURCES)[]

/** Sources that answer SQL, so that spec.control can ask them. */
export const SQL_SOURCE_NAMES = ['postgres', 'mysql'] as const satisfies readonly (keyof typeof SOURCES)[]

export const Source = exactlyOneOf(z.strictObject(SOURCES), SOURCE_NAMES)
export type Source = z.infer<typeof Source>

/** Every path of the spec's source, placeholders among them. */
export function sourcePaths({csv, ndjson}: Source): string[] {
  return [csv, ndjson].flatMap((files) => Object.values(files?.datasets ?? {}).flatMap((dataset) => dataset?.path ?? []))
}
