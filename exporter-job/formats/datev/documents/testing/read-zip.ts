// An independent reader of ZIP archives, from APPNOTE.TXT, as strict as the strictest: one archive without anything before, between or behind,
// entries stored or deflated with sizes told before the bytes, flat names.
import {inflateRawSync} from 'node:zlib'

export interface ZipEntry {
  readonly name: string
  readonly bytes: Buffer
  /** As the archive has it: local time without a zone. */
  readonly modified: string
}

const END = 22

/** Throws at the first thing that is not as it must be. */
export function readZip(archive: Buffer): ZipEntry[] {
  const end = archive.length - END
  if (end < 0 || archive.readUInt32LE(end) !== 0x06054b50) throw new Error('there is no end record, or something behind it')
  const [count, total, size, start] = [archive.readUInt16LE(end + 8), archive.readUInt16LE(end + 10), archive.readUInt32LE(end + 12), archive.readUInt32LE(end + 16)]
  if (count !== total || start + size !== end) throw new Error('the directory does not end where the end record begins')
  const entries: ZipEntry[] = []
  let [header, file] = [start, 0]
  for (let index = 0; index < count; index++) {
    const read = readEntry(archive, header, file)
    entries.push(read.entry)
    header = read.nextHeader
    file = read.nextFile
  }
  if (header !== end || file !== start) throw new Error('entries and directory leave a gap')
  const names = entries.map(({name}) => name.toLowerCase())
  if (new Set(names).size !== names.length) throw new Error('a name comes twice')
  return entries
}

interface Read {
  readonly entry: ZipEntry
  readonly nextHeader: number
  readonly nextFile: number
}

function readEntry(archive: Buffer, header: number, file: number): Read {
  if (archive.readUInt32LE(header) !== 0x02014b50) throw new Error('no central header')
  if (archive.readUInt32LE(header + 42) !== file || archive.readUInt32LE(file) !== 0x04034b50) throw new Error('no local header where one should be')
  const central = archive.subarray(header + 6, header + 32)
  const local = archive.subarray(file + 4, file + 30)
  if (!central.equals(local)) throw new Error('local and central header disagree')
  const [flags, method, time, date] = [0, 2, 4, 6].map((at) => local.readUInt16LE(at + 2)) as [number, number, number, number]
  if ((flags & ~0x800) !== 0) throw new Error(`flags ${flags}: encrypted, or sizes behind the bytes`)
  const [crc, packed, size] = [10, 14, 18].map((at) => local.readUInt32LE(at)) as [number, number, number]
  const [nameLength, extraLength] = [local.readUInt16LE(22), local.readUInt16LE(24)]
  const commentLength = archive.readUInt16LE(header + 32)
  const name = archive.toString('latin1', file + 30, file + 30 + nameLength)
  if (archive.toString('latin1', header + 46, header + 46 + nameLength) !== name) throw new Error('names differ')
  if (!/^[\x20-\x7e]+$/.test(name) || /[\\/:*?"<>|]/.test(name)) throw new Error(`${JSON.stringify(name)} is not flat`)
  const begin = file + 30 + nameLength + extraLength
  const stored = archive.subarray(begin, begin + packed)
  const bytes = method === 0 ? stored : method === 8 ? inflateRawSync(stored) : undefined
  if (bytes === undefined || bytes.length !== size || checksum(bytes) !== crc) throw new Error(`${name} is damaged`)
  return {entry: {name, bytes, modified: modifiedText(date, time)}, nextHeader: header + 46 + nameLength + extraLength + commentLength, nextFile: begin + packed}
}

function modifiedText(date: number, time: number): string {
  return `${1980 + (date >> 9)}-${two((date >> 5) & 15)}-${two(date & 31)} ${two(time >> 11)}:${two((time >> 5) & 63)}:${two((time & 31) * 2)}`
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}

/** What a byte does to a CRC-32. */
const CRC_STEPS = Uint32Array.from({length: 256}, (_, byte) => {
  let step = byte
  for (let bit = 0; bit < 8; bit++) step = (step >>> 1) ^ (step & 1 ? 0xedb88320 : 0)
  return step
})

function checksum(bytes: Buffer): number {
  let crc = 0xffffffff
  for (let index = 0; index < bytes.length; index++) crc = (crc >>> 8) ^ CRC_STEPS[(crc ^ bytes[index]!) & 0xff]!
  return (crc ^ 0xffffffff) >>> 0
}
