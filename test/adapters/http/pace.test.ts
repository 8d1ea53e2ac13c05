// The http source reads at the pace of whoever takes its rows: what nobody takes stays with the API.
import {once} from 'node:events'
import {gzipSync} from 'node:zlib'
import {afterEach, beforeEach, expect, it} from 'vitest'
import {startApi} from '../../support/api.ts'
import type {Api} from '../../support/api.ts'
import {httpSource} from './source.ts'

const ALIVE = new AbortController().signal
const MEBIBYTE = 1 << 20
/** A mebibyte of rows. */
const ROWS = `{"a":"${'x'.repeat(1_000)}"}\n`.repeat(1_039)

let api: Api
beforeEach(async () => {
  api = await startApi()
})
afterEach(() => api.stop())

/** The value once it has stayed the same from one look to the next. */
async function settled(look: () => number): Promise<number> {
  let last = -1
  await expect
    .poll(() => {
      const [before, now] = [last, look()]
      last = now
      return now > 0 && now === before
    })
    .toBe(true)
  return last
}

/** Of bytes, which rows are all the way. */
function memory(): number {
  return process.memoryUsage().arrayBuffers
}

it('of a long answer no more is asked for than is taken', async () => {
  let sent = 0
  api.answer(async (_request, response) => {
    response.writeHead(200)
    for (; sent < 200; sent++) if (!response.write(ROWS)) await once(response, 'drain')
    response.end()
  })
  await using snapshot = await httpSource(`${api.origin}/`, {spec: {body: 'Ndjson'}}).snapshot(ALIVE)
  const chunks = (await snapshot.open('bookings')).chunks[Symbol.asyncIterator]()
  await chunks.next()
  expect(await settled(() => sent)).toBeLessThan(40)
  let bytes = 0
  for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) bytes += next.value.length
  expect(bytes).toBeGreaterThan(190 * MEBIBYTE)
  expect(sent).toBe(200)
})

it('of a packed answer no more is unpacked than is taken', async () => {
  const packed = gzipSync(ROWS.repeat(200))
  api.answer((_request, response) => void response.writeHead(200, {'content-encoding': 'gzip'}).end(packed))
  await using snapshot = await httpSource(`${api.origin}/`, {spec: {body: 'Ndjson'}}).snapshot(ALIVE)
  const chunks = (await snapshot.open('bookings')).chunks[Symbol.asyncIterator]()
  const before = memory()
  await chunks.next()
  // The whole answer has arrived; nothing else goes on by then.
  await settled(() => api.requests.length)
  expect(memory() - before).toBeLessThan(16 * MEBIBYTE)
})
