// Runs of the format with documents, for tests: files in a folder of their own, packages read back.
import {mkdir, mkdtemp, rm, truncate, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import type {Row} from '../../../testing/dataset.ts'
import {datasetOf} from '../../../testing/dataset.ts'
import type {FormatResult} from '../../../types.ts'
import type {WriteOptions} from '../../testing/booking.ts'
import {booking, writeAll} from '../../testing/booking.ts'
import type {Stack} from '../../testing/reader.ts'
import {readStack} from '../../testing/reader.ts'
import type {Repository} from '../list.ts'
import type {ReadList} from './read-list.ts'
import {readList} from './read-list.ts'
import type {ZipEntry} from './read-zip.ts'
import {readZip} from './read-zip.ts'

export interface Package {
  readonly name: string
  readonly rows: number
  readonly archive: Buffer
  readonly list: ReadList
  /** Without document.xml. */
  readonly files: readonly ZipEntry[]
}

export interface WrittenPackages {
  readonly result: FormatResult
  readonly packages: readonly Package[]
  readonly stacks: readonly Stack[]
  /** Names in the order in which they were created. */
  readonly names: readonly string[]
}

/** A volume in memory of the test: a folder that goes with it. */
export interface Volume extends AsyncDisposable {
  readonly mount: string
  /** Writes files; text, or that many bytes of 0. */
  put(files: Readonly<Record<string, string | number>>): Promise<void>
}

export async function makeVolume(files: Readonly<Record<string, string | number>> = {}): Promise<Volume> {
  const mount = await mkdtemp(join(tmpdir(), 'documents-'))
  async function put(more: Readonly<Record<string, string | number>>): Promise<void> {
    for (const [path, content] of Object.entries(more)) {
      await mkdir(dirname(join(mount, path)), {recursive: true})
      await writeFile(join(mount, path), typeof content === 'number' ? '' : content)
      if (typeof content === 'number') await truncate(join(mount, path), content)
    }
  }
  await put(files)
  return {mount, put, [Symbol.asyncDispose]: () => rm(mount, {recursive: true})}
}

/** A booking that names a document. */
export function bookingOf(documentId: string | null, overrides: Row = {}): Row {
  return booking({document_id: documentId, ...overrides})
}

export interface Input {
  readonly bookings?: readonly Row[]
  readonly documents: readonly Row[]
  readonly path?: string
  readonly repository?: Repository
  readonly options?: WriteOptions
  readonly chunkBytes?: number
}

const COLUMNS = ['document_id', 'path', 'file_name', 'type']

/** Throws RowsRefused as a run would. */
export async function writeWith(volume: Volume, {bookings = [bookingOf(null)], documents, path = '', repository, options = {}, chunkBytes}: Input): Promise<WrittenPackages> {
  const cut = chunkBytes === undefined ? {} : {chunkBytes}
  const columns = [...new Set([...COLUMNS, ...documents.flatMap((row) => Object.keys(row))])]
  const datasets = [datasetOf(documents, columns, {name: 'documents', ...cut}), datasetOf(bookings, [...new Set(bookings.flatMap((row) => Object.keys(row)))], cut)]
  const {result, sink} = await writeAll(datasets, {...options, documents: {mount: volume.mount, path, repository}})
  const files = sink.files.map(({name, rows}, index) => ({name, rows, bytes: sink.bytes(index)}))
  return {
    result,
    packages: files.filter(({name}) => name.endsWith('.zip')).map(({name, rows, bytes}) => packageOf(name, rows, bytes)),
    stacks: files.filter(({name}) => name.endsWith('.csv')).map(({bytes}) => readStack(bytes)),
    names: files.map(({name}) => name),
  }
}

function packageOf(name: string, rows: number, archive: Buffer): Package {
  const entries = readZip(archive)
  const lists = entries.filter((entry) => entry.name === 'document.xml')
  if (lists.length !== 1) throw new Error(`${lists.length} lists in ${name}`)
  const list = readList(lists[0]!.bytes)
  const files = entries.filter((entry) => entry !== lists[0])
  const listed = list.documents.flatMap((document) => document.files)
  if (listed.join('\n') !== files.map((file) => file.name).join('\n')) throw new Error(`${name} lists ${listed.join()}`)
  return {name, rows, archive, list, files}
}

/** Column 20 of every row. */
export function linksOf({stacks}: WrittenPackages): string[] {
  return stacks.flatMap(({rows}) => rows.map((row) => row[19]!))
}
