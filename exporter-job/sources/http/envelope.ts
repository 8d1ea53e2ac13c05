// A page of JSON, as it comes: the objects of one array are handed on one by one, and one value beside it is kept. Nothing else is held.
import {NO_CHARACTER} from '../files/encodings.ts'
import {createKept} from '../files/kept.ts'
import {MAX_RECORD_BYTES} from '../json/rows.ts'

const MAX_DEPTH = 64
/** Stands for an array in a path; no key has a dot in it there. */
const IN_ARRAY = '.[]'

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const COLON = 0x3a
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d
const OPEN_ARRAY = 0x5b
const CLOSE_ARRAY = 0x5d

export interface EnvelopeOptions {
  /** The keys that lead to the array of rows; none: it is the body. */
  readonly rowsPath: readonly string[]
  /** The keys that lead to the cursor. */
  readonly cursorPath?: readonly string[] | undefined
  /** source[from, to) is one object, its braces balanced. */
  readonly onRow: (source: Uint8Array, from: number, to: number) => void
  /** Throws what is wrong with the page. */
  readonly fail: (problem: string) => never
}

export interface Envelope {
  feed(piece: Buffer): void
  /** False where the page is not whole. */
  end(): boolean
  /** Text, or a number as it stands there; null where it is null, undefined where there is no such key. */
  cursor(): string | null | undefined
}

type Expected = 'value' | 'valueOrClose' | 'keyOrClose' | 'key' | 'colon' | 'commaOrClose' | 'nothing'

/** One object or array that is open. */
interface Level {
  readonly isObject: boolean
  /** How many keys lead to it. */
  readonly path: readonly string[]
  /** The key whose value is read. */
  key: string
}

