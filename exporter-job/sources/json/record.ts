// One JSON object (RFC 8259) to one row of COPY text, byte by byte: no string and no object a row, numbers as they stand there.
import {rightEncoding} from '../files/encodings.ts'
import {MARK} from '../refusals.ts'
import {ShapeError, quoted} from './keys.ts'
import type {JsonPlan, KeyNode} from './keys.ts'
import {IS_BOOLEAN, IS_NULL, IS_NUMBER, IS_STRING, isAt, makeRoom, readScalar, readString, skipBlanks} from './scalars.ts'
import type {JsonCursor, Kind} from './scalars.ts'

/** Objects and arrays in one another; more is no row. */
const MAX_DEPTH = 64
/** What a row may need beyond its own length and its NULLs. */
const SLACK = 64
const NULL_BYTES = 3

const QUOTE = 0x22
const BACKSLASH = 0x5c
const TAB = 0x09
const NEWLINE = 0x0a
const COMMA = 0x2c
const COLON = 0x3a
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d
const OPEN_ARRAY = 0x5b
const CLOSE_ARRAY = 0x5d
const CAPITAL_N = 0x4e
const LETTER_N = 0x6e

const UNKNOWN_BYTE = {rule: 'NotInEncoding', right: rightEncoding('UTF8')}

export interface RecordReader {
  /** Reads source[from, to), which is one object, and adds its row: one of marks where it cannot be read, whose reason is given then. */
  read(source: Uint8Array, from: number, to: number): ShapeError | undefined
  /** The row that was read last; good until the next one. */
  last(): Uint8Array
  /** The rows since the last call; good until the next row is read. */
  take(): Buffer
}

/** Told of a value that its column cannot have; `value` is as it stands there, undefined where it is what the row says. */
export type OnValue = (column: number, wrong: {readonly rule: string; readonly right: string}, value: Uint8Array | undefined) => void

