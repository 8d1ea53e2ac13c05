// Many rows from few draws, for property tests: fast-check takes longer to draw a value than a format takes to write a row. It draws pools of
// values and a seed, of which a batch of rows is put together; both are part of what it reports and shrinks, so a failure comes again.
import * as fc from 'fast-check'

/** Rows that `npm test` tries for each format; the daily loop is content with fewer. */
const ROWS = Number(process.env['PROPERTY_ROWS'] ?? 4_000)

/** How many rows a property must try at least, how many a batch has, and how many batches that makes. */
export interface Extent {
  readonly rows: number
  readonly batch: number
  readonly runs: number
}

/** `part` is what a test has of all rows of its format, where several share them. */
export function extentOf({batch, part = 1}: {readonly batch: number; readonly part?: number}): Extent {
  const rows = Math.ceil(ROWS * part)
  return {rows, batch, runs: Math.ceil(rows / batch)}
}

/** "100,000", for the names of tests. */
export function counted(rows: number): string {
  return rows.toLocaleString('en')
}

/** Chooses by chance, the same for the same seed. */
export interface Picker {
  /** From 0 to less than `bound`. */
  below(bound: number): number
  of<T>(values: readonly T[]): T
}

export const anySeed: fc.Arbitrary<number> = fc.integer()

/** Mulberry32: 32 bits of state are enough for a batch. */
export function createPicker(seed: number): Picker {
  let state = seed
  function below(bound: number): number {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % bound
  }
  return {below, of: (values) => values[below(values.length)]!}
}
