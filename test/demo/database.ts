// The demo's database: the sample ledger in a PostgreSQL that keeps running when the script ends.
import {createHash} from 'node:crypto'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {addMonths} from '../../examples/ledger/calendar.ts'
import {createReader, loadLedger} from '../../examples/ledger/load.ts'
import {startPostgres, stopPostgres} from '../support/postgres.ts'

const READER = 'ledger_reader'
/** Below the system's folder for temporary files: PostgreSQL's own account could not enter root's home. */
const DATA = join(tmpdir(), `scheduled-export-demo-${process.getuid?.() ?? 0}`)

export interface DemoDatabase {
  /** URL of a user that may only read, as the exporter gets it. */
  readonly readerUrl: string
  readonly bookings: number
}

/** Starts the database and fills it with three months of bookings that end with the month before `today` (an ISO day). */
export async function startDatabase(today: string): Promise<DemoDatabase> {
  const server = await startPostgres({dataDir: DATA, persistent: true})
  const bookings = await loadLedger(server.url, {firstMonth: addMonths(today, -3)})
  const password = readerPassword(server.url)
  await createReader(server.url, READER, password)
  return {readerUrl: server.urlOf('postgres', `${READER}:${password}`), bookings}
}

/** Starts it again so that pods reach it too, at `address`; the reader's URL there. */
export async function listenForPods(address: string): Promise<string> {
  await stopPostgres(DATA)
  const server = await startPostgres({dataDir: DATA, persistent: true, listen: address})
  return server.urlOf('postgres', `${READER}:${readerPassword(server.url)}`)
}

/** Stops it and removes its data. */
export async function removeDatabase(): Promise<void> {
  await stopPostgres(DATA, {removeData: true})
}

/** Derived from the superuser's, which lies with the data: the same in every run. */
function readerPassword(superuserUrl: string): string {
  return createHash('sha256').update(`reader of ${new URL(superuserUrl).password}`).digest('hex').slice(0, 32)
}
