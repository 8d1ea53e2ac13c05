// NDJSON files on a mounted volume, read as if PostgreSQL had sent them.
import type {NdjsonSource} from '../../crds/sources/ndjson.ts'
import {createFilesSource} from './files/source.ts'
import type {FilesOptions, OpenFile, OpenedRows} from './files/source.ts'
import {textPieces} from './files/text.ts'
import {createLineReader} from './json/lines.ts'
import {columnsUnknown, createJsonRows} from './json/rows.ts'
import {readOn} from './read-on.ts'
import type {Source} from './types.ts'

/** A source whose snapshot is no more than the files as they are; a file that changes while it is read is a fault. */
export function createNdjsonSource(spec: NdjsonSource, options: FilesOptions): Source {
  return createFilesSource(options, 'ndjson', (file) => openRows(spec, file))
}

async function openRows(spec: NdjsonSource, {pieces, dataset, path, signal, refusals}: OpenFile): Promise<OpenedRows> {
  const {columns, otherKeys} = spec.datasets[dataset as keyof typeof spec.datasets]!
  const lines = createLineReader({dataset, file: path}, (place) => createJsonRows({columns, otherKeys, format: spec}, {dataset, place, refusals}))
  const rows = readOn(textPieces(pieces, 'UTF8'), lines, signal)
  const first = await rows.next()
  const plan = lines.json.plan()
  if (plan === undefined) throw columnsUnknown(`dataset ${dataset}: ${path}`)
  return {first, rows, columns: plan.columns, count: () => lines.rows()}
}
