// One connection to PostgreSQL: opened with timeouts, closed at once when the run is called off.
import {Client} from 'pg'
import {PermanentFault} from '../../errors.ts'
import type {SqlSourceOptions} from '../sql/options.ts'
import {tlsConnectionOptions} from '../sql/tls.ts'
import {postgresFault} from './faults.ts'

const CONNECT_TIMEOUT_MS = 15_000
/** A silent network is noticed after this and ten unanswered probes, one a second (libuv's setting). */
const KEEPALIVE_MS = 30_000
const GOODBYE_TIMEOUT_MS = 2_000

export type ConnectionOptions = Pick<SqlSourceOptions, 'url' | 'urlOrigin' | 'redact' | 'connectTimeoutMs' | 'tls'>

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

function createClient({url, urlOrigin, tls, connectTimeoutMs = CONNECT_TIMEOUT_MS}: ConnectionOptions): Client {
  const invalid = new PermanentFault(
    'ConnectionUrlInvalid',
    `${urlOrigin} does not hold a PostgreSQL URL: it must look like postgres://user:password@host:5432/database, ` +
      'with special characters of the password percent-encoded',
  )
  if (!/^postgres(ql)?:\/\/./i.test(url)) throw invalid
  try {
    return new Client({
      ...(tls === undefined ? {connectionString: url.trim()} : {connectionString: withoutTls(url.trim()), ssl: tlsConnectionOptions(tls) ?? false}),
      connectionTimeoutMillis: connectTimeoutMs,
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEPALIVE_MS,
      application_name: 'scheduled-export',
    })
  } catch (error) {
    if (error instanceof PermanentFault) throw error
    // Without the cause: its message, or its input, may hold the URL.
    throw invalid
  }
}

/** What the URL says of TLS; the library would prefer it to what it is told otherwise. */
const OF_TLS = ['ssl', 'sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'sslpassword', 'sslnegotiation', 'uselibpqcompat']

function withoutTls(url: string): string {
  const [address = '', query] = url.split(/\?(.*)/s)
  if (query === undefined) return address
  const rest = query.split('&').filter((pair) => !OF_TLS.includes(decodeURIComponent(pair.split('=')[0]!).toLowerCase()))
  return rest.length === 0 ? address : `${address}?${rest.join('&')}`
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
