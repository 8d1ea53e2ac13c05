// From Windows-1252, ISO 8859-1 and UTF-16 to UTF-8, byte by byte.
import {WINDOWS_1252} from '../../formats/values/windows-1252.ts'

/** As in spec.source.csv.encoding. */
export type Encoding = 'UTF8' | 'Windows1252' | 'Latin1' | 'UTF16LE'

export interface Transcoder {
  /** What the bytes are in UTF-8, up to the first that the encoding does not have. Good until the next call. */
  feed(piece: Uint8Array): Buffer
  /** What was wrong with the last piece. */
  wrong(): string | undefined
  /** What is wrong with the end of the text. */
  end(): string | undefined
}

export function transcoder(encoding: Exclude<Encoding, 'UTF8'>): Transcoder {
  switch (encoding) {
    case 'Windows1252':
      return singleByte(codesOfWindows1252(), (byte) => `Windows-1252 has no character for the byte ${byte}`)
    case 'Latin1':
      return singleByte(codesOfLatin1(), (byte) => `the byte ${byte} is a control character in Latin-1: is the encoding Windows1252?`)
    case 'UTF16LE':
      return utf16()
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

function singleByte(codes: Uint16Array, problem: (byte: string) => string): Transcoder {
  let output = Buffer.alloc(0)
  let unknown: string | undefined
  return {
    feed(piece) {
      // A character of one byte has at most three in UTF-8: €.
      if (output.length < piece.length * 3) output = Buffer.allocUnsafeSlow(piece.length * 3)
      let at = 0
      for (let index = 0; index < piece.length; index++) {
        const code = codes[piece[index]!]!
        if (code < 0x80) output[at++] = code
        else if (code !== 0xffff) at = writeCode(output, at, code)
        else {
          unknown = problem(`0x${piece[index]!.toString(16)}`)
          break
        }
      }
      return output.subarray(0, at)
    },
    wrong: () => unknown,
    end: () => undefined,
  }
}

function utf16(): Transcoder {
  let output = Buffer.alloc(0)
  /** The first byte of a unit that was cut, the first unit of a pair that was cut; -1 for none. */
  let low = -1
  let high = -1
  let wrong: string | undefined

  /** Writes what a unit of 16 bits completes. */
  function unit(code: number, at: number): number {
    const isLow = code >= 0xdc00 && code < 0xe000
    if (isLow !== high >= 0) {
      wrong = 'half of a UTF-16 surrogate pair stands alone'
      return at
    }
    if (isLow) {
      const whole = 0x10000 + ((high - 0xd800) << 10) + (code - 0xdc00)
      high = -1
      return writeCode(output, at, whole)
    }
    if (code < 0xd800 || code >= 0xe000) return writeCode(output, at, code)
    high = code
    return at
  }
  return {
    feed(piece) {
      if (output.length < piece.length * 2 + 4) output = Buffer.allocUnsafeSlow(piece.length * 2 + 4)
      let at = 0
      for (let index = 0; index < piece.length && wrong === undefined; index++) {
        if (low < 0) low = piece[index]!
        else {
          at = unit(low | (piece[index]! << 8), at)
          low = -1
        }
      }
      return output.subarray(0, at)
    },
    wrong: () => wrong,
    end: () => (low >= 0 || high >= 0 ? 'the file ends in the midst of a UTF-16 character' : undefined),
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
