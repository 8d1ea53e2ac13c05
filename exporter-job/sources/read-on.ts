// Rows as COPY text from pieces, as far as they can be read.
import {FindingsFull} from '../formats/findings.ts'
import type {RowRefusals} from './refusals.ts'
import {ContentFault} from './refusals.ts'

export interface RowReader {
  /** Reads a piece. @throws ContentFault where nothing behind it can be read, FindingsFull */
  feed(piece: Buffer): void
  /** The pieces are at their end. @throws ContentFault, FindingsFull */
  end(): void
  /** Whole rows since the last call; good until the next piece. */
  take(): Buffer
  /** Rows so far. */
  rows(): number
  /** Undefined as long as the columns are not known: then whatever is wrong is a fault. */
  refused(): RowRefusals | undefined
}

/**
 * What keeps the rest from being read is one refusal more: the rows before it are handed on, and the dataset ends. The first piece, though it
 * may be empty, comes when the columns are known.
 */
export async function* readOn(pieces: AsyncIterable<Buffer>, reader: RowReader, signal: AbortSignal): AsyncGenerator<Buffer, void, undefined> {
  try {
    for await (const piece of pieces) {
      signal.throwIfAborted()
      reader.feed(piece)
      if (reader.refused() !== undefined) yield reader.take()
    }
    reader.end()
  } catch (error) {
    endEarly(error, reader)
  }
  yield reader.take()
}

/** Rethrows what is no matter of the content, and what is wrong before the first row, which is the matter of all of it. */
export function endEarly(error: unknown, reader: Pick<RowReader, 'rows' | 'refused'>): void {
  const refused = reader.refused()
  if (refused === undefined || reader.rows() === 0) throw error
  try {
    if (error instanceof ContentFault) refused.ended(reader.rows() + 1, {rule: error.code, right: error.problem, place: error.place})
    else throw error
  } catch (full) {
    if (!(full instanceof FindingsFull)) throw full
  }
}
