// One replica works, the others wait: a Lease that the leader renews. Durations are measured by each replica's own monotonic
// clock from the moment it saw the Lease change, so that clocks that are set differently do no harm.
import {once} from 'node:events'
import {sleep} from './clock.ts'
import type {Clock} from './clock.ts'
import {isApiError, messageOf} from './kube/errors.ts'
import {LEASES} from './kube/resources.ts'
import type {Lease} from './kube/resources.ts'
import type {KubeApi, ObjectName} from './kube/types.ts'
import type {Logger} from './reconcile/types.ts'

export interface LeaderOptions {
  /** Its requests must end well before renewDeadlineMs, and pass no rate limit. */
  readonly api: Pick<KubeApi, 'get' | 'create' | 'mergePatch'>
  readonly lease: ObjectName
  /** Differs from process to process. */
  readonly identity: string
  readonly leaseDurationMs: number
  readonly renewDeadlineMs: number
  readonly retryPeriodMs: number
  readonly clock: Clock
  readonly log: Logger
  readonly random?: () => number
}

export interface Leader {
  /** Waits until this replica leads; false when the signal aborts first. */
  acquire(signal: AbortSignal): Promise<boolean>
  /** Renews until the signal aborts, then gives the Lease back at once; or until it is lost: then nothing may be written any more. */
  hold(signal: AbortSignal): Promise<'released' | 'lost'>
  /** False as soon as renewing has failed for the renew deadline, even before hold has noticed. */
  readonly isLeader: () => boolean
}

interface State {
  /** The Lease as last seen, and when it was first seen like that. */
  seen: {readonly lease: Lease; readonly at: number} | undefined
  /** Until when (monotonic) this replica leads if it cannot renew. */
  leadsUntil: number
}

export function createLeader(options: LeaderOptions): Leader {
  const {clock, log, retryPeriodMs, random = Math.random} = options
  const state: State = {seen: undefined, leadsUntil: -Infinity}
  let lost = false

  function isLeader(): boolean {
    return !lost && clock.monotonic() < state.leadsUntil
  }

  async function acquire(signal: AbortSignal): Promise<boolean> {
    while (!signal.aborted) {
      if (await attempt(options, state)) {
        log.info({identity: options.identity, lease: options.lease}, 'this replica leads')
        return true
      }
      // Spread, so that those who wait do not all ask in the same moment.
      await sleep(clock, retryPeriodMs * (1 + random() / 5), signal)
    }
    return false
  }

  async function hold(signal: AbortSignal): Promise<'released' | 'lost'> {
    for (;;) {
      await sleep(clock, retryPeriodMs, signal)
      if (signal.aborted) {
        lost = true
        await release(options, state)
        return 'released'
      }
      await beforeDeadline(clock, state.leadsUntil, attempt(options, state))
      if (!isLeader()) {
        lost = true
        log.error({identity: options.identity, lease: options.lease}, 'the Lease was lost')
        return 'lost'
      }
    }
  }

  return {acquire, hold, isLeader}
}

/** The only replica there is: leads from the start, without a Lease. */
export function createSoleLeader(): Leader {
  let stopped = false
  return {
    acquire: (signal) => Promise.resolve(!signal.aborted),
    hold: async (signal) => {
      if (!signal.aborted) await once(signal, 'abort')
      stopped = true
      return 'released'
    },
    isLeader: () => !stopped,
  }
}

/** Takes or renews the Lease if it may; whether it is ours now. Never rejects. */
async function attempt(options: LeaderOptions, state: State): Promise<boolean> {
  const {lease, identity, log} = options
  // Twice, for after a conflict only a fresh look tells who wrote: perhaps we did, and the answer was lost.
  for (let round = 0; round < 2; round++) {
    try {
      return await attemptOnce(options, state)
    } catch (error) {
      if (!isApiError(error, 'conflict', 'alreadyExists', 'notFound')) {
        log.warn({identity, lease, error: messageOf(error)}, 'the Lease could not be taken or renewed')
        return false
      }
      state.seen = undefined
    }
  }
  return false
}

