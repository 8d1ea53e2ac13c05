// The seam between the machinery (operator/main.ts) and the reconciler: what a reconcile is given, and what it answers.
import type {ScheduledExport} from '../../crds/scheduledexport.ts'
import type {Phase, Trigger} from '../../crds/status.ts'
import type {OperatorConfig} from '../config.ts'
import type {CronJob, Job, Pod, RoleBinding, ServiceAccount} from '../kube/resources.ts'
import type {KubeApi, Lister, ObjectName} from '../kube/types.ts'

/** What the reflectors keep; a reconcile starts only after all of them have synced. */
export interface Caches {
  readonly exports: Lister<ScheduledExport>
  readonly cronJobs: Lister<CronJob>
  readonly jobs: Lister<Job>
  readonly pods: Lister<Pod>
  readonly serviceAccounts: Lister<ServiceAccount>
  readonly roleBindings: Lister<RoleBinding>
}

export interface EventInput {
  readonly regarding: ScheduledExport
  readonly type: 'Normal' | 'Warning'
  /** One CamelCase word: "RunFailed". */
  readonly reason: string
  /** Cut to 1,024 bytes. */
  readonly message: string
  /** The event is made once for an export's UID, reason and this key, also across restarts: a Job's UID, a generation. */
  readonly dedupeKey: string
}

/** Writes Events in the background: record never throws and never makes a reconcile wait. */
export interface EventRecorder {
  /** Whether it was taken, or is there already. One that was taken and could not be written in the end is told by `onDropped`. */
  record(event: EventInput, onDropped?: () => void): boolean
}

/** Structured log lines; secrets in fields are redacted. */
export interface Logger {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
  child(fields: Record<string, unknown>): Logger
}

export interface FinishedRun {
  readonly namespace: string
  readonly name: string
  readonly phase: Phase
  readonly trigger: Trigger
  /** How long it ran, where start and end are known. */
  readonly seconds?: number
}

/** What only a reconcile can count; everything else is measured by the machinery. */
export interface OperatorMetrics {
  /** Call once for each run, when its terminal phase is first written to history. */
  runFinished(run: FinishedRun): void
}

export interface ReconcilerDeps {
  readonly api: KubeApi
  readonly caches: Caches
  readonly config: OperatorConfig
  readonly now: () => Date
  readonly recorder: EventRecorder
  readonly log: Logger
  readonly metrics: OperatorMetrics
}

export interface ReconcileResult {
  /** Look again after so many milliseconds; a change of the world comes earlier by itself. */
  readonly requeueAfterMs?: number
}

/**
 * Brings one export to what its spec says. The key {namespace, name: ''} stands for a namespace that has runner objects and
 * perhaps no export. A rejection is retried with the key's backoff.
 */
export type Reconciler = (key: ObjectName) => Promise<ReconcileResult>
