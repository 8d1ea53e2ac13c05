// A clock that a test turns: sleeping costs no time, and everything happens in the order of its time.
import {setImmediate as turn} from 'node:timers/promises'
import type {Clock} from '../clock.ts'

interface Sleeper {
  readonly at: number
  readonly wake: () => void
}

export interface VirtualClock extends Clock {
  /** Waits that somebody asked for, in order, milliseconds. */
  readonly waits: readonly number[]
  /** Lets time pass, sleep by sleep, until the promise is settled. For code that waits for nothing but this clock. */
  until<T>(promise: Promise<T>): Promise<T>
}

export function createVirtualClock(start: Date): VirtualClock {
  const sleepers = new Set<Sleeper>()
  const waits: number[] = []
  let now = start.getTime()

  function passToNext(): void {
    const [next] = [...sleepers].toSorted((a, b) => a.at - b.at)
    if (next === undefined) throw new Error('nothing sleeps, and yet nothing goes on')
    now = Math.max(now, next.at)
    next.wake()
  }

  return {
    waits,
    now: () => new Date(now),
    sleep: (milliseconds, signal) =>
      new Promise((resolve) => {
        waits.push(milliseconds)
        const sleeper = {at: now + milliseconds, wake}
        function wake(): void {
          sleepers.delete(sleeper)
          signal?.removeEventListener('abort', wake)
          resolve()
        }
        if (signal?.aborted === true) {
          resolve()
          return
        }
        sleepers.add(sleeper)
        signal?.addEventListener('abort', wake, {once: true})
      }),
    async until(promise) {
      const end = {reached: false}
      const watched = promise.finally(() => (end.reached = true))
      watched.catch(() => undefined)
      for (;;) {
        for (let i = 0; i < 5 && !end.reached; i++) await turn()
        if (end.reached) return watched
        passToNext()
      }
    },
  }
}
