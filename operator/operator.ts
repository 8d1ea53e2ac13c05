// The operator as a whole, put together from its parts: watch, wait for the Lease, work, stop in order.
import {randomUUID} from 'node:crypto'
import type {KubeConfig} from '@kubernetes/client-node'
import {OPERATOR_FIELD_MANAGER} from '../crds/names.ts'
import {createReflectors, createStores} from './caches.ts'
import type {Stores} from './caches.ts'
import {sleep, systemClock} from './clock.ts'
import type {OperatorConfig} from './config.ts'
import {coverageOf} from './coverage.ts'
import type {Coverage} from './coverage.ts'
import {createController} from './controller/controller.ts'
import type {Controller} from './controller/controller.ts'
import {allKeys, keysOfExport, keysOfLabelled, keysOfNamespaced, nameOfKey} from './controller/keys.ts'
import {createQueue} from './controller/queue.ts'
import type {Queue} from './controller/queue.ts'
import {createRecorder} from './events.ts'
import type {Recorder} from './events.ts'
import {startHealthServer} from './health.ts'
import type {HealthServer} from './health.ts'
import {createKubeApi} from './kube/client.ts'
import {createRateLimiter} from './kube/rate-limit.ts'
import type {Reflector} from './kube/reflector.ts'
import {createTransport} from './kube/transport.ts'
import type {Transport} from './kube/transport.ts'
import {createLeader, createSoleLeader} from './leader.ts'
import type {Leader} from './leader.ts'
import {createMetrics} from './metrics.ts'
import type {Metrics} from './metrics.ts'
import {createReconciler} from './reconcile/reconcile.ts'
import type {Logger} from './reconcile/types.ts'

export interface OperatorOptions {
  readonly config: OperatorConfig
  /** Reads the kubeconfig anew each time it is called. */
  readonly loadKubeConfig: () => KubeConfig
  /** This replica's name in the Lease and in Events. */
  readonly instance: string
  readonly version: string
  readonly log: Logger
  /** How long running reconciles may take to end; default 15 s. */
  readonly stopWithinMs?: number
}

export interface Operator {
  /** Port of /healthz, /readyz and /metrics. */
  readonly port: number
  /** Resolves when it has been stopped in order; rejects when it cannot go on: the process must end. */
  readonly ended: Promise<void>
  /** Asks it to stop: watches end, running reconciles finish, the Lease is given back. */
  stop(): void
}

const REQUEST_TIMEOUT_MS = 30_000
/** A page of a list may be large, and the API server answers lists last when it is busy. */
const LIST_TIMEOUT_MS = 60_000
const RATE_LIMIT = {perSecond: 50, burst: 100}
const RESYNC_MS = 600_000
const STOP_WITHIN_MS = 15_000
const EVENTS_WITHIN_MS = 3000

interface Parts {
  readonly options: OperatorOptions
  readonly stores: Stores
  readonly reflectors: readonly Reflector[]
  readonly coverage: Coverage
  readonly queue: Queue
  readonly leader: Leader
  readonly controller: Controller
  readonly recorder: Recorder
  readonly metrics: Metrics
  readonly transports: readonly Transport[]
}

/** Starts the operator; rejects when it cannot listen. It leads, and works, as soon as its caches are filled and the Lease is free. */
export async function startOperator(options: OperatorOptions): Promise<Operator> {
  const parts = assemble(options)
  const health = await startHealthServer({
    port: options.config.listen.port,
    unready: parts.coverage.missing,
    metrics: parts.metrics.render,
  })
  const stopping = new AbortController()
  return {
    port: health.port,
    ended: live(parts, health, stopping.signal),
    stop: () => {
      stopping.abort()
    },
  }
}

function assemble(options: OperatorOptions): Parts {
  const {config, log, instance} = options
  const clock = systemClock
  const metrics = createMetrics({version: options.version})
  const common = {load: options.loadKubeConfig, userAgent: `${OPERATOR_FIELD_MANAGER}/${options.version}`, onOutcome: metrics.requested}
  const watching = createTransport({...common, timeoutMs: LIST_TIMEOUT_MS})
  const working = createTransport({...common, timeoutMs: REQUEST_TIMEOUT_MS, limiter: createRateLimiter({clock, ...RATE_LIMIT})})
  // Events have a limit of their own: start and end of every run of a slot must not hold up the work itself.
  const telling = createTransport({...common, timeoutMs: REQUEST_TIMEOUT_MS, limiter: createRateLimiter({clock, ...RATE_LIMIT})})
  // Three tries must fit into the renew deadline, whatever the workers have under way.
  const leasing = createTransport({...common, timeoutMs: Math.max(1000, config.leaderElection.renewDeadline * 0.3)})

  const stores = createStores()
  const queue = createQueue({clock, hooks: metrics.queueHooks})
  const leader = leaderOf(options, leasing)
  const api = createKubeApi({transport: working, mayWrite: leader.isLeader})
  const recorder = createRecorder({api: createKubeApi({transport: telling, mayWrite: leader.isLeader}), instance, clock, log, onDropped: metrics.eventDropped})
  const reconcile = createReconciler({api, caches: stores, config, now: () => new Date(clock.now()), recorder, log, metrics})
  const controller = createController({queue, reconcile, workers: config.workers, clock, log, onReconciled: metrics.reconciled})
  const {namespaces} = config
  const reflectors = createReflectors({stores, transport: watching, namespaces, clock, log, onRestart: metrics.restarted})
  metrics.observe({exports: stores.exports, queue, isLeader: leader.isLeader})
  const coverage = coverageOf(reflectors)
  return {options, stores, reflectors, coverage, queue, leader, controller, recorder, metrics, transports: [watching, working, telling, leasing]}
}

