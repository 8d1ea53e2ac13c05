// A ZIP archive written as a stream, entries stored as they are: the same bytes on every machine and in every time zone, and sizes that are
// known before. Deflate would make other bytes with another zlib, and hardly less of PDFs and images. (APPNOTE.TXT 6.3, sections 4.3 and 4.4.)
import {crc32} from 'node:zlib'
import {localTime} from '../../../../crds/zone.ts'

/** Local header, central header, end record: without names. */
const LOCAL_BYTES = 30
const CENTRAL_BYTES = 46
const END_BYTES = 22
const VERSION = 20
/** In the upper half of "external attributes": a regular file that everybody may read. */
const UNIX_MODE = 0o100644
const MADE_ON_UNIX = 3

/** Date and time as MS-DOS has them: local, to two seconds, from 1980 on. */
export interface DosTime {
  readonly date: number
  readonly time: number
}

export function dosTime(instant: Date, timeZone: string): DosTime {
  const {year, month, day, hour, minute, second} = localTime(instant, timeZone)
  return {date: ((year - 1980) << 9) | (month << 5) | day, time: (hour << 11) | (minute << 5) | (second >> 1)}
}

/** What an entry adds to an archive; its name is ASCII. */
export function entryBytes(name: string, size: number): number {
  return LOCAL_BYTES + CENTRAL_BYTES + 2 * name.length + size
}

/** What an archive without entries takes. */
export const EMPTY_BYTES = END_BYTES

export interface ZipWriter {
  /** A file; `name` is ASCII and was not given before. */
  add(name: string, bytes: Uint8Array): Promise<void>
  /** The directory at the end. */
  end(): Promise<void>
}

/** `write` takes bytes over before its promise resolves. */
export function createZip(write: (bytes: Uint8Array) => Promise<void>, time: DosTime): ZipWriter {
  const directory: Buffer[] = []
  let offset = 0
  async function put(bytes: Uint8Array): Promise<void> {
    await write(bytes)
    offset += bytes.length
  }
  return {
    async add(name, bytes) {
      // Sizes and checksum stand before the bytes: readers of streams refuse a stored entry whose length is told behind it.
      const facts = entryFacts(name, bytes, time)
      directory.push(centralHeader(name, facts, offset))
      await put(localHeader(name, facts))
      await put(bytes)
    },
    async end() {
      const start = offset
      for (const header of directory) await put(header)
      await write(endRecord(directory.length, start, offset - start))
    },
  }
}

/** The 26 bytes that both headers of an entry have in common: version needed to length of the extra field. */
function entryFacts(name: string, bytes: Uint8Array, {date, time}: DosTime): Buffer {
  const facts = Buffer.alloc(26)
  facts.writeUInt16LE(VERSION, 0)
  facts.writeUInt16LE(time, 6)
  facts.writeUInt16LE(date, 8)
  facts.writeUInt32LE(crc32(bytes), 10)
  facts.writeUInt32LE(bytes.length, 14)
  facts.writeUInt32LE(bytes.length, 18)
  facts.writeUInt16LE(name.length, 22)
  return facts
}

function localHeader(name: string, facts: Buffer): Buffer {
  return Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), facts, Buffer.from(name, 'ascii')])
}

function centralHeader(name: string, facts: Buffer, offset: number): Buffer {
  const rest = Buffer.alloc(14)
  rest.writeUInt32LE(UNIX_MODE * 2 ** 16, 6)
  rest.writeUInt32LE(offset, 10)
  return Buffer.concat([Buffer.from('PK\x01\x02', 'latin1'), Buffer.from([VERSION, MADE_ON_UNIX]), facts, rest, Buffer.from(name, 'ascii')])
}

function endRecord(entries: number, start: number, bytes: number): Buffer {
  const record = Buffer.alloc(END_BYTES)
  record.write('PK\x05\x06', 'latin1')
  record.writeUInt16LE(entries, 8)
  record.writeUInt16LE(entries, 10)
  record.writeUInt32LE(bytes, 12)
  record.writeUInt32LE(start, 16)
  return record
}
