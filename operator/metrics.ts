// The operator's Prometheus metrics. Names and labels are an interface: docs/metrics.md lists them, and a test compares.
import {Counter, Gauge, Histogram, Registry, collectDefaultMetrics} from 'prom-client'
import type {ScheduledExport} from '../crds/scheduledexport.ts'
import type {Outcome} from './controller/controller.ts'
import type {Queue, QueueHooks} from './controller/queue.ts'
import type {RestartReason} from './kube/reflector.ts'
import {nameOf} from './kube/store.ts'
import type {RequestOutcome} from './kube/transport.ts'
import type {Lister} from './kube/types.ts'
import type {FinishedRun, OperatorMetrics} from './reconcile/types.ts'

/** What gauges are read from at the moment of a scrape. */
export interface Scraped {
  readonly exports: Lister<ScheduledExport>
  readonly queue: Pick<Queue, 'depth' | 'oldestWaitSeconds'>
  readonly isLeader: () => boolean
}

export interface Metrics extends OperatorMetrics {
  readonly queueHooks: QueueHooks
  readonly reconciled: (outcome: Outcome, seconds: number) => void
  readonly requested: (outcome: RequestOutcome) => void
  readonly restarted: (resource: string, reason: RestartReason) => void
  readonly eventDropped: () => void
  /** Says where the gauges come from; once, as soon as it is there. */
  readonly observe: (scraped: Scraped) => void
  /** The exposition text, and its content type. */
  readonly render: () => Promise<{readonly contentType: string; readonly text: string}>
}

const RUN_SECONDS = [1, 5, 15, 30, 60, 300, 900, 1800, 3600, 7200, 21_600]
const REQUEST_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
const RECONCILE_SECONDS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

const P = 'scheduled_export_operator_'

export function createMetrics(build: {readonly version: string}): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({register: registry})
  const registers = [registry]
  new Gauge({name: `${P}build_info`, help: 'Always 1; the labels say what runs.', labelNames: ['version', 'node'], registers}).set(
    {version: build.version, node: process.version},
    1,
  )
  const runs = runMetrics(registers)
  return {
    ...queueMetrics(registers),
    ...loopMetrics(registers),
    ...apiMetrics(registers),
    runFinished: (run) => {
      runs.runFinished(run)
    },
    observe: (scraped) => {
      runs.observe(scraped.exports)
      observeOperator(registers, scraped)
      observeExports(registers, scraped.exports)
    },
    render: async () => ({contentType: registry.contentType, text: await registry.metrics()}),
  }
}

function queueMetrics(registers: Registry[]): Pick<Metrics, 'queueHooks'> {
  const adds = new Counter({name: `${P}queue_adds_total`, help: 'Keys that were enqueued.', registers})
  const retries = new Counter({name: `${P}queue_retries_total`, help: 'Keys that were enqueued again after a failure.', registers})
  const waits = new Histogram({
    name: `${P}queue_wait_seconds`,
    help: 'How long keys waited for a worker.',
    buckets: RECONCILE_SECONDS,
    registers,
  })
  return {
    queueHooks: {
      onAdd: () => {
        adds.inc()
      },
      onRetry: () => {
        retries.inc()
      },
      onTake: (seconds) => {
        waits.observe(seconds)
      },
    },
  }
}

function loopMetrics(registers: Registry[]): Pick<Metrics, 'reconciled' | 'restarted' | 'eventDropped'> {
  const reconciles = new Counter({name: `${P}reconciles_total`, help: 'Reconciles by their end.', labelNames: ['result'], registers})
  for (const result of ['success', 'requeued', 'error', 'dropped'] satisfies Outcome[]) reconciles.inc({result}, 0)
  const seconds = new Histogram({name: `${P}reconcile_seconds`, help: 'How long reconciles took.', buckets: RECONCILE_SECONDS, registers})
  const restarts = new Counter({
    name: `${P}watch_restarts_total`,
    help: 'Watches that began again; reason "closed" is the ordinary end.',
    labelNames: ['resource', 'reason'],
    registers,
  })
  const dropped = new Counter({name: `${P}events_dropped_total`, help: 'Events that could not be written.', registers})
  return {
    reconciled: (result, took) => {
      reconciles.inc({result})
      seconds.observe(took)
    },
    restarted: (resource, reason) => {
      restarts.inc({resource, reason})
    },
    eventDropped: () => {
      dropped.inc()
    },
  }
}

function apiMetrics(registers: Registry[]): Pick<Metrics, 'requested'> {
  const requests = new Counter({
    name: `${P}api_requests_total`,
    help: 'Requests to the API server; code "error" means no answer.',
    labelNames: ['verb', 'resource', 'code'],
    registers,
  })
  const seconds = new Histogram({
    name: `${P}api_request_seconds`,
    help: 'How long the API server took; for a watch until it began.',
    labelNames: ['verb'],
    buckets: REQUEST_SECONDS,
    registers,
  })
  return {
    requested: ({verb, resource, code, seconds: took}) => {
      requests.inc({verb, resource, code})
      seconds.observe({verb}, took)
    },
  }
}

