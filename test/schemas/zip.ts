// One entry of a ZIP archive, after PKWARE's APPNOTE: enough for the archives in which authorities publish schemas.
import {inflateRawSync} from 'node:zlib'

const END_OF_DIRECTORY = 0x06054b50
const DIRECTORY_ENTRY = 0x02014b50
const END_BYTES = 22
const ENTRY_BYTES = 46
const LOCAL_BYTES = 30
const STORED = 0
const DEFLATED = 8

/** The bytes of the only entry whose path ends with that name. Throws an Error where there is none, or several. */
export function entryOf(archive: Uint8Array, name: string): Uint8Array {
  const bytes = Buffer.from(archive.buffer, archive.byteOffset, archive.byteLength)
  const found = directory(bytes).filter(({path}) => path === name || path.endsWith(`/${name}`))
  const [entry] = found
  if (entry === undefined || found.length > 1) throw new Error(`the archive has ${found.length} entries named ${name}`)
  const start = entry.offset + LOCAL_BYTES + bytes.readUInt16LE(entry.offset + 26) + bytes.readUInt16LE(entry.offset + 28)
  const data = bytes.subarray(start, start + entry.packed)
  if (entry.method === STORED) return data
  if (entry.method === DEFLATED) return inflateRawSync(data, {maxOutputLength: entry.size})
  throw new Error(`${name} is packed by a method that is not known: ${entry.method}`)
}

interface Entry {
  readonly path: string
  readonly method: number
  readonly packed: number
  readonly size: number
  readonly offset: number
}

function directory(bytes: Buffer): Entry[] {
  let end = bytes.length - END_BYTES
  while (end >= 0 && bytes.readUInt32LE(end) !== END_OF_DIRECTORY) end--
  if (end < 0) throw new Error('this is no ZIP archive')
  const entries: Entry[] = []
  let at = bytes.readUInt32LE(end + 16)
  for (let count = bytes.readUInt16LE(end + 10); count > 0; count--) {
    if (bytes.readUInt32LE(at) !== DIRECTORY_ENTRY) throw new Error('the archive has a broken directory')
    const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset)) as [number, number, number]
    entries.push({
      path: bytes.toString('utf8', at + ENTRY_BYTES, at + ENTRY_BYTES + nameBytes),
      method: bytes.readUInt16LE(at + 10),
      packed: bytes.readUInt32LE(at + 20),
      size: bytes.readUInt32LE(at + 24),
      offset: bytes.readUInt32LE(at + 42),
    })
    at += ENTRY_BYTES + nameBytes + extraBytes + commentBytes
  }
  return entries
}
