// From chunks cut anywhere to whole rows of COPY's text format. PostgreSQL sends some 8 KiB at a time: gathered, they cost one turn of
// the encoder's loop for every 256 KiB, and one copy of memory, which is the cheaper.
import {PermanentFault} from '../errors.ts'

const LINE_FEED = 0x0a
const BUFFER_BYTES = 256 * 1024

/** A row may be that long (bytes): a bound on memory far beyond what any format's fields allow. */
export const MAX_ROW_BYTES = 1024 * 1024

/**
 * Gives the same bytes as `chunks`, cut only after line feeds. What it gives is valid until the next one is asked for.
 * Faults: PermanentFault InvalidRow when a row is too long or the last one has no end; what `chunks` throws, after the rows that came
 * before it: what is wrong with them is worth knowing, too.
 */
export async function* wholeRows(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  let buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES)
  let used = 0
  let failure: {readonly cause: unknown} | undefined
  for await (const chunk of untilFailure(chunks, (cause) => (failure = {cause}))) {
    for (let taken = 0; taken < chunk.length; ) {
      const part = chunk.subarray(taken, taken + buffer.length - used)
      buffer.set(part, used)
      used += part.length
      taken += part.length
      if (used < buffer.length) continue
      const end = buffer.lastIndexOf(LINE_FEED) + 1
      if (end === 0) buffer = enlarged(buffer)
      else {
        yield buffer.subarray(0, end)
        buffer.copyWithin(0, end, used)
        used -= end
      }
    }
  }
  const end = buffer.subarray(0, used).lastIndexOf(LINE_FEED) + 1
  if (end > 0) yield buffer.subarray(0, end)
  if (failure !== undefined) throw failure.cause
  if (end < used) throw new PermanentFault('InvalidRow', 'the dataset ends in the middle of a row')
}

async function* untilFailure(chunks: AsyncIterable<Uint8Array>, failed: (cause: unknown) => void): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* chunks
  } catch (error) {
    failed(error)
  }
}

/** Room for a row that is longer than the buffer. */
function enlarged(buffer: Uint8Array): Buffer<ArrayBuffer> {
  if (buffer.length >= MAX_ROW_BYTES) throw new PermanentFault('InvalidRow', `a row of the dataset is longer than ${MAX_ROW_BYTES} bytes`)
  const larger = Buffer.allocUnsafeSlow(buffer.length * 2)
  larger.set(buffer)
  return larger
}

const ESCAPES: Readonly<Record<string, string>> = {b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v'}

/** A field's bytes as text, for messages: undefined for NULL. Not for the hot loop. */
export function fieldText(bytes: Uint8Array): string | undefined {
  const raw = new TextDecoder().decode(bytes)
  if (raw === String.raw`\N`) return undefined
  return raw.replace(/\\(.)/gs, (_, escaped: string) => ESCAPES[escaped] ?? escaped)
}
