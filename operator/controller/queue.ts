// The work queue: keys, never events. A key waits at most once, is worked on by one worker at a time, and comes again when it
// was added meanwhile; after failures it comes later and later.
import type {Clock} from '../clock.ts'

export interface QueueHooks {
  onAdd?(): void
  onRetry?(): void
  /** A worker took a key that had waited so long. */
  onTake?(waitedSeconds: number): void
}

export interface QueueOptions {
  readonly clock: Clock
  /** Wait after the first failure; it doubles with each further one. */
  readonly initialBackoffMs?: number
  readonly maxBackoffMs?: number
  readonly hooks?: QueueHooks
}

export interface Queue {
  /** Enqueues now, unless the key waits already; while it is being worked on: once that is done. */
  add(key: string): void
  /** Enqueues in so many ms; of several waits for a key the one that ends first counts. */
  addAfter(key: string, ms: number): void
  /** Enqueues after the key's backoff, or after atLeastMs if that is longer. */
  addAfterFailure(key: string, atLeastMs?: number): void
  /** The key succeeded: its next failure is its first. */
  forget(key: string): void
  /** The key that waited longest; undefined once the queue is shut down. Every key taken must be given back by done. */
  take(): Promise<string | undefined>
  done(key: string): void
  /** Wakes all takers with undefined and drops what waits; nothing is taken any more. */
  shutDown(): void
  depth(): number
  /** How long the key at the head has waited. */
  oldestWaitSeconds(): number
}

interface Delayed {
  readonly due: number
  readonly cancel: () => void
}

export function createQueue(options: QueueOptions): Queue {
  const {clock, hooks, initialBackoffMs = 200, maxBackoffMs = 300_000} = options
  // A Set and a Map keep the order of insertion: that is the queue's order.
  const waiting = new Map<string, number>()
  const working = new Set<string>()
  const again = new Set<string>()
  const delayed = new Map<string, Delayed>()
  const failures = new Map<string, number>()
  const takers: ((key: string | undefined) => void)[] = []
  let stopped = false

  function add(key: string): void {
    if (stopped || waiting.has(key) || again.has(key)) return
    hooks?.onAdd?.()
    if (working.has(key)) again.add(key)
    else enqueue(key)
  }

  function enqueue(key: string): void {
    waiting.set(key, clock.monotonic())
    const taker = takers.shift()
    if (taker !== undefined) taker(next())
  }

  function next(): string | undefined {
    for (const [key, since] of waiting) {
      waiting.delete(key)
      working.add(key)
      hooks?.onTake?.((clock.monotonic() - since) / 1000)
      return key
    }
    return undefined
  }

  function addAfter(key: string, ms: number): void {
    if (stopped) return
    if (ms <= 0) {
      add(key)
      return
    }
    const due = clock.monotonic() + ms
    const earlier = delayed.get(key)
    if (earlier !== undefined && earlier.due <= due) return
    earlier?.cancel()
    const cancel = clock.after(ms, () => {
      delayed.delete(key)
      add(key)
    })
    delayed.set(key, {due, cancel})
  }

  function addAfterFailure(key: string, atLeastMs = 0): void {
    const count = failures.get(key) ?? 0
    failures.set(key, count + 1)
    hooks?.onRetry?.()
    addAfter(key, Math.max(atLeastMs, Math.min(maxBackoffMs, initialBackoffMs * 2 ** Math.min(count, 30))))
  }

  function take(): Promise<string | undefined> {
    if (stopped) return Promise.resolve(undefined)
    const key = next()
    if (key !== undefined) return Promise.resolve(key)
    return new Promise((resolve) => {
      takers.push(resolve)
    })
  }

  function done(key: string): void {
    working.delete(key)
    if (again.delete(key) && !stopped) enqueue(key)
  }

  function shutDown(): void {
    stopped = true
    waiting.clear()
    again.clear()
    for (const {cancel} of delayed.values()) cancel()
    delayed.clear()
    for (const taker of takers.splice(0)) taker(undefined)
  }

  function oldestWaitSeconds(): number {
    const [since] = waiting.values()
    return since === undefined ? 0 : (clock.monotonic() - since) / 1000
  }

  return {
    add,
    addAfter,
    addAfterFailure,
    forget: (key) => failures.delete(key),
    take,
    done,
    shutDown,
    depth: () => waiting.size,
    oldestWaitSeconds,
  }
}
