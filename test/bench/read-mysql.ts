// Reads the benchmark's query from MySQL by the exporter's source, and writes its bytes into a file. node read-mysql.ts URL FILE
import {open} from 'node:fs/promises'
import {createMysqlSource} from '../../exporter-job/sources/mysql.ts'
import type {SqlSourceOptions} from '../../exporter-job/sources/sql/options.ts'
import {QUERY} from './ledger.ts'

const [url = '', path = ''] = process.argv.slice(2)
const options: SqlSourceOptions = {
  url,
  urlOrigin: 'the command line',
  redact: (text) => text,
  parameters: [],
  timeZone: 'UTC',
  statementTimeoutMs: 3_600_000,
  lockTimeoutMs: 30_000,
  queries: {bookings: QUERY},
}
const file = await open(path, 'w')
await using snapshot = await createMysqlSource(options).snapshot(new AbortController().signal)
for await (const chunk of (await snapshot.open('bookings')).chunks) await file.write(chunk)
await file.sync()
await file.close()
