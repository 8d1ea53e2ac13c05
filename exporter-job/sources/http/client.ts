// One API, asked by GET. The host's addresses are looked up and checked first, and connections go to those addresses and no others.
import {lookup as dnsLookup} from 'node:dns/promises'
import http from 'node:http'
import https from 'node:https'
import {isIP} from 'node:net'
import type {LookupFunction} from 'node:net'
import type {Clock} from '../../clock.ts'
import {PermanentFault, RunFault, TransientFault} from '../../errors.ts'
import type {Pieces} from '../files/pieces.ts'
import {checkAddresses, kindOf} from './addresses.ts'
import type {Address, Allowance} from './addresses.ts'
import {requestFault, statusFault} from './faults.ts'
import {retryAfter, withRetries} from './retry.ts'
import type {Tried} from './retry.ts'

export interface ClientOptions {
  /** Value of the header Authorization. */
  readonly authorization?: string | undefined
  /** PEM certificates of the only authorities to trust. */
  readonly ca?: string | undefined
  readonly timeoutMs: number
  readonly allowance: Allowance
  readonly clock: Clock
  /** All addresses of a host's name; by default those that the system knows. */
  readonly resolve?: (host: string) => Promise<readonly Address[]>
}

export interface HttpAnswer {
  readonly status: number
  readonly headers: http.IncomingHttpHeaders
  readonly body: Pieces
}

export interface HttpClient extends AsyncDisposable {
  /** Tried again where that may help; redirects are not followed. @throws TransientFault, PermanentFault; the signal's reason */
  get(url: URL, request: {readonly where: string; readonly accept: string}): Promise<HttpAnswer>
}

interface Request {
  readonly url: URL
  readonly where: string
  readonly accept: string
}

/** Connections end with the client, and at once when the signal aborts. */
export function createHttpClient(options: ClientOptions, signal: AbortSignal): HttpClient {
  const settings = {keepAlive: true, maxSockets: 1}
  const agents = {'http:': new http.Agent(settings), 'https:': new https.Agent({...settings, ...(options.ca !== undefined && {ca: options.ca})})}
  const pinned = new Map<string, Promise<LookupFunction>>()

  function pin({url, where}: Request): Promise<LookupFunction> {
    const known = pinned.get(url.origin)
    if (known !== undefined) return known
    const pinning = pinnedLookup(url, where, options)
    pinned.set(url.origin, pinning)
    // A name may be on its way: the next attempt looks it up again.
    pinning.catch(() => pinned.delete(url.origin))
    return pinning
  }

  async function tryOnce(request: Request): Promise<Tried<HttpAnswer>> {
    try {
      const lookup = await pin(request)
      const response = await send(request, {...options, lookup, agent: agents[request.url.protocol as 'http:'], signal})
      const {statusCode: status = 0, headers} = response
      if (status === 200 || status === 204) return {value: {status, headers, body: bodyOf(response, request, options.timeoutMs, signal)}}
      response.destroy()
      return {fault: statusFault(status, request.where), waitMs: retryAfter(headers['retry-after'], options.clock.now())}
    } catch (error) {
      signal.throwIfAborted()
      const fault = requestFault(error, request.where)
      if (fault instanceof RunFault) return {fault}
      throw fault
    }
  }

  return {
    get: (url, {where, accept}) => withRetries(() => tryOnce({url, where, accept}), {clock: options.clock, signal}),
    [Symbol.asyncDispose]() {
      for (const agent of Object.values(agents)) agent.destroy()
      return Promise.resolve()
    },
  }
}

/** Looks the host up and checks what it finds; what is found is all that connections are made to. */
async function pinnedLookup(url: URL, where: string, {allowance, resolve = systemLookup}: ClientOptions): Promise<LookupFunction> {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const family = isIP(host)
  const addresses = family === 0 ? await resolve(host) : [{address: host, family}]
  if (addresses.length === 0) throw new TransientFault('HostNotFound', `${where}: the name of the host has no address`)
  checkAddresses(host, addresses, allowance)
  if (url.protocol === 'http:' && addresses.some(({address}) => kindOf(address) === 'public')) {
    throw new PermanentFault('HttpClearText', `${where}: rows would travel in clear text over public networks: use https`)
  }
  return (_host, lookupOptions, done) => {
    const found = addresses.map(({address, family: version}) => ({address, family: version}))
    if (lookupOptions.all === true) done(null, found)
    else done(null, found[0]!.address, found[0]!.family)
  }
}

function systemLookup(host: string): Promise<readonly Address[]> {
  return dnsLookup(host, {all: true})
}

interface Sending extends ClientOptions {
  readonly lookup: LookupFunction
  readonly agent: http.Agent
  readonly signal: AbortSignal
}

async function send({url, where, accept}: Request, {lookup, agent, signal, authorization, timeoutMs}: Sending): Promise<http.IncomingMessage> {
  const headers = {
    accept,
    'accept-encoding': 'gzip',
    'user-agent': 'scheduled-export',
    ...(authorization !== undefined && {authorization}),
  }
  const request = (url.protocol === 'https:' ? https : http).request(url, {agent, headers, lookup, signal})
  return within(timeoutMs, where, {
    run: new Promise<http.IncomingMessage>((resolve, reject) => {
      request.once('response', resolve)
      // Also what comes after the answer: nobody else would hear it.
      request.on('error', reject)
      request.end()
    }),
    stop: (fault) => request.destroy(fault),
  })
}

interface Waiting<T> {
  readonly run: Promise<T>
  readonly stop: (fault: Error) => void
}

/** Waits for the API, but not for longer. */
async function within<T>(timeoutMs: number, where: string, {run, stop}: Waiting<T>): Promise<T> {
  const timer = setTimeout(() => stop(new TransientFault('ConnectionTimeout', `${where}: the API was silent for ${timeoutMs / 1000} s`)), timeoutMs)
  try {
    return await run
  } finally {
    clearTimeout(timer)
  }
}

/** The body as it comes; an end before its end is a fault. */
async function* bodyOf(response: http.IncomingMessage, {where}: Request, timeoutMs: number, signal: AbortSignal): Pieces {
  const chunks = response[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  try {
    for (;;) {
      const next = await within(timeoutMs, where, {run: chunks.next(), stop: (fault) => response.destroy(fault)})
      if (next.done === true) break
      yield next.value
    }
    if (!response.complete) throw bodyCut(where)
  } catch (error) {
    signal.throwIfAborted()
    throw isReset(error) ? bodyCut(where) : requestFault(error, where)
  } finally {
    response.destroy()
  }
}

function isReset(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ECONNRESET' || error.code === 'ERR_STREAM_PREMATURE_CLOSE')
}

/** The answer broke off. */
export function bodyCut(where: string): TransientFault {
  return new TransientFault('HttpBodyCut', `${where}: the answer ends before its end`)
}
