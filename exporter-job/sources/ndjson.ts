// NDJSON files on a mounted volume, read as if PostgreSQL had sent them.
import type {NdjsonSource} from '../../crds/sources/ndjson.ts'
import {createFilesSource} from './files/source.ts'
import type {FilesOptions, OpenFile, OpenedRows} from './files/source.ts'
import {textPieces} from './files/text.ts'
import {createLineReader} from './json/lines.ts'
import {columnsUnknown, createJsonRows} from './json/rows.ts'
import type {Source} from './types.ts'

/** A source whose snapshot is no more than the files as they are; a file that changes while it is read is a fault. */
export function createNdjsonSource(spec: NdjsonSource, options: FilesOptions): Source {
  return createFilesSource(options, 'ndjson', (name, file) => openRows(spec, name, file))
}

async function openRows(spec: NdjsonSource, name: string, {pieces, where, signal}: OpenFile): Promise<OpenedRows> {
  const {columns, otherKeys} = spec.datasets[name as keyof typeof spec.datasets]!
  const lines = createLineReader(where, (place) => createJsonRows({columns, otherKeys, format: spec}, place))
  const text = textPieces(pieces, {encoding: 'UTF8', where, code: 'JsonInvalid', lineNow: () => lines.line()})

  async function* copyText(): AsyncGenerator<Buffer, void, undefined> {
    for await (const piece of text) {
      signal.throwIfAborted()
      lines.feed(piece)
      if (lines.rows.plan() !== undefined) yield lines.rows.take()
    }
    lines.end()
    yield lines.rows.take()
  }
  const rows = copyText()
  const first = await rows.next()
  const plan = lines.rows.plan()
  if (plan === undefined) throw columnsUnknown(where)
  return {first, rows, columns: plan.columns, count: () => lines.rows.count()}
}
