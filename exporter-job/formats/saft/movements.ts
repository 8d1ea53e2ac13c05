// Sums by account or partner, exact: for the balances that master files state.
import type {CurrencySums} from '../values/totals.ts'
import {addCents, centsOf, emptySum} from '../values/totals.ts'

/** Debit and credit of each key of a table, by its number. */
export interface Movements {
  add(number: number, isDebit: boolean, cents: number): void
  /** Debit minus credit in cents. */
  net(number: number): bigint
  sums(number: number): CurrencySums | undefined
}

export function createMovements(): Movements {
  const all: (CurrencySums | undefined)[] = []
  return {
    add(number, isDebit, cents) {
      while (all.length <= number) all.push(undefined)
      const sums = (all[number] ??= {S: emptySum(), H: emptySum()})
      addCents(isDebit ? sums.S : sums.H, cents)
    },
    net(number) {
      const sums = all[number]
      return sums === undefined ? 0n : centsOf(sums.S) - centsOf(sums.H)
    },
    sums: (number) => all[number],
  }
}