function leaderOf({config, loadKubeConfig, instance, log}: OperatorOptions, transport: Transport): Leader {
  const {enabled, namespace: configured, name, leaseDuration, renewDeadline, retryPeriod} = config.leaderElection
  if (!enabled) return createSoleLeader()
  const kubeConfig = loadKubeConfig()
  const namespace = configured ?? kubeConfig.getContextObject(kubeConfig.getCurrentContext())?.namespace
  if (namespace === undefined) throw new Error('leaderElection.namespace: outside a pod it must be set')
  return createLeader({
    api: createKubeApi({transport}),
    lease: {namespace, name},
    identity: `${instance}_${randomUUID()}`,
    leaseDurationMs: leaseDuration,
    renewDeadlineMs: renewDeadline,
    retryPeriodMs: retryPeriod,
    clock: systemClock,
    log,
  })
}

async function live(parts: Parts, health: HealthServer, stop: AbortSignal): Promise<void> {
  const watches = new AbortController()
  const watching = parts.reflectors.map((reflector) => reflector.run(watches.signal))
  try {
    // Filled first: a replica that cannot see the cluster must not keep another from leading.
    await untilAborted(stop, parts.coverage.settled)
    if (!stop.aborted && (await parts.leader.acquire(stop))) await lead(parts, watches, stop)
  } finally {
    watches.abort()
    await Promise.all(watching)
    await health.close()
    for (const transport of parts.transports) transport.close()
  }
}

/** From taking the Lease to giving it back. */
async function lead(parts: Parts, watches: AbortController, stop: AbortSignal): Promise<void> {
  const {controller, recorder, leader, queue, options} = parts
  const giveBack = new AbortController()
  const held = leader.hold(giveBack.signal)
  enqueueChanges(parts)
  const cancelResync = resync(parts)
  controller.start()
  if ((await untilAborted(stop, held)) === 'lost') throw new Error('the Lease was lost: another replica works now')
  cancelResync()
  watches.abort()
  const ended = await Promise.race([controller.stop().then(() => true), sleep(systemClock, options.stopWithinMs ?? STOP_WITHIN_MS)])
  // The Lease runs out by itself: given back now, the next leader would work beside a reconcile that still runs.
  if (ended !== true) throw new Error(`reconciles did not end in time, ${queue.depth()} more were waiting`)
  await recorder.stop(AbortSignal.timeout(EVENTS_WITHIN_MS))
  giveBack.abort()
  await held
}

/** Handlers only enqueue. Before this replica leads there is nobody to work, so nothing is enqueued at all. */
function enqueueChanges(parts: Parts): void {
  const {stores, coverage} = parts
  function enqueue(keys: Iterable<string>): void {
    enqueueAll(parts, keys)
  }
  // What came before its namespace was whole, and what was there all along.
  coverage.onCovered((namespace) => {
    enqueue([...allKeys(stores)].filter((key) => nameOfKey(key).namespace === namespace))
  })
  stores.exports.subscribe((change) => {
    enqueue(keysOfExport(change, stores.exports))
  })
  for (const store of [stores.cronJobs, stores.jobs, stores.pods] as const) {
    store.subscribe((change) => {
      enqueue(keysOfLabelled(change))
    })
  }
  for (const store of [stores.serviceAccounts, stores.roleBindings] as const) {
    store.subscribe((change) => {
      enqueue(keysOfNamespaced(change, stores.exports))
    })
  }
}

/** A reconcile that sees exports but not yet their Jobs would take runs for vanished. */
function enqueueAll({queue, coverage}: Parts, keys: Iterable<string>): void {
  for (const key of keys) if (coverage.covers(nameOfKey(key).namespace)) queue.add(key)
}

/** Everything now and then: what was missed for whatever reason is made good. Returns how to end it. */
function resync(parts: Parts): () => void {
  let cancel: (() => void) | undefined
  function again(): void {
    enqueueAll(parts, allKeys(parts.stores))
    cancel = systemClock.after(RESYNC_MS, again)
  }
  again()
  return () => cancel?.()
}

/** The work's result, or undefined as soon as the signal has aborted. */
function untilAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    function stop(): void {
      resolve(undefined)
    }
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop, {once: true})
    work.then(resolve, reject)
  })
}
