// COPY … TO STDOUT read from the socket itself: PostgreSQL sends a message a row, and an object a row is what a million rows cannot afford.
// The client library's parser is put aside while rows come and gets back whatever comes after them.
import type {Connection, Submittable} from 'pg'
import {createCopyDecoder} from './copy-decoder.ts'

/** Bytes that may wait for the reader before the server is held up. */
const WAITING_BYTES = 256 * 1024

export interface CopyOut extends Submittable {
  /** The rows' bytes, cut anywhere; ends when the server has confirmed the end. To be read once. Faults: those of pg. */
  readonly chunks: AsyncGenerator<Uint8Array, void, undefined>
  /** As the server counted them; undefined before the end. */
  rowCount(): number | undefined
}

function nobodyWaits(): void {}

type DataListener = (bytes: Buffer) => void

/** A query for client.query(); it must be the only one until its chunks have ended. */
export function createCopyOut(text: string): CopyOut {
  const decoder = createCopyDecoder()
  const waiting: Uint8Array[] = []
  let waitingBytes = 0
  let socket: Connection['stream'] | undefined
  let failure: Error | undefined
  let ended = false
  let rowCount: number | undefined
  let wake = nobodyWaits

  /** Takes the socket's bytes away from the library until the rows have ended. */
  function attach({stream}: Connection): void {
    socket = stream
    const listener = stream.listeners('data')[0] as DataListener
    stream.removeListener('data', listener)
    const onData: DataListener = (bytes) => {
      const {rows, rest} = decoder.decode(bytes)
      if (rows.length > 0) push(rows)
      if (rest === undefined) return
      stream.removeListener('data', onData)
      stream.on('data', listener)
      stream.resume()
      listener(rest)
    }
    stream.on('data', onData)
  }

  function push(rows: Uint8Array): void {
    waiting.push(rows)
    waitingBytes += rows.length
    if (waitingBytes >= WAITING_BYTES) socket!.pause()
    wake()
  }

  async function* read(): AsyncGenerator<Uint8Array, void, undefined> {
    for (;;) {
      if (failure !== undefined) throw failure
      const rows = waiting.shift()
      if (rows !== undefined) {
        waitingBytes -= rows.length
        if (waitingBytes < WAITING_BYTES) socket!.resume()
        yield rows
        giveBack(rows)
      } else if (ended) return
      else await new Promise<void>((resolve) => (wake = resolve))
    }
  }

  return {
    submit(connection) {
      attach(connection)
      connection.query(text)
    },
    handleError(error: Error) {
      failure = error
      wake()
    },
    handleCommandComplete(message: {readonly text: string}) {
      rowCount = Number(/^COPY (\d+)$/.exec(message.text)?.[1])
    },
    handleReadyForQuery() {
      ended = true
      wake()
    },
    chunks: read(),
    rowCount: () => rowCount,
  } as CopyOut
}

/** Frees a chunk's memory at once. Nothing else makes garbage here, and by itself the collector would find it only in costly full passes. */
function giveBack({buffer}: Uint8Array): void {
  if (buffer instanceof ArrayBuffer) buffer.transfer(0)
}
