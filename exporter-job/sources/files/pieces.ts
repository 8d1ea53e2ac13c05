// Bytes on their way from a file or an API to a parser.

/** How many bytes are read at a time. */
export const READ_BYTES = 256 * 1024

/** Pieces cut anywhere; each is good until the next is asked for. Ending the iteration early releases what it holds. */
export type Pieces = AsyncGenerator<Buffer, void, undefined>
