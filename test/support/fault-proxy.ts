// A reverse proxy before a real API server: it counts what passes, and does on demand what networks and busy servers do.
import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import http from 'node:http'
import https from 'node:https'
import type {AddressInfo} from 'node:net'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {KubeConfig} from '@kubernetes/client-node'
import {askedFor} from './api-path.ts'
import type {AskedFor} from './api-path.ts'

export interface ProxiedRequest extends AskedFor {
  readonly url: URL
  readonly method: string
  readonly headers: http.IncomingHttpHeaders
  /** When it came, by performance.now(). */
  readonly at: number
}

/** Which requests: all that agree in every part given. "*" after a resource takes its subresources too: "jobs*". */
export interface Filter {
  readonly verb?: string
  readonly resource?: string
  readonly namespace?: string
  readonly name?: string
  readonly when?: (request: ProxiedRequest) => boolean
}

/** What happens instead of an answer. */
export type Fault =
  /** The connection is reset. */
  | {readonly kind: 'reset'}
  /** Taken, and never answered. */
  | {readonly kind: 'silence'}
  /** Passed on, and answered, only when the promise has resolved. */
  | {readonly kind: 'hold'; readonly until: Promise<void>}
  /** The request is done, but the answer never arrives: the connection is reset. */
  | {readonly kind: 'loseAnswer'}
  /** Answered with a Status of that code. */
  | {readonly kind: 'status'; readonly code: number; readonly reason?: string; readonly retryAfterSeconds?: number}
  /** A watch that answers 200 and says at once that something is wrong. */
  | {readonly kind: 'errorEvent'; readonly code: number}

export interface FaultProxy {
  readonly url: string
  /** Path of a kubeconfig for it, with all rights. A request with a bearer token passes as that token's owner. */
  readonly kubeconfig: string
  /** The next `times` (default: all from now on) matching requests suffer the fault. Later rules come first. Returns how to end it. */
  inject(filter: Filter, fault: Fault, times?: number): () => void
  /** Resets open watches in the middle; how many there were. */
  cutWatches(filter?: Filter): number
  /** Ends open watches in order, as the server does when their time is up. */
  endWatches(filter?: Filter): number
  /** Writes an ERROR event into open watches and ends them. */
  failWatches(code: number, filter?: Filter): number
  /** Open watches stay open and say nothing any more. */
  silenceWatches(filter?: Filter): number
  openWatches(filter?: Filter): number
  /** Requests since the start or the last reset, in their order. */
  requests(filter?: Filter): readonly ProxiedRequest[]
  /** "patch cronjobs" → 3 */
  counts(): Record<string, number>
  /** Requests that change something: everything but get, list, watch; Leases (renewed all the time) left out. */
  writes(): readonly ProxiedRequest[]
  resetCounts(): void
  close(): Promise<void>
}

interface Rule {
  readonly filter: Filter
  readonly fault: Fault
  left: number
}

interface Watch {
  readonly request: ProxiedRequest
  readonly response: http.ServerResponse
  readonly upstream: http.IncomingMessage
}

interface State {
  readonly server: URL
  readonly credentials: https.RequestOptions
  readonly agent: https.Agent
  readonly rules: Rule[]
  readonly watches: Set<Watch>
  requests: ProxiedRequest[]
}

/** Starts the proxy before the API server of a kubeconfig. */
export async function startFaultProxy(kubeconfig: string): Promise<FaultProxy> {
  const state = await connect(kubeconfig)
  const server = http.createServer((incoming, response) => {
    serve(state, incoming, response)
  })
  // A watch is silent for long, on purpose too.
  server.requestTimeout = 0
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const folder = await mkdtemp(join(tmpdir(), 'fault-proxy-'))
  const path = join(folder, 'kubeconfig')
  await writeFile(path, kubeconfigFor(url), {mode: 0o600})
  return {url, kubeconfig: path, ...controls(state), close: () => close(server, state, folder)}
}

async function connect(kubeconfig: string): Promise<State> {
  const config = new KubeConfig()
  config.loadFromFile(kubeconfig)
  const credentials: https.RequestOptions = {}
  await config.applyToHTTPSOptions(credentials)
  const server = config.getCurrentCluster()?.server
  if (server === undefined) throw new Error('the kubeconfig names no cluster')
  return {server: new URL(server), credentials, agent: new https.Agent({keepAlive: true}), rules: [], watches: new Set(), requests: []}
}

function kubeconfigFor(server: string): string {
  const name = 'fault-proxy'
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    // The library allows plain HTTP only to who says that TLS is not wanted.
    clusters: [{name, cluster: {server, 'insecure-skip-tls-verify': true}}],
    users: [{name, user: {}}],
    contexts: [{name, context: {cluster: name, user: name, namespace: 'default'}}],
    'current-context': name,
  })
}

