// Several fields of a row as one key, with a tab between them, which no field of COPY's text holds.
import {isEmptyField} from '../values/rows.ts'

export interface Joined {
  /** The key's bytes, up to the length that `join` gave. */
  readonly bytes: Uint8Array
  /** Takes the fields of the row over; gives the length of the key. */
  join(source: Uint8Array, starts: Int32Array): number
}

const TAB = 0x09

/** `parts` are indexes of columns: of each part the first one that is filled counts, or else its last one. */
export function createJoined(parts: readonly (readonly number[])[]): Joined {
  let bytes = new Uint8Array(256)

  return {
    get bytes() {
      return bytes
    },
    join(source, starts) {
      let length = 0
      for (const columns of parts) {
        const column = columns.length === 1 ? columns[0]! : chosen(columns, source, starts)
        const [from, to] = [starts[column]!, starts[column + 1]!]
        if (bytes.length < length + to - from) bytes = Buffer.concat([bytes, Buffer.alloc(to - from + bytes.length)])
        for (let index = from; index < to; index++) bytes[length++] = source[index]!
        bytes[length - 1] = TAB
      }
      return Math.max(0, length - 1)
    },
  }
}

function chosen(columns: readonly number[], source: Uint8Array, starts: Int32Array): number {
  return columns.find((column) => !isEmptyField(source, starts[column]!, starts[column + 1]! - 1)) ?? columns.at(-1)!
}
