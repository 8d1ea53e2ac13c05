// NDJSON: one object a line. Pieces cut anywhere become whole lines, copied only where a piece ends in the midst of one.
import {PermanentFault} from '../../errors.ts'
import {createKept} from '../files/kept.ts'
import {MAX_RECORD_BYTES} from './rows.ts'
import type {JsonRows} from './rows.ts'

const LINE_FEED = 0x0a

export interface LineReader {
  /** Reads the lines that the piece completes into the rows. */
  feed(piece: Buffer): void
  /** The last line may lack its line feed. */
  end(): void
  /** The line that is read next, from 1. */
  line(): number
}

/** `where` names the file or the page in messages. @throws PermanentFault JsonInvalid */
export function createLineReader(where: string, rowsOf: (place: () => string) => JsonRows): LineReader & {readonly rows: JsonRows} {
  let line = 1
  let blankLine = 0
  const kept = createKept()
  const rows = rowsOf(() => `${where}, line ${line}`)

  function add(source: Buffer, from: number, to: number): void {
    if (isBlank(source, from, to)) {
      if (blankLine === 0) blankLine = line
      return
    }
    if (blankLine !== 0) throw new PermanentFault('JsonInvalid', `${where}, line ${blankLine}: an empty line stands between rows: remove it`)
    rows.add(source, from, to)
  }

  /** The end of the line that earlier pieces have begun; gives where the next one starts. */
  function finishKept(piece: Buffer): number {
    if (kept.length() === 0) return 0
    const end = piece.indexOf(LINE_FEED)
    kept.append(end < 0 ? piece : piece.subarray(0, end))
    checkLength()
    if (end < 0) return piece.length
    addKept()
    line += 1
    return end + 1
  }

  function addKept(): void {
    add(kept.bytes(), 0, kept.length())
    kept.clear()
  }

  function checkLength(): void {
    if (kept.length() > MAX_RECORD_BYTES) throw new PermanentFault('JsonInvalid', `${where}, line ${line}: the line is longer than 1 MiB`)
  }

  return {
    rows,
    line: () => line,
    feed(piece) {
      let from = finishKept(piece)
      for (let end = piece.indexOf(LINE_FEED, from); end >= 0; end = piece.indexOf(LINE_FEED, from)) {
        add(piece, from, end)
        from = end + 1
        line += 1
      }
      if (from < piece.length) kept.append(piece.subarray(from))
      checkLength()
    },
    end() {
      if (kept.length() > 0) addKept()
    },
  }
}

function isBlank(source: Uint8Array, from: number, to: number): boolean {
  for (let index = from; index < to; index++) if (source[index] !== 0x20 && source[index] !== 0x09 && source[index] !== 0x0d) return false
  return true
}
