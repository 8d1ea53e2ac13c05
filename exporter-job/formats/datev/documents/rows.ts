// The rows of `documents`: few beside the bookings, and each stands for a file to be read, so they are objects.
import {DOCUMENT_COLUMNS} from '../../../datasets/documents.ts'
import type {DocumentColumn} from '../../../datasets/documents.ts'
import {PermanentFault} from '../../../errors.ts'
import type {Dataset, DatasetColumn} from '../../../sources/types.ts'
import {fieldText, wholeRows} from '../../copy-rows.ts'
import {nearestNames} from '../../suggest.ts'
import {WRONG_SHAPE, splitRow} from '../../values/rows.ts'
import {brokenShapeFault} from '../faults.ts'

/** The columns that are read; empty means NULL or left out. */
export interface DocumentRow {
  /** From 1. */
  readonly number: number
  readonly document_id: string
  readonly path: string
  readonly file_name: string
  readonly type: string
}

const USED = ['document_id', 'path', 'file_name', 'type'] as const satisfies readonly DocumentColumn[]
type UsedColumn = (typeof USED)[number]
const REQUIRED: readonly UsedColumn[] = ['document_id', 'path']

/** Index of each used column; -1 where the dataset does not have it. */
export type DocumentColumns = Readonly<Record<UsedColumn, number>>

/** @throws PermanentFault UnknownColumn, DuplicateColumn, MissingColumn */
export function documentColumns({name: dataset, columns}: Dataset): DocumentColumns {
  const known: readonly string[] = DOCUMENT_COLUMNS.map(({name}) => name)
  for (const [index, {name}] of columns.entries()) {
    if (!known.includes(name)) throw unknownColumn(dataset, name, known)
    if (columns.findIndex((other) => other.name === name) !== index) {
      throw new PermanentFault('DuplicateColumn', `${dataset} has two columns ${name}: leave one out`)
    }
  }
  const at = (name: UsedColumn): number => columns.findIndex((column) => column.name === name)
  const missing = REQUIRED.filter((name) => at(name) < 0)
  if (missing.length > 0) throw new PermanentFault('MissingColumn', `${dataset} lacks ${missing.join(' and ')}: a document package needs it in every row`)
  return {document_id: at('document_id'), path: at('path'), file_name: at('file_name'), type: at('type')}
}

function unknownColumn(dataset: string, name: string, known: readonly string[]): PermanentFault {
  const nearest = nearestNames(name, known)
  const hint = nearest.length === 0 ? '' : ` (nearest: ${nearest.join(', ')})`
  return new PermanentFault('UnknownColumn', `${dataset} has a column ${JSON.stringify(name)} that is not known${hint}: see docs/datasets.md`)
}

/** Known columns that a package has no place for. */
export function unusedDocumentColumns(columns: readonly DatasetColumn[]): string[] {
  return columns.map(({name}) => name).filter((name) => !USED.some((used) => used === name))
}

/** @throws PermanentFault InvalidRow */
export async function* documentRows(dataset: Dataset, columns: DocumentColumns): AsyncGenerator<DocumentRow, void, undefined> {
  const starts = new Int32Array(dataset.columns.length + 1)
  let number = 0
  for await (const rows of wholeRows(dataset.chunks)) {
    for (let position = 0; position < rows.length; ) {
      number++
      const next = splitRow(rows, position, starts)
      if (next === WRONG_SHAPE) throw brokenShapeFault(dataset.name, number, dataset.columns.length)
      const text = (name: UsedColumn): string => (columns[name] < 0 ? '' : textAt(rows, starts, columns[name]))
      yield {number, document_id: text('document_id'), path: text('path'), file_name: text('file_name'), type: text('type')}
      position = next
    }
  }
}

function textAt(rows: Uint8Array, starts: Int32Array, column: number): string {
  return fieldText(rows.subarray(starts[column], starts[column + 1]! - 1)) ?? ''
}
