// The world as one reconcile sees it: everything is read here, from the caches, and only decided upon later.
import type {ScheduledExport} from '../../crds/scheduledexport.ts'
import type {OperatorConfig} from '../config.ts'
import {RUNNER_NAME} from '../../crds/names.ts'
import type {CronJob, Job, Pod, RoleBinding, ServiceAccount} from '../kube/resources.ts'
import type {ObjectName} from '../kube/types.ts'
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
    jobs: caches.jobs.ofExport(key).filter((job) => isOfCronJob(job, key)),
    pods: caches.pods.ofExport(key),
    now: now(),
    config,
  }
}

/** A label alone proves nothing: only Jobs that came from the CronJob, by itself, by a person or by us, are runs. */
function isOfCronJob({metadata}: Job, {name}: ObjectName): boolean {
  return metadata?.ownerReferences?.some((owner) => owner.kind === 'CronJob' && owner.name === name) === true
}

/** Whether that namespace has an export that stays. */
export function hasExports(namespace: string, caches: Caches): boolean {
  return caches.exports.inNamespace(namespace).some((resource) => !isGoing(resource))
}

function isGoing(resource: ScheduledExport): boolean {
  return resource.metadata['deletionTimestamp'] !== undefined
}
