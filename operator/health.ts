// One small HTTP server: is the process alive, is it ready, what does it measure.
import {createServer} from 'node:http'
import type {IncomingMessage, Server, ServerResponse} from 'node:http'
import type {AddressInfo} from 'node:net'
import {messageOf} from './kube/errors.ts'

export interface HealthOptions {
  /** 0 takes a free port. */
  readonly port: number
  /** What is not ready yet, in words; empty when everything is. */
  readonly unready: () => readonly string[]
  readonly metrics: () => Promise<{readonly contentType: string; readonly text: string}>
}

export interface HealthServer {
  readonly port: number
  close(): Promise<void>
}

/** Listens on all addresses; rejects when the port is taken. */
export async function startHealthServer(options: HealthOptions): Promise<HealthServer> {
  const server = createServer((request, response) => {
    answer(options, request)
      .catch((error: unknown) => ({status: 500, type: 'text/plain', text: `${messageOf(error)}\n`}))
      .then((reply) => send(response, reply))
      .catch(() => response.destroy())
  })
  server.requestTimeout = 10_000
  server.headersTimeout = 5000
  await listen(server, options.port)
  return {port: (server.address() as AddressInfo).port, close: () => close(server)}
}

interface Reply {
  readonly status: number
  readonly type: string
  readonly text: string
}

async function answer(options: HealthOptions, request: IncomingMessage): Promise<Reply> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return plain(405, 'only GET and HEAD')
  switch (new URL(request.url ?? '/', 'http://localhost').pathname) {
    case '/healthz':
      // That the event loop answers is what there is to know: a broken connection is repaired, and a lost Lease ends the process.
      return plain(200, 'ok')
    case '/readyz': {
      const missing = options.unready()
      return missing.length === 0 ? plain(200, 'ok') : plain(503, `not ready: ${missing.join(', ')}`)
    }
    case '/metrics': {
      const {contentType, text} = await options.metrics()
      return {status: 200, type: contentType, text}
    }
    default:
      return plain(404, 'there is /healthz, /readyz and /metrics')
  }
}

function plain(status: number, text: string): Reply {
  return {status, type: 'text/plain; charset=utf-8', text: `${text}\n`}
}

function send(response: ServerResponse, {status, type, text}: Reply): void {
  response.writeHead(status, {'content-type': type, 'content-length': Buffer.byteLength(text), 'x-content-type-options': 'nosniff'})
  response.end(text)
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

/** A scraper keeps its connection; it must not keep the process. */
function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve()
    })
    server.closeAllConnections()
  })
}