function controls(state: State): Omit<FaultProxy, 'url' | 'kubeconfig' | 'close'> {
  function eachWatch(filter: Filter, act: (watch: Watch) => void): number {
    const chosen = [...state.watches].filter(({request}) => matches(filter, request))
    for (const watch of chosen) act(watch)
    return chosen.length
  }
  const counted = (filter: Filter) => state.requests.filter((request) => matches(filter, request))
  return {
    inject(filter, fault, times = Infinity) {
      const rule = {filter, fault, left: times}
      state.rules.unshift(rule)
      return () => {
        rule.left = 0
      }
    },
    cutWatches: (filter = {}) => eachWatch(filter, ({response}) => response.socket?.resetAndDestroy()),
    endWatches: (filter = {}) => eachWatch(filter, (watch) => endWith(watch, '')),
    failWatches: (code, filter = {}) => eachWatch(filter, (watch) => endWith(watch, errorEvent(code))),
    silenceWatches: (filter = {}) => eachWatch(filter, ({upstream, response}) => upstream.unpipe(response)),
    openWatches: (filter = {}) => eachWatch(filter, () => undefined),
    requests: (filter = {}) => counted(filter),
    counts: () => tally(state.requests.map(({verb, resource}) => `${verb} ${resource}`)),
    writes: () => counted({when: ({verb, resource}) => !['get', 'list', 'watch'].includes(verb) && resource !== 'leases'}),
    resetCounts: () => {
      state.requests = []
    },
  }
}

function serve(state: State, incoming: http.IncomingMessage, response: http.ServerResponse): void {
  const method = incoming.method ?? 'GET'
  const url = new URL(incoming.url ?? '/', state.server)
  const request: ProxiedRequest = {...askedFor(method, url), url, method, headers: incoming.headers, at: performance.now()}
  state.requests.push(request)
  const rule = state.rules.find(({filter, left}) => left > 0 && matches(filter, request))
  if (rule === undefined) {
    forward(state, request, {incoming, response, deliver: true})
    return
  }
  rule.left -= 1
  suffer(rule.fault, (deliver) => forward(state, request, {incoming, response, deliver}), response)
}

function suffer(fault: Fault, pass: (deliver: boolean) => void, response: http.ServerResponse): void {
  switch (fault.kind) {
    case 'reset':
      response.socket?.resetAndDestroy()
      return
    case 'silence':
      return
    case 'loseAnswer':
      pass(false)
      return
    case 'hold':
      void fault.until.then(() => pass(true))
      return
    case 'status': {
      const {code, reason, retryAfterSeconds} = fault
      const retry = retryAfterSeconds === undefined ? {} : {'retry-after': String(retryAfterSeconds)}
      response.writeHead(code, {'content-type': 'application/json', ...retry})
      response.end(JSON.stringify(statusOf(code, reason)))
      return
    }
    case 'errorEvent':
      response.writeHead(200, {'content-type': 'application/json'})
      response.end(errorEvent(fault.code))
      return
    default:
      fault satisfies never
  }
}

interface Passing {
  readonly incoming: http.IncomingMessage
  readonly response: http.ServerResponse
  /** False: the server does what it is asked, and the client never hears of it. */
  readonly deliver: boolean
}

function forward(state: State, request: ProxiedRequest, {incoming, response, deliver}: Passing): void {
  // Who brings a token comes as that user; the others as the kubeconfig's.
  const credentials = incoming.headers.authorization === undefined ? state.credentials : {ca: state.credentials.ca}
  const headers = {...incoming.headers, host: state.server.host}
  const call = https.request(request.url, {...credentials, agent: state.agent, method: request.method, headers})
  call.on('error', () => response.socket?.resetAndDestroy())
  call.on('response', (upstream) => {
    if (!deliver) {
      upstream.resume().on('end', () => response.socket?.resetAndDestroy())
      return
    }
    response.writeHead(upstream.statusCode ?? 502, upstream.headers)
    response.flushHeaders()
    upstream.on('error', () => response.socket?.resetAndDestroy())
    upstream.pipe(response)
    if (request.verb === 'watch') track(state, {request, response, upstream})
  })
  response.on('close', () => call.destroy())
  incoming.pipe(call)
}

function track(state: State, watch: Watch): void {
  state.watches.add(watch)
  watch.response.on('close', () => state.watches.delete(watch))
}

function endWith({upstream, response}: Watch, text: string): void {
  upstream.unpipe(response)
  response.end(text)
}

function errorEvent(code: number): string {
  return `${JSON.stringify({type: 'ERROR', object: statusOf(code)})}\n`
}

function statusOf(code: number, reason = code === 410 ? 'Expired' : 'InternalError'): object {
  return {kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', code, reason, message: `injected ${code}`}
}

function matches(filter: Filter, request: ProxiedRequest): boolean {
  const {verb, resource, namespace, name, when} = filter
  const sameResource = resource?.endsWith('*') ? request.resource.startsWith(resource.slice(0, -1)) : request.resource === resource
  return (
    (verb === undefined || verb === request.verb) &&
    (resource === undefined || sameResource) &&
    (namespace === undefined || namespace === request.namespace) &&
    (name === undefined || name === request.name) &&
    (when === undefined || when(request))
  )
}

function tally(keys: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const key of keys) counts[key] = (counts[key] ?? 0) + 1
  return counts
}

async function close(server: http.Server, state: State, folder: string): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
  state.agent.destroy()
  await rm(folder, {recursive: true, force: true})
}
