// What every source hands on: datasets as bytes in PostgreSQL's COPY text form, so that an encoder never sees an object a row.

import type {Refusals} from '../formats/findings.ts'

/** What a source knows of a column's type; 'text' where it knows nothing (a CSV file). */
export type ColumnType = 'text' | 'integer' | 'numeric' | 'float' | 'boolean' | 'date' | 'timestamp' | 'timestamptz' | 'other'

export interface DatasetColumn {
  readonly name: string
  readonly type: ColumnType
}

/**
 * One dataset, its rows to be read once.
 *
 * `chunks` are bytes of COPY's text format, cut anywhere: UTF-8, fields separated by a tab, rows ended by "\n", NULL as `\N`,
 * and backslash, tab, line feed and carriage return inside a field as `\\`, `\t`, `\n`, `\r` (also \b \f \v). Dates are ISO
 * (2026-10-31), numbers have a decimal point and no exponent, booleans are t and f. A chunk may be reused by the source after the
 * next one was asked for: keep a copy of what is carried over. Ending the iteration early releases what the source holds.
 */
export interface Dataset {
  readonly name: string
  readonly columns: readonly DatasetColumn[]
  readonly chunks: AsyncIterable<Uint8Array>
  /** Rows that the source itself says it has handed out (PostgreSQL's command tag); known only at the end of `chunks`. */
  rowCount(): number
}

/** SQL in the same view of the data. */
export interface SqlAccess {
  /** A dataset's query in parentheses, to be used as a subquery: `select count(*) from ${subquery('bookings')} q`. */
  subquery(dataset: string): string
  /** A column as something that is equal only where every character is: a collation may take "A1" and "a1" for the same. */
  exact(column: string): string
  /** Runs one SELECT, with the parameters of the run; `name` is what messages call it. */
  open(name: string, query: string): Promise<Dataset>
}

/** One consistent view of the source's data; every dataset read through it sees the same state. */
export interface Snapshot extends AsyncDisposable {
  /** RFC 3339, UTC: when the view was taken. */
  readonly takenAt: string
  /**
   * Datasets are read one after the other, each to its end. One may be opened again: its rows are the same.
   * Faults: PermanentFault (bad query, no such file), TransientFault.
   */
  open(name: string): Promise<Dataset>
  /** Only where the source speaks SQL. */
  readonly sql?: SqlAccess
}

/** A source, ready to be read; made from the spec by sources/index.ts. */
export interface Source {
  /**
   * `refusals` takes what cannot be read of the rows; without it the first such value is a fault. Each row is handed out all the same, so
   * that a format counts and numbers rows as the source does. Where nothing behind a place can be read the dataset ends there, that being
   * one refusal more.
   */
  snapshot(signal: AbortSignal, refusals?: Refusals): Promise<Snapshot>
}
