// A destination in memory for tests of formats. It takes bytes over late, as a slow disk would.
import type {Dataset} from '../../sources/types.ts'
import {createFindings} from '../findings.ts'
import type {FileSink, FormatContext, FormatInput} from '../types.ts'

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
    name: 'datev-monthly',
    exportId: '3f2504e0-4f89-51d3-9a0c-0305e82c3301',
    period: {start: '2026-10-01', end: '2026-11-01'},
    revisionSuffix: '',
    createdAt: new Date('2026-11-01T05:00:00.250Z'),
    timeZone: 'Europe/Berlin',
    emptyFile: false,
    spreadsheetFormulas: 'Report',
    findings: createFindings(100),
    programVersion: '0.0.0',
    progress: () => undefined,
    ...overrides,
  }
}

/** An input of these datasets, without SQL. */
export function inputOf(...datasets: readonly Dataset[]): FormatInput {
  const find = (name: string): Dataset | undefined => datasets.find((dataset) => dataset.name === name)
  return {
    has: (name) => find(name) !== undefined,
    async open(name) {
      const dataset = find(name)
      if (dataset === undefined) throw new Error(`there is no dataset ${name}`)
      return dataset
    },
    sql: undefined,
  }
}
