// A list of numbers that grows outside of the heap: one for every account and partner, of whom there may be a million.

export interface Numbers {
  push(number: number): void
  /** NaN beyond the end. */
  at(index: number): number
}

const FIRST = 256

export function createNumbers(): Numbers {
  let all = new Float64Array(FIRST)
  let length = 0
  return {
    push(number) {
      if (length === all.length) {
        const larger = new Float64Array(length * 2)
        larger.set(all)
        all = larger
      }
      all[length++] = number
    },
    at: (index) => (index < length ? all[index]! : Number.NaN),
  }
}
