// Requests that failed for a moment are made again, within bounds; beyond them the run's own attempts go on.
import type {Clock} from '../../clock.ts'
import type {RunFault} from '../../errors.ts'

/** Requests in all. */
const TRIES = 5
const FIRST_WAIT_MS = 1_000
/** An API that asks for more than this is left to the run's next attempt. */
const LONGEST_WAIT_MS = 120_000

/** What came of a request. `waitMs`: how long the API asks to wait. */
export type Tried<T> = {readonly value: T} | {readonly fault: RunFault; readonly waitMs?: number | undefined}

/** @throws the last fault, the first permanent one, or the signal's reason */
export async function withRetries<T>(run: () => Promise<Tried<T>>, {clock, signal}: {clock: Clock; signal: AbortSignal}): Promise<T> {
  for (let tries = 1; ; tries++) {
    const tried = await run()
    if ('value' in tried) return tried.value
    const {fault, waitMs = FIRST_WAIT_MS * 2 ** (tries - 1)} = tried
    if (!fault.transient || tries === TRIES || waitMs > LONGEST_WAIT_MS) throw fault
    await clock.sleep(waitMs, signal)
    signal.throwIfAborted()
  }
}

/** Milliseconds of the header Retry-After: seconds, or a date (RFC 9110, 10.2.3). Undefined where it says nothing. */
export function retryAfter(header: string | undefined, now: Date): number | undefined {
  if (header === undefined) return undefined
  if (/^\d{1,9}$/.test(header.trim())) return Number(header.trim()) * 1000
  // Both forms of a date that a server may send name the zone; Date.parse would take nearly anything for one.
  const date = /\d\d:\d\d:\d\d GMT\s*$/.test(header) ? Date.parse(header) : Number.NaN
  return Number.isNaN(date) ? undefined : Math.max(0, date - now.getTime())
}
