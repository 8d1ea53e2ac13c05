// Builders for tests of the BMD format.
import {BmdFormat} from '../../../../crds/formats/bmd.ts'
import type {Dataset} from '../../../sources/types.ts'
import type {Finding} from '../../findings.ts'
import {RowsRefused} from '../../findings.ts'
import type {Row} from '../../testing/dataset.ts'
import {datasetOf} from '../../testing/dataset.ts'
import type {MemorySink} from '../../testing/memory-sink.ts'
import {contextOf, inputOf, memorySink} from '../../testing/memory-sink.ts'
import type {FormatContext, FormatResult} from '../../types.ts'
import {createBmdFormat} from '../format.ts'
import type {BookingsFile} from './reader.ts'
import {readBookings} from './reader.ts'

/** An outgoing invoice of 31 October 2026 that is right. */
export function booking(overrides: Row = {}): Row {
  return {
    document_kind: 'AR',
    account: '200001',
    contra_account: '4000',
    document_number: 'R1',
    document_date: '2026-10-31',
    amount: '120.00',
    tax_amount: '20.00',
    tax_rate: '20',
    tax_key: '1',
    ...overrides,
  }
}

/** A booking without tax whose signs the kind of document does not say. */
export function payment(overrides: Row = {}): Row {
  return booking({document_kind: 'KA', amount: null, tax_amount: null, tax_rate: null, tax_key: null, ...overrides})
}

/** A share of the booking before it. */
export function share(cost_amount: string | null, overrides: Row = {}): Row {
  const {account = null, document_number = null, document_date = null} = booking()
  return {account, document_number, document_date, record_kind: '1', cost_center_1: 'K1', cost_amount, ...overrides}
}

/** A further document of the booking before it. */
export function document(document_file: string | null, overrides: Row = {}): Row {
  const {account = null, document_number = null, document_date = null} = booking()
  return {account, document_number, document_date, record_kind: '5', document_file, ...overrides}
}

export function specOf(overrides: Partial<BmdFormat> = {}): BmdFormat {
  return {...BmdFormat.parse({}), ...overrides}
}

/** Rows with the columns of all of them. */
export function bookings(...rows: readonly Row[]): Dataset {
  return datasetOf(rows, [...new Set(rows.flatMap((row) => Object.keys(row)))])
}

export interface WriteOptions {
  readonly spec?: Partial<BmdFormat>
  readonly context?: Partial<FormatContext>
}

export interface Written {
  readonly result: FormatResult
  readonly sink: MemorySink
  /** Every file, read back. */
  readonly files: readonly BookingsFile[]
}

/** Writes the dataset and reads every file back. Throws RowsRefused as a run would. */
export async function write(dataset: Dataset, options: WriteOptions = {}): Promise<Written> {
  const sink = memorySink()
  const context = contextOf(options.context)
  const result = await createBmdFormat(specOf(options.spec)).write(inputOf(dataset), sink, context)
  const errors = context.findings.errors()
  if (errors.length > 0) throw new RowsRefused(errors, {full: false})
  return {result, sink, files: sink.files.map((_, index) => readBookings(sink.bytes(index)))}
}

/** What is found in rows that cannot be written. */
export async function findingsIn(dataset: Dataset, options: WriteOptions = {}): Promise<readonly Finding[]> {
  try {
    await write(dataset, options)
    return []
  } catch (error) {
    if (error instanceof RowsRefused) return error.findings
    throw error
  }
}
