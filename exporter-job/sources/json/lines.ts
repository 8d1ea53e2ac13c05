// NDJSON: one object a line. Pieces cut anywhere become whole lines, copied only where a piece ends in the midst of one.
import {createKept} from '../files/kept.ts'
import type {RowReader} from '../read-on.ts'
import {ContentFault} from '../refusals.ts'
import {MAX_RECORD_BYTES} from './rows.ts'
import type {JsonRows} from './rows.ts'

const LINE_FEED = 0x0a

export interface LineReader extends RowReader {
  readonly json: JsonRows
}

/** Where the lines are, for messages. */
export interface LinesName {
  readonly dataset: string
  /** "b.ndjson", or a page. */
  readonly file: string
}

/** @throws ContentFault JsonInvalid */
export function createLineReader({dataset, file}: LinesName, rowsOf: (place: () => string) => JsonRows): LineReader {
  let line = 1
  let blankLine = 0
  const kept = createKept()
  const json = rowsOf(() => placeOf(line))

  function placeOf(at: number): string {
    return `${file}, line ${at}`
  }

  function add(source: Buffer, from: number, to: number): void {
    if (isBlank(source, from, to)) {
      if (blankLine === 0) blankLine = line
      return
    }
    if (blankLine !== 0) refuseBlank()
    json.add(source, from, to)
  }

  function refuseBlank(): void {
    const problem = 'an empty line stands between rows: remove it'
    const refused = json.refused()
    if (refused === undefined) throw new ContentFault('JsonInvalid', {dataset, place: placeOf(blankLine)}, problem)
    refused.beside({rule: 'JsonInvalid', right: problem, place: placeOf(blankLine)})
    blankLine = 0
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
    if (kept.length() > MAX_RECORD_BYTES) throw new ContentFault('JsonInvalid', {dataset, place: placeOf(line)}, 'the line is longer than 1 MiB')
  }

  return {
    json,
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
    take: () => json.take(),
    rows: () => json.count(),
    refused: () => json.refused(),
  }
}

function isBlank(source: Uint8Array, from: number, to: number): boolean {
  for (let index = from; index < to; index++) if (source[index] !== 0x20 && source[index] !== 0x09 && source[index] !== 0x0d) return false
  return true
}
