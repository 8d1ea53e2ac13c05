// Keys that must be met once: exact for as many as a ledger's master data have, within bounded memory for any number.
import {createKeyTable} from './keys.ts'

/** Some 10 MiB of account numbers. */
const MOST = 250_000

export interface UniqueKeys {
  /**
   * False where the key was met before. So it is for the first 250,000 keys, and for a key right behind its like, as a join that doubles
   * rows makes them; of others beyond those nothing is known.
   */
  isNew(bytes: Uint8Array, from: number, to: number): boolean
}

/** `most` is for tests. */
export function createUniqueKeys(most = MOST): UniqueKeys {
  const known = createKeyTable()
  let last = new Uint8Array(0)
  return {
    isNew(bytes, from, to) {
      if (known.size() < most) return known.add(bytes, from, to) >= 0
      const key = bytes.subarray(from, to)
      if (known.find(bytes, from, to) >= 0 || Buffer.compare(key, last) === 0) return false
      last = Uint8Array.from(key)
      return true
    },
  }
}
