// A destination in memory for tests of formats. It takes bytes over late, as a slow disk would.
import type {FileSink, FormatContext} from '../types.ts'

export interface MemoryFile {
  readonly name: string
  readonly chunks: Buffer[]
  rows: number
  closed: boolean
}

export interface MemorySink extends FileSink {
  readonly files: MemoryFile[]
  /** The bytes of a file. */
  bytes(index: number): Buffer
}

export function memorySink(): MemorySink {
  const files: MemoryFile[] = []
  return {
    files,
    bytes: (index) => Buffer.concat(files[index]!.chunks),
    create(name) {
      if (files.some((file) => file.name === name)) throw new Error(`${name} was created twice`)
      const file: MemoryFile = {name, chunks: [], rows: 0, closed: false}
      files.push(file)
      return Promise.resolve({
        async write(chunk) {
          if (file.closed) throw new Error(`${name} is closed`)
          await Promise.resolve()
          file.chunks.push(Buffer.from(chunk))
        },
        close(rows) {
          file.rows = rows
          file.closed = true
          return Promise.resolve()
        },
      })
    },
  }
}

/** A context for October 2026 unless said otherwise. */
export function contextOf(overrides: Partial<FormatContext> = {}): FormatContext {
  return {
    exportId: '3f2504e0-4f89-51d3-9a0c-0305e82c3301',
    period: {start: '2026-10-01', end: '2026-11-01'},
    revisionSuffix: '',
    createdAt: new Date('2026-11-01T05:00:00.250Z'),
    timeZone: 'Europe/Berlin',
    progress: () => undefined,
    ...overrides,
  }
}
