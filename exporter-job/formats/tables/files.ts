// The files of one dataset: one, or as many as maxRows makes of it. No file is made before its first row.
import type {FileSink, FileWriter} from '../types.ts'

const BUFFER_BYTES = 256 * 1024

/** The open file. The encoder writes into `out` at `at` and counts `rows`; the rest belongs to this module. */
export interface TableFiles {
  /** Filled, written out and filled again: a writer takes bytes over before it lets go on. */
  out: Uint8Array
  at: number
  /** Data rows in the open file. */
  rows: number
  /** Whether a row of at most that many bytes fits as things are. */
  isReady(bytes: number): boolean
  /** Makes room for such a row: opens, writes out or begins the next file. */
  prepare(bytes: number): Promise<void>
  /** Writes out and closes what is open. */
  close(): Promise<void>
  /** A file without rows, where none was made. */
  ensure(): Promise<void>
  /** Waits for a file that is being closed, whatever becomes of it: after a fault nothing goes on behind the run's back. */
  settle(): Promise<void>
  /** Names of the files so far. */
  names(): readonly string[]
}

export interface FilesOptions {
  readonly sink: FileSink
  /** What stands before the rows of every file. */
  readonly opening: Uint8Array
  readonly maxRows: number
  /** The name of the n-th file, from 1. */
  readonly fileName: (number: number) => string
  readonly transcode: ((bytes: Uint8Array) => Uint8Array) | undefined
}

export function createTableFiles({sink, opening, maxRows, fileName, transcode}: FilesOptions): TableFiles {
  const names: string[] = []
  let writer: FileWriter | undefined
  // Closing a file takes as long as the disk needs to make it durable: meanwhile the next one is filled.
  let closing: Promise<void> = Promise.resolve()

  async function openFile(): Promise<void> {
    const name = fileName(names.length + 1)
    writer = await sink.create(name)
    names.push(name)
    makeRoom(opening.length)
    files.out.set(opening)
    files.at = opening.length
    files.rows = 0
  }

  /** What stands in the buffer is kept. */
  function makeRoom(bytes: number): void {
    if (files.out.length - files.at >= bytes) return
    const larger = Buffer.allocUnsafeSlow(Math.max(BUFFER_BYTES, files.at + bytes))
    larger.set(files.out.subarray(0, files.at))
    files.out = larger
  }

  async function writeOut(to: FileWriter): Promise<void> {
    const bytes = files.out.subarray(0, files.at)
    if (bytes.length > 0) await to.write(transcode === undefined ? bytes : transcode(bytes))
    files.at = 0
  }

  async function closeFile(): Promise<void> {
    if (writer === undefined) return
    const ended = writer
    await writeOut(ended)
    writer = undefined
    await closing
    closing = ended.close(files.rows)
    // Met at the next close, or at the end: until then nobody waits for it.
    closing.catch(() => undefined)
  }

  const files: TableFiles = {
    out: new Uint8Array(0),
    at: 0,
    rows: 0,
    isReady: (bytes) => writer !== undefined && files.rows < maxRows && files.out.length - files.at >= bytes,
    async prepare(bytes) {
      if (writer !== undefined && files.rows >= maxRows) await closeFile()
      if (writer === undefined) await openFile()
      if (files.out.length - files.at >= bytes) return
      await writeOut(writer!)
      makeRoom(bytes)
    },
    async close() {
      await closeFile()
      await closing
    },
    async ensure() {
      if (names.length > 0) return
      await openFile()
      await files.close()
    },
    settle: () => closing.catch(() => undefined),
    names: () => names,
  }
  return files
}
