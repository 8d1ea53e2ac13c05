// What the http source makes of answers and connections that are not as they should be.
import {once} from 'node:events'
import net from 'node:net'
import type {AddressInfo} from 'node:net'
import {gzipSync} from 'node:zlib'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {startApi} from '../../support/api.ts'
import type {Answer, Api} from '../../support/api.ts'
import {httpSource, readBookings} from './source.ts'

let api: Api
beforeEach(async () => {
  api = await startApi()
})
afterEach(() => api.stop())

/** Answers once with a status, then with rows. */
function firstStatus(status: number, headers: Record<string, string> = {}, times = 1): void {
  let left = times
  api.answer((_request, response) => {
    if (left-- > 0) response.writeHead(status, headers).end('secret row')
    else response.writeHead(200).end('[{"a":1}]')
  })
}

const SILENT: Answer = () => undefined
const STUCK: Answer = (_request, response) => void response.writeHead(200).write('[{"a":1},')

/** A server that is no HTTP server. */
async function rawServer(onConnection: (socket: net.Socket) => void): Promise<{url: string; stop: () => void; count: () => number}> {
  let count = 0
  const server = net.createServer((socket) => {
    count += 1
    socket.on('error', () => undefined)
    onConnection(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {url: `http://api.test:${(server.address() as AddressInfo).port}/`, stop: () => server.close(), count: () => count}
}

describe('answers', () => {
  it.each([429, 500, 502, 503, 504, 408])('of %i are asked for again, after one and two seconds', async (status) => {
    firstStatus(status, {}, 2)
    const waits: number[] = []
    expect(await readBookings(`${api.origin}/`, {waits})).toBe('1\n')
    expect(waits).toEqual([1_000, 2_000])
  })

  it.each([
    ['seconds', '7', 7_000],
    ['a date', 'Sun, 01 Nov 2026 05:00:09 GMT', 9_000],
    ['a date that has passed', 'Sun, 01 Nov 2026 04:00:00 GMT', 0],
    ['nothing that is known', 'soon', 1_000],
  ])('say in Retry-After how long to wait: %s', async (_what, value, wait) => {
    firstStatus(429, {'retry-after': value})
    const waits: number[] = []
    expect(await readBookings(`${api.origin}/`, {waits})).toBe('1\n')
    expect(waits).toEqual([wait])
  })

  it.each([
    ['after five tries', {}, [1_000, 2_000, 4_000, 8_000]],
    ['at once where they ask for more than two minutes', {'retry-after': '121'}, []],
  ])('of 503 are left to the next attempt %s', async (_when, headers, expected) => {
    firstStatus(503, headers, 99)
    const waits: number[] = []
    await expect(readBookings(`${api.origin}/`, {waits})).rejects.toMatchObject({code: 'HttpUnavailable', transient: true, message: expect.stringContaining('503')})
    expect(waits).toEqual(expected)
  })

  it.each([
    [401, 'HttpDenied'],
    [403, 'HttpDenied'],
    [404, 'HttpNotFound'],
    [400, 'HttpRefused'],
    [302, 'HttpRedirected'],
    [206, 'HttpRefused'],
  ])('of %i end the run: %s', async (status, code) => {
    firstStatus(status, {location: 'http://169.254.169.254/latest'}, 99)
    const reading = readBookings(`${api.origin}/`)
    await expect(reading).rejects.toMatchObject({code, transient: false, message: expect.stringContaining(String(status))})
    await expect(reading).rejects.not.toMatchObject({message: expect.stringContaining('secret row')})
    expect(api.requests).toHaveLength(1)
  })

  it('that are no JSON say what they are', async () => {
    api.answer((_request, response) => void response.writeHead(200, {'content-type': 'text/html; charset=utf-8'}).end('<html>'))
    await expect(readBookings(`${api.origin}/`)).rejects.toMatchObject({code: 'JsonInvalid', transient: false, message: expect.stringContaining('content-type text/html')})
  })

  const JSON_BODY = '[{"a":1},{"a":2}]'
  it.each<[string, Answer]>([
    ['before the length that was said', (_request, response) => void response.writeHead(200, {'content-length': '99'}).write(JSON_BODY, () => response.destroy())],
    ['between two chunks', (_request, response) => void response.writeHead(200).write(JSON_BODY, () => response.destroy())],
    ['in the midst of JSON, politely', (_request, response) => void response.writeHead(200).end(JSON_BODY.slice(0, -1))],
    ['in the midst of gzip, politely', (_request, response) => void response.writeHead(200, {'content-encoding': 'gzip'}).end(gzipSync(JSON_BODY).subarray(0, -6))],
  ])('that break off %s are a fault that may pass', async (_where, answer) => {
    api.answer(answer)
    await expect(readBookings(`${api.origin}/`)).rejects.toMatchObject({code: 'HttpBodyCut', transient: true})
  })

  it.each<[string, string]>([
    ['a packing that is not known', 'br'],
    ['two packings', 'gzip, gzip'],
  ])('with %s are refused', async (_what, encoding) => {
    api.answer((_request, response) => void response.writeHead(200, {'content-encoding': encoding}).end('x'))
    await expect(readBookings(`${api.origin}/`)).rejects.toMatchObject({code: 'HttpInvalid', transient: false})
  })

  it.each(['GZIP', 'X-Gzip', ' gzip', 'Identity'])('may say in any letters how they are packed: %s', async (encoding) => {
    const body = /gzip/i.test(encoding) ? gzipSync(JSON_BODY) : JSON_BODY
    api.answer((_request, response) => void response.writeHead(200, {'content-encoding': encoding}).end(body))
    expect(await readBookings(`${api.origin}/`)).toBe('1\n2\n')
  })

  it('that never come, or stop coming, are a fault that may pass', async () => {
    for (const answer of [SILENT, STUCK]) {
      api.answer(answer)
      await expect(readBookings(`${api.origin}/`, {spec: {timeout: '1s'}})).rejects.toMatchObject({code: 'ConnectionTimeout', transient: true})
    }
  }, 20_000)
})

describe('connections', () => {
  it('that are reset are made again', async () => {
    const raw = await rawServer((socket) => socket.resetAndDestroy())
    const waits: number[] = []
    await expect(readBookings(raw.url, {waits})).rejects.toMatchObject({code: 'ConnectionLost', transient: true})
    expect([raw.count(), waits]).toEqual([5, [1_000, 2_000, 4_000, 8_000]])
    raw.stop()
  })

  it('to something that is not HTTP are refused', async () => {
    const raw = await rawServer((socket) => void socket.end('SSH-2.0-x\r\n'))
    await expect(readBookings(raw.url)).rejects.toMatchObject({code: 'HttpInvalid', transient: false})
    raw.stop()
  })

  it('that nobody accepts are tried again', async () => {
    await api.stop()
    const waits: number[] = []
    await expect(readBookings(`${api.origin}/`, {waits})).rejects.toMatchObject({code: 'ConnectionRefused', transient: true})
    expect(waits).toHaveLength(4)
    api = await startApi()
  })

  it('whose NDJSON has neither length nor chunks are refused: nobody could tell that its end is missing', async () => {
    const raw = await rawServer((socket) => void socket.end('HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{"a":1}\n'))
    await expect(readBookings(raw.url, {spec: {body: 'Ndjson'}})).rejects.toMatchObject({code: 'HttpInvalid', transient: false})
    raw.stop()
  })

  it('end at once when the run is called off while it waits', async () => {
    const run = new AbortController()
    const reason = new Error('called off')
    api.answer(() => run.abort(reason))
    await using snapshot = await httpSource(`${api.origin}/`).snapshot(run.signal)
    await expect(snapshot.open('bookings')).rejects.toBe(reason)
    await expect.poll(() => api.connections()).toBe(0)
  })
})
