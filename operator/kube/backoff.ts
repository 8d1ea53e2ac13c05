// Waits that grow: capped, and spread so that many who failed together do not come back together.

export interface Backoff {
  /** The next wait, ms; atLeast is what the server asked for. */
  next(atLeast?: number): number
  /** After a success. */
  reset(): void
}

export interface BackoffOptions {
  readonly initialMs: number
  readonly maxMs: number
  /** 0 ≤ random() < 1. */
  readonly random: () => number
}

/** initial × 2^n, at most max, of which a random part of up to a half is taken off. What the server asks for is never undercut. */
export function createBackoff({initialMs, maxMs, random}: BackoffOptions): Backoff {
  let failures = 0
  return {
    next(atLeast = 0) {
      const full = Math.min(maxMs, initialMs * 2 ** Math.min(failures, 30))
      failures += 1
      return Math.max(full * (1 - random() / 2), atLeast)
    },
    reset() {
      failures = 0
    },
  }
}
