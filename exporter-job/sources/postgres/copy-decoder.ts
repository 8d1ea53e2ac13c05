// The messages of COPY … TO STDOUT (PostgreSQL's manual, "Message Formats"): one byte of type, four of length, which count themselves, and
// the content. Rows are moved together where they lie, over the headers between them.

export interface Decoded {
  /** Bytes of rows, in the chunk's own memory. */
  readonly rows: Uint8Array
  /** What comes after the rows and is not for this decoder; undefined as long as rows may come. */
  readonly rest: Buffer | undefined
}

export interface CopyDecoder {
  /** Takes over the memory of `chunk`, which may be cut anywhere. */
  decode(chunk: Buffer): Decoded
}

const TYPE = {copyData: 0x64, copyDone: 0x63, copyOutResponse: 0x48, notice: 0x4e, notification: 0x41, parameterStatus: 0x53} as const
/** May stand before and between rows, and say nothing of them. */
const PASSED_OVER: readonly number[] = [TYPE.copyOutResponse, TYPE.notice, TYPE.notification, TYPE.parameterStatus]
const HEADER_BYTES = 5

export function createCopyDecoder(): CopyDecoder {
  const header = Buffer.alloc(HEADER_BYTES)
  let headerBytes = 0
  /** Content of the message that has not come yet. */
  let missing = 0
  let isRow = false

  return {
    decode(chunk) {
      let [from, to] = [0, 0]
      while (from < chunk.length) {
        if (missing > 0) {
          const end = Math.min(from + missing, chunk.length)
          missing -= end - from
          if (isRow) {
            chunk.copyWithin(to, from, end)
            to += end - from
          }
          from = end
          continue
        }
        header[headerBytes++] = chunk[from++]!
        const type = header[0]!
        isRow = type === TYPE.copyData
        if (!isRow && type !== TYPE.copyDone && !PASSED_OVER.includes(type)) {
          // An error, most likely: the library knows what to make of it.
          return {rows: chunk.subarray(0, to), rest: Buffer.from(chunk.subarray(from - 1))}
        }
        if (headerBytes < HEADER_BYTES) continue
        headerBytes = 0
        missing = header.readUInt32BE(1) - (HEADER_BYTES - 1)
        if (type === TYPE.copyDone) return {rows: chunk.subarray(0, to), rest: Buffer.from(chunk.subarray(from))}
      }
      return {rows: chunk.subarray(0, to), rest: undefined}
    },
  }
}
