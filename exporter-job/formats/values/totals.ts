// Exact sums: integers of cents in a number, carried into a BigInt before they could leave what a number holds exactly.
import type {Total} from '../../../crds/run.ts'

/** A sum that grows by one amount a row. */
export interface Sum {
  count: number
  /** Cents not carried yet; below CARRY_AT. */
  low: number
  carried: bigint
}

/** An amount has at most 15 digits (below 2^50): added to less than this it stays below 2^53. */
const CARRY_AT = 2 ** 52

export function emptySum(): Sum {
  return {count: 0, low: 0, carried: 0n}
}

export function addCents(sum: Sum, cents: number): void {
  sum.count++
  sum.low += cents
  if (sum.low >= CARRY_AT || sum.low <= -CARRY_AT) {
    sum.carried += BigInt(sum.low)
    sum.low = 0
  }
}

/** "1234.56" */
export function sumText(sum: Sum): string {
  return centsText(centsOf(sum))
}

/** The whole sum. */
export function centsOf({low, carried}: Sum): bigint {
  return carried + BigInt(low)
}

/** "-1234.56" */
export function centsText(cents: bigint): string {
  const digits = (cents < 0n ? -cents : cents).toString().padStart(3, '0')
  return `${cents < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
}

/** One currency's sums of debit and credit. */
export interface CurrencySums {
  readonly S: Sum
  readonly H: Sum
}

/** By currency, S before H; sides without a row are left out. */
export function listTotals(sums: ReadonlyMap<string, CurrencySums>): Total[] {
  const currencies = [...sums.keys()].toSorted()
  return currencies.flatMap((currency) =>
    (['S', 'H'] as const)
      .map((side) => ({currency, side, sum: sums.get(currency)![side]}))
      .filter(({sum}) => sum.count > 0)
      .map(({side, sum}) => ({currency, side, count: sum.count, sum: sumText(sum)})),
  )
}
