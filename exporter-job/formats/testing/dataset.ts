// Datasets for tests: rows as values, handed out as COPY's text format in chunks of any size.
import type {ColumnType, Dataset, DatasetColumn} from '../../sources/types.ts'

/** A row by column name; null and missing mean NULL. */
export type Row = Readonly<Record<string, string | null>>

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
}

/** Rows as PostgreSQL's COPY … TO STDOUT writes them. */
export function copyText(columns: readonly string[], rows: readonly Row[]): Buffer {
  return Buffer.from(rows.map((row) => `${columns.map((name) => copyField(row[name])).join('\t')}\n`).join(''))
}

function copyField(value: string | null | undefined): string {
  if (value === null || value === undefined) return String.raw`\N`
  return value.replace(/[\\\b\f\n\r\t\v]/g, (character) => ESCAPES[character]!)
}

export interface DatasetOptions {
  readonly name?: string
  /** Types of columns that are not text. */
  readonly types?: Readonly<Record<string, ColumnType>>
  /** Bytes a chunk; the buffer handed out is overwritten before the next one, as a source may. Default: all in one. */
  readonly chunkBytes?: number
  /** What the source says it has handed out, where that is not the truth. */
  readonly rowCount?: number
}

/** A dataset of these rows; its columns are the names given, or those of the first row. */
export function datasetOf(rows: readonly Row[], columns?: readonly string[], options: DatasetOptions = {}): Dataset {
  const names = columns ?? Object.keys(rows[0] ?? {})
  return datasetOfBytes(copyText(names, rows), names, {rowCount: rows.length, ...options})
}

/** The same for bytes as they are. */
export function datasetOfBytes(bytes: Uint8Array, columns: readonly string[], options: DatasetOptions = {}): Dataset {
  const described: DatasetColumn[] = columns.map((name) => ({name, type: options.types?.[name] ?? 'text'}))
  return {
    name: options.name ?? 'bookings',
    columns: described,
    chunks: chunksOf(bytes, options.chunkBytes ?? Math.max(bytes.length, 1)),
    rowCount: () => options.rowCount ?? 0,
  }
}

async function* chunksOf(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  const reused = Buffer.alloc(size)
  for (let start = 0; start < bytes.length; start += size) {
    const chunk = bytes.subarray(start, start + size)
    reused.set(chunk)
    yield reused.subarray(0, chunk.length)
    reused.fill('#')
  }
}
