// Waits between attempts, as the spec has them.
import {parseDuration} from '../../crds/duration.ts'
import type {Retry} from '../../crds/spec.ts'

/** Milliseconds to wait after the nth attempt (from 1) has failed: initial × factor^(n-1), at most max. */
export function backoffAfter(attempt: number, {backoff}: Retry): number {
  const wait = parseDuration(backoff.initial) * backoff.factor ** (attempt - 1)
  return Math.min(wait, parseDuration(backoff.max))
}
