// A set of keys as bytes, numbered in the order in which they came: for looking up, once or twice a row, whether an account exists.

export interface KeyTable {
  /** The key's number, or -1. */
  find(bytes: Uint8Array, from: number, to: number): number
  /** Its number, given now; -1 where it was there already. */
  add(bytes: Uint8Array, from: number, to: number): number
  size(): number
  /** A copy of the key's bytes. */
  bytes(number: number): Uint8Array
}

const ABSENT = -1
const FIRST_SLOTS = 1024
const FIRST_BYTES = 16 * 1024

/** Open addressing over FNV-1a; some 30 bytes a key beside the key itself, no object each. */
export function createKeyTable(): KeyTable {
  let slots = new Int32Array(FIRST_SLOTS).fill(ABSENT)
  let hashes = new Int32Array(FIRST_SLOTS)
  let ends = new Int32Array(FIRST_SLOTS)
  let text = new Uint8Array(FIRST_BYTES)
  let count = 0
  /** Found last: rows with the same account follow each other, and one is looked up more than once. */
  let last = ABSENT

  function startOf(number: number): number {
    return number === 0 ? 0 : ends[number - 1]!
  }

  function isSame(number: number, bytes: Uint8Array, from: number, to: number): boolean {
    const start = startOf(number)
    if (ends[number]! - start !== to - from) return false
    for (let index = from; index < to; index++) if (bytes[index] !== text[start + index - from]) return false
    return true
  }

  /** Where the key is, or where it would go. */
  function slotOf(hash: number, bytes: Uint8Array, from: number, to: number): number {
    const mask = slots.length - 1
    let slot = hash & mask
    for (let number = slots[slot]!; number !== ABSENT; number = slots[slot]!) {
      if (hashes[number] === hash && isSame(number, bytes, from, to)) return slot
      slot = (slot + 1) & mask
    }
    return slot
  }

  function growSlots(): void {
    slots = new Int32Array(slots.length * 2).fill(ABSENT)
    hashes = enlarged(hashes)
    ends = enlarged(ends)
    for (let number = 0; number < count; number++) {
      let slot = hashes[number]! & (slots.length - 1)
      while (slots[slot] !== ABSENT) slot = (slot + 1) & (slots.length - 1)
      slots[slot] = number
    }
  }

  function keep(bytes: Uint8Array, from: number, to: number): void {
    const start = startOf(count)
    const length = to - from
    while (start + length > text.length) {
      const larger = new Uint8Array(text.length * 2)
      larger.set(text)
      text = larger
    }
    text.set(bytes.subarray(from, to), start)
    ends[count] = start + length
  }

  return {
    find(bytes, from, to) {
      if (last === ABSENT || !isSame(last, bytes, from, to)) last = slots[slotOf(hashOf(bytes, from, to), bytes, from, to)]!
      return last
    },
    add(bytes, from, to) {
      if (count * 2 >= slots.length) growSlots()
      const hash = hashOf(bytes, from, to)
      const slot = slotOf(hash, bytes, from, to)
      if (slots[slot] !== ABSENT) return ABSENT
      keep(bytes, from, to)
      hashes[count] = hash
      slots[slot] = count
      return count++
    },
    size: () => count,
    bytes: (number) => text.slice(startOf(number), ends[number]),
  }
}

function enlarged(numbers: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(numbers.length * 2)
  larger.set(numbers)
  return larger
}

function hashOf(bytes: Uint8Array, from: number, to: number): number {
  let hash = 0x811c9dc5
  for (let index = from; index < to; index++) hash = Math.imul(hash ^ bytes[index]!, 0x01000193)
  return hash ^ (hash >>> 15)
}
