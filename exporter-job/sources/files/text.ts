// Pieces of bytes as pieces of whole characters in UTF-8. A byte that the encoding does not have is marked, never a question mark.
import {isUtf8} from 'node:buffer'
import {utf8Length} from '../../formats/values/utf8.ts'
import {NO_CHARACTER, transcoder} from './encodings.ts'
import type {Encoding} from './encodings.ts'
import type {Pieces} from './pieces.ts'

const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf])

/** UTF-8 without a byte order mark, NO_CHARACTER for each byte that is none; pieces end between two characters. */
export async function* textPieces(pieces: Pieces, encoding: Encoding): Pieces {
  const utf8 = encoding === 'UTF8' ? markedUtf8(pieces) : transcoded(pieces, encoding)
  let first = true
  for await (const piece of utf8) {
    const start = first && piece.subarray(0, 3).equals(BYTE_ORDER_MARK) ? 3 : 0
    first = false
    if (piece.length > start) yield piece.subarray(start)
  }
}

async function* markedUtf8(pieces: Pieces): Pieces {
  let kept = Buffer.alloc(0)
  for await (const piece of pieces) {
    const bytes = kept.length === 0 ? piece : Buffer.concat([kept, piece])
    const end = bytes.length - unfinishedBytes(bytes)
    const whole = bytes.subarray(0, end)
    if (end > 0) yield isUtf8(whole) ? whole : marked(whole)
    kept = Buffer.from(bytes.subarray(end))
  }
  if (kept.length > 0) yield marked(kept)
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

/** A copy in which every byte that belongs to no character is NO_CHARACTER. */
function marked(bytes: Uint8Array): Buffer {
  const text = Buffer.from(bytes)
  for (let at = 0; at < text.length; ) {
    const length = text[at]! < 0x80 ? 1 : utf8Length(text, at, text.length)
    if (length === 0) text[at] = NO_CHARACTER
    at += Math.max(1, length)
  }
  return text
}

async function* transcoded(pieces: Pieces, encoding: Exclude<Encoding, 'UTF8'>): Pieces {
  const to = transcoder(encoding)
  for await (const piece of pieces) {
    const text = to.feed(piece)
    if (text.length > 0) yield text
  }
  const rest = to.end()
  if (rest.length > 0) yield rest
}
