// CSV files on a mounted volume, read as if PostgreSQL had sent them.
import type {CsvSource} from '../../crds/sources/csv.ts'
import {createCsvParser} from './csv/parser.ts'
import {planOf} from './csv/plan.ts'
import {rightEncoding} from './files/encodings.ts'
import {createFilesSource} from './files/source.ts'
import type {FilesOptions, OpenFile, OpenedRows} from './files/source.ts'
import {textPieces} from './files/text.ts'
import {readOn} from './read-on.ts'
import type {Source} from './types.ts'

/** A source whose snapshot is no more than the files as they are; a file that changes while it is read is a fault. */
export function createCsvSource(spec: CsvSource, options: FilesOptions): Source {
  return createFilesSource(options, 'csv', (file) => openRows(spec, file))
}

async function openRows(spec: CsvSource, {pieces, dataset, path, signal, refusals}: OpenFile): Promise<OpenedRows> {
  const {heading, columns, otherColumns} = spec.datasets[dataset as keyof typeof spec.datasets]!
  const where = {dataset, file: path}
  const plan = (names: readonly string[]): ReturnType<typeof planOf> => planOf(names, {columns, otherColumns, format: spec}, where)
  const parser = createCsvParser({
    dialect: spec,
    where,
    refusals,
    rightEncoding: rightEncoding(spec.encoding),
    planOf: plan,
    ...(!heading && {plan: plan(columns.map(({name: column, from}) => from ?? column))}),
  })
  const rows = readOn(textPieces(pieces, spec.encoding), parser, signal)
  const first = await rows.next()
  return {first, rows, columns: parser.plan()!.columns.map(({name, type}) => ({name, type})), count: () => parser.rows()}
}
