// Whatever an API answers, byte for byte: rows, refusals, or a fault that the program foresaw.
import {once} from 'node:events'
import net from 'node:net'
import type {AddressInfo} from 'node:net'
import {gzipSync} from 'node:zlib'
import * as fc from 'fast-check'
import {afterAll, beforeAll, expect, it} from 'vitest'
import {RunFault} from '../../../exporter-job/errors.ts'
import {createFindings} from '../../../exporter-job/formats/findings.ts'
import {readCopy} from '../../../exporter-job/sources/testing/copy.ts'
import {readBookings} from './source.ts'
import type {Given} from './source.ts'

let answer: Buffer = Buffer.alloc(0)
let origin = ''
const server = net.createServer((socket) => {
  socket.on('error', () => undefined)
  socket.once('data', () => socket.end(answer))
})

beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  origin = `http://api.test:${(server.address() as AddressInfo).port}`
})
afterAll(() => void server.close())

const BODIES: readonly {readonly body: Buffer; readonly headers: string; readonly given: Given}[] = [
  {body: Buffer.from('[{"a":"1.50","b":"x"},{"b":"y","a":null}]'), headers: '', given: {}},
  {body: Buffer.from('{"data":[{"a":"1.50"}],"next":null}'), headers: '', given: {spec: {pagination: {cursor: {path: 'next', parameter: 'after'}}}, dataset: {rowsPath: 'data'}}},
  {body: Buffer.from('{"a":"1.50","b":"x"}\n{"a":2}\n'), headers: '', given: {spec: {body: 'Ndjson'}}},
  {body: gzipSync('[{"a":"1.50"}]'), headers: 'Content-Encoding: gzip\r\n', given: {}},
  {body: Buffer.from('[{"a":"1.50"}]'), headers: 'Link: </x?page=2>; rel="prev", </>; rel="first"\r\n', given: {spec: {pagination: {link: {}}}}},
]

/** An answer with a few of its bytes changed, left out or doubled, and perhaps cut off. */
const answers = fc.record({
  which: fc.nat(BODIES.length - 1),
  chunked: fc.boolean(),
  /** Or in the whole answer. */
  inBody: fc.boolean(),
  changes: fc.array(fc.record({at: fc.nat(), drop: fc.nat(2), add: fc.uint8Array({maxLength: 2})}), {maxLength: 4}),
  length: fc.option(fc.nat(), {nil: undefined, freq: 4}),
})

function changed(bytes: Buffer, changes: readonly {at: number; drop: number; add: Uint8Array}[]): Buffer {
  return changes.reduce((before, {at, drop, add}) => {
    const place = at % (before.length + 1)
    return Buffer.concat([before.subarray(0, place), add, before.subarray(place + drop)])
  }, bytes)
}

function responseOf(body: Buffer, headers: string, chunked: boolean): Buffer {
  const framing = chunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${body.length}`
  const framed = chunked ? Buffer.concat([Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from('\r\n0\r\n\r\n')]) : body
  return Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\nConnection: close\r\n${headers}${framing}\r\n\r\n`), framed])
}

it('is read, listed, or a named fault', async () => {
  const columns = [{name: 'a', type: 'numeric'}, {name: 'b'}]
  let read = 0
  await fc.assert(
    fc.asyncProperty(answers, async ({which, chunked, inBody, changes, length}) => {
      const {body, headers, given} = BODIES[which]!
      answer = inBody ? responseOf(changed(body, changes), headers, chunked) : changed(responseOf(body, headers, chunked), changes)
      if (length !== undefined) answer = answer.subarray(0, length % (answer.length + 1))
      const findings = createFindings(100)
      const rows = await readBookings(`${origin}/`, {...given, dataset: {...given.dataset, columns}, refusals: findings}).catch((error: unknown) => {
        if (!(error instanceof RunFault)) throw error
        return undefined
      })
      if (rows === undefined) return
      read += 1
      const amounts = readCopy(rows).map(([amount]) => amount)
      for (const [index, amount] of amounts.entries()) {
        const isListed = findings.errors().some(({row, column}) => row === index + 1 && column !== 'b')
        expect(amount === undefined || isListed || /^-?\d+(\.\d+)?$/.test(amount)).toBe(true)
      }
    }),
    {numRuns: 600},
  )
  expect(read).toBeGreaterThan(50)
}, 60_000)
