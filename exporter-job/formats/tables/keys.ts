// Small numbers for keys that are bytes (accounts, months, currencies). It is asked several times a row: no string is made for a short key,
// and state is one plain object, which the engine reads faster than the variables of a closure.

/** Keys numbered from 0 in the order in which they are first met. */
export interface Keys {
  /** Further keys share the number `limit`. */
  readonly limit: number
  /** By number. */
  readonly texts: string[]
  /** An open-addressing table: length + 1 (0: free), number, and the key itself as two words, for each place. */
  places: Int32Array
  /** Keys of more than eight bytes, which are rare: an account has four to eight digits. */
  readonly long: Map<string, number>
  // The key met last: rows with the same one mostly follow each other.
  lastFirst: number
  lastSecond: number
  lastLength: number
  last: number
}

const FIRST_CAPACITY = 256
/** Bytes of one word; a short key has two. */
const WORD = 4

export function newKeys(limit: number): Keys {
  return {limit, texts: [], places: new Int32Array(4 * FIRST_CAPACITY), long: new Map(), lastFirst: 0, lastSecond: 0, lastLength: -1, last: 0}
}

/** The number of the key. */
export function findKey(keys: Keys, source: Uint8Array, from: number, to: number): number {
  const length = to - from
  if (length > 2 * WORD) return findLong(keys, textOf(source, from, to))
  let index = from
  let second = 0
  for (const split = to - WORD; index < split; index++) second = (second << 8) | source[index]!
  let first = 0
  for (; index < to; index++) first = (first << 8) | source[index]!
  if (first === keys.lastFirst && second === keys.lastSecond && length === keys.lastLength) return keys.last
  const {places} = keys
  const at = placeOf(places, first, second, length)
  if (places[at] === 0) {
    if (keys.texts.length >= keys.limit) return keys.limit
    return addShort(keys, {at, first, second, text: textOf(source, from, to), length})
  }
  keys.lastFirst = first
  keys.lastSecond = second
  keys.lastLength = length
  return (keys.last = places[at + 1]!)
}

/** Where the key stands, or the free place where it would. */
function placeOf(places: Int32Array, first: number, second: number, length: number): number {
  const mask = places.length - 4
  let hash = Math.imul(first, 0x9e3779b1) ^ Math.imul(second ^ length, 0x85ebca6b)
  hash ^= hash >>> 15
  let at = (hash << 2) & mask
  while (places[at] !== 0 && (places[at + 2] !== first || places[at + 3] !== second || places[at] !== length + 1)) at = (at + 4) & mask
  return at
}

interface NewKey {
  readonly at: number
  readonly first: number
  readonly second: number
  readonly length: number
  readonly text: string
}

function addShort(keys: Keys, {at, first, second, length, text}: NewKey): number {
  const {places, texts} = keys
  const number = texts.push(text) - 1
  places.set([length + 1, number, first, second], at)
  if (texts.length * 8 > places.length) grow(keys)
  return number
}

function grow(keys: Keys): void {
  const {places} = keys
  const larger = new Int32Array(places.length * 2)
  for (let at = 0; at < places.length; at += 4) {
    if (places[at] === 0) continue
    larger.set(places.subarray(at, at + 4), placeOf(larger, places[at + 2]!, places[at + 3]!, places[at]! - 1))
  }
  keys.places = larger
}

function findLong({long, texts, limit}: Keys, text: string): number {
  const known = long.get(text)
  if (known !== undefined) return known
  if (texts.length >= limit) return limit
  long.set(text, texts.length)
  return texts.push(text) - 1
}

function textOf(source: Uint8Array, from: number, to: number): string {
  return Buffer.from(source.subarray(from, to)).toString('utf8')
}