/** Also counters go with their export: else those of exports that come and go would add up to the end of the process. */
function runMetrics(registers: Registry[]): OperatorMetrics & {observe(exports: Lister<ScheduledExport>): void} {
  const counted = new Map<string, Omit<FinishedRun, 'seconds'>>()
  let exports: Lister<ScheduledExport> | undefined
  const runs = new Counter({
    name: 'scheduled_export_runs_total',
    help: 'Runs that ended, as far as this process saw them end.',
    labelNames: ['namespace', 'name', 'phase', 'trigger'],
    registers,
    collect() {
      for (const [key, labels] of counted) {
        if (exports === undefined || exports.get(labels) !== undefined) continue
        this.remove({...labels})
        counted.delete(key)
      }
    },
  })
  const seconds = new Histogram({
    name: 'scheduled_export_run_seconds',
    help: 'How long runs took, all attempts together.',
    labelNames: ['phase'],
    buckets: RUN_SECONDS,
    registers,
  })
  function runFinished({namespace, name, phase, trigger, seconds: took}: FinishedRun): void {
    const labels = {namespace, name, phase, trigger}
    counted.set(Object.values(labels).join('/'), labels)
    runs.inc(labels)
    if (took !== undefined) seconds.observe({phase}, took)
  }
  function observe(listed: Lister<ScheduledExport>): void {
    exports = listed
  }
  return {runFinished, observe}
}

function observeOperator(registers: Registry[], {queue, isLeader}: Scraped): void {
  gauge(registers, {name: `${P}queue_depth`, help: 'Keys that wait for a worker.'}, () => queue.depth())
  gauge(registers, {name: `${P}queue_longest_wait_seconds`, help: 'How long the key at the head has waited.'}, () => queue.oldestWaitSeconds())
  gauge(registers, {name: `${P}leader`, help: '1 while this replica leads.'}, () => (isLeader() ? 1 : 0))
}

function gauge(registers: Registry[], described: {name: string; help: string}, value: () => number): void {
  const made = new Gauge({
    ...described,
    registers: [],
    collect() {
      this.set(value())
    },
  })
  for (const registry of registers) registry.registerMetric(made)
}

/** One gauge, filled anew at each scrape: an export that was deleted leaves no series behind. */
function observeExports(registers: Registry[], exports: Lister<ScheduledExport>): void {
  perExport(registers, exports, {
    name: 'scheduled_export_next_run_timestamp_seconds',
    help: 'When the next run is due; no series where none is.',
    value: ({status}) => timestamp(status?.nextRunTime),
  })
  perExport(registers, exports, {
    name: 'scheduled_export_last_success_timestamp_seconds',
    help: 'When the last successful run completed; no series before the first.',
    value: ({status}) => timestamp(status?.lastSuccessTime),
  })
  perExport(registers, exports, {
    name: 'scheduled_export_suspended',
    help: '1 while spec.suspend is true.',
    value: ({spec}) => (spec.suspend ? 1 : 0),
  })
  perExport(registers, exports, {
    name: 'scheduled_export_ready',
    help: '1 while the condition Ready is True.',
    value: ({status}) => (status?.conditions?.some(({type, status: is}) => type === 'Ready' && is === 'True') ? 1 : 0),
  })
  perExport(registers, exports, {
    name: 'scheduled_export_last_run_succeeded',
    help: '1 while the condition LastRunSucceeded is True, 0 while it is False; no series before the first run.',
    value: ({status}) => flag(status?.conditions?.find(({type}) => type === 'LastRunSucceeded')?.status),
  })
}

interface PerExport {
  readonly name: string
  readonly help: string
  readonly value: (object: ScheduledExport) => number | undefined
}

function perExport(registers: Registry[], exports: Lister<ScheduledExport>, {name, help, value}: PerExport): void {
  const made = new Gauge({
    name,
    help,
    labelNames: ['namespace', 'name'],
    registers: [],
    collect() {
      this.reset()
      for (const object of exports.all()) {
        const number = value(object)
        if (number !== undefined) this.set({...nameOf(object)}, number)
      }
    },
  })
  for (const registry of registers) registry.registerMetric(made)
}

function timestamp(text: string | undefined): number | undefined {
  const ms = Date.parse(text ?? '')
  return Number.isNaN(ms) ? undefined : ms / 1000
}

function flag(status: string | undefined): number | undefined {
  return status === undefined || status === 'Unknown' ? undefined : Number(status === 'True')
}
