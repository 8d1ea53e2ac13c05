// What a person compares with the books: counts and sums by month, account, tax key and currency, first and last document.
import type {Sum} from './values/totals.ts'
import {addCents, emptySum, sumText} from './values/totals.ts'

/** Count and sums of one key in one currency; exact decimal text. */
export interface ProtocolLine {
  readonly key: string
  readonly currency: string
  readonly count: number
  readonly debit: string
  readonly credit: string
}

/** The first or last row in the order of the dataset. */
export interface DocumentRef {
  readonly row: number
  readonly number: string
  /** YYYY-MM-DD */
  readonly date: string
}

export interface ProtocolTable {
  /** What the key is: "Month", "Account", "Tax key", "Currency". */
  readonly title: string
  readonly lines: readonly ProtocolLine[]
}

/** Empty tables are left out; a format that knows no amounts has none. */
export interface Protocol {
  readonly tables: readonly ProtocolTable[]
  readonly first?: DocumentRef
  readonly last?: DocumentRef
}

/**
 * Exact sums by a whole number (an account, a tax key, a month): an open-addressing table of plain numbers, for it is asked once or
 * twice a row. Keys are whole numbers from 0 to 2^31 - 2.
 */
export interface NumberedSums {
  add(key: number, isDebit: boolean, cents: number): void
  /** By key, ascending. */
  entries(): readonly {readonly key: number; readonly S: Sum; readonly H: Sum}[]
}

interface Slot {
  readonly S: Sum
  readonly H: Sum
}

const FREE = -1
const FIRST_CAPACITY = 1024

export function createNumberedSums(): NumberedSums {
  let keys = new Int32Array(FIRST_CAPACITY).fill(FREE)
  let slots: (Slot | undefined)[] = Array.from({length: FIRST_CAPACITY})
  let used = 0

  function place(key: number): number {
    const mask = keys.length - 1
    let index = Math.imul(key, 0x9e3779b1) >>> 0 & mask
    while (keys[index] !== key && keys[index] !== FREE) index = (index + 1) & mask
    return index
  }

  function grow(): void {
    const [oldKeys, oldSlots] = [keys, slots]
    keys = new Int32Array(oldKeys.length * 2).fill(FREE)
    slots = Array.from({length: keys.length})
    for (const [index, key] of oldKeys.entries()) {
      if (key === FREE) continue
      const to = place(key)
      keys[to] = key
      slots[to] = oldSlots[index]
    }
  }

  return {
    add(key, isDebit, cents) {
      let index = place(key)
      if (keys[index] === FREE) {
        if (used * 2 >= keys.length) {
          grow()
          index = place(key)
        }
        used++
        keys[index] = key
        slots[index] = {S: emptySum(), H: emptySum()}
      }
      const slot = slots[index]!
      addCents(isDebit ? slot.S : slot.H, cents)
    },
    entries: () =>
      [...keys.entries()]
        .filter(([, key]) => key !== FREE)
        .map(([index, key]) => ({key, ...slots[index]!}))
        .toSorted((a, b) => a.key - b.key),
  }
}

/** Lines of a table from sums of one currency; `name` writes a key. */
export function linesOf(sums: NumberedSums, currency: string, name: (key: number) => string): ProtocolLine[] {
  return sums.entries().map(({key, S, H}) => lineOf(name(key), currency, {S, H}))
}

/** One line from the sums of both sides. */
export function lineOf(key: string, currency: string, {S, H}: {readonly S: Sum; readonly H: Sum}): ProtocolLine {
  return {key, currency, count: S.count + H.count, debit: sumText(S), credit: sumText(H)}
}
