// A real HTTP server for the tests of the http source: it answers as it is told, and remembers what it was asked.
import {readFile} from 'node:fs/promises'
import http from 'node:http'
import https from 'node:https'
import type {AddressInfo} from 'node:net'
import {pipeline} from 'node:stream/promises'
import {createGzip} from 'node:zlib'

export type Answer = (request: http.IncomingMessage, response: http.ServerResponse, url: URL) => void | Promise<void>

export interface Api {
  /** http://api.test:PORT: a name that only the tests' own resolver knows. */
  readonly origin: string
  readonly requests: {readonly url: URL; readonly headers: http.IncomingHttpHeaders}[]
  answer(how: Answer): void
  connections(): Promise<number>
  stop(): Promise<void>
}

export interface ApiOptions {
  /** Paths of a certificate and its key: then it is https. */
  readonly tls?: {readonly certificate: string; readonly key: string}
}

const nothingThere: Answer = (_request, response) => void response.writeHead(404).end()

export async function startApi({tls}: ApiOptions = {}): Promise<Api> {
  let answer = nothingThere
  const requests: Api['requests'] = []
  const handle: http.RequestListener = (request, response) => {
    const url = new URL(request.url ?? '/', 'http://api.test')
    requests.push({url, headers: request.headers})
    // A reader that stops in the midst is none of the server's faults.
    response.on('error', () => undefined)
    void Promise.resolve(answer(request, response, url)).catch(() => response.destroy())
  }
  const server = tls === undefined ? http.createServer(handle) : https.createServer({cert: await readFile(tls.certificate), key: await readFile(tls.key)}, handle)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const {port} = server.address() as AddressInfo
  return {
    origin: `${tls === undefined ? 'http' : 'https'}://api.test:${port}`,
    requests,
    answer(how) {
      answer = how
    },
    connections: () => new Promise((resolve, reject) => server.getConnections((error, count) => (error ? reject(error) : resolve(count)))),
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Writes as fast as the reader takes it, and no faster; a reader that goes away is no fault. */
export async function writeAll(response: http.ServerResponse, parts: Iterable<string | Buffer>, {gzip = false}: {gzip?: boolean} = {}): Promise<void> {
  const writing = gzip ? pipeline(parts, createGzip({level: 1}), response) : pipeline(parts, response)
  await writing.catch(() => undefined)
}

/** Answers with JSON, one after the other; the last one again and again. */
export function answerInTurn(api: Api, bodies: readonly unknown[]): void {
  let next = 0
  api.answer((_request, response) => {
    const body = bodies[Math.min(next++, bodies.length - 1)]
    response.writeHead(200, {'content-type': 'application/json'}).end(JSON.stringify(body))
  })
}
