// One connection to MySQL or MariaDB: opened with timeouts, closed at once when the run is called off.
import {checkServerIdentity, connect as connectTls} from 'node:tls'
import type {ConnectionOptions as TlsConnectionOptions} from 'node:tls'
import {isIP} from 'node:net'
import {createConnection} from 'mysql2'
import type {SqlSourceOptions} from '../sql/options.ts'
import {tlsConnectionOptions} from '../sql/tls.ts'
import {mysqlFault} from './faults.ts'
import type {RawConnection, RawStatement} from './library.ts'
import {parseUrl} from './url.ts'
import type {Address} from './url.ts'

const CONNECT_TIMEOUT_MS = 15_000
/** A silent network is noticed after this and ten unanswered probes, one a second (libuv's setting). */
const KEEPALIVE_MS = 30_000
const GOODBYE_TIMEOUT_MS = 2_000
const KILL_TIMEOUT_MS = 5_000

export type ConnectionOptions = Pick<SqlSourceOptions, 'url' | 'urlOrigin' | 'redact' | 'connectTimeoutMs' | 'tls'>

export interface Connection extends AsyncDisposable {
  readonly raw: RawConnection
  /** What the connection broke with; undefined while it holds. */
  lost(): Error | undefined
  /** Called when it breaks, or at once where it is broken. */
  onLost(listener: () => void): void
  /** Runs a statement; its rows as text. */
  query(sql: string): Promise<(string | null)[][]>
  /** Runs a statement with values that travel apart from its text. */
  execute(sql: string, values: readonly string[]): Promise<void>
  /** Asks what a statement's columns are; runs nothing. The server takes one statement only. */
  prepare(sql: string): Promise<RawStatement>
  /** Cuts the connection without a word, and lets the server know by another one. */
  cut(): void
}

