// Builders for tests of the DATEV format.
import {BUCHUNGSSTAPEL_COLUMNS} from '../../../../crds/formats/datev-columns.ts'
import type {BuchungsstapelColumn} from '../../../../crds/formats/datev-columns.ts'
import {DatevFormat} from '../../../../crds/formats/datev.ts'
import type {Dataset} from '../../../sources/types.ts'
import {RowsRefused} from '../../findings.ts'
import type {MemorySink} from '../../testing/memory-sink.ts'
import {contextOf, inputOf, memorySink} from '../../testing/memory-sink.ts'
import type {FormatContext, FormatResult} from '../../types.ts'
import type {Row} from '../../testing/dataset.ts'
import type {PackageLimits} from '../documents/limits.ts'
import type {DatevOptions} from '../format.ts'
import {createDatevFormat} from '../format.ts'
import type {Stack} from './reader.ts'
import {readStack} from './reader.ts'

/** A booking of 31 October 2026 that is right. */
export function booking(overrides: Row = {}): Row {
  return {
    amount: '119.00',
    debit_credit: 'S',
    account: '10000',
    contra_account: '8400',
    document_date: '2026-10-31',
    ...overrides,
  }
}

export function specOf(overrides: Partial<DatevFormat> = {}): DatevFormat {
  return {...DatevFormat.parse({consultant: 1001, client: 456}), ...overrides}
}

export interface WriteOptions {
  readonly spec?: Partial<DatevFormat>
  readonly context?: Partial<FormatContext>
  readonly maxRowsPerFile?: number
  readonly documents?: DatevOptions['documents']
  readonly packages?: PackageLimits
}

export interface Written {
  readonly result: FormatResult
  readonly sink: MemorySink
  /** Every file, read back. */
  readonly stacks: readonly Stack[]
}

/** Writes the dataset and reads every file back. Throws RowsRefused as a run would. */
export async function write(dataset: Dataset, options: WriteOptions = {}): Promise<Written> {
  const {result, sink} = await writeAll([dataset], options)
  return {result, sink, stacks: sink.files.map((_, index) => readStack(sink.bytes(index)))}
}

export interface WrittenFiles {
  readonly result: FormatResult
  readonly sink: MemorySink
}

/** Writes the datasets, whatever the categories. Throws RowsRefused as a run would. */
export async function writeAll(datasets: readonly Dataset[], options: WriteOptions): Promise<WrittenFiles> {
  const sink = memorySink()
  const context = contextOf(options.context)
  const {maxRowsPerFile, packages, documents} = options
  const limits = {...(maxRowsPerFile && {maxRowsPerFile}), ...(packages && {packages})}
  const result = await createDatevFormat(specOf(options.spec), {limits, documents}).write(inputOf(...datasets), sink, context)
  const errors = context.findings.errors()
  if (errors.length > 0) throw new RowsRefused(errors, {full: false})
  return {result, sink}
}

/** The committed name of the column at that position. */
export function nameAt(position: number): BuchungsstapelColumn {
  return BUCHUNGSSTAPEL_COLUMNS[position - 1]!
}
