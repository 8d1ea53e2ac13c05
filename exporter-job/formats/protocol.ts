// What a person compares with the books: counts and sums by month, account, tax key and currency, first and last document.
import type {Sum} from './values/totals.ts'
import {sumText} from './values/totals.ts'

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
  /** How many lines there are beyond these, which nobody would read. */
  readonly more?: number
}

/** Lines of a table that a protocol shows: a ledger of years has more accounts than paper. */
export const MAX_LINES = 2_000

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
  /** By key, ascending; the first `most`, where that is given. */
  entries(most?: number): readonly {readonly key: number; readonly S: Sum; readonly H: Sum}[]
  /** How many keys there are. */
  size(): number
}

const FREE = -1
const FIRST_KEYS = 512
/** What a key has, side by side in memory: cents and count of debit, cents and count of credit. */
const WIDTH = 4
/** As in values/totals.ts: an amount added to less than this stays exact. */
const CARRY_AT = 2 ** 52

export function createNumberedSums(): NumberedSums {
  /** Pairs of a key and where its values begin; half of the places are free. */
  let places = new Int32Array(FIRST_KEYS * 4).fill(FREE)
  /** In the order in which keys came: thousands of accounts stay close together in memory. */
  let values = new Float64Array(FIRST_KEYS * WIDTH)
  let used = 0
  /** What went beyond CARRY_AT, by place among the values. */
  const carried = new Map<number, bigint>()
  // Rows of one key often follow each other: no look-up then.
  let lastKey = FREE
  let lastAt = 0

  /** Where the pair of a key is, or could be. Numbers that follow each other lie side by side, as accounts mostly do. */
  function place(key: number): number {
    const mask = places.length - 1
    let index = ((key ^ (key >>> 12)) << 1) & mask
    while (places[index] !== key && places[index] !== FREE) index = (index + 2) & mask
    return index
  }

  function grow(): void {
    const old = places
    places = new Int32Array(old.length * 2).fill(FREE)
    for (let index = 0; index < old.length; index += 2) {
      if (old[index] === FREE) continue
      const to = place(old[index]!)
      places[to] = old[index]!
      places[to + 1] = old[index + 1]!
    }
    const larger = new Float64Array(values.length * 2)
    larger.set(values)
    values = larger
  }

  function find(key: number): number {
    let index = place(key)
    if (places[index] === FREE) {
      if (used === values.length) {
        grow()
        index = place(key)
      }
      places[index] = key
      places[index + 1] = used
      used += WIDTH
    }
    lastKey = key
    return (lastAt = places[index + 1]!)
  }

  function sumAt(at: number): Sum {
    return {count: values[at + 1]!, low: values[at]!, carried: carried.get(at) ?? 0n}
  }

  return {
    add(key, isDebit, cents) {
      const at = (key === lastKey ? lastAt : find(key)) + (isDebit ? 0 : 2)
      values[at + 1]!++
      const sum = values[at]! + cents
      values[at] = sum
      if (sum < CARRY_AT) return
      carried.set(at, (carried.get(at) ?? 0n) + BigInt(sum))
      values[at] = 0
    },
    entries(most = Infinity) {
      const entries: {readonly key: number; readonly S: Sum; readonly H: Sum}[] = []
      for (const key of places.filter((each, index) => index % 2 === 0 && each !== FREE).toSorted()) {
        if (entries.length >= most) break
        const at = places[place(key) + 1]!
        entries.push({key, S: sumAt(at), H: sumAt(at + 2)})
      }
      return entries
    },
    size: () => used / WIDTH,
  }
}

/** A table of sums of one currency, no longer than a protocol shows; `name` writes a key. */
export function tableOf(title: string, sums: NumberedSums, currency: string, name: (key: number) => string): ProtocolTable {
  const lines = sums.entries(MAX_LINES).map(({key, S, H}) => lineOf(name(key), currency, {S, H}))
  const more = sums.size() - lines.length
  return {title, lines, ...(more > 0 && {more})}
}

/** Lines of a table from sums of one currency; `name` writes a key. */
export function linesOf(sums: NumberedSums, currency: string, name: (key: number) => string): ProtocolLine[] {
  return sums.entries().map(({key, S, H}) => lineOf(name(key), currency, {S, H}))
}

/** One line from the sums of both sides. */
export function lineOf(key: string, currency: string, {S, H}: {readonly S: Sum; readonly H: Sum}): ProtocolLine {
  return {key, currency, count: S.count + H.count, debit: sumText(S), credit: sumText(H)}
}
