// What every source must do. Each adapter's test calls this with its own harness, in a describe block of its own.
import {setFlagsFromString} from 'node:v8'
import {runInNewContext} from 'node:vm'
import {afterEach, beforeEach, expect, it} from 'vitest'
import {createFindings} from '../../formats/findings.ts'
import type {Dataset, Snapshot, Source} from '../types.ts'
import {readCopy} from './copy.ts'

/** A value of the dataset `bookings`; undefined is NULL. */
export type Value = string | undefined

export interface Table {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly Value[])[]
}

/** One empty place to read from. */
export interface SourceHarness {
  /** Puts rows there, as the dataset `bookings`. */
  put(table: Table): Promise<void>
  /** The same with that many rows of about 100 bytes, made where they are. */
  putMany(rows: number): Promise<void>
  source(): Promise<Source>
  /** Connections, files and the like that the source holds at this moment. */
  held(): Promise<number>
  dispose(): Promise<void>
}

const ALIVE = new AbortController().signal

export function describeSource(open: () => Promise<SourceHarness>): void {
  let place: SourceHarness
  let snapshot: Snapshot | undefined

  beforeEach(async () => {
    place = await open()
  })
  afterEach(async () => {
    await snapshot?.[Symbol.asyncDispose]()
    snapshot = undefined
    await place.dispose()
  })

  async function openBookings(signal = ALIVE): Promise<Dataset> {
    snapshot = await (await place.source()).snapshot(signal)
    return snapshot.open('bookings')
  }

  async function textOf(table: Table): Promise<string> {
    await place.put(table)
    return (await readAll(await openBookings())).toString()
  }

  it('names the columns in the order of the source', async () => {
    await place.put({columns: ['amount', 'Text', 'zz'], rows: []})
    expect((await openBookings()).columns.map(({name}) => name)).toEqual(['amount', 'Text', 'zz'])
  })

  it('writes COPY text: tabs between fields, a line feed after each row', async () => {
    expect(await textOf({columns: ['a', 'b'], rows: [['1', 'x'], ['2', 'y']]})).toBe('1\tx\n2\ty\n')
  })

  it('tells NULL from an empty text', async () => {
    expect(await textOf({columns: ['a', 'b', 'c'], rows: [[undefined, '', undefined]]})).toBe('\\N\t\t\\N\n')
  })

  it('escapes what would be read otherwise', async () => {
    const value = 'back\\slash, tab\t, line\nfeed, return\r, both\r\n, \b\f\v, and \\N'
    const escaped = 'back\\\\slash, tab\\t, line\\nfeed, return\\r, both\\r\\n, \\b\\f\\v, and \\\\N'
    expect(await textOf({columns: ['a', 'b'], rows: [[value, '\\N']]})).toBe(`${escaped}\t\\\\N\n`)
  })

  it('keeps every character, quotes and delimiters among them', async () => {
    const value = 'Müller & Söhne "GmbH"; 1,5 | 東京 😀 \u00a0\u{10ffff} \u0001 end'
    expect(await textOf({columns: ['a'], rows: [[value]]})).toBe(`${value}\n`)
  })

  it('hands on values of half a megabyte', async () => {
    const value = 'ä'.repeat(250_000)
    expect(await textOf({columns: ['a', 'b'], rows: [['1', value], ['2', value]]})).toBe(`1\t${value}\n2\t${value}\n`)
  })

  it('knows how many rows it handed out, at the end and not before', async () => {
    await place.putMany(12_345)
    const dataset = await openBookings()
    expect(() => dataset.rowCount()).toThrow(/not been read/)
    const bytes = await readAll(dataset)
    expect(dataset.rowCount()).toBe(12_345)
    expect(bytes.filter((byte) => byte === 0x0a).length).toBe(12_345)
  })

  it('reads an empty dataset', async () => {
    await place.put({columns: ['a'], rows: []})
    const dataset = await openBookings()
    expect((await readAll(dataset)).length).toBe(0)
    expect(dataset.rowCount()).toBe(0)
  })

  it('says when its view was taken', async () => {
    await place.put({columns: ['a'], rows: []})
    const {takenAt} = (snapshot = await (await place.source()).snapshot(ALIVE))
    expect(takenAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    expect(Math.abs(Date.now() - Date.parse(takenAt))).toBeLessThan(60_000)
  })

  it('refuses two columns of one name', async () => {
    await place.put({columns: ['a', 'b', 'a'], rows: []})
    await expect(openBookings()).rejects.toMatchObject({code: 'DuplicateColumn', transient: false, message: expect.stringContaining('bookings')})
  })

  it('refuses a dataset that it does not have', async () => {
    await place.put({columns: ['a'], rows: []})
    snapshot = await (await place.source()).snapshot(ALIVE)
    await expect(snapshot.open('journal_lines')).rejects.toMatchObject({code: 'DatasetMissing', transient: false})
  })

  it('releases what it holds when the reader stops in the midst', async () => {
    await place.putMany(200_000)
    for await (const chunk of (await openBookings()).chunks) {
      expect(chunk.length).toBeGreaterThan(0)
      break
    }
    await snapshot![Symbol.asyncDispose]()
    await expect.poll(() => place.held()).toBe(0)
  })

  it('releases what it holds when nobody began to read', async () => {
    await place.putMany(10)
    await openBookings()
    expect(await place.held()).toBeGreaterThan(0)
    await snapshot![Symbol.asyncDispose]()
    await expect.poll(() => place.held()).toBe(0)
  })

  it('stops at once when the run is called off, with the reason that was given', async () => {
    await place.putMany(200_000)
    const run = new AbortController()
    const dataset = await openBookings(run.signal)
    const reason = new Error('called off')
    const reading = readAll(dataset, () => run.abort(reason))
    await expect(reading).rejects.toBe(reason)
    await snapshot![Symbol.asyncDispose]()
    await expect.poll(() => place.held()).toBe(0)
    await expect((await place.source()).snapshot(run.signal)).rejects.toBe(reason)
  })

  it('takes no more memory for many rows than for few', async () => {
    await place.putMany(600_000)
    const dataset = await openBookings()
    const before = memoryInUse()
    let [peak, bytes, next] = [0, 0, 0]
    for await (const chunk of dataset.chunks) {
      bytes += chunk.length
      if (bytes < next) continue
      next += 8_000_000
      peak = Math.max(peak, memoryInUse() - before)
    }
    expect(bytes).toBeGreaterThan(50_000_000)
    expect(peak).toBeLessThan(32_000_000)
  })
}

/** The rows of the dataset, which are as many as it says. */
async function readBookings(snapshot: Snapshot): Promise<Value[][]> {
  const dataset = await snapshot.open('bookings')
  const rows = readCopy((await readAll(dataset)).toString())
  expect(dataset.rowCount()).toBe(rows.length)
  return rows
}

/** A place for values that the source cannot read. */
export interface WrongHarness extends SourceHarness {
  /** Puts three rows of booking_id (B1, B2, B3) and reversal, which is wrong in the second row. */
  putWrong(): Promise<void>
}

/** What a source must do that has values which it cannot read. */
export function describeWrongValues(open: () => Promise<WrongHarness>): void {
  let place: WrongHarness

  beforeEach(async () => {
    place = await open()
    await place.putWrong()
  })
  afterEach(() => place.dispose())

  it('hands on a row with such a value, a mark in its place, and says which it is, however often it is read', async () => {
    const findings = createFindings(100)
    await using snapshot = await (await place.source()).snapshot(ALIVE, findings)
    for (let time = 0; time < 2; time++) {
      const rows = await readBookings(snapshot)
      expect(rows.map(([id]) => id)).toEqual(['B1', 'B2', 'B3'])
      expect(rows[1]![1]).toContain('?')
      expect(findings.errors()).toMatchObject([{dataset: 'bookings', row: 2, key: {column: 'booking_id', value: 'B2'}, column: 'reversal'}])
    }
  })

  it('ends the dataset where there are enough of them, and releases what it holds', async () => {
    const findings = createFindings(1)
    const snapshot = await (await place.source()).snapshot(ALIVE, findings)
    expect((await readBookings(snapshot)).map(([id]) => id)).toEqual(['B1', 'B2'])
    expect(findings.errors()).toHaveLength(1)
    await snapshot[Symbol.asyncDispose]()
    await expect.poll(() => place.held()).toBe(0)
  })

  it('has a fault at the first of them, where nobody takes it', async () => {
    await using snapshot = await (await place.source()).snapshot(ALIVE)
    await expect(readBookings(snapshot)).rejects.toMatchObject({transient: false, message: expect.stringMatching(/^dataset bookings row 2.*, column reversal: must be/)})
  })
}

setFlagsFromString('--expose-gc')
const collectGarbage: unknown = runInNewContext('gc')

/** Bytes that something still refers to. */
function memoryInUse(): number {
  if (typeof collectGarbage === 'function') collectGarbage()
  const {heapUsed, arrayBuffers} = process.memoryUsage()
  return heapUsed + arrayBuffers
}

/** All bytes of a dataset, copied as they come. */
export async function readAll(dataset: Dataset, afterEachChunk: () => void = () => undefined): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of dataset.chunks) {
    chunks.push(Uint8Array.from(chunk))
    afterEachChunk()
  }
  return Buffer.concat(chunks)
}
