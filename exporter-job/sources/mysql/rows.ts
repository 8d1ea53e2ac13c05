// The rows of a query as they come: bytes of COPY's text format, with backpressure up to the server.
import {TransientFault} from '../../errors.ts'
import {FindingsFull} from '../../formats/findings.ts'
import type {RowRefusals} from '../refusals.ts'
import type {DatasetColumn} from '../types.ts'
import type {Connection} from './connection.ts'
import {createRowEncoder} from './encoder.ts'
import type {RowEncoder} from './encoder.ts'
import type {Packet, RawFields, RawQuery} from './library.ts'

/** As soon as that many bytes wait to be taken, the socket is no longer read. */
const ENOUGH_BYTES = 256 * 1024

export interface Reading {
  readonly dataset: string
  readonly columns: readonly DatasetColumn[]
  readonly refused: RowRefusals
  /** An EXECUTE, whose rows are those of the dataset. */
  readonly sql: string
}

export interface Read {
  readonly rows: number
  /** Of the server, about the whole query. */
  readonly warnings: number
  /** False where enough of them could not be read: the others were not asked for. */
  readonly isWhole: boolean
}

/** Gives the rows and, at the end, how many there were. A chunk is valid until the next one is asked for. Throws what mysql2 or the server says. */
export async function* readRows(connection: Connection, {dataset, columns, refused, sql}: Reading): AsyncGenerator<Uint8Array, Read> {
  const {raw} = connection
  let encoder: RowEncoder | undefined
  let warnings = 0
  let failure: unknown
  let [ended, full, enough] = [false, false, false]
  let wake = nobodyWaits

  function fail(error: unknown): void {
    failure ??= error
    wake()
  }
  connection.onLost(() => fail(connection.lost()))

  const query = raw.query({sql}) as RawQuery
  const endOfRows = query.row
  query.on('error', fail)
  query.on('end', () => {
    ended = true
    wake()
  })
  query.on('fields', (fields: RawFields) => {
    if (isSame(columns, fields)) encoder = createRowEncoder(fields, refused)
    else fail(new TransientFault('DatabaseConflict', `dataset ${dataset}: a table was changed while it was read`))
  })
  query.row = takeRow

  /** What the library would make an object of. It is called for every packet, synchronously, and takes the next one too. */
  function takeRow(this: RawQuery, packet: Packet): ReturnType<typeof endOfRows> {
    if (packet.isEOF()) {
      warnings = packet.buffer[packet.offset + 1]! + 256 * packet.buffer[packet.offset + 2]!
      return endOfRows.call(query, packet, raw)
    }
    if (failure !== undefined || enough || encoder === undefined) return takeRow
    try {
      encoder.add(packet)
    } catch (error) {
      if (error instanceof FindingsFull) enough = true
      else fail(error)
      wake()
    }
    if (encoder.used() >= ENOUGH_BYTES && !full) {
      full = true
      raw.stream.pause()
      wake()
    }
    return takeRow
  }

  for (;;) {
    if (failure !== undefined) throw failure
    if (encoder !== undefined && (full || ended || enough) && encoder.used() > 0) {
      const chunk = encoder.take()
      full = false
      // The next rows may come while somebody makes use of these.
      raw.stream.resume()
      yield chunk
    } else if (ended || enough) {
      return {rows: encoder?.rows() ?? 0, warnings, isWhole: !enough}
    } else {
      await new Promise<void>((resolve) => (wake = resolve))
    }
  }
}

function nobodyWaits(): void {
  // Whoever takes rows looks before waiting.
}

function isSame(columns: readonly DatasetColumn[], fields: RawFields): boolean {
  return columns.length === fields.length && columns.every(({name}, index) => fields[index]?.name === name)
}
