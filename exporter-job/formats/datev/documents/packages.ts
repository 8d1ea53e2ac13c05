// The packages of a run, one open at a time: the next one begins with a document, so that none is parted from its files.
import type {FileSink, FileWriter} from '../../types.ts'
import type {PackageLimits} from './limits.ts'
import {LIST_END, listEntry, listOpening} from './list.ts'
import type {ListedDocument, Repository} from './list.ts'
import {LIST_NAME} from './names.ts'
import {EMPTY_BYTES, createZip, dosTime, entryBytes} from './zip.ts'
import type {ZipWriter} from './zip.ts'

export interface PackagesOptions {
  readonly sink: FileSink
  readonly limits: PackageLimits
  readonly repository: Repository | undefined
  fileName(number: number): string
  /** The run's, in the list and as the time of every entry. */
  readonly instant: Date
  readonly timeZone: string
}

/** A file of a document, its bytes yet to be read. */
export interface DocumentFile {
  /** In the archive. */
  readonly name: string
  readonly size: number
  /** All of it; valid until the next file is read. */
  read(): Promise<Uint8Array>
}

export interface Document extends Omit<ListedDocument, 'files'> {
  /** Of the dataset: the first one's number names the document. */
  readonly files: readonly DocumentFile[]
}

export interface Packages {
  /** Takes a document, and opens the package that it goes into. */
  add(document: Document): Promise<void>
  /** Ends the package that is open. */
  close(): Promise<void>
}

interface OpenPackage {
  readonly writer: FileWriter
  readonly zip: ZipWriter
  /** Entries of document.xml so far. */
  readonly list: string[]
  /** Of the archive, if it ended now. */
  bytes: number
  files: number
}

export function createPackages(options: PackagesOptions): Packages {
  const {sink, limits, repository, instant, timeZone} = options
  const time = dosTime(instant, timeZone)
  const opening = listOpening(instant, timeZone)
  const least = EMPTY_BYTES + entryBytes(LIST_NAME, opening.length + LIST_END.length)
  let current: OpenPackage | undefined
  let number = 0

  async function open(): Promise<OpenPackage> {
    const writer = await sink.create(options.fileName(++number))
    return {writer, zip: createZip((bytes) => writer.write(bytes), time), list: [], bytes: least, files: 0}
  }

  async function close(): Promise<void> {
    if (current === undefined) return
    const {zip, list, writer, files} = current
    await zip.add(LIST_NAME, Buffer.from(opening + list.join('') + LIST_END))
    await zip.end()
    await writer.close(files)
    current = undefined
  }

  function hasRoom({list, bytes, files}: OpenPackage, document: Document, more: number): boolean {
    return list.length < limits.documents && bytes + more <= limits.bytes && files + document.files.length < limits.entries
  }

  return {
    close,
    async add(document) {
      const entry = listEntry({...document, files: document.files.map(({name}) => name)}, repository)
      const more = document.files.reduce((sum, {name, size}) => sum + entryBytes(name, size), Buffer.byteLength(entry))
      if (current !== undefined && !hasRoom(current, document, more)) await close()
      current ??= await open()
      for (const file of document.files) await current.zip.add(file.name, await file.read())
      current.list.push(entry)
      current.bytes += more
      current.files += document.files.length
    },
  }
}
