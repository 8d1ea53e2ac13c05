// Requests to the API server. The client library's KubeConfig says where and as whom; the connections are ours, for the
// library's own requests open a new TLS connection each time and know no timeouts.
import http from 'node:http'
import https from 'node:https'
import type {KubeConfig} from '@kubernetes/client-node'
import {ApiError, errorOfStatus, isApiError, networkError, parseRetryAfter} from './errors.ts'
import type {StatusBody} from './errors.ts'
import {readBody, send, splitLines} from './http.ts'
import type {RateLimiter} from './rate-limit.ts'

export type Verb = 'get' | 'list' | 'watch' | 'create' | 'patch' | 'delete'

export interface ApiRequest {
  readonly verb: Verb
  /** Plural, with "/status" for a subresource: for metrics. */
  readonly resource: string
  /** Path without the server's prefix. */
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly contentType?: string
  readonly signal?: AbortSignal
}

export interface Transport {
  /** The whole answer, parsed and believed to be a T. Throws ApiError. */
  request<T>(request: ApiRequest): Promise<T>
  /** The answer line by line, for as long as it lasts. Throws ApiError, of class network when the stream breaks off. */
  stream(request: ApiRequest): AsyncGenerator<string, void, undefined>
  /** Closes the kept connections. */
  close(): void
}

export interface RequestOutcome {
  readonly verb: Verb
  readonly resource: string
  /** HTTP status, or "error" without an answer. */
  readonly code: string
  readonly seconds: number
}

export interface TransportOptions {
  /** Reads the kubeconfig: at the start, and again after a 401. */
  readonly load: () => KubeConfig
  readonly userAgent: string
  /** Limit for a whole answer, and for the head of a stream. */
  readonly timeoutMs: number
  readonly limiter?: RateLimiter
  readonly onOutcome?: (outcome: RequestOutcome) => void
}

interface Connection {
  readonly options: TransportOptions
  config: KubeConfig
  // A pool is kept by CA, certificate and key too: after a rotation the old connections just run out.
  readonly plain: http.Agent
  readonly tls: https.Agent
}

const METHODS: Record<Verb, string> = {get: 'GET', list: 'GET', watch: 'GET', create: 'POST', patch: 'PATCH', delete: 'DELETE'}

export function createTransport(options: TransportOptions): Transport {
  const connection: Connection = {
    options,
    config: options.load(),
    plain: new http.Agent({keepAlive: true}),
    tls: new https.Agent({keepAlive: true, keepAliveMsecs: 30_000}),
  }

  async function request<T>(call: ApiRequest): Promise<T> {
    return await withFreshCredentials(connection, () => open(connection, call, parseBody<T>))
  }

  async function* stream(call: ApiRequest): AsyncGenerator<string, void, undefined> {
    const response = await withFreshCredentials(connection, () => open(connection, call, (head) => Promise.resolve(head)))
    try {
      yield* splitLines(response)
    } catch (error) {
      throw networkError(error)
    } finally {
      response.destroy()
    }
  }

  function close(): void {
    connection.plain.destroy()
    connection.tls.destroy()
  }

  return {request, stream, close}
}

/** A 401 may mean a token that was rotated since it was read (the library re-reads only each minute): read again, try once more. */
async function withFreshCredentials<T>(connection: Connection, run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    if (!isApiError(error, 'unauthorized')) throw error
    connection.config = connection.options.load()
    return await run()
  }
}

/** Sends the request; what `read` makes of a successful answer must be there before the timeout. */
async function open<T>(connection: Connection, call: ApiRequest, read: (response: http.IncomingMessage) => Promise<T>): Promise<T> {
  const {limiter, timeoutMs, onOutcome} = connection.options
  await limiter?.take()
  const started = performance.now()
  const timeout = new AbortController()
  const timer = setTimeout(() => {
    timeout.abort(new Error(`no answer within ${timeoutMs} ms`))
  }, timeoutMs)
  const signal = call.signal === undefined ? timeout.signal : AbortSignal.any([call.signal, timeout.signal])
  let code = 'error'
  try {
    const response = await send(await describe(connection, call, signal))
    code = String(response.statusCode)
    if (response.statusCode === undefined || response.statusCode >= 300) throw await errorOf(response)
    return await read(response)
  } catch (error) {
    throw error instanceof ApiError ? error : networkError(signal.aborted ? signal.reason : error)
  } finally {
    clearTimeout(timer)
    onOutcome?.({verb: call.verb, resource: call.resource, code, seconds: (performance.now() - started) / 1000})
  }
}

/** Address, TLS material and credentials, asked for anew at each request: files of a pod are rotated. */
async function describe(connection: Connection, call: ApiRequest, signal: AbortSignal): Promise<Parameters<typeof send>[0]> {
  const cluster = connection.config.getCurrentCluster()
  if (cluster === null) throw new Error('the kubeconfig has no current cluster')
  const url = new URL(cluster.server)
  url.pathname = `${url.pathname.replace(/\/$/, '')}${call.path}`
  url.search = new URLSearchParams(call.query).toString()
  const body = call.body === undefined ? undefined : JSON.stringify(call.body)
  const headers: http.OutgoingHttpHeaders = {
    accept: 'application/json',
    'user-agent': connection.options.userAgent,
    ...(body !== undefined && {'content-type': call.contentType ?? 'application/json', 'content-length': Buffer.byteLength(body)}),
  }
  const options: https.RequestOptions = {method: METHODS[call.verb], headers, signal}
  await connection.config.applyToHTTPSOptions(options)
  // Behind a proxy the library's own agent knows the way.
  if (cluster.proxyUrl === undefined) options.agent = url.protocol === 'https:' ? connection.tls : connection.plain
  return {url, options, ...(body !== undefined && {body})}
}

/** The API server answers an object of the kind that it was asked for: T is believed. */
async function parseBody<T>(response: http.IncomingMessage): Promise<T> {
  const body: T = JSON.parse(await readBody(response))
  return body
}

async function errorOf(response: http.IncomingMessage): Promise<ApiError> {
  const text = await readBody(response)
  const retryAfter = parseRetryAfter(response.headers['retry-after'], Date.now())
  return errorOfStatus(response.statusCode ?? 0, statusOf(text), retryAfter)
}

/** The Status in an answer; a proxy in between may answer anything else. */
function statusOf(text: string): StatusBody | undefined {
  try {
    const body: StatusBody | null = JSON.parse(text)
    return body?.kind === 'Status' ? body : undefined
  } catch {
    return undefined
  }
}
