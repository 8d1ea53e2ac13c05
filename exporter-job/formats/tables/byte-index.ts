// Small numbers for keys that are bytes (accounts, months, currencies): asked for several times a row, so it makes no string for any.

/** Numbers keys from 0 in the order in which they are first met. */
export interface ByteIndex {
  /** Keys so far. */
  size(): number
  /** The key's number; all keys beyond the limit share the number `limit`. */
  find(source: Uint8Array, from: number, to: number): number
  /** The key of a number, as text. */
  text(number: number): string
}

const FIRST_CAPACITY = 256
/** Four bytes of one number; a key of more takes several. */
const WORD = 4
/** Bytes of a key that is kept as words in the table itself. */
const SHORT = 2 * WORD

/**
 * An open-addressing table of short keys, whose bytes stand in the table: one look into memory a key, nearly always. Long ones, which are
 * rare (an account has four to eight digits), go through a Map.
 */
export function createByteIndex(limit: number): ByteIndex {
  /** Length and number (0: free), first word, second word of each place. */
  let places = new Int32Array(4 * FIRST_CAPACITY)
  const texts: string[] = []
  const long = new Map<string, number>()
  // Rows with the same key mostly follow each other.
  let lastFirst = 0
  let lastSecond = 0
  let lastLength = -1
  let last = 0

  function findLong(text: string): number {
    const known = long.get(text)
    if (known !== undefined) return known
    if (texts.length >= limit) return limit
    long.set(text, texts.length)
    return texts.push(text) - 1
  }

  function grow(): void {
    const larger = new Int32Array(places.length * 2)
    for (let at = 0; at < places.length; at += 4) {
      if (places[at] === 0) continue
      larger.set(places.subarray(at, at + 4), place(larger, places[at + 2]!, places[at + 3]!, places[at]! - 1))
    }
    places = larger
  }

  return {
    find(source, from, to) {
      const length = to - from
      if (length > SHORT) return findLong(textOf(source, from, to))
      let first = 0
      let second = 0
      for (let index = from; index < to; index++) {
        second = (second << 8) | (first >>> 24)
        first = (first << 8) | source[index]!
      }
      if (first === lastFirst && second === lastSecond && length === lastLength) return last
      const at = place(places, first, second, length)
      if (places[at] === 0) {
        if (texts.length >= limit) return limit
        places[at] = length + 1
        places[at + 1] = texts.push(textOf(source, from, to)) - 1
        places[at + 2] = first
        places[at + 3] = second
        if (texts.length * 8 > places.length) grow()
        return texts.length - 1
      }
      lastFirst = first
      lastSecond = second
      lastLength = length
      last = places[at + 1]!
      return last
    },
    text: (number) => texts[number]!,
    size: () => texts.length,
  }
}

function textOf(source: Uint8Array, from: number, to: number): string {
  return Buffer.from(source.subarray(from, to)).toString('utf8')
}

/** Where the key stands, or the free place where it would. */
function place(table: Int32Array, first: number, second: number, length: number): number {
  const mask = table.length - 4
  let hash = Math.imul(first, 0x9e3779b1) ^ Math.imul(second ^ length, 0x85ebca6b)
  hash ^= hash >>> 15
  let at = (hash << 2) & mask
  while (table[at] !== 0 && (table[at] !== length + 1 || table[at + 2] !== first || table[at + 3] !== second)) at = (at + 4) & mask
  return at
}
