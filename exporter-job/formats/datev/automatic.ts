// Automatic accounts (Automatikkonten): DATEV makes the tax line from the account, so a tax key on one of them is refused.

/** Whether an account is an automatic one. */
export type IsAutomatic = (account: number) => boolean

/** From a list such as ["8400", "8300-8499"]; overlaps do no harm. */
export function isAutomatic(list: readonly string[]): IsAutomatic {
  const ranges = list.map((entry) => entry.split('-').map(Number)).map(([from = 0, to = from]) => ({from, to}))
  const known = new Map<number, boolean>()
  return (account) => {
    const before = known.get(account)
    if (before !== undefined) return before
    const found = ranges.some(({from, to}) => account >= from && account <= to)
    known.set(account, found)
    return found
  }
}

const FOUR = 0x34
const ZERO = 0x30

/** Whether a key lifts the automatism: 40, and what is written behind it. */
export function liftsAutomatism(source: Uint8Array, from: number, to: number): boolean {
  return to - from >= 2 && source[from] === FOUR && source[from + 1] === ZERO
}