async function attemptOnce(options: LeaderOptions, state: State): Promise<boolean> {
  const {api, lease: name, identity, clock} = options
  // A renewal needs no reading.
  const lease = holderOf(state.seen?.lease) === identity ? state.seen?.lease : observe(state, await api.get(LEASES, name), clock)
  if (lease !== undefined && !mayTake(lease, state, options)) {
    state.leadsUntil = -Infinity
    return false
  }
  // Reckoned from before the request: others begin to count later than that.
  const asked = clock.monotonic()
  const written = lease === undefined ? await api.create(LEASES, newLease(options)) : await api.mergePatch(LEASES, name, claim(lease, options))
  state.seen = {lease: written, at: asked}
  state.leadsUntil = asked + options.renewDeadlineMs
  return true
}

/** Remembers when this version of the Lease was first seen. */
function observe(state: State, lease: Lease | undefined, clock: Clock): Lease | undefined {
  if (lease === undefined) state.seen = undefined
  else if (state.seen === undefined || versionOf(state.seen.lease) !== versionOf(lease)) state.seen = {lease, at: clock.monotonic()}
  return lease
}

function mayTake(lease: Lease, state: State, {identity, clock, leaseDurationMs}: LeaderOptions): boolean {
  const holder = holderOf(lease)
  if (holder === undefined || holder === identity) return true
  const seconds = lease.spec?.leaseDurationSeconds
  const duration = seconds === undefined ? leaseDurationMs : seconds * 1000
  return state.seen !== undefined && clock.monotonic() >= state.seen.at + duration
}

function newLease(options: LeaderOptions): Lease {
  const {namespace, name} = options.lease
  const now = microTime(options.clock)
  return {
    metadata: {namespace, name},
    spec: {
      holderIdentity: options.identity,
      leaseDurationSeconds: Math.ceil(options.leaseDurationMs / 1000),
      acquireTime: now,
      renewTime: now,
      leaseTransitions: 0,
    },
  }
}

function claim(lease: Lease, options: LeaderOptions): object {
  const now = microTime(options.clock)
  const renewal = {
    holderIdentity: options.identity,
    leaseDurationSeconds: Math.ceil(options.leaseDurationMs / 1000),
    renewTime: now,
  }
  const takeover = {acquireTime: now, leaseTransitions: (lease.spec?.leaseTransitions ?? 0) + 1}
  const spec = holderOf(lease) === options.identity ? renewal : {...renewal, ...takeover}
  return {metadata: {resourceVersion: versionOf(lease)}, spec}
}

/** An empty holder and one second: whoever waits takes it at the next look. */
async function release({api, lease: name, clock, log}: LeaderOptions, state: State): Promise<void> {
  const {seen} = state
  if (seen === undefined) return
  const spec = {holderIdentity: '', leaseDurationSeconds: 1, renewTime: microTime(clock)}
  try {
    await api.mergePatch(LEASES, name, {metadata: {resourceVersion: versionOf(seen.lease)}, spec})
    log.info({lease: name}, 'the Lease was given back')
  } catch (error) {
    log.warn({lease: name, error: messageOf(error)}, 'the Lease could not be given back; it runs out by itself')
  }
}

/** Waits for the work, but not beyond the deadline: a request that hangs must not hide that the Lease has run out. */
async function beforeDeadline(clock: Clock, deadline: number, work: Promise<unknown>): Promise<void> {
  const timeout = new AbortController()
  await Promise.race([work, sleep(clock, Math.max(0, deadline - clock.monotonic()), timeout.signal)])
  timeout.abort()
}

function holderOf(lease: Lease | undefined): string | undefined {
  return lease?.spec?.holderIdentity || undefined
}

function versionOf(lease: Lease): string | undefined {
  return lease.metadata?.resourceVersion
}

/** The API wants six digits of a second. */
function microTime(clock: Clock): string {
  return new Date(clock.now()).toISOString().replace('Z', '000Z')
}
