// A file on a mounted volume, as pieces of bytes; gzip files unpacked.
import {fileChanged, guardedRead, openRegularFile, stateOf} from '../../regular-file.ts'
import type {FilePlace, RegularFile} from '../../regular-file.ts'
import {gunzip} from './gunzip.ts'
import {READ_BYTES} from './pieces.ts'
import type {Pieces} from './pieces.ts'

/** What begins a gzip file: its magic number and the one method there is (RFC 1952). No text file begins so. */
const GZIP = Buffer.from([0x1f, 0x8b, 0x08])

export interface VolumeFile {
  /** Its bytes, unpacked. @throws TransientFault FileChanged, PermanentFault GzipInvalid */
  readonly pieces: Pieces
  /** Tells this state of the file from any other. */
  readonly state: string
  close(): Promise<void>
}

/**
 * Opens a dataset's file below the mount, symbolic links followed only where they stay inside it.
 * @throws PermanentFault PathNotAllowed, FileNotFound, FileNotReadable
 */
export async function openVolumeFile(place: FilePlace, dataset: string): Promise<VolumeFile> {
  const file = await openRegularFile(place)
  try {
    return {
      pieces: (await startsAsGzip(file, place)) ? gunzip(readPieces(file, place), {dataset, place: place.path}) : readPieces(file, place),
      state: file.state,
      close: () => file.handle.close(),
    }
  } catch (error) {
    await file.handle.close()
    throw error
  }
}

async function startsAsGzip({handle}: RegularFile, place: FilePlace): Promise<boolean> {
  const start = Buffer.alloc(GZIP.length)
  const {bytesRead} = await guardedRead(place, () => handle.read(start, 0, start.length, 0))
  return bytesRead === start.length && start.equals(GZIP)
}

async function* readPieces({handle, state}: RegularFile, place: FilePlace): Pieces {
  const buffer = Buffer.allocUnsafeSlow(READ_BYTES)
  let position = 0
  for (;;) {
    const {bytesRead} = await guardedRead(place, () => handle.read(buffer, 0, buffer.length, position))
    if (bytesRead === 0) break
    position += bytesRead
    yield buffer.subarray(0, bytesRead)
  }
  if ((await stateOf(handle, place)).state !== state) throw fileChanged(place, 'was written to while it was read')
}
