// The two requests that an exporter makes of the API server: read its export, patch its status. The client library would cost every pod 70 MiB.
import {readFile} from 'node:fs/promises'
import {request} from 'node:https'
import {join} from 'node:path'
import {GROUP, PLURAL, RUNNER_FIELD_MANAGER, VERSION} from '../../crds/names.ts'
import type {ApiAddress} from '../environment.ts'

/** An export is far smaller; whatever is larger is not one. */
const MAX_ANSWER_BYTES = 4 * 1024 * 1024
const TIMEOUT_MS = 10_000

export interface Answer {
  readonly code: number
  readonly body: unknown
}

export interface ExportApi {
  /** GET of the export. Rejects where there was no answer. */
  read(): Promise<Answer>
  /** JSON merge patch of its status subresource. */
  patchStatus(patch: unknown): Promise<Answer>
}

/** Requests with the pod's own account; token and CA are read anew each time, for the kubelet renews them. */
export function createExportApi(address: ApiAddress, {namespace, name}: {namespace: string; name: string}): ExportApi {
  const path = `/apis/${GROUP}/${VERSION}/namespaces/${namespace}/${PLURAL}/${name}`
  return {
    read: async () => await call(address, {method: 'GET', path}),
    patchStatus: async (patch) => {
      const query = `?fieldManager=${RUNNER_FIELD_MANAGER}`
      return await call(address, {method: 'PATCH', path: `${path}/status${query}`, body: JSON.stringify(patch)})
    },
  }
}

interface Call {
  readonly method: 'GET' | 'PATCH'
  readonly path: string
  readonly body?: string
}

async function call({host, port, credentials}: ApiAddress, {method, path, body}: Call): Promise<Answer> {
  const [token, ca] = await Promise.all([readFile(join(credentials, 'token'), 'utf8'), readFile(join(credentials, 'ca.crt'))])
  const headers = {
    authorization: `Bearer ${token.trim()}`,
    accept: 'application/json',
    ...(body !== undefined && {'content-type': 'application/merge-patch+json', 'content-length': Buffer.byteLength(body)}),
  }
  return await new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(TIMEOUT_MS)
    const sent = request({host, port, method, path, headers, ca, signal, agent: false}, (response) => {
      const chunks: Buffer[] = []
      let bytes = 0
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length
        if (bytes > MAX_ANSWER_BYTES) response.destroy(new Error(`the API server's answer is larger than ${MAX_ANSWER_BYTES} bytes`))
        else chunks.push(chunk)
      })
      response.on('error', reject)
      response.on('end', () => resolve({code: response.statusCode ?? 0, body: parse(Buffer.concat(chunks).toString())}))
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

/** The text itself where it is not JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}
