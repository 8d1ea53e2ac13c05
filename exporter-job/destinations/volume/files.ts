// The few file-system calls that the volume destination makes, as one seam: a test can stop the world after any one of them.
import * as nodeFs from 'node:fs/promises'
import type {FileHandle} from 'node:fs/promises'
import {join} from 'node:path'
import {PermanentFault} from '../../errors.ts'
import {realpathInside} from '../../paths.ts'

export type VolumeFs = Pick<
  typeof nodeFs,
  'link' | 'lstat' | 'mkdir' | 'open' | 'readFile' | 'readdir' | 'realpath' | 'rename' | 'rm' | 'unlink'
>

export const realFs: VolumeFs = nodeFs

/** Codes by which a file system says that it has no fsync for folders (some network file systems); its renames are durable by themselves. */
const NO_FOLDER_SYNC = new Set(['EINVAL', 'ENOTSUP', 'ENOSYS'])

/** The error code of a failed system call ('ENOENT'), undefined for anything else. */
export function errnoOf(error: unknown): string | undefined {
  return error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined
}

/** Makes the names in a folder durable: without it a crash of the node may forget a link or rename that had succeeded. */
export async function syncFolder(fs: VolumeFs, path: string): Promise<void> {
  const handle = await fs.open(path, 'r')
  try {
    await handle.sync()
  } catch (error) {
    if (!NO_FOLDER_SYNC.has(errnoOf(error) ?? '')) throw error
  } finally {
    await handle.close()
  }
}

/** Writes all bytes, also where the system takes them in parts. */
export async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  let offset = 0
  while (offset < bytes.length) {
    const {bytesWritten} = await handle.write(bytes, offset, bytes.length - offset)
    offset += bytesWritten
  }
}

/** Writes a small file and makes its bytes durable. */
export async function writeDurably(fs: VolumeFs, path: string, bytes: Uint8Array): Promise<void> {
  const handle = await fs.open(path, 'wx')
  try {
    await writeAll(handle, bytes)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** What a promise gives, or undefined where the file or folder is not there. */
export async function orAbsent<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined
    throw error
  }
}

/** Names in a folder, none where the folder is not there. */
export async function namesIn(fs: VolumeFs, folder: string): Promise<readonly string[]> {
  return (await orAbsent(fs.readdir(folder))) ?? []
}

/**
 * Makes the folders of a path below the root, durably, and gives the last one's real path.
 * Each step is resolved before the next is made: a symbolic link on the volume must not lead a run out of it.
 */
export async function makeFolders(fs: VolumeFs, root: string, segments: readonly string[]): Promise<string> {
  let current = root
  for (const segment of segments) {
    if (await makeFolder(fs, join(current, segment))) await syncFolder(fs, current)
    const inside = current === root ? [segment] : [...current.slice(root.length).split('/').filter(Boolean), segment]
    current = await realpathInside(fs.realpath, {root, segments: inside, what: 'destination volume'})
    if (!(await fs.lstat(current)).isDirectory()) {
      throw new PermanentFault('PathNotAllowed', `${JSON.stringify(inside.join('/'))} on the volume is not a folder`)
    }
  }
  return current
}

/** True where the folder was made, false where the name was there already. */
async function makeFolder(fs: VolumeFs, path: string): Promise<boolean> {
  try {
    await fs.mkdir(path)
    return true
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false
    throw error
  }
}