export function createRecordReader(plan: JsonPlan, onValue: OnValue): RecordReader {
  const {root, typed, types, nullText, paths} = plan
  const width = paths.length
  const [starts, ends, given] = [new Int32Array(width), new Int32Array(width), new Uint32Array(width)]
  const cursor: JsonCursor = {source: new Uint8Array(0), pos: 0, limit: 0, out: Buffer.allocUnsafeSlow(64 * 1024), at: 0, isUnknown: false, reserve: width * NULL_BYTES + SLACK}
  let scratch = Buffer.alloc(0)
  /** The column whose turn it is, as long as the keys come in the columns' order. */
  let turn = 0
  let inOrder = true
  let row = 0
  /** The key being read, for messages. */
  let key: string | undefined
  /** Where the row read last begins in the output. */
  let lastRow = 0

  function read(source: Uint8Array, from: number, to: number): ShapeError | undefined {
    cursor.source = source
    cursor.pos = from
    cursor.limit = to
    makeRoom(cursor, to - from + cursor.reserve)
    const begin = cursor.at
    turn = 0
    inOrder = true
    row += 1
    lastRow = begin
    try {
      readRow()
    } catch (error) {
      if (!(error instanceof ShapeError)) throw error
      cursor.at = begin
      writeMarks()
      if (cursor.pos >= to) return new ShapeError('the object is cut off')
      return key === undefined ? error : new ShapeError(`key ${quoted(key)}: ${error.message}`, error.code)
    }
    endRow(begin)
    return undefined
  }

  function writeMarks(): void {
    makeRoom(cursor, 2 * width)
    const {out} = cursor
    for (let column = 0; column < width; column++) {
      out[cursor.at++] = MARK
      out[cursor.at++] = column + 1 < width ? TAB : NEWLINE
    }
  }

  function readRow(): void {
    skipBlanks(cursor)
    if (cursor.source[cursor.pos] !== OPEN_OBJECT) throw new ShapeError('a row must be a JSON object')
    readObject(root, 1)
    key = undefined
    skipBlanks(cursor)
    // Beyond the limit are the bytes of the next row: there the object would be cut off.
    if (cursor.pos !== cursor.limit) throw new ShapeError('something follows the object')
  }

  function endRow(begin: number): void {
    if (inOrder) {
      while (turn < width) writeNull(turn++)
      cursor.out[cursor.at - 1] = NEWLINE
    } else reorder(begin)
  }

  function writeNull(column: number): void {
    starts[column] = cursor.at
    cursor.at = nullAt(cursor.at)
    ends[column] = cursor.at
    cursor.out[cursor.at++] = TAB
  }

  function nullAt(begin: number): number {
    cursor.out[begin] = BACKSLASH
    cursor.out[begin + 1] = CAPITAL_N
    return begin + 2
  }

  /** The keys came in another order than the columns: the values are put into theirs. */
  function reorder(begin: number): void {
    const length = cursor.at - begin
    if (scratch.length < length) scratch = Buffer.allocUnsafeSlow(length * 2)
    cursor.out.copy(scratch, 0, begin, cursor.at)
    cursor.at = begin
    makeRoom(cursor, length + width * NULL_BYTES)
    const {out} = cursor
    for (let column = 0; column < width; column++) {
      let at = given[column] === row ? begin : nullAt(cursor.at)
      if (given[column] === row) {
        at = cursor.at
        for (let index = starts[column]! - begin; index < ends[column]! - begin; index++) out[at++] = scratch[index]!
      }
      out[at++] = TAB
      cursor.at = at
    }
    out[cursor.at - 1] = NEWLINE
  }

  /** `node` undefined: its keys are ignored. */
  function readObject(node: KeyNode | undefined, depth: number): void {
    if (depth > MAX_DEPTH) throw new ShapeError(`more than ${MAX_DEPTH} objects and arrays in one another`)
    if (isEmpty(CLOSE_OBJECT)) return
    const {source} = cursor
    for (;;) {
      if (source[cursor.pos] !== QUOTE) throw new ShapeError('expected a key in double quotes')
      const index = node === undefined ? skipString() : readKey(node)
      skipBlanks(cursor)
      if (source[cursor.pos] !== COLON) throw new ShapeError('expected a colon behind a key')
      cursor.pos += 1
      skipBlanks(cursor)
      if (node === undefined || index < 0) skipValue(depth)
      else readMember(node, index, depth)
      if (!isFollowed(CLOSE_OBJECT)) return
    }
  }

  /** Steps into an object or array; whether it ends at once. */
  function isEmpty(close: number): boolean {
    cursor.pos += 1
    skipBlanks(cursor)
    if (cursor.source[cursor.pos] !== close) return false
    cursor.pos += 1
    return true
  }

  /** Steps over the comma, or out of the object or array. */
  function isFollowed(close: number): boolean {
    skipBlanks(cursor)
    const byte = cursor.source[cursor.pos]
    if (byte !== COMMA && byte !== close) throw new ShapeError(`expected a comma or ${String.fromCharCode(close)}`)
    cursor.pos += 1
    if (byte === COMMA) skipBlanks(cursor)
    return byte === COMMA
  }

  /** The key's number in the node, -1 for one that is ignored. */
  function readKey(node: KeyNode): number {
    const {bytes} = node
    const start = cursor.pos + 1
    let index = node.next
    for (let tries = bytes.length; tries > 0; tries--) {
      const name = bytes[index]
      const after = index + 1 === bytes.length ? 0 : index + 1
      if (name !== undefined && cursor.source[start + name.length] === QUOTE && isAt(cursor, name, start)) {
        cursor.pos = start + name.length + 1
        node.next = after
        return seenOnce(node, index)
      }
      index = after
    }
    return readOtherKey(node)
  }

  /** A key that nobody knows, or one that is written with escapes. */
  function readOtherKey(node: KeyNode): number {
    const start = cursor.pos
    skipString()
    const name = JSON.parse(Buffer.from(cursor.source.subarray(start, cursor.pos)).toString()) as string
    const index = node.names.indexOf(name)
    if (index >= 0) return seenOnce(node, index)
    key = name
    if (plan.ignoresOthers) return -1
    throw new ShapeError('it is neither in columns nor in the first object: add it to columns, or set otherKeys to Ignore')
  }

  function seenOnce(node: KeyNode, index: number): number {
    key = node.names[index]
    if (node.seen[index] === row) throw new ShapeError('it stands twice in one object', 'DuplicateColumn')
    node.seen[index] = row
    return index
  }

  function readMember(node: KeyNode, index: number, depth: number): void {
    const column = node.columns[index]!
    const child = node.children[index]
    const byte = cursor.source[cursor.pos]
    if (child !== undefined && byte === OPEN_OBJECT) readObject(child, depth + 1)
    else if (column >= 0) readColumn(column)
    else if (byte === LETTER_N) readScalar(cursor)
    else throw new ShapeError('expected an object or null, for columns has keys in it')
  }

  function readColumn(column: number): void {
    if (inOrder) {
      while (turn < column) writeNull(turn++)
      if (column === turn) turn += 1
      else inOrder = false
    }
    const begin = cursor.at
    readValue(column, begin)
    starts[column] = begin
    ends[column] = cursor.at
    given[column] = row
    cursor.out[cursor.at++] = TAB
  }

  function readValue(column: number, begin: number): void {
    const byte = cursor.source[cursor.pos]
    if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      throw new ShapeError(`${byte === OPEN_ARRAY ? 'an array' : 'an object'} is no field: name the keys to read in columns, and set otherKeys to Ignore`)
    }
    const {pos} = cursor
    const kind = byte === QUOTE ? readString(cursor) : readScalar(cursor)
    if (kind === IS_STRING && cursor.isUnknown) onValue(column, UNKNOWN_BYTE, undefined)
    else if (kind === IS_NULL || (kind === IS_STRING && nullText !== undefined && isNullText(nullText, begin))) cursor.at = nullAt(begin)
    else if (typed[column] !== undefined) rewrite(column, begin, kind, pos)
  }

  function isNullText(text: Uint8Array, begin: number): boolean {
    if (text.length !== cursor.at - begin) return false
    return text.every((byte, index) => cursor.out[begin + index] === byte)
  }

  /** A typed column's value as COPY has it; JSON's own numbers and booleans are so already. An empty text is NULL. */
  function rewrite(column: number, begin: number, kind: Kind, pos: number): void {
    const type = types[column]
    if ((kind === IS_NUMBER && type === 'numeric') || (kind === IS_BOOLEAN && type === 'boolean')) return
    const wanted = typed[column]!
    const end = kind === IS_BOOLEAN ? -1 : begin === cursor.at ? nullAt(begin) : wanted.rewrite(cursor.out, begin, cursor.at)
    if (end < 0) {
      const value = kind === IS_STRING ? cursor.out.subarray(begin, cursor.at) : cursor.source.subarray(pos, cursor.pos)
      onValue(column, {rule: wanted.rule, right: `must be ${wanted.expected}`}, value)
      cursor.out[begin] = MARK
    }
    cursor.at = end < 0 ? begin + 1 : end
  }

  /** Without a column: -1. */
  function skipString(): number {
    const begin = cursor.at
    readString(cursor)
    cursor.at = begin
    return -1
  }

  /** A value that nobody reads: checked, and left out. */
  function skipValue(depth: number): void {
    const begin = cursor.at
    const byte = cursor.source[cursor.pos]
    if (byte === QUOTE) readString(cursor)
    else if (byte === OPEN_OBJECT) readObject(undefined, depth + 1)
    else if (byte === OPEN_ARRAY) skipArray(depth + 1)
    else readScalar(cursor)
    cursor.at = begin
  }

  function skipArray(depth: number): void {
    if (depth > MAX_DEPTH) throw new ShapeError(`more than ${MAX_DEPTH} objects and arrays in one another`)
    if (isEmpty(CLOSE_ARRAY)) return
    do skipValue(depth)
    while (isFollowed(CLOSE_ARRAY))
  }

  return {
    read,
    last: () => cursor.out.subarray(lastRow, cursor.at),
    take() {
      const rows = cursor.out.subarray(0, cursor.at)
      cursor.at = 0
      return rows
    },
  }
}
