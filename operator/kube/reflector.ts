// Keeps a store equal to what the API server has: list, then watch, for ever. Every fault ends in another try.
import {sleep} from '../clock.ts'
import type {Clock} from '../clock.ts'
import type {Logger} from '../reconcile/types.ts'
import {createBackoff} from './backoff.ts'
import type {Backoff} from './backoff.ts'
import {ApiError, isApiError, messageOf, policyOf} from './errors.ts'
import {listAll} from './list.ts'
import type {Selection} from './list.ts'
import {nameOf} from './store.ts'
import type {Store} from './store.ts'
import type {Transport} from './transport.ts'
import type {KubeObject} from './types.ts'
import {StalledWatch, watchOnce} from './watch.ts'

/** Why a watch had to begin again: `closed` is the ordinary end, by the server. */
export type RestartReason = 'closed' | 'stalled' | 'fault' | ApiError['class']

export interface ReflectorOptions<T extends KubeObject> {
  readonly transport: Transport
  readonly selection: Selection<T>
  readonly store: Store<T>
  readonly clock: Clock
  readonly log: Logger
  readonly trim: (object: T) => T
  readonly onRestart?: (reason: RestartReason) => void
  readonly random?: () => number
  readonly backoff?: {readonly initialMs: number; readonly maxMs: number}
  /** See WatchOptions; three minutes miss two bookmarks. */
  readonly silenceMs?: number
}

export interface Reflector {
  /** Plural, as in "cronjobs"; with the namespace where it keeps only that one. */
  readonly name: string
  /** The one that it keeps; undefined for all. */
  readonly namespace: string | undefined
  /** Lists and watches until the signal aborts; never rejects. */
  run(signal: AbortSignal): Promise<void>
  /** Whether the store has been filled once. It stays so while a broken connection is repaired. */
  hasSynced(): boolean
  /** Resolves when the store has been filled once. */
  readonly synced: Promise<void>
  /** Whether the API server's last word to the first list was that there is no such right, or no such kind. It goes on asking. */
  isRefused(): boolean
  /** Resolves when the store has been filled once, or the first list was refused. */
  readonly answered: Promise<void>
}

const MIN_WATCH_SECONDS = 300
const SILENCE_MS = 180_000
const BACKOFF = {initialMs: 500, maxMs: 30_000}
/** A watch that ends sooner than this and says nothing is not an ordinary end: without a wait it would be asked for in a hot loop. */
const SHORT_WATCH_MS = 1000
/** So many failed watches in a row from one version: perhaps it is the version that the server cannot serve, so it is listed anew. */
const FAILURES_BEFORE_RELIST = 5

interface State {
  version: string | undefined
  failures: number
  synced: boolean
  refused: boolean
  readonly onSynced: () => void
  readonly onAnswered: () => void
}

export function createReflector<T extends KubeObject>(options: ReflectorOptions<T>): Reflector {
  const {promise: synced, resolve: onSynced} = Promise.withResolvers<void>()
  const {promise: answered, resolve: onAnswered} = Promise.withResolvers<void>()
  const state: State = {version: undefined, failures: 0, synced: false, refused: false, onSynced, onAnswered}
  const random = options.random ?? Math.random
  const backoff = createBackoff({...(options.backoff ?? BACKOFF), random})

  async function run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        if (state.version === undefined) await list(options, state, signal)
        await follow(options, state, {signal, backoff, timeoutSeconds: Math.round(MIN_WATCH_SECONDS * (1 + random()))})
        backoff.reset()
        state.failures = 0
        options.onRestart?.('closed')
      } catch (error) {
        if (signal.aborted) return
        await recover(options, state, {error, backoff, signal})
      }
    }
  }

  const {resource, namespace} = options.selection
  const name = namespace === undefined ? resource.plural : `${resource.plural} in ${namespace}`
  return {name, namespace, run, hasSynced: () => state.synced, synced, isRefused: () => state.refused, answered}
}

async function list<T extends KubeObject>(options: ReflectorOptions<T>, state: State, signal: AbortSignal): Promise<void> {
  const {transport, selection, store, trim} = options
  const {items, resourceVersion} = await listAll(transport, selection, {trim, signal})
  store.replace(items, selection.namespace)
  state.version = resourceVersion
  state.failures = 0
  state.synced = true
  state.refused = false
  state.onSynced()
  state.onAnswered()
}

interface Following {
  readonly signal: AbortSignal
  readonly backoff: Backoff
  readonly timeoutSeconds: number
}

async function follow<T extends KubeObject>(options: ReflectorOptions<T>, state: State, following: Following): Promise<void> {
  const {transport, selection, store, clock, trim} = options
  const started = clock.monotonic()
  const events = watchOnce(transport, selection, {
    resourceVersion: state.version ?? '',
    timeoutSeconds: following.timeoutSeconds,
    silenceMs: options.silenceMs ?? SILENCE_MS,
    clock,
    signal: following.signal,
  })
  let heard = false
  for await (const event of events) {
    if (event.type === 'DELETED') store.drop(nameOf(event.object))
    else if (event.type !== 'BOOKMARK') store.put(trim(event.object))
    state.version = event.object.metadata?.resourceVersion ?? state.version
    if (!heard) {
      heard = true
      state.failures = 0
      following.backoff.reset()
    }
  }
  if (!heard && clock.monotonic() - started < SHORT_WATCH_MS) {
    throw new ApiError({class: 'network', message: 'the watch ended as soon as it had begun'})
  }
}

interface Recovery {
  readonly error: unknown
  readonly backoff: Backoff
  readonly signal: AbortSignal
}

async function recover<T extends KubeObject>(options: ReflectorOptions<T>, state: State, recovery: Recovery): Promise<void> {
  const {error, backoff, signal} = recovery
  const {clock, log, selection, onRestart} = options
  const reason = reasonOf(error)
  onRestart?.(reason)
  state.failures += 1
  state.refused = !state.synced && isApiError(error, 'forbidden', 'notFound')
  if (state.refused) state.onAnswered()
  if (reason === 'gone' || state.failures >= FAILURES_BEFORE_RELIST) state.version = undefined
  const waitMs = Math.round(backoff.next(isApiError(error) ? error.retryAfterMs : undefined))
  const fields = {resource: selection.resource.plural, namespace: selection.namespace, reason, waitMs, error: messageOf(error)}
  log[levelOf(error)](fields, state.version === undefined ? 'listing again' : 'watching again')
  await sleep(clock, waitMs, signal)
}

/** An expired version is everyday; anything else keeps the cache from following the cluster. */
function levelOf(error: unknown): 'debug' | 'warn' | 'error' {
  if (isApiError(error, 'gone')) return 'debug'
  return error instanceof StalledWatch || policyOf(error).level !== 'error' ? 'warn' : 'error'
}

function reasonOf(error: unknown): RestartReason {
  if (error instanceof StalledWatch) return 'stalled'
  return error instanceof ApiError ? error.class : 'fault'
}
