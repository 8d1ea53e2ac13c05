// The files of a run, one open at a time, numbered: the next one begins with a booking, so that none is parted from its shares and documents.
import type {FileSink, FileWriter} from '../types.ts'

const BUFFER_BYTES = 256 * 1024

/** The open file. The encoder writes into `out` at `at` and counts; the rest belongs to this module. */
export interface Part {
  out: Uint8Array
  at: number
  /** Lines after the headings. */
  rows: number
  bookings: number
  writer: FileWriter | undefined
}

export interface PartsOptions {
  readonly sink: FileSink
  readonly maxRowBytes: number
  /** Bookings a file. */
  readonly maxBookings: number
  fileName(number: number): string
  /** What every file begins with. */
  readonly opening: Uint8Array
}

export interface Parts {
  current(): Part
  /** Whether one more row fits as things are; a booking may have to go into the next file. */
  isReady(isBooking: boolean): boolean
  /** Makes room for the row that isReady was asked about last: opens, writes out, or begins the next file. */
  prepare(): Promise<void>
  /** Writes out and closes; makes a file without rows where there is none and `emptyFile` is true. */
  close(emptyFile: boolean): Promise<void>
  /** Waits for a file that is being closed, whatever becomes of it: after a fault nothing goes on behind the run's back. */
  settle(): Promise<void>
}

export function createParts(options: PartsOptions): Parts {
  const part: Part = {out: new Uint8Array(0), at: 0, rows: 0, bookings: 0, writer: undefined}
  let files = 0
  let wantsNext = false
  /** Closing takes as long as the disk needs to make a file durable: meanwhile the next one is filled. */
  let closing: Promise<void> = Promise.resolve()

  async function open(): Promise<void> {
    const {opening, maxRowBytes, sink} = options
    if (part.out.length === 0) part.out = Buffer.allocUnsafeSlow(Math.max(BUFFER_BYTES, opening.length + maxRowBytes))
    files++
    part.writer = await sink.create(options.fileName(files))
    part.out.set(opening)
    part.at = opening.length
    part.rows = part.bookings = 0
  }

  async function writeOut(): Promise<void> {
    await part.writer?.write(part.out.subarray(0, part.at))
    part.at = 0
  }

  async function closeFile(): Promise<void> {
    const {writer} = part
    if (writer === undefined) return
    await writeOut()
    part.writer = undefined
    await closing
    closing = writer.close(part.rows)
    // Met at the next close, or at the end: until then nobody waits for it.
    closing.catch(() => undefined)
  }

  return {
    current: () => part,
    isReady(isBooking) {
      wantsNext = isBooking && part.bookings >= options.maxBookings
      return part.writer !== undefined && !wantsNext && part.out.length - part.at >= options.maxRowBytes
    },
    async prepare() {
      if (wantsNext) await closeFile()
      if (part.writer === undefined) await open()
      if (part.out.length - part.at < options.maxRowBytes) await writeOut()
    },
    async close(emptyFile) {
      if (files === 0 && emptyFile) await open()
      await closeFile()
      await closing
    },
    settle: () => closing.catch(() => undefined),
  }
}
