// Writes tar archives (POSIX ustar) whose bytes depend on nothing but what is put in: no times, no owners, a fixed order.
import {createHash} from 'node:crypto'
import {createReadStream, createWriteStream} from 'node:fs'
import {lstat, readdir, readlink} from 'node:fs/promises'
import {join} from 'node:path'
import {pipeline} from 'node:stream/promises'

const BLOCK = 512

export type TarEntry =
  | {readonly type: 'folder'; readonly path: string; readonly mode: number}
  | {readonly type: 'link'; readonly path: string; readonly target: string}
  | {readonly type: 'file'; readonly path: string; readonly mode: number; readonly size: number; content(): AsyncIterable<Uint8Array>}

export interface TarFile {
  readonly path: string
  /** SHA-256 of the archive, lower-case hexadecimal. */
  readonly sha256: string
  readonly size: number
}

/** A file entry made of bytes at hand. */
export function bytesEntry(path: string, bytes: string | Uint8Array, mode = 0o644): TarEntry {
  const content = Buffer.from(bytes)
  return {type: 'file', path, mode, size: content.length, content: () => once(content)}
}

/** A file entry of a file on disk. */
export async function fileEntry(path: string, source: string): Promise<TarEntry> {
  const {mode, size} = await lstat(source)
  return {type: 'file', path, mode: permissions(mode), size, content: () => createReadStream(source)}
}

/** Everything below a folder, under `prefix`, in a fixed order, without the folder itself. Devices and sockets are left out. */
export async function* folderEntries(folder: string, prefix = ''): AsyncGenerator<TarEntry> {
  const names = (await readdir(folder)).toSorted()
  for (const name of names) {
    const source = join(folder, name)
    const path = `${prefix}${name}`
    const status = await lstat(source)
    if (status.isDirectory()) {
      yield {type: 'folder', path: `${path}/`, mode: permissions(status.mode)}
      yield* folderEntries(source, `${path}/`)
    } else if (status.isSymbolicLink()) yield {type: 'link', path, target: await readlink(source)}
    else if (status.isFile()) yield await fileEntry(path, source)
  }
}

/** Writes an archive and gives its checksum. */
export async function writeTar(path: string, entries: AsyncIterable<TarEntry> | Iterable<TarEntry>): Promise<TarFile> {
  const hash = createHash('sha256')
  let size = 0
  await pipeline(
    tarBytes(entries),
    async function* count(chunks: AsyncIterable<Uint8Array>) {
      for await (const chunk of chunks) {
        hash.update(chunk)
        size += chunk.length
        yield chunk
      }
    },
    createWriteStream(path),
  )
  return {path, sha256: hash.digest('hex'), size}
}

/** The archive's bytes. Throws where a path is too long for ustar or a file changes its size meanwhile. */
export async function* tarBytes(entries: AsyncIterable<TarEntry> | Iterable<TarEntry>): AsyncGenerator<Uint8Array> {
  for await (const entry of entries) {
    yield tarHeader(entry)
    if (entry.type !== 'file') continue
    let written = 0
    for await (const chunk of entry.content()) {
      written += chunk.length
      yield chunk
    }
    if (written !== entry.size) throw new Error(`${entry.path} has ${written} bytes and was announced with ${entry.size}`)
    yield Buffer.alloc((BLOCK - (written % BLOCK)) % BLOCK)
  }
  yield Buffer.alloc(2 * BLOCK)
}

/** One header block, as POSIX.1-1988 lays it out. */
export function tarHeader(entry: TarEntry): Uint8Array {
  const block = Buffer.alloc(BLOCK)
  const {name, prefix} = splitPath(entry.path)
  block.write(name, 0)
  block.write(octal(entry.type === 'link' ? 0o777 : entry.mode, 7), 100)
  block.write(octal(0, 7), 108)
  block.write(octal(0, 7), 116)
  block.write(octal(entry.type === 'file' ? entry.size : 0, 11), 124)
  block.write(octal(0, 11), 136)
  block.write('        ', 148)
  block.write({file: '0', link: '2', folder: '5'}[entry.type], 156)
  if (entry.type === 'link') block.write(limited(entry.target, 100), 157)
  block.write('ustar\u000000', 257)
  block.write(prefix, 345)
  const sum = block.reduce((total, byte) => total + byte, 0)
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return block
}

function splitPath(path: string): {name: string; prefix: string} {
  if (Buffer.byteLength(path) <= 100) return {name: path, prefix: ''}
  // The cut is at a slash: at most 155 bytes before it and 100 after.
  for (let cut = path.indexOf('/'); cut > 0 && cut < path.length - 1; cut = path.indexOf('/', cut + 1)) {
    const name = path.slice(cut + 1)
    if (Buffer.byteLength(name) <= 100) return {name, prefix: limited(path.slice(0, cut), 155)}
  }
  throw new Error(`the path is too long for a ustar archive: ${path}`)
}

function limited(text: string, bytes: number): string {
  if (Buffer.byteLength(text) > bytes) throw new Error(`too long for a ustar archive: ${text}`)
  return text
}

function octal(value: number, digits: number): string {
  const text = value.toString(8).padStart(digits, '0')
  if (text.length > digits) throw new Error(`too large for a ustar archive: ${value}`)
  return `${text}\0`
}

/** Only whether it may be executed matters: what the umask of the machine left of the rest must not reach the archive. */
function permissions(mode: number): number {
  return (mode & 0o100) === 0 ? 0o644 : 0o755
}

async function* once(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield content
}
