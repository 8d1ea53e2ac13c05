// A CSV file on a mounted volume, read in pieces that end between two characters.
import {isUtf8} from 'node:buffer'
import {constants} from 'node:fs'
import {open, realpath} from 'node:fs/promises'
import type {FileHandle} from 'node:fs/promises'
import {PermanentFault, RunFault, TransientFault} from '../../errors.ts'
import {pathSegments, realpathInside} from '../../paths.ts'

export const READ_BYTES = 256 * 1024

/** Transient: the volume failed for a moment. Whatever is not here is permanent. */
const TRANSIENT = new Set(['EIO', 'ESTALE', 'ETIMEDOUT', 'EAGAIN', 'EBUSY', 'EMFILE', 'ENFILE', 'ENOMEM'])

export interface CsvFile {
  /** Pieces of whole characters, valid UTF-8, without a byte order mark. Each piece is good until the next is asked for. */
  pieces(lineNow: () => number): AsyncGenerator<Buffer>
  close(): Promise<void>
}

/**
 * Opens a regular file below the mount, symbolic links followed only where they stay inside it.
 * @throws PermanentFault PathNotAllowed, FileNotFound, FileNotReadable
 */
export async function openCsvFile(mount: string, path: string, what: string): Promise<CsvFile> {
  const segments = pathSegments(path, what)
  const handle = await guarded(what, path, async () => {
    const root = await realpath(mount)
    // Not waiting: a pipe of that name would never be opened. It is refused below.
    return open(await realpathInside(realpath, {root, segments, what}), constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW)
  })
  try {
    const stat = await handle.stat()
    if (!stat.isFile()) throw new PermanentFault('FileNotReadable', `${what}: ${path} is not a regular file`)
  } catch (error) {
    await handle.close()
    throw error
  }
  return {
    pieces: (lineNow) => readPieces(handle, {what, path, lineNow}),
    close: () => handle.close(),
  }
}

interface Reading {
  readonly what: string
  readonly path: string
  /** The line at which the piece being checked begins. */
  readonly lineNow: () => number
}

async function* readPieces(handle: FileHandle, reading: Reading): AsyncGenerator<Buffer> {
  const {what, path} = reading
  const buffer = Buffer.allocUnsafeSlow(READ_BYTES)
  const before = await handle.stat()
  let kept = 0
  let position = 0
  for (;;) {
    const {bytesRead} = await guarded(what, path, () => handle.read(buffer, kept, buffer.length - kept, position))
    const start = position === 0 && buffer.subarray(0, 3).equals(BYTE_ORDER_MARK) ? 3 : 0
    position += bytesRead
    const length = kept + bytesRead
    const end = bytesRead === 0 ? length : length - unfinishedBytes(buffer.subarray(0, length))
    const piece = buffer.subarray(start, end)
    if (!isUtf8(piece)) throw notUtf8(piece, reading)
    if (piece.length > 0) yield piece
    if (bytesRead === 0) break
    kept = buffer.copy(buffer, 0, end, length)
  }
  const after = await handle.stat()
  if (after.size !== before.size || after.mtimeMs !== before.mtimeMs || position !== before.size) {
    throw new TransientFault('FileChanged', `${what}: ${path} was written to while it was read: put files there by renaming them`)
  }
}

const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf])

/** Bytes at the end that begin a character which goes on in the next piece: at most three. */
function unfinishedBytes(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!
    if (byte < 0x80) return 0
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? back : 0
  }
  return 0
}

function notUtf8(piece: Buffer, {what, path, lineNow}: Reading): PermanentFault {
  let [good, bad] = [0, piece.length]
  while (bad - good > 1) {
    const middle = (good + bad) >> 1
    const whole = middle - unfinishedBytes(piece.subarray(0, middle))
    if (isUtf8(piece.subarray(0, whole))) good = middle
    else bad = middle
  }
  good -= unfinishedBytes(piece.subarray(0, good))
  const line = lineNow() + piece.subarray(0, good).filter((byte) => byte === 0x0a).length
  const message = `${what}: ${path}, line ${line}: not UTF-8 (byte ${hex(piece[good])}): save the file as UTF-8`
  return new PermanentFault('CsvInvalid', message)
}

function hex(byte: number | undefined): string {
  return `0x${(byte ?? 0).toString(16).padStart(2, '0')}`
}

async function guarded<T>(what: string, path: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    const errno = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined
    if (error instanceof RunFault || errno === undefined) throw error
    if (TRANSIENT.has(errno)) throw new TransientFault('VolumeUnavailable', `${what}: ${path} could not be read for a moment (${errno})`, {cause: error})
    if (errno === 'ENOENT' || errno === 'ENOTDIR') throw new PermanentFault('FileNotFound', `${what}: there is no file ${path} on the volume`)
    throw new PermanentFault('FileNotReadable', `${what}: ${path} cannot be read (${errno}): user and group 65532 must be let to`, {cause: error})
  }
}
