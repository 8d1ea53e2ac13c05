// The operator's memory of the cluster: one store for each kind, and the reflectors that fill them.
import {LABEL_EXPORT, LABEL_MANAGED_BY, MANAGED_BY} from '../crds/names.ts'
import type {ScheduledExport} from '../crds/scheduledexport.ts'
import type {Clock} from './clock.ts'
import {createReflector} from './kube/reflector.ts'
import type {Reflector, RestartReason} from './kube/reflector.ts'
import {CRON_JOBS, JOBS, PODS, ROLE_BINDINGS, SCHEDULED_EXPORTS, SERVICE_ACCOUNTS} from './kube/resources.ts'
import type {CronJob, Job, Pod, RoleBinding, ServiceAccount} from './kube/resources.ts'
import type {Selection} from './kube/list.ts'
import {createStore} from './kube/store.ts'
import type {Store} from './kube/store.ts'
import type {Transport} from './kube/transport.ts'
import {trimmed, trimmedJob, trimmedPod} from './kube/trim.ts'
import type {KubeObject} from './kube/types.ts'
import type {Caches, Logger} from './reconcile/types.ts'

/** The caches with their writing side; only reflectors write. */
export interface Stores extends Caches {
  readonly exports: Store<ScheduledExport>
  readonly cronJobs: Store<CronJob>
  readonly jobs: Store<Job>
  readonly pods: Store<Pod>
  readonly serviceAccounts: Store<ServiceAccount>
  readonly roleBindings: Store<RoleBinding>
}

export function createStores(): Stores {
  return {
    exports: createStore(),
    cronJobs: createStore(),
    jobs: createStore(),
    pods: createStore(),
    serviceAccounts: createStore(),
    roleBindings: createStore(),
  }
}

export interface ReflectorsOptions {
  readonly stores: Stores
  readonly transport: Transport
  /** Empty: all namespaces in one watch a kind; else one watch a namespace and kind. */
  readonly namespaces: readonly string[]
  readonly clock: Clock
  readonly log: Logger
  readonly onRestart?: (resource: string, reason: RestartReason) => void
}

/** Reflectors for everything the operator looks at. Selectors keep objects of other programs out of its memory. */
export function createReflectors(options: ReflectorsOptions): Reflector[] {
  const {stores} = options
  return scopes(options.namespaces).flatMap((namespace) => {
    const scope = namespace === undefined ? {} : {namespace}
    const ofExports = {...scope, labelSelector: LABEL_EXPORT}
    const ours = {...scope, labelSelector: `${LABEL_MANAGED_BY}=${MANAGED_BY}`}
    return [
      one(options, {store: stores.exports, selection: {resource: SCHEDULED_EXPORTS, ...scope}, trim: trimmed}),
      one(options, {store: stores.cronJobs, selection: {resource: CRON_JOBS, ...ofExports}, trim: trimmed}),
      one(options, {store: stores.jobs, selection: {resource: JOBS, ...ofExports}, trim: trimmedJob}),
      one(options, {store: stores.pods, selection: {resource: PODS, ...ofExports}, trim: trimmedPod}),
      one(options, {store: stores.serviceAccounts, selection: {resource: SERVICE_ACCOUNTS, ...ours}, trim: trimmed}),
      one(options, {store: stores.roleBindings, selection: {resource: ROLE_BINDINGS, ...ours}, trim: trimmed}),
    ]
  })
}

function scopes(namespaces: readonly string[]): readonly (string | undefined)[] {
  return namespaces.length === 0 ? [undefined] : [...new Set(namespaces)]
}

interface Kept<T extends KubeObject> {
  readonly store: Store<T>
  readonly selection: Selection<T>
  readonly trim: (object: T) => T
}

function one<T extends KubeObject>({transport, clock, log, onRestart}: ReflectorsOptions, kept: Kept<T>): Reflector {
  return createReflector({
    ...kept,
    transport,
    clock,
    log,
    onRestart: (reason) => onRestart?.(kept.selection.resource.plural, reason),
  })
}
