// Ids that may have come before: what need not be remembered to know that most have not.

export interface Sieve {
  /** Whether the id may be among those before it: always true where it is, and seldom where it is not. Remembers it. */
  hasMet(bytes: Uint8Array, from: number, to: number): boolean
}

/** A Bloom filter of 16 MiB, whose pages cost nothing until an id falls on them: of ten million ids one in 200 is taken for another. */
const BITS = 2 ** 27
const PROBES = 4

export function createSieve(): Sieve {
  const words = new Uint32Array(BITS / 32)
  return {
    hasMet(bytes, from, to) {
      let first = 0x811c9dc5
      let second = 0x9e3779b9
      for (let index = from; index < to; index++) {
        first = Math.imul(first ^ bytes[index]!, 0x01000193)
        second = Math.imul(second ^ bytes[index]!, 0x85ebca6b) + (second >>> 15)
      }
      let isKnown = true
      for (let probe = 0; probe < PROBES; probe++) {
        const bit = (first ^ (first >>> 15)) + Math.imul(probe, second | 1)
        const word = (bit >>> 5) & (BITS / 32 - 1)
        const mask = 1 << (bit & 31)
        if ((words[word]! & mask) === 0) {
          isKnown = false
          words[word]! |= mask
        }
      }
      return isKnown
    },
  }
}
