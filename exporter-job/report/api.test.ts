// The two requests over real TLS, against a server with a certificate authority of its own.
import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises'
import {createServer} from 'node:https'
import type {Server} from 'node:https'
import type {IncomingMessage, ServerResponse} from 'node:http'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, beforeAll, beforeEach, describe, expect, it} from 'vitest'
import {makeAuthority} from '../../test/cluster/pki.ts'
import {createExportApi} from './api.ts'
import type {ExportApi} from './api.ts'

let folder: string
let server: Server
let api: ExportApi
let handle: (request: IncomingMessage & {text: string}, response: ServerResponse) => void

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'api-'))
  const authority = await makeAuthority(folder)
  const pair = await authority.issue('server', {user: 'kube-apiserver', names: ['IP:127.0.0.1']})
  server = createServer({cert: await readFile(pair.certificate), key: await readFile(pair.key)}, (request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => handle(Object.assign(request, {text: Buffer.concat(chunks).toString()}), response))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  await writeFile(join(folder, 'ca.crt'), await readFile(authority.certificate))
})
afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await rm(folder, {recursive: true})
})
beforeEach(async () => {
  await writeFile(join(folder, 'token'), 'first-token\n')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  api = createExportApi({host: '127.0.0.1', port, credentials: folder}, {namespace: 'acme', name: 'datev-monthly'})
})

function soon(): AbortSignal {
  return AbortSignal.timeout(5_000)
}

describe('requests of the API server', () => {
  it('read the export with the token as it is on disk at that moment', async () => {
    const seen: unknown[] = []
    handle = ({method, url, headers}, response) => {
      seen.push([method, url, headers.authorization])
      response.end('{"status": {}}')
    }
    expect(await api.read(soon())).toEqual({code: 200, body: {status: {}}})
    await writeFile(join(folder, 'token'), 'renewed-token')
    await api.read(soon())
    const url = '/apis/scheduledexport.dev/v1alpha1/namespaces/acme/scheduledexports/datev-monthly'
    expect(seen).toEqual([['GET', url, 'Bearer first-token'], ['GET', url, 'Bearer renewed-token']])
  })

  it('patch the status by merge patch, under our field manager', async () => {
    let seen: unknown
    handle = ({method, url, headers, text}, response) => {
      seen = [method, url, headers['content-type'], JSON.parse(text)]
      response.writeHead(409).end('{"message": "modified"}')
    }
    expect(await api.patchStatus({status: {lastRun: {name: 'ä'}}}, soon())).toEqual({code: 409, body: {message: 'modified'}})
    const url = '/apis/scheduledexport.dev/v1alpha1/namespaces/acme/scheduledexports/datev-monthly/status?fieldManager=scheduled-export-runner'
    expect(seen).toEqual(['PATCH', url, 'application/merge-patch+json', {status: {lastRun: {name: 'ä'}}}])
  })

  it('give text back that is no JSON', async () => {
    handle = (_request, response) => void response.writeHead(503).end('upstream is away')
    expect(await api.read(soon())).toEqual({code: 503, body: 'upstream is away'})
  })

  it('end when the signal says so, before the answer and in the midst of it', async () => {
    handle = () => undefined
    await expect(api.read(AbortSignal.timeout(50))).rejects.toThrow(/abort|timeout/i)
    handle = (_request, response) => void response.write('{"status"')
    await expect(api.read(AbortSignal.timeout(50))).rejects.toThrow(/abort|timeout/i)
  })

  it('refuse an answer without end', async () => {
    handle = (_request, response) => {
      const block = 'x'.repeat(1 << 20)
      const write = (): void => {
        while (!response.destroyed && response.write(block));
        if (!response.destroyed) response.once('drain', write)
      }
      write()
    }
    await expect(api.read(soon())).rejects.toThrow(/larger than/)
  })

  it('trust no other certificate authority', async () => {
    const other = await makeAuthority(join(folder, 'other'))
    const stranger = createExportApi({host: '127.0.0.1', port: portOf(), credentials: join(folder, 'other')}, {namespace: 'acme', name: 'x'})
    await writeFile(join(folder, 'other', 'ca.crt'), await readFile(other.certificate))
    await writeFile(join(folder, 'other', 'token'), 't')
    handle = (_request, response) => void response.end('{}')
    await expect(stranger.read(soon())).rejects.toThrow(/certificate/)
  })

  it('fail where the pod has no credentials', async () => {
    const bare = createExportApi({host: '127.0.0.1', port: portOf(), credentials: join(folder, 'none')}, {namespace: 'acme', name: 'x'})
    await expect(bare.read(soon())).rejects.toThrow(/ENOENT/)
  })
})

function portOf(): number {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}