/** @throws PermanentFault ConnectionUrlInvalid, TransientFault ConnectionRefused …; the signal's reason once it is aborted */
export async function connect(options: ConnectionOptions, signal: AbortSignal): Promise<Connection> {
  signal.throwIfAborted()
  const open = opener(options)
  const raw = open()
  let broken: Error | undefined
  const listeners: (() => void)[] = []
  raw.on('error', (error: Error) => {
    broken ??= error
    for (const listener of listeners.splice(0)) listener()
  })
  const abort = (): void => void raw.stream.destroy()
  signal.addEventListener('abort', abort, {once: true})
  try {
    await connected(raw)
    const [[id = null] = []] = await query(raw, 'select connection_id()')
    return connectionOf({raw, signal, kill: () => kill(open, id), lost: () => broken, listeners})
  } catch (error) {
    abort()
    signal.throwIfAborted()
    throw mysqlFault(error, options)
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

interface Parts {
  readonly raw: RawConnection
  readonly signal: AbortSignal
  readonly kill: () => Promise<void>
  readonly lost: () => Error | undefined
  readonly listeners: (() => void)[]
}

function connectionOf({raw, signal, kill: killQuery, lost, listeners}: Parts): Connection {
  let killing: Promise<void> | undefined
  function cut(): void {
    raw.stream.destroy()
    // A query that sends nothing for the moment would go on: the server looks at the connection only when it writes to it.
    killing ??= killQuery()
  }
  signal.addEventListener('abort', cut, {once: true})
  if (signal.aborted) cut()
  return {
    raw,
    cut,
    lost,
    onLost(listener) {
      if (lost() === undefined) listeners.push(listener)
      else listener()
    },
    query: (sql) => query(raw, sql),
    execute: (sql, values) => answered((done) => raw.execute({sql, values: [...values]}, done)).then(() => undefined),
    prepare: (sql) => answered<RawStatement>((done) => raw.prepare(sql, (error, statement) => done(error, statement as unknown as RawStatement))),
    async [Symbol.asyncDispose]() {
      signal.removeEventListener('abort', cut)
      if (killing === undefined) await sayGoodbye(raw)
      else await killing
    },
  }
}

/** Makes connections to one and the same place. */
function opener({url, urlOrigin, tls, connectTimeoutMs = CONNECT_TIMEOUT_MS}: ConnectionOptions): () => RawConnection {
  const address = parseUrl(url, urlOrigin)
  const secured = tls && tlsConnectionOptions(tls)
  return () => {
    const raw = createConnection({
      ...address,
      connectTimeout: connectTimeoutMs,
      enableKeepAlive: true,
      keepAliveInitialDelay: KEEPALIVE_MS,
      connectAttributes: {program_name: 'scheduled-export'},
      // No server may ask for a file of ours.
      flags: ['-LOCAL_FILES'],
      rowsAsArray: true,
      typeCast: (field) => field.string('utf8'),
      // The library's compiled parsers would need eval.
      disableEval: true,
      // Strict, should the library ever stop asking secure() below.
      ...(secured && {ssl: {rejectUnauthorized: true, verifyIdentity: true}}),
    }) as RawConnection
    if (secured !== undefined) raw.startTLS = (onSecure) => secure(raw, {...secured, ...identity(address, secured)}, onSecure)
    return raw
  }
}

/** The host's name for the server to choose its certificate by, and to compare that with; an address is compared only. */
function identity({host}: Address, {checkServerIdentity: check = checkServerIdentity}: TlsConnectionOptions): TlsConnectionOptions {
  return {...(isIP(host) === 0 && {servername: host}), checkServerIdentity: (_, certificate) => check(host, certificate)}
}

/** Goes on over TLS. The library's own way cannot compare an address with a certificate. */
function secure(raw: RawConnection, options: TlsConnectionOptions, onSecure: (error?: Error) => void): void {
  raw.stream.removeAllListeners('data')
  const stream = connectTls({...options, socket: raw.stream})
  let secured = false
  stream.once('secureConnect', () => {
    secured = true
    onSecure()
  })
  stream.on('error', (error) => {
    // In an error of its own, for the library writes a code upon it. Later ones close the socket below, which the library sees.
    if (!secured) onSecure(new Error(error.message, {cause: error}))
  })
  stream.on('data', (chunk: Buffer) => raw.packetParser.execute(chunk))
  raw.stream = stream
}

async function connected(raw: RawConnection): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    raw.once('connect', () => resolve())
    raw.once('error', reject)
  })
}

type Done<T> = (error: Error | null, result: T) => void

async function answered<T>(ask: (done: Done<T>) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    ask((error, result) => (error === null ? resolve(result) : reject(error)))
  })
}

async function query(raw: RawConnection, sql: string): Promise<(string | null)[][]> {
  return answered<(string | null)[][]>((done) => raw.query(sql, (error: Error | null, rows: unknown) => done(error, rows as (string | null)[][])))
}

/** Ends the other connection on the server, and with it the query that it runs. Where that fails, the statement's timeout ends it. */
async function kill(open: () => RawConnection, id: string | null): Promise<void> {
  const raw = open()
  raw.on('error', () => undefined)
  const timer = setTimeout(() => raw.stream.destroy(), KILL_TIMEOUT_MS)
  try {
    await connected(raw)
    // A number that the server has given, as text.
    await query(raw, `kill ${BigInt(id ?? 0)}`)
  } catch {
    // It is gone already, or nobody can be reached.
  } finally {
    clearTimeout(timer)
    raw.stream.destroy()
  }
}

/** A polite end, unless the server does not answer. */
async function sayGoodbye(raw: RawConnection): Promise<void> {
  const timer = setTimeout(() => raw.stream.destroy(), GOODBYE_TIMEOUT_MS)
  try {
    if (!raw.stream.destroyed) await answered<void>((done) => raw.end((error) => done(error, undefined)))
  } catch {
    raw.stream.destroy()
  } finally {
    clearTimeout(timer)
  }
}
