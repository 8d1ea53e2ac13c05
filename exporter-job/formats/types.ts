// What every format is given and gives back. A format turns datasets into files and knows neither source nor destination.
import type {LocalPeriod, Total} from '../../crds/run.ts'
import type {ScheduledExportSpec} from '../../crds/spec.ts'
import type {DatasetName} from '../../crds/datasets.ts'
import type {Dataset, SqlAccess} from '../sources/types.ts'
import type {Findings} from './findings.ts'
import type {Protocol} from './protocol.ts'

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

/** Where a format's rows come from. */
export interface FormatInput {
  /** Whether the spec's source has that dataset. */
  has(dataset: DatasetName): boolean
  /**
   * A dataset, to be read to its end before the next one is opened. It may be opened again: the rows are the same.
   * Faults: PermanentFault (bad query, no such file), TransientFault.
   */
  open(dataset: DatasetName): Promise<Dataset>
  /** Where the source speaks SQL: sums over a dataset in the same snapshot, faster than reading its rows twice. */
  readonly sql: SqlAccess | undefined
}

/** What a format may know of the run. Nothing in it differs between two attempts, so that two attempts write the same bytes. */
export interface FormatContext {
  /** Of the export, for formats that name files after it. */
  readonly name: string
  readonly exportId: string
  readonly period: LocalPeriod
  /** Added to every file name's stem: '' or '-r2', '-r3' … */
  readonly revisionSuffix: string
  /** The slot's time, for timestamps inside files. */
  readonly createdAt: Date
  readonly timeZone: string
  /** spec.onEmpty is File: a file is wanted also where there is no row. */
  readonly emptyFile: boolean
  readonly spreadsheetFormulas: ScheduledExportSpec['spreadsheetFormulas']
  /** Takes every value that breaks a rule; a format goes on with the next row, and what it writes is never published. */
  readonly findings: Findings
  /** Of this program, for headers that name it. */
  readonly programVersion: string
  /** Called with rows written so far, at most a few times a second. */
  progress(rows: number): void
}

/** Rows of a dataset: those written and those left out because the spec says so. They add up to what the source handed out. */
export interface DatasetCount {
  readonly dataset: DatasetName
  readonly written: number
  /** Listed in the findings. */
  readonly skipped: number
}

export interface FormatResult {
  /** Data rows written, over all files: what the files' `rows` add up to. */
  readonly rows: number
  /** Of these the rows that `totals` speak of, where the format writes others besides: those that spec.control counts. Left out: all. */
  readonly summedRows?: number
  /** One entry for each dataset that was opened. */
  readonly datasets: readonly DatasetCount[]
  /** Rows and sums written, by currency and side; exact. */
  readonly totals: readonly Total[]
  /** Known columns of the datasets that the format has no place for. */
  readonly unusedColumns: readonly string[]
  readonly protocol: Protocol
}

/** A format, ready to write; made from the spec by formats/index.ts. */
export interface Format {
  /** 'datev': goes into the manifest. */
  readonly name: string
  /**
   * Faults: PermanentFault for what is wrong with a dataset as a whole; a wrong value goes to context.findings. Closes every file it
   * created, or leaves them to be discarded.
   */
  write(input: FormatInput, sink: FileSink, context: FormatContext): Promise<FormatResult>
}
