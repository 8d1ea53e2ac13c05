// Pieces of bytes as pieces of whole characters in UTF-8. A byte that the encoding does not have is a fault, never a question mark.
import {isUtf8} from 'node:buffer'
import {PermanentFault} from '../../errors.ts'
import {transcoder} from './encodings.ts'
import type {Encoding} from './encodings.ts'
import type {Pieces} from './pieces.ts'

export interface Reading {
  readonly encoding: Encoding
  /** Names the file or the page in messages. */
  readonly where: string
  /** The code of the fault, by what is read: CsvInvalid, JsonInvalid. */
  readonly code: string
  /** The line at which the piece being checked begins. */
  readonly lineNow: () => number
}

const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf])

/** Valid UTF-8, without a byte order mark; pieces end between two characters. @throws PermanentFault of `code` */
export async function* textPieces(pieces: Pieces, reading: Reading): Pieces {
  const utf8 = reading.encoding === 'UTF8' ? validUtf8(pieces, reading) : transcoded(pieces, reading, reading.encoding)
  let first = true
  for await (const piece of utf8) {
    const start = first && piece.subarray(0, 3).equals(BYTE_ORDER_MARK) ? 3 : 0
    first = false
    if (piece.length > start) yield piece.subarray(start)
  }
}

async function* validUtf8(pieces: Pieces, reading: Reading): Pieces {
  let kept = Buffer.alloc(0)
  for await (const piece of pieces) {
    const bytes = kept.length === 0 ? piece : Buffer.concat([kept, piece])
    const end = bytes.length - unfinishedBytes(bytes)
    const whole = bytes.subarray(0, end)
    if (!isUtf8(whole)) throw notUtf8(whole, reading)
    if (end > 0) yield whole
    kept = Buffer.from(bytes.subarray(end))
  }
  if (kept.length > 0) throw notUtf8(kept, reading)
}

/** Bytes at the end that begin a character which goes on in the next piece: at most three. */
function unfinishedBytes(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!
    if (byte < 0x80) return 0
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? back : 0
  }
  return 0
}

function notUtf8(piece: Buffer, {where, code, lineNow}: Reading): PermanentFault {
  let [good, bad] = [0, piece.length]
  while (bad - good > 1) {
    const middle = (good + bad) >> 1
    const whole = middle - unfinishedBytes(piece.subarray(0, middle))
    if (isUtf8(piece.subarray(0, whole))) good = middle
    else bad = middle
  }
  good -= unfinishedBytes(piece.subarray(0, good))
  const line = lineNow() + lineFeeds(piece.subarray(0, good))
  return new PermanentFault(code, `${where}, line ${line}: not UTF-8 (byte ${hex(piece[good])}): save it as UTF-8, or name its encoding`)
}

async function* transcoded(pieces: Pieces, {where, code, lineNow}: Reading, encoding: Exclude<Encoding, 'UTF8'>): Pieces {
  const to = transcoder(encoding)
  for await (const piece of pieces) {
    const text = to.feed(piece)
    const wrong = to.wrong()
    if (wrong !== undefined) {
      throw new PermanentFault(code, `${where}, line ${lineNow() + lineFeeds(text)}: ${wrong}`)
    }
    if (text.length > 0) yield text
  }
  const wrong = to.end()
  if (wrong !== undefined) throw new PermanentFault(code, `${where}, line ${lineNow()}: ${wrong}`)
}

function lineFeeds(bytes: Uint8Array): number {
  return bytes.reduce((count, byte) => count + (byte === 0x0a ? 1 : 0), 0)
}

function hex(byte: number | undefined): string {
  return `0x${(byte ?? 0).toString(16).padStart(2, '0')}`
}
