// The two requests that an exporter makes of the API server: read its export, patch its status. The client library would cost every pod 70 MiB.
import {readFile} from 'node:fs/promises'
import {request} from 'node:https'
import type {IncomingMessage} from 'node:http'
import {join} from 'node:path'
import {GROUP, PLURAL, RUNNER_FIELD_MANAGER, VERSION} from '../../crds/names.ts'
import type {ApiAddress} from '../environment.ts'

/** An export is far smaller; whatever is larger is not one. */
const MAX_ANSWER_BYTES = 4 * 1024 * 1024

export interface Answer {
  readonly code: number
  readonly body: unknown
}

export interface ExportApi {
  /** GET of the export. Rejects where there was no answer, or the signal came first. */
  read(signal: AbortSignal): Promise<Answer>
  /** JSON merge patch of its status subresource. */
  patchStatus(patch: unknown, signal: AbortSignal): Promise<Answer>
}

/** Requests with the pod's own account; token and CA are read anew each time, for the kubelet renews them. */
export function createExportApi(address: ApiAddress, {namespace, name}: {namespace: string; name: string}): ExportApi {
  const path = `/apis/${GROUP}/${VERSION}/namespaces/${namespace}/${PLURAL}/${name}`
  return {
    read: (signal) => call(address, {method: 'GET', path, signal}),
    patchStatus: (patch, signal) => {
      const query = `?fieldManager=${RUNNER_FIELD_MANAGER}`
      return call(address, {method: 'PATCH', path: `${path}/status${query}`, body: JSON.stringify(patch), signal})
    },
  }
}

interface Call {
  readonly method: 'GET' | 'PATCH'
  readonly path: string
  readonly body?: string
  readonly signal: AbortSignal
}

async function call({host, port, credentials}: ApiAddress, {method, path, body, signal}: Call): Promise<Answer> {
  const [token, ca] = await Promise.all([readFile(join(credentials, 'token'), 'utf8'), readFile(join(credentials, 'ca.crt'))])
  const headers = {
    authorization: `Bearer ${token.trim()}`,
    accept: 'application/json',
    ...(body !== undefined && {'content-type': 'application/merge-patch+json', 'content-length': Buffer.byteLength(body)}),
  }
  const {promise, resolve, reject} = Promise.withResolvers<IncomingMessage>()
  request({host, port, method, path, headers, ca, signal, agent: false}, resolve).on('error', reject).end(body)
  const response = await promise
  return {code: response.statusCode ?? 0, body: parse(await readBody(response))}
}

async function readBody(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > MAX_ANSWER_BYTES) throw new Error(`the API server's answer is larger than ${MAX_ANSWER_BYTES} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}

/** The text itself where it is not JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}
