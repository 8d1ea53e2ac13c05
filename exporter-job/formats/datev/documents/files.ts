// The files of documents: looked at when their row is met, read when their package is written.
import {realpath} from 'node:fs/promises'
import {join} from 'node:path'
import {PermanentFault} from '../../../errors.ts'
import {pathSegments, realpathInside} from '../../../paths.ts'
import {fileChanged, guardedRead, openRegularFile, stateOf} from '../../../regular-file.ts'
import type {FilePlace, FileState, RegularFile} from '../../../regular-file.ts'

/** Where the files are. */
export interface DocumentFolder {
  /** Where the volume is mounted. */
  readonly mount: string
  /** Below it, placeholders filled in. */
  readonly path: string
}

const WHAT = 'spec.format.datev.documents.path'

/**
 * The folder as the file system knows it. One that is not there is given as it would be: each of its files is missing then.
 * @throws PermanentFault PathNotAllowed
 */
export async function realFolder({mount, path}: DocumentFolder): Promise<string> {
  const segments = pathSegments(path, WHAT)
  const folder = join(mount, ...segments)
  try {
    return await guardedRead({mount, path, what: WHAT}, async () => realpathInside(realpath, {root: await realpath(mount), segments, what: WHAT}))
  } catch (error) {
    if (error instanceof PermanentFault && error.code === 'FileNotFound') return folder
    throw error
  }
}

/** @throws as openRegularFile */
export async function lookAt(place: FilePlace): Promise<FileState> {
  return await withFile(place, ({size, state}) => Promise.resolve({size, state}))
}

/** Reads whole files into the same memory, again and again. */
export type ReadWhole = (place: FilePlace, seen: FileState) => Promise<Uint8Array>

/** The bytes are valid until the next call. Faults: as openRegularFile; TransientFault FileChanged where the file is not what was seen. */
export function createReadWhole(): ReadWhole {
  let buffer = Buffer.alloc(0)
  return (place, seen) =>
    withFile(place, async ({handle, state}) => {
      if (state !== seen.state) throw fileChanged(place, 'was replaced during the run')
      if (buffer.length < seen.size) buffer = Buffer.allocUnsafeSlow(seen.size)
      const bytes = buffer.subarray(0, seen.size)
      let filled = 0
      while (filled < bytes.length) {
        const {bytesRead} = await guardedRead(place, () => handle.read(bytes, filled, bytes.length - filled, filled))
        if (bytesRead === 0) break
        filled += bytesRead
      }
      if (filled < bytes.length || (await stateOf(handle, place)).state !== state) throw fileChanged(place, 'was written to while it was read')
      return bytes
    })
}

async function withFile<T>(place: FilePlace, use: (file: RegularFile) => Promise<T>): Promise<T> {
  const file = await openRegularFile(place)
  try {
    return await use(file)
  } finally {
    await file.handle.close()
  }
}
