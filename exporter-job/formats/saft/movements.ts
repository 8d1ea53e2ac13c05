// Sums by account, partner or tax code, exact: for the balances that master files state, and for the protocol.
import type {CurrencySums, Sum} from '../values/totals.ts'

/** Debit and credit of each key of a table, by its number. */
export interface Movements {
  add(number: number, isDebit: boolean, cents: number): void
  /** Debit minus credit in cents. */
  net(number: number): bigint
  /** Undefined where nothing was added. */
  sums(number: number): CurrencySums | undefined
}

const FIRST = 256
/** As in values/totals.ts: an amount added to less than this stays below 2^53. */
const CARRY_AT = 2 ** 52
/** Of each key: debit and credit in cents, how many of each. */
const FIELDS = 4

/** Numbers in one array outside of the heap, for there may be a million partners; what grows beyond goes into a BigInt. */
export function createMovements(): Movements {
  let all = new Float64Array(FIRST * FIELDS)
  const carried = new Map<number, bigint>()

  function grow(index: number): void {
    const larger = new Float64Array(Math.max(all.length * 2, (index + 1) * 2))
    larger.set(all)
    all = larger
  }

  function side(index: number): Sum {
    return {count: all[index + 2] ?? 0, low: all[index] ?? 0, carried: carried.get(index) ?? 0n}
  }

  function cents(index: number): bigint {
    return (carried.get(index) ?? 0n) + BigInt(all[index] ?? 0)
  }

  return {
    add(number, isDebit, amount) {
      const index = number * FIELDS + (isDebit ? 0 : 1)
      if (index + 2 >= all.length) grow(index + 2)
      const low = all[index]! + amount
      all[index + 2]! += 1
      if (low < CARRY_AT && low > -CARRY_AT) all[index] = low
      else {
        carried.set(index, (carried.get(index) ?? 0n) + BigInt(low))
        all[index] = 0
      }
    },
    net: (number) => cents(number * FIELDS) - cents(number * FIELDS + 1),
    sums(number) {
      const [S, H] = [side(number * FIELDS), side(number * FIELDS + 1)]
      return S.count + H.count === 0 ? undefined : {S, H}
    },
  }
}
