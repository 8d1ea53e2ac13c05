// One HTTP exchange with the API server, over a connection that is kept: send, read within limits, split a stream into lines.
import http from 'node:http'
import https from 'node:https'
import {StringDecoder} from 'node:string_decoder'

export interface HttpCall {
  readonly url: URL
  /** Method, headers, TLS material, agent, signal. */
  readonly options: https.RequestOptions
  readonly body?: string
}

/** Nothing that the operator reads comes near this. */
const MAX_BODY_BYTES = 256 * 1024 * 1024

/** Sends a request and resolves with the head of the answer. */
export async function send(call: HttpCall): Promise<http.IncomingMessage> {
  try {
    return await attempt(call)
  } catch (error) {
    // The server had closed a kept connection just as it was used again. Only reads: a write may have been done.
    if (error instanceof StaleConnection && call.options.method === 'GET') return await attempt(call)
    throw error
  }
}

class StaleConnection extends Error {}

function attempt(call: HttpCall): Promise<http.IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = (call.url.protocol === 'https:' ? https : http).request(call.url, call.options)
    request.once('response', resolve)
    // Stays for the life of the request: an error without a listener would end the process.
    request.on('error', (error: NodeJS.ErrnoException) => {
      const stale = request.reusedSocket && error.code === 'ECONNRESET'
      reject(stale ? new StaleConnection(error.message, {cause: error}) : error)
    })
    request.end(call.body)
  })
}

/** The whole body as text; rejects when it breaks off or is far too long. */
export async function readBody(response: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > MAX_BODY_BYTES) throw new Error(`the answer is longer than ${MAX_BODY_BYTES} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** Lines of a stream, without their ends; a last line that is not ended is dropped, for it is not whole. */
export async function* splitLines(stream: AsyncIterable<Buffer>): AsyncGenerator<string, void, undefined> {
  const decoder = new StringDecoder('utf8')
  let parts: string[] = []
  for await (const chunk of stream) {
    const text = decoder.write(chunk)
    let start = 0
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
      parts.push(text.slice(start, end))
      start = end + 1
      yield parts.join('')
      parts = []
    }
    if (start < text.length) parts.push(text.slice(start))
  }
}
