// CSV files on a mounted volume, read as if PostgreSQL had sent them.
import type {CsvSource} from '../../crds/sources/csv.ts'
import {createCsvParser} from './csv/parser.ts'
import type {CsvParser} from './csv/parser.ts'
import {planOf} from './csv/plan.ts'
import {createFilesSource} from './files/source.ts'
import type {FilesOptions, OpenFile, OpenedRows} from './files/source.ts'
import {textPieces} from './files/text.ts'
import type {Source} from './types.ts'

/** A source whose snapshot is no more than the files as they are; a file that changes while it is read is a fault. */
export function createCsvSource(spec: CsvSource, options: FilesOptions): Source {
  return createFilesSource(options, 'csv', (name, file) => openRows(spec, name, file))
}

async function openRows(spec: CsvSource, name: string, {pieces, where, signal}: OpenFile): Promise<OpenedRows> {
  const {heading, columns, otherColumns} = spec.datasets[name as keyof typeof spec.datasets]!
  const plan = (names: readonly string[]): ReturnType<typeof planOf> => planOf(names, {columns, otherColumns, format: spec}, where)
  const parser = createCsvParser({
    dialect: spec,
    where,
    planOf: plan,
    ...(!heading && {plan: plan(columns.map(({name: column, from}) => from ?? column))}),
  })
  const text = textPieces(pieces, {encoding: spec.encoding, where, code: 'CsvInvalid', lineNow: () => parser.line()})
  const rows = copyText(text, parser, signal)
  const first = await rows.next()
  return {first, rows, columns: parser.plan()!.columns, count: () => parser.rows()}
}

/** The file as COPY text; the first piece, though it may be empty, comes when the heading is read. */
async function* copyText(pieces: AsyncIterable<Buffer>, parser: CsvParser, signal: AbortSignal): AsyncGenerator<Buffer, void, undefined> {
  for await (const piece of pieces) {
    signal.throwIfAborted()
    const rows = parser.feed(piece)
    if (parser.plan() !== undefined) yield rows
  }
  yield parser.end()
}
