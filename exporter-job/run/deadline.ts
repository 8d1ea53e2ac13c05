// The exporter's own deadline, as a signal that the whole run hangs on.
import type {Clock} from '../clock.ts'
import {TransientFault} from '../errors.ts'

export interface Deadline extends Disposable {
  /** Aborted when the time is over. */
  readonly signal: AbortSignal
}

/** Begins to wait for the deadline; one that has passed is over at once. */
export function startDeadline(clock: Clock, deadline: Date): Deadline {
  const [expired, done] = [new AbortController(), new AbortController()]
  const expire = (): void => {
    if (!done.signal.aborted) expired.abort(new TransientFault('DeadlineExceeded', `the time for the run was over at ${deadline.toISOString()}`))
  }
  const left = deadline.getTime() - clock.now().getTime()
  if (left <= 0) expire()
  else void clock.sleep(left, done.signal).then(expire)
  return {
    signal: expired.signal,
    [Symbol.dispose]: () => {
      done.abort()
    },
  }
}