export function createEnvelope({rowsPath, cursorPath, onRow, fail}: EnvelopeOptions): Envelope {
  const levels: Level[] = []
  const kept = createKept()
  let expected: Expected = 'value'
  /** In the midst of a string, a literal, or a row. */
  let inside: 'string' | 'literal' | 'row' | undefined
  let escaped = false
  let inRowString = false
  let rowDepth = 0
  let rowsSeen = false
  let cursor: string | null | undefined

  function here(): readonly string[] {
    const level = levels.at(-1)
    return level === undefined ? [] : level.isObject ? [...level.path, level.key] : [...level.path, IN_ARRAY]
  }

  function isRows(level: Level | undefined): boolean {
    return level !== undefined && !level.isObject && same(level.path, rowsPath)
  }

  function open(isObject: boolean): void {
    if (expected !== 'value' && expected !== 'valueOrClose') unexpected()
    if (levels.length >= MAX_DEPTH) fail(`more than ${MAX_DEPTH} objects and arrays in one another`)
    const path = here()
    if (!isObject && same(path, rowsPath)) markRows()
    else if (same(path, rowsPath)) fail(`${nameOf(rowsPath)} is an object, not an array of rows: set rowsPath`)
    if (isCursor(path)) fail(`the cursor ${nameOf(path)} is neither a text nor a number`)
    levels.push({isObject, path, key: ''})
    expected = isObject ? 'keyOrClose' : 'valueOrClose'
  }

  function markRows(): void {
    if (rowsSeen) fail(`${nameOf(rowsPath)} stands twice on the page`)
    rowsSeen = true
  }

  function isCursor(path: readonly string[]): boolean {
    return cursorPath !== undefined && same(path, cursorPath)
  }

  function close(isObject: boolean): void {
    const level = levels.pop()
    if (level?.isObject !== isObject || (expected !== 'commaOrClose' && expected !== (isObject ? 'keyOrClose' : 'valueOrClose'))) unexpected()
    expected = levels.length === 0 ? 'nothing' : 'commaOrClose'
  }

  function unexpected(): never {
    return fail('it is not JSON')
  }

  /** A string or a literal is whole. */
  function endToken(): void {
    if (kept.bytes().includes(NO_CHARACTER)) fail('it is not UTF-8')
    const text = kept.bytes().toString()
    kept.clear()
    const isText = text.startsWith('"')
    const level = levels.at(-1)
    const value = parsed(text)
    if (isText && (expected === 'key' || expected === 'keyOrClose')) {
      level!.key = value as string
      expected = 'colon'
      return
    }
    endValue(here(), value, text)
    expected = levels.length === 0 ? 'nothing' : 'commaOrClose'
  }

  function endValue(path: readonly string[], value: unknown, text: string): void {
    if (isRows(levels.at(-1))) fail('a row must be a JSON object')
    if (same(path, rowsPath)) {
      // Some APIs write null for an array without entries.
      if (value !== null || rowsPath.length === 0) fail(`${nameOf(rowsPath)} is no array of rows`)
      markRows()
    }
    if (!isCursor(path)) return
    if (typeof value === 'boolean') fail(`the cursor ${nameOf(path)} is neither a text nor a number`)
    cursor = value === null ? null : typeof value === 'string' ? value : text
  }

  function parsed(text: string): unknown {
    try {
      return JSON.parse(text)
    } catch {
      return unexpected()
    }
  }

  /** Goes on in a string or literal; gives the index of the byte to look at next. */
  function continueToken(piece: Buffer, from: number): number {
    let index = from
    let ended = false
    while (index < piece.length && !ended) {
      const byte = piece[index]!
      if (inside === 'literal') {
        if (!isLiteral(byte)) break
      } else {
        ended = byte === QUOTE && !escaped
        escaped = byte === BACKSLASH && !escaped
      }
      index += 1
    }
    kept.append(piece.subarray(from, index))
    if (kept.length() > MAX_RECORD_BYTES) fail('a text of more than 1 MiB stands outside of the rows')
    if (ended || (inside === 'literal' && index < piece.length)) {
      inside = undefined
      endToken()
    }
    return index
  }

  /** Goes on in a row; gives the index behind it, or behind the piece. */
  function continueRow(piece: Buffer, from: number): number {
    for (let index = from; index < piece.length; index++) {
      const byte = piece[index]!
      if (inRowString) {
        if (escaped) escaped = false
        else if (byte === BACKSLASH) escaped = true
        else if (byte === QUOTE) inRowString = false
      } else if (byte === QUOTE) inRowString = true
      else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) rowDepth += 1
      else if ((byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) && --rowDepth === 0) {
        endRow(piece, from, index + 1)
        return index + 1
      }
    }
    kept.append(piece.subarray(from))
    if (kept.length() > MAX_RECORD_BYTES) fail('a row of more than 1 MiB')
    return piece.length
  }

  function endRow(piece: Buffer, from: number, to: number): void {
    inside = undefined
    expected = 'commaOrClose'
    if (kept.length() === 0) {
      onRow(piece, from, to)
      return
    }
    kept.append(piece.subarray(from, to))
    onRow(kept.bytes(), 0, kept.length())
    kept.clear()
  }

  /** A byte between values. */
  function between(byte: number): void {
    if (byte === COMMA && expected === 'commaOrClose') expected = levels.at(-1)!.isObject ? 'key' : 'value'
    else if (byte === COLON && expected === 'colon') expected = 'value'
    else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) open(byte === OPEN_OBJECT)
    else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) close(byte === CLOSE_OBJECT)
    else unexpected()
  }

  function begins(byte: number): typeof inside {
    const isValue = expected === 'value' || expected === 'valueOrClose'
    if (byte === OPEN_OBJECT && isValue && isRows(levels.at(-1))) return 'row'
    if (byte === QUOTE && (isValue || expected === 'key' || expected === 'keyOrClose')) return 'string'
    return isValue && isLiteral(byte) ? 'literal' : undefined
  }

  function feed(piece: Buffer): void {
    for (let index = 0; index < piece.length; ) {
      if (inside === 'row') index = continueRow(piece, index)
      else if (inside !== undefined) index = continueToken(piece, index)
      else {
        const byte = piece[index]!
        inside = begins(byte)
        if (inside === 'string') {
          // Its opening quote is not its end.
          kept.append(piece.subarray(index, ++index))
        } else if (inside === undefined) {
          if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) between(byte)
          index += 1
        }
      }
    }
  }

  return {
    feed,
    end() {
      if (inside === 'literal') {
        inside = undefined
        endToken()
      }
      if (expected !== 'nothing') return false
      if (!rowsSeen) fail(`there is no array of rows at ${nameOf(rowsPath)}: set rowsPath`)
      return true
    },
    cursor: () => cursor,
  }
}

function same(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((key, index) => key === other[index])
}

function nameOf(path: readonly string[]): string {
  return path.length === 0 ? 'the body' : JSON.stringify(path.join('.'))
}

/** Bytes of numbers, true, false and null. */
function isLiteral(byte: number): boolean {
  return (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x30 && byte <= 0x39) || byte === 0x2d || byte === 0x2b || byte === 0x2e || byte === 0x45
}
