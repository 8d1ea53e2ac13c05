// The loop: workers take keys, reconcile them, and say when to look again. What an error means stands in kube/errors.ts.
import type {Clock} from '../clock.ts'
import {isApiError, messageOf, policyOf} from '../kube/errors.ts'
import type {ObjectName} from '../kube/types.ts'
import type {Logger, ReconcileResult, Reconciler} from '../reconcile/types.ts'
import {nameOfKey} from './keys.ts'
import type {Queue} from './queue.ts'

/** success: nothing more to do; requeued: look again later; error: failed, comes again after a backoff; dropped: failed, waits for a change. */
export type Outcome = 'success' | 'requeued' | 'error' | 'dropped'

export interface ControllerOptions {
  readonly queue: Queue
  readonly reconcile: Reconciler
  readonly workers: number
  readonly clock: Clock
  readonly log: Logger
  readonly onReconciled?: (outcome: Outcome, seconds: number) => void
}

export interface Controller {
  /** Starts the workers. */
  start(): void
  /** Takes nothing more, and resolves when the reconciles that run have ended. */
  stop(): Promise<void>
}

export function createController(options: ControllerOptions): Controller {
  const {queue, workers} = options
  let running: Promise<void>[] = []

  function start(): void {
    running = Array.from({length: workers}, () => work(options))
  }

  async function stop(): Promise<void> {
    queue.shutDown()
    await Promise.all(running)
  }

  return {start, stop}
}

async function work(options: ControllerOptions): Promise<void> {
  const {queue, clock, onReconciled} = options
  for (let key = await queue.take(); key !== undefined; key = await queue.take()) {
    const started = clock.monotonic()
    const outcome = await reconcileKey(options, key)
    queue.done(key)
    onReconciled?.(outcome, (clock.monotonic() - started) / 1000)
  }
}

async function reconcileKey({queue, reconcile, log}: ControllerOptions, key: string): Promise<Outcome> {
  const name = nameOfKey(key)
  try {
    return settle(queue, key, await reconcile(name))
  } catch (error) {
    return fail(queue, {key, name, log, error})
  }
}

function settle(queue: Queue, key: string, result: ReconcileResult): Outcome {
  queue.forget(key)
  if (result.requeueAfterMs === undefined) return 'success'
  queue.addAfter(key, result.requeueAfterMs)
  return 'requeued'
}

interface Failure {
  readonly key: string
  readonly name: ObjectName
  readonly log: Logger
  readonly error: unknown
}

function fail(queue: Queue, {key, name, log, error}: Failure): Outcome {
  const policy = policyOf(error)
  const fields = {...name, error: messageOf(error), class: isApiError(error) ? error.class : 'fault'}
  const stack = isApiError(error) || !(error instanceof Error) ? {} : {stack: error.stack}
  log[policy.level]({...fields, ...stack}, 'the reconcile failed')
  if (policy.retry === 'never') {
    queue.forget(key)
    return 'dropped'
  }
  queue.addAfterFailure(key, isApiError(error) ? error.retryAfterMs : undefined)
  return 'error'
}
