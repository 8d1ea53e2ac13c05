// What earlier pieces have begun, kept until it is whole. It grows by doubling, so that many small pieces cost no more than few large ones.

export interface Kept {
  append(bytes: Uint8Array): void
  /** Everything so far; good until the next `append`. */
  bytes(): Buffer
  length(): number
  clear(): void
}

export function createKept(): Kept {
  let buffer = Buffer.alloc(0)
  let length = 0
  return {
    append(bytes) {
      if (buffer.length < length + bytes.length) {
        const larger = Buffer.allocUnsafeSlow((length + bytes.length) * 2)
        buffer.copy(larger, 0, 0, length)
        buffer = larger
      }
      buffer.set(bytes, length)
      length += bytes.length
    },
    bytes: () => buffer.subarray(0, length),
    length: () => length,
    clear() {
      length = 0
    },
  }
}
