// A token bucket: the operator never sends the API server more than so many requests a second, whatever happens in its loops.
import type {Clock} from '../clock.ts'

export interface RateLimiter {
  /** Resolves when the caller's turn has come; turns come in the order of the calls. */
  take(): Promise<void>
}

export function createRateLimiter(options: {clock: Clock; perSecond: number; burst: number}): RateLimiter {
  const {clock, perSecond, burst} = options
  let tokens = burst
  let countedAt = clock.monotonic()

  function take(): Promise<void> {
    const now = clock.monotonic()
    tokens = Math.min(burst, tokens + ((now - countedAt) / 1000) * perSecond)
    countedAt = now
    // Below zero it is a reservation: whoever comes next waits longer, so the order is kept without a list of waiters.
    tokens -= 1
    if (tokens >= 0) return Promise.resolve()
    const wait = (-tokens / perSecond) * 1000
    return new Promise((resolve) => {
      clock.after(wait, resolve)
    })
  }

  return {take}
}
