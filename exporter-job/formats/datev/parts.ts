// The files of a run: one open at a time for each range of days, numbered when they are full.
import type {FileSink, FileWriter} from '../types.ts'
import type {StackRange} from './ranges.ts'

/** DATEV imports no more postings from one file. */
export const MAX_ROWS_PER_FILE = 99_999

const BUFFER_BYTES = 256 * 1024

/** The open file of one range. The encoder writes into `out` at `at` and counts `rows`; the rest belongs to this module. */
export interface Part {
  readonly range: StackRange
  /** That the range lies in: 202610. */
  readonly month: number
  /** Filled, written out and filled again: a writer takes bytes over before it lets go on, and overlaps the disk by itself. */
  out: Uint8Array
  at: number
  /** Data rows in the open file. */
  rows: number
  /** Files of this range so far. */
  files: number
  writer: FileWriter | undefined
}

export interface PartsOptions {
  readonly sink: FileSink
  readonly maxRowBytes: number
  readonly maxRows: number
  fileName(range: StackRange, number: number): string
  /** The lines that stand before the rows. */
  opening(range: StackRange): Uint8Array
}

export interface Parts {
  /** The part that a day belongs to; undefined outside every range. */
  find(day: number): Part | undefined
  /** Whether one more row fits as things are. */
  isReady(part: Part): boolean
  /** Makes room for at least one more row: opens, writes out or begins the next file. */
  prepare(part: Part): Promise<void>
  /** Writes out and closes all files; with `emptyFiles` there is one also for a range without rows. */
  close(emptyFiles: boolean): Promise<void>
  /** Waits for a file that is being closed, whatever becomes of it: after a fault nothing goes on behind the run's back. */
  settle(): Promise<void>
}

/** No file is made before its first row, so a range without rows has none unless one is asked for. */
export function createParts(ranges: readonly StackRange[], options: PartsOptions): Parts {
  const parts = ranges.map(emptyPart)
  const closer = createCloser()
  return {
    find: (day) => parts.find((part) => day >= part.range.from && day <= part.range.to),
    isReady: (part) => part.writer !== undefined && part.rows < options.maxRows && part.out.length - part.at >= options.maxRowBytes,
    prepare: (part) => prepare(part, options, closer),
    async close(emptyFiles) {
      for (const part of parts) {
        if (emptyFiles && part.files === 0) await openFile(part, options)
        await closeFile(part, closer)
      }
      await closer.closed()
    },
    settle: () => closer.closed().catch(() => undefined),
  }
}

const NO_BYTES = new Uint8Array(0)

function emptyPart(range: StackRange): Part {
  return {range, month: Math.floor(range.from / 100), out: NO_BYTES, at: 0, rows: 0, files: 0, writer: undefined}
}

/** Closing a file takes as long as the disk needs to make it durable: meanwhile the next one is filled. One at a time, in order. */
interface Closer {
  close(writer: FileWriter, rows: number): Promise<void>
  /** Fulfilled when nothing is being closed; rejected when closing failed. */
  closed(): Promise<void>
}

function createCloser(): Closer {
  let closing: Promise<void> = Promise.resolve()
  return {
    async close(writer, rows) {
      await closing
      closing = writer.close(rows)
      // Met at the next close, or at the end: until then nobody waits for it.
      closing.catch(() => undefined)
    },
    closed: () => closing,
  }
}

async function prepare(part: Part, options: PartsOptions, closer: Closer): Promise<void> {
  if (part.writer !== undefined && part.rows >= options.maxRows) await closeFile(part, closer)
  if (part.writer === undefined) await openFile(part, options)
  if (part.out.length - part.at < options.maxRowBytes) await writeOut(part, part.writer!)
}

async function openFile(part: Part, options: PartsOptions): Promise<void> {
  const opening = options.opening(part.range)
  if (part.out.length === 0) {
    part.out = Buffer.allocUnsafeSlow(Math.max(BUFFER_BYTES, opening.length + options.maxRowBytes))
  }
  part.files++
  part.writer = await options.sink.create(options.fileName(part.range, part.files))
  part.out.set(opening)
  part.at = opening.length
  part.rows = 0
}

async function writeOut(part: Part, writer: FileWriter): Promise<void> {
  await writer.write(part.out.subarray(0, part.at))
  part.at = 0
}

async function closeFile(part: Part, closer: Closer): Promise<void> {
  const {writer} = part
  if (writer === undefined) return
  await writeOut(part, writer)
  part.writer = undefined
  await closer.close(writer, part.rows)
}
