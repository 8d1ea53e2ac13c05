// From Windows-1252, ISO 8859-1 and UTF-16 to UTF-8, byte by byte.
import {WINDOWS_1252} from '../../formats/values/windows-1252.ts'

/** As in spec.source.csv.encoding. */
export type Encoding = 'UTF8' | 'Windows1252' | 'Latin1' | 'UTF16LE'

/** Marks a byte, or a unit of UTF-16, that is no character of the encoding. No text in UTF-8 has this byte. */
export const NO_CHARACTER = 0xff

export interface Transcoder {
  /** What the bytes are in UTF-8, NO_CHARACTER for each that the encoding does not have. Good until the next call. */
  feed(piece: Uint8Array): Buffer
  /** What is left at the end of the text: NO_CHARACTER where it ends in the midst of a character. */
  end(): Buffer
}

export function transcoder(encoding: Exclude<Encoding, 'UTF8'>): Transcoder {
  switch (encoding) {
    case 'Windows1252':
      return singleByte(codesOfWindows1252())
    case 'Latin1':
      return singleByte(codesOfLatin1())
    case 'UTF16LE':
      return utf16()
    default:
      return encoding satisfies never
  }
}

/** What would be right where a byte is none of the encoding. */
export function rightEncoding(encoding: Encoding): string {
  switch (encoding) {
    case 'UTF8':
      return 'must be UTF-8: save it as UTF-8, or name its encoding'
    case 'Windows1252':
      return 'must be Windows-1252, which has no character for the bytes 81, 8D, 8F, 90 and 9D'
    case 'Latin1':
      return 'must be Latin-1, in which the bytes 80 to 9F are control characters: is the encoding Windows1252?'
    case 'UTF16LE':
      return 'must be UTF-16: half of a surrogate pair or of a character stands alone'
    default:
      return encoding satisfies never
  }
}

/** The code point of each byte; 0xffff where there is none. */
function codesOfWindows1252(): Uint16Array {
  const codes = new Uint16Array(256).fill(0xffff)
  WINDOWS_1252.forEach((byte, code) => {
    if (byte !== 0) codes[byte] = code
  })
  codes[0] = 0
  return codes
}

function codesOfLatin1(): Uint16Array {
  return Uint16Array.from({length: 256}, (_, byte) => (byte >= 0x80 && byte < 0xa0 ? 0xffff : byte))
}

function singleByte(codes: Uint16Array): Transcoder {
  let output = Buffer.alloc(0)
  return {
    feed(piece) {
      // A character of one byte has at most three in UTF-8: €.
      if (output.length < piece.length * 3) output = Buffer.allocUnsafeSlow(piece.length * 3)
      let at = 0
      for (let index = 0; index < piece.length; index++) {
        const code = codes[piece[index]!]!
        if (code < 0x80) output[at++] = code
        else if (code !== 0xffff) at = writeCode(output, at, code)
        else output[at++] = NO_CHARACTER
      }
      return output.subarray(0, at)
    },
    end: () => Buffer.alloc(0),
  }
}

function utf16(): Transcoder {
  let output = Buffer.alloc(0)
  /** The first byte of a unit that was cut, the first unit of a pair that was cut; -1 for none. */
  let low = -1
  let high = -1

  /** Writes what a unit of 16 bits completes. */
  function unit(code: number, from: number): number {
    let at = from
    const isLow = code >= 0xdc00 && code < 0xe000
    if (isLow !== high >= 0) output[at++] = NO_CHARACTER
    if (isLow) {
      if (high >= 0) at = writeCode(output, at, 0x10000 + ((high - 0xd800) << 10) + (code - 0xdc00))
      high = -1
      return at
    }
    high = code >= 0xd800 && code < 0xe000 ? code : -1
    return high < 0 ? writeCode(output, at, code) : at
  }
  return {
    feed(piece) {
      if (output.length < piece.length * 2 + 8) output = Buffer.allocUnsafeSlow(piece.length * 2 + 8)
      let at = 0
      for (let index = 0; index < piece.length; index++) {
        if (low < 0) low = piece[index]!
        else {
          at = unit(low | (piece[index]! << 8), at)
          low = -1
        }
      }
      return output.subarray(0, at)
    },
    end: () => Buffer.alloc(low >= 0 || high >= 0 ? 1 : 0, NO_CHARACTER),
  }
}

/** Writes a code point as UTF-8; gives where the next byte goes. */
export function writeCode(output: Uint8Array, from: number, code: number): number {
  let at = from
  if (code < 0x80) output[at++] = code
  else if (code < 0x800) {
    output[at++] = 0xc0 | (code >> 6)
    output[at++] = 0x80 | (code & 0x3f)
  } else if (code < 0x10000) {
    output[at++] = 0xe0 | (code >> 12)
    output[at++] = 0x80 | ((code >> 6) & 0x3f)
    output[at++] = 0x80 | (code & 0x3f)
  } else {
    output[at++] = 0xf0 | (code >> 18)
    output[at++] = 0x80 | ((code >> 12) & 0x3f)
    output[at++] = 0x80 | ((code >> 6) & 0x3f)
    output[at++] = 0x80 | (code & 0x3f)
  }
  return at
}
