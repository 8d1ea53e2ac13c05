// Time as the operator's loops see it: injected, so that tests turn it by hand.

export interface Clock {
  /** Wall clock, ms since 1970: for what other machines or people read. */
  now(): number
  /** ms since some fixed moment; never set back: for every duration measured here. */
  monotonic(): number
  /** Calls back once after so many ms; returns how to cancel it. */
  after(ms: number, callback: () => void): () => void
}

/** setTimeout fires at once for longer waits than this (about 24.8 days). */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, Math.min(Math.max(ms, 0), LONGEST_TIMEOUT_MS))
    return () => {
      clearTimeout(timer)
    }
  },
}

/** Resolves after so many ms, or as soon as the signal aborts: check the signal afterwards. */
export function sleep(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) {
      resolve()
      return
    }
    const cancel = clock.after(ms, finish)
    function finish(): void {
      cancel()
      signal?.removeEventListener('abort', finish)
      resolve()
    }
    signal?.addEventListener('abort', finish, {once: true})
  })
}
