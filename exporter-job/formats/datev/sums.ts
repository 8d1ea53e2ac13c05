// Sums of a stack by currency and side, fed by the encoder with packed currency codes.
import type {CurrencySums} from '../values/totals.ts'
import {addCents, emptySum, listTotals} from '../values/totals.ts'
import type {Total} from '../../../crds/run.ts'
import {packLetters, unpackCurrency} from './codes.ts'

export interface StackSums {
  /** A row in the stack's own currency (it names none). */
  addOwn(isDebit: boolean, cents: number): void
  /** A row in a currency as packLetters gives it. */
  add(currency: number, isDebit: boolean, cents: number): void
  list(): Total[]
}

export function createSums(ownCurrency: string): StackSums {
  const own = packLetters(Buffer.from(ownCurrency), 0, 3)
  const byCurrency = new Map<number, CurrencySums>()
  // Rows of one currency mostly follow each other: no look-up then.
  let current = own
  let sums = sumsOf(own)

  function sumsOf(currency: number): CurrencySums {
    const known = byCurrency.get(currency) ?? {S: emptySum(), H: emptySum()}
    byCurrency.set(currency, known)
    return known
  }

  function add(currency: number, isDebit: boolean, cents: number): void {
    if (currency !== current) {
      current = currency
      sums = sumsOf(currency)
    }
    addCents(isDebit ? sums.S : sums.H, cents)
  }

  return {
    add,
    addOwn: (isDebit, cents) => add(own, isDebit, cents),
    list: () => listTotals(new Map([...byCurrency].map(([currency, sum]) => [unpackCurrency(currency), sum]))),
  }
}
