// Time as a run sees it: injected, so that tests turn it by hand.

export interface Clock {
  now(): Date
  /** Resolves after so many milliseconds, or as soon as the signal aborts: look at the signal afterwards. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>
}

/** setTimeout fires at once for longer waits than this (about 24.8 days). */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1

export const systemClock: Clock = {
  now: () => new Date(),
  sleep: (milliseconds, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted === true) {
        resolve()
        return
      }
      const timer = setTimeout(finish, Math.min(milliseconds, LONGEST_TIMEOUT_MS))
      function finish(): void {
        clearTimeout(timer)
        signal?.removeEventListener('abort', finish)
        resolve()
      }
      signal?.addEventListener('abort', finish, {once: true})
    }),
}

/** RFC 3339, UTC, whole seconds: as Kubernetes writes times. */
export function rfc3339(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`
}
