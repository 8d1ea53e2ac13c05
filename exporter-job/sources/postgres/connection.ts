// One connection to PostgreSQL: opened with timeouts, closed at once when the run is called off.
import {Client} from 'pg'
import {PermanentFault} from '../../errors.ts'
import type {Redact} from '../../redact.ts'
import {postgresFault} from './faults.ts'

const CONNECT_TIMEOUT_MS = 15_000
/** A silent network is noticed after this and ten unanswered probes, one a second (libuv's setting). */
const KEEPALIVE_MS = 30_000
const GOODBYE_TIMEOUT_MS = 2_000

export interface ConnectionOptions {
  /** postgres://user:password@host/database */
  readonly url: string
  /** Where the URL comes from, for messages: "Secret ledger-db, key url". */
  readonly urlOrigin: string
  readonly redact: Redact
  readonly connectTimeoutMs?: number
}

export interface Connection extends AsyncDisposable {
  readonly client: Client
  /** Cuts the connection without a word. */
  cut(): void
}

/** @throws PermanentFault ConnectionUrlInvalid, TransientFault ConnectionRefused …; the signal's reason once it is aborted */
export async function connect(options: ConnectionOptions, signal: AbortSignal): Promise<Connection> {
  signal.throwIfAborted()
  const client = createClient(options)
  const cut = (): void => {
    client.connection.stream.destroy()
  }
  // A lost connection also fails the request that is under way, which reports it.
  client.on('error', () => undefined)
  signal.addEventListener('abort', cut, {once: true})
  try {
    await client.connect()
  } catch (error) {
    signal.removeEventListener('abort', cut)
    cut()
    signal.throwIfAborted()
    throw postgresFault(error, {redact: options.redact})
  }
  return {
    client,
    cut,
    async [Symbol.asyncDispose]() {
      signal.removeEventListener('abort', cut)
      await sayGoodbye(client, cut)
    },
  }
}

function createClient({url, urlOrigin, connectTimeoutMs = CONNECT_TIMEOUT_MS}: ConnectionOptions): Client {
  const invalid = new PermanentFault(
    'ConnectionUrlInvalid',
    `${urlOrigin} does not hold a PostgreSQL URL: it must look like postgres://user:password@host:5432/database, ` +
      'with special characters of the password percent-encoded',
  )
  if (!/^postgres(ql)?:\/\/./i.test(url)) throw invalid
  try {
    return new Client({
      connectionString: url.trim(),
      connectionTimeoutMillis: connectTimeoutMs,
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEPALIVE_MS,
      application_name: 'scheduled-export',
    })
  } catch {
    // Without the cause: its message, or its input, may hold the URL.
    throw invalid
  }
}

/** A polite end, unless the server does not answer. */
async function sayGoodbye(client: Client, cut: () => void): Promise<void> {
  const timer = setTimeout(cut, GOODBYE_TIMEOUT_MS)
  try {
    await client.end()
  } catch {
    cut()
  } finally {
    clearTimeout(timer)
  }
}
