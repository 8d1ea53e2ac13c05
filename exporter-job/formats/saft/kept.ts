// Values of the first row of a journal or a transaction, to compare further rows with.
import type {Row} from './encode.ts'
import type {RuleCode, Subject} from './rules.ts'

export interface Kept {
  /** Takes the row's values over. */
  keep(): void
  /** Whether the row has the same value in the first of the columns. */
  isSame(): boolean
  /** Says of every column that differs that it does. */
  compare(rule: RuleCode): void
  /** What was kept of the first of the columns. */
  key(): Uint8Array
}

const ROW: Subject = {path: ''}

/** `columns` are indexes of the dataset's columns, the key first. */
export function createKept(row: Row, columns: readonly number[]): Kept {
  const ends = new Int32Array(columns.length)
  let bytes = new Uint8Array(256)

  function keep(): void {
    const {cursor, starts} = row
    let at = 0
    for (let index = 0; index < columns.length; index++) {
      const from = starts[columns[index]!]!
      const to = starts[columns[index]! + 1]! - 1
      while (at + to - from > bytes.length) bytes = enlarged(bytes)
      for (let position = from; position < to; position++) bytes[at++] = cursor.source[position]!
      ends[index] = at
    }
  }

  function isSameAt(index: number): boolean {
    const {cursor, starts} = row
    const from = starts[columns[index]!]!
    const length = starts[columns[index]! + 1]! - 1 - from
    const start = index === 0 ? 0 : ends[index - 1]!
    if (ends[index]! - start !== length) return false
    for (let offset = 0; offset < length; offset++) if (bytes[start + offset] !== cursor.source[from + offset]) return false
    return true
  }

  return {
    keep,
    isSame: () => isSameAt(0),
    compare(rule) {
      for (let index = 0; index < columns.length; index++) if (!isSameAt(index)) row.refuse(rule, columns[index]!, ROW)
    },
    key: () => bytes.slice(0, ends[0]),
  }
}

function enlarged(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(bytes.length * 2)
  larger.set(bytes)
  return larger
}
