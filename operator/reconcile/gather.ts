// The world as one reconcile sees it: everything is read here, from the caches, and only decided upon later.
import type {ScheduledExport} from '../../crds/scheduledexport.ts'
import type {OperatorConfig} from '../config.ts'
import {RUNNER_NAME} from '../../crds/names.ts'
import type {CronJob, Job, Pod, RoleBinding, ServiceAccount} from '../kube/resources.ts'
import type {ObjectName} from '../kube/types.ts'
import {frozenIn} from '../status/job-run.ts'
import type {Latest} from './latest.ts'
import type {Caches, ReconcilerDeps} from './types.ts'

export interface World {
  readonly resource: ScheduledExport
  readonly cronJob: CronJob | undefined
  readonly serviceAccount: ServiceAccount | undefined
  readonly roleBinding: RoleBinding | undefined
  readonly jobs: readonly Job[]
  readonly pods: readonly Pod[]
  readonly now: Date
  readonly config: OperatorConfig
}

/** undefined where the export is gone, or going: its owner references take care of the rest. */
export function gather(key: ObjectName, {caches, now, config}: ReconcilerDeps, latest: Latest): World | undefined {
  const cached = caches.exports.get(key)
  if (cached === undefined || isGoing(cached)) return undefined
  const runner = {namespace: key.namespace, name: RUNNER_NAME}
  return {
    resource: latest.of(cached),
    cronJob: caches.cronJobs.get(key),
    serviceAccount: caches.serviceAccounts.get(runner),
    roleBinding: caches.roleBindings.get(runner),
    jobs: caches.jobs.ofExport(key).filter((job) => isRunOf(job, cached)),
    pods: caches.pods.ofExport(key),
    now: now(),
    config,
  }
}

/**
 * A label alone proves nothing: only Jobs that came from the CronJob, by itself, by a person or by us, are runs. Not those of an
 * export that was deleted and made anew under the same name: they wait for the garbage collector. The CronJob's UID would not do, for
 * a CronJob that somebody deleted comes back with another, and the Job that it had started goes on.
 */
function isRunOf(job: Job, {metadata: {name, uid, creationTimestamp}}: ScheduledExport): boolean {
  const {ownerReferences = [], creationTimestamp: madeAt} = job.metadata ?? {}
  if (!ownerReferences.some((owner) => owner.kind === 'CronJob' && owner.name === name)) return false
  const {uid: of} = frozenIn(job)
  return of === undefined ? !(timeOf(madeAt) < timeOf(creationTimestamp)) : of === uid
}

function timeOf(timestamp: unknown): number {
  return typeof timestamp === 'string' ? Date.parse(timestamp) : Number.NaN
}

/** Whether that namespace has an export that stays. */
export function hasExports(namespace: string, caches: Caches): boolean {
  return caches.exports.inNamespace(namespace).some((resource) => !isGoing(resource))
}

function isGoing(resource: ScheduledExport): boolean {
  return resource.metadata['deletionTimestamp'] !== undefined
}
