// What every format is given and gives back. A format turns datasets into files and knows neither source nor destination.
import type {LocalPeriod, Total} from '../../crds/run.ts'
import type {Dataset} from '../sources/types.ts'

/** A file being written. Bytes are taken over before the promise resolves: the caller may reuse the chunk afterwards. */
export interface FileWriter {
  write(chunk: Uint8Array): Promise<void>
  /** Ends the file; `rows` are its data rows (for the manifest). */
  close(rows: number): Promise<void>
}

/** Where a format's files go: staged by the destination, published later, all together. */
export interface FileSink {
  /** `name` is a plain file name of A-Z a-z 0-9 . _ -, at most 200 characters, given once. */
  create(name: string): Promise<FileWriter>
}

/** What a format may know of the run. Nothing in it differs between two attempts, so that two attempts write the same bytes. */
export interface FormatContext {
  readonly exportId: string
  readonly period: LocalPeriod
  /** Added to every file name's stem: '' or '-r2', '-r3' … */
  readonly revisionSuffix: string
  /** The slot's time, for timestamps inside files. */
  readonly createdAt: Date
  readonly timeZone: string
  /** Called with rows written so far, at most a few times a second. */
  progress(rows: number): void
}

export interface FormatResult {
  /** Data rows written, over all files. */
  readonly rows: number
  /** Rows and sums written, by currency and side; exact. */
  readonly totals: readonly Total[]
  /** Known columns of the dataset that the format has no place for. */
  readonly unusedColumns: readonly string[]
}

/** A format, ready to write; made from the spec by formats/index.ts. */
export interface Format {
  /** 'datev': goes into the manifest. */
  readonly name: string
  /** Names of the datasets it needs, in the order it reads them. */
  readonly datasets: readonly string[]
  /** Faults: PermanentFault naming dataset, row, column, value and rule. Closes every file it created, or leaves them to be discarded. */
  write(open: (dataset: string) => Promise<Dataset>, sink: FileSink, context: FormatContext): Promise<FormatResult>
}
