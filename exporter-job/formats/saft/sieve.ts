// Ids that may have come before: what need not be remembered to know that most have not.

export interface Sieve {
  /** Whether the id may be among those before it: always true where it is, and seldom where it is not. Remembers it. */
  hasMet(bytes: Uint8Array, from: number, to: number): boolean
}

/** A Bloom filter of at most 16 MiB, in pages that are made when an id falls on them: of ten million ids one in 200 is taken for another. */
const PAGES = 2 ** 12
const PAGE_WORDS = 2 ** 10
const PROBES = 4

export function createSieve(): Sieve {
  const pages: (Uint32Array | undefined)[] = Array.from({length: PAGES})

  /** Sets a bit; whether it was set before. */
  function mark(bit: number): boolean {
    const page = (pages[(bit >>> 5) & (PAGES - 1)] ??= new Uint32Array(PAGE_WORDS))
    const word = (bit >>> 17) & (PAGE_WORDS - 1)
    const mask = 1 << (bit & 31)
    const isSet = (page[word]! & mask) !== 0
    page[word]! |= mask
    return isSet
  }

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
        if (!mark((first ^ (first >>> 15)) + Math.imul(probe, second | 1))) isKnown = false
      }
      return isKnown
    },
  }
}
