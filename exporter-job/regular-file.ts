// A regular file on a mounted volume, opened for reading: inside the volume, never a pipe or a device, its state known.
import {constants} from 'node:fs'
import {open, realpath} from 'node:fs/promises'
import type {FileHandle} from 'node:fs/promises'
import {PermanentFault, RunFault, TransientFault} from './errors.ts'
import {pathSegments, realpathInside} from './paths.ts'

/** Transient: the volume failed for a moment. Whatever is not here is permanent. */
const TRANSIENT = new Set(['EIO', 'ESTALE', 'ETIMEDOUT', 'EAGAIN', 'EBUSY', 'EMFILE', 'ENFILE', 'ENOMEM'])

/** Which file. */
export interface FilePlace {
  /** The folder that it must not lead out of: where the volume is mounted, or one below. */
  readonly mount: string
  readonly path: string
  /** What messages call its purpose: "dataset bookings". */
  readonly what: string
}

/** A file as it was when it was opened. */
export interface FileState {
  /** Bytes. */
  readonly size: number
  /** Device, number, size and time to the nanosecond: a file that was written to or replaced has another one. */
  readonly state: string
}

export interface RegularFile extends FileState {
  readonly handle: FileHandle
}

/**
 * Opens a regular file below the mount, symbolic links followed only where they stay inside it.
 * @throws PermanentFault PathNotAllowed, FileNotFound, FileNotReadable; TransientFault VolumeUnavailable
 */
export async function openRegularFile(place: FilePlace): Promise<RegularFile> {
  const {mount, path, what} = place
  const segments = pathSegments(path, what)
  const handle = await guardedRead(place, async () => {
    const root = await realpath(mount)
    // Not waiting: a pipe of that name would never be opened. It is refused below.
    return open(await realpathInside(realpath, {root, segments, what}), constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW)
  })
  try {
    return {handle, ...(await stateOf(handle, place))}
  } catch (error) {
    await handle.close()
    throw error
  }
}

/** @throws PermanentFault FileNotReadable where it is no regular file */
export async function stateOf(handle: FileHandle, place: FilePlace): Promise<FileState> {
  const stat = await guardedRead(place, () => handle.stat({bigint: true}))
  if (!stat.isFile()) throw new PermanentFault('FileNotReadable', `${place.what}: ${place.path} is not a regular file`)
  return {size: Number(stat.size), state: [stat.dev, stat.ino, stat.size, stat.mtimeNs].join(':')}
}

/** The file is not what it was. */
export function fileChanged({what, path}: FilePlace, how: string): TransientFault {
  return new TransientFault('FileChanged', `${what}: ${path} ${how}: put files there by renaming them`)
}

/** What the file system says, as a fault of the run. */
export async function guardedRead<T>({what, path}: FilePlace, run: () => Promise<T>): Promise<T> {
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
