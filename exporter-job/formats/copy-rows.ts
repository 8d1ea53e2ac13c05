// From chunks cut anywhere to whole rows of COPY's text format, without copying more than the row that lies across a cut.
import {PermanentFault} from '../errors.ts'

const LINE_FEED = 0x0a

/** A row may be that long (bytes): a bound on memory far beyond what any format's fields allow. */
export const MAX_ROW_BYTES = 1024 * 1024

/**
 * Gives the same bytes as `chunks`, cut only after line feeds. What it gives is valid until the next one is asked for.
 * Faults: PermanentFault InvalidRow when a row is too long or the last one has no end.
 */
export async function* wholeRows(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  let carried: Uint8Array = new Uint8Array(0)
  for await (const chunk of chunks) {
    const firstEnd = chunk.indexOf(LINE_FEED) + 1
    if (carried.length + firstEnd > MAX_ROW_BYTES || (firstEnd === 0 && carried.length + chunk.length > MAX_ROW_BYTES)) {
      throw new PermanentFault('InvalidRow', `a row of the dataset is longer than ${MAX_ROW_BYTES} bytes`)
    }
    if (firstEnd === 0) {
      carried = Buffer.concat([carried, chunk])
      continue
    }
    const start = carried.length > 0 ? firstEnd : 0
    if (carried.length > 0) yield Buffer.concat([carried, chunk.subarray(0, firstEnd)])
    const end = chunk.lastIndexOf(LINE_FEED) + 1
    carried = Buffer.from(chunk.subarray(end))
    if (end > start) yield chunk.subarray(start, end)
  }
  if (carried.length > 0) throw new PermanentFault('InvalidRow', 'the dataset ends in the middle of a row')
}

const ESCAPES: Readonly<Record<string, string>> = {b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v'}

/** A field's bytes as text, for messages: undefined for NULL. Not for the hot loop. */
export function fieldText(bytes: Uint8Array): string | undefined {
  const raw = new TextDecoder().decode(bytes)
  if (raw === String.raw`\N`) return undefined
  return raw.replace(/\\(.)/gs, (_, escaped: string) => ESCAPES[escaped] ?? escaped)
}
