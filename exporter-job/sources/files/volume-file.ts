// A file on a mounted volume, as pieces of bytes; gzip files unpacked.
import {constants} from 'node:fs'
import {open, realpath} from 'node:fs/promises'
import type {FileHandle} from 'node:fs/promises'
import {PermanentFault, RunFault, TransientFault} from '../../errors.ts'
import {pathSegments, realpathInside} from '../../paths.ts'
import {gunzip} from './gunzip.ts'
import {READ_BYTES} from './pieces.ts'
import type {Pieces} from './pieces.ts'

/** Transient: the volume failed for a moment. Whatever is not here is permanent. */
const TRANSIENT = new Set(['EIO', 'ESTALE', 'ETIMEDOUT', 'EAGAIN', 'EBUSY', 'EMFILE', 'ENFILE', 'ENOMEM'])

/** What begins a gzip file: its magic number and the one method there is (RFC 1952). No text file begins so. */
const GZIP = Buffer.from([0x1f, 0x8b, 0x08])

export interface VolumeFile {
  /** Its bytes, unpacked. @throws TransientFault FileChanged, PermanentFault GzipInvalid */
  readonly pieces: Pieces
  /** Tells this state of the file from any other. */
  readonly state: string
  close(): Promise<void>
}

/** Which file. */
export interface FilePlace {
  /** Where the volume is mounted. */
  readonly mount: string
  readonly path: string
  /** Whose file it is. */
  readonly dataset: string
}

/**
 * Opens a regular file below the mount, symbolic links followed only where they stay inside it.
 * @throws PermanentFault PathNotAllowed, FileNotFound, FileNotReadable
 */
export async function openVolumeFile(place: FilePlace): Promise<VolumeFile> {
  const {mount, path, dataset} = place
  const what = nameOf(place)
  const segments = pathSegments(path, what)
  const handle = await guarded(place, async () => {
    const root = await realpath(mount)
    // Not waiting: a pipe of that name would never be opened. It is refused below.
    return open(await realpathInside(realpath, {root, segments, what}), constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW)
  })
  try {
    const state = await stateOf(handle, place)
    return {
      pieces: (await startsAsGzip(handle, place)) ? gunzip(readPieces(handle, place, state), {dataset, place: path}) : readPieces(handle, place, state),
      state,
      close: () => handle.close(),
    }
  } catch (error) {
    await handle.close()
    throw error
  }
}

/** Device, number, size and time to the nanosecond: a file that was written to or replaced has another one. */
async function stateOf(handle: FileHandle, place: FilePlace): Promise<string> {
  const stat = await guarded(place, () => handle.stat({bigint: true}))
  if (!stat.isFile()) throw new PermanentFault('FileNotReadable', `${nameOf(place)}: ${place.path} is not a regular file`)
  return [stat.dev, stat.ino, stat.size, stat.mtimeNs].join(':')
}

async function startsAsGzip(handle: FileHandle, place: FilePlace): Promise<boolean> {
  const start = Buffer.alloc(GZIP.length)
  const {bytesRead} = await guarded(place, () => handle.read(start, 0, start.length, 0))
  return bytesRead === start.length && start.equals(GZIP)
}

async function* readPieces(handle: FileHandle, place: FilePlace, state: string): Pieces {
  const buffer = Buffer.allocUnsafeSlow(READ_BYTES)
  let position = 0
  for (;;) {
    const {bytesRead} = await guarded(place, () => handle.read(buffer, 0, buffer.length, position))
    if (bytesRead === 0) break
    position += bytesRead
    yield buffer.subarray(0, bytesRead)
  }
  if ((await stateOf(handle, place)) !== state) throw fileChanged(place, 'was written to while it was read')
}

/** The file is not what it was. */
export function fileChanged(place: FilePlace, how: string): TransientFault {
  return new TransientFault('FileChanged', `${nameOf(place)}: ${place.path} ${how}: put files there by renaming them`)
}

/** For messages. */
function nameOf({dataset}: FilePlace): string {
  return `dataset ${dataset}`
}

async function guarded<T>(place: FilePlace, run: () => Promise<T>): Promise<T> {
  const {path} = place
  const what = nameOf(place)
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
