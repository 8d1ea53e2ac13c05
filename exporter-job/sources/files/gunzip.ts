// Unpacks gzip (RFC 1952) piece by piece. Its checksum proves that everything arrived.
import {createGunzip} from 'node:zlib'
import type {Gunzip} from 'node:zlib'
import {ContentFault} from '../refusals.ts'
import {READ_BYTES} from './pieces.ts'
import type {Pieces} from './pieces.ts'

/**
 * The same bytes unpacked; at most one piece is held at a time. `where` names the file or the page in messages.
 * @throws ContentFault GzipInvalid; whatever `pieces` throws
 */
export async function* gunzip(pieces: Pieces, where: {dataset: string; place: string}): Pieces {
  const unpacker = createGunzip({chunkSize: READ_BYTES})
  const feeding = feed(pieces, unpacker)
  try {
    for await (const chunk of unpacker as AsyncIterable<Buffer>) yield chunk
  } catch (error) {
    throw isZlibError(error) ? new ContentFault('GzipInvalid', where, `not a whole gzip file (${error.code}): was it cut off?`) : error
  } finally {
    unpacker.destroy()
    await feeding
  }
}

/** Each piece is used up before the next is read into the same memory. What fails goes the unpacker's way to its reader. */
async function feed(pieces: Pieces, unpacker: Gunzip): Promise<void> {
  try {
    for await (const piece of pieces) await write(unpacker, piece)
    unpacker.end()
  } catch (error) {
    unpacker.destroy(error instanceof Error ? error : new Error(String(error)))
  }
}

function write(unpacker: Gunzip, piece: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    // Destroyed in the midst, it may never answer.
    unpacker.once('close', stopped)
    unpacker.write(piece, (error) => {
      unpacker.off('close', stopped)
      if (error) reject(error)
      else resolve()
    })
    function stopped(): void {
      reject(new Error('the reader has stopped'))
    }
  })
}

function isZlibError(error: unknown): error is Error & {code: string} {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('Z_')
}
