// A clock that stands still until a test turns it.
import type {Clock} from '../clock.ts'

interface Timer {
  readonly due: number
  readonly callback: () => void
}

export interface VirtualClock extends Clock {
  /** Lets so many ms pass: timers fire in order, and promises settle between them. */
  advance(ms: number): Promise<void>
  /** Lets promises settle without any time passing. */
  settle(): Promise<void>
  /** Timers that wait. */
  pending(): number
}

/** A virtual clock; start is its wall time, and a second clock that ticks together with it but is set otherwise shows skew. */
export function createVirtualClock(start = Date.UTC(2026, 0, 1)): VirtualClock {
  let elapsed = 0
  const timers = new Set<Timer>()

  async function advance(ms: number): Promise<void> {
    const until = elapsed + ms
    await settle()
    for (let next = earliest(timers, until); next !== undefined; next = earliest(timers, until)) {
      timers.delete(next)
      elapsed = Math.max(elapsed, next.due)
      next.callback()
      await settle()
    }
    elapsed = until
  }

  return {
    now: () => start + elapsed,
    monotonic: () => elapsed,
    after(ms, callback) {
      const timer = {due: elapsed + Math.max(ms, 0), callback}
      timers.add(timer)
      return () => timers.delete(timer)
    },
    advance,
    settle,
    pending: () => timers.size,
  }
}

/** The same passage of time on another machine whose wall clock is off by skewMs. */
export function skewed(clock: Clock, skewMs: number): Clock {
  return {now: () => clock.now() + skewMs, monotonic: () => clock.monotonic(), after: (ms, callback) => clock.after(ms, callback)}
}

function earliest(timers: Set<Timer>, until: number): Timer | undefined {
  let first: Timer | undefined
  for (const timer of timers) {
    if (timer.due <= until && (first === undefined || timer.due < first.due)) first = timer
  }
  return first
}

/** setImmediate runs after all promise jobs that are ready, however long their chains are; twice for chains that pass through one. */
async function settle(): Promise<void> {
  for (let round = 0; round < 2; round++) {
    await new Promise((resolve) => {
      setImmediate(resolve)
    })
  }
}
