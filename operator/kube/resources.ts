// The kinds the operator deals with: their objects as JSON has them on the wire, and where the API server keeps them.
import type {
  EventsV1Event,
  V1CronJob,
  V1Job,
  V1Lease,
  V1Pod,
  V1RoleBinding,
  V1ServiceAccount,
} from '@kubernetes/client-node'
import {GROUP, KIND, PLURAL, VERSION} from '../../crds/names.ts'
import type {ScheduledExport} from '../../crds/scheduledexport.ts'
import type {KubeObject, Resource} from './types.ts'

/** A type of the client library as JSON has it: its Date fields are RFC 3339 strings. */
export type Wire<T> = T extends Date
  ? string
  : T extends readonly (infer U)[]
    ? Wire<U>[]
    : T extends object
      ? {[K in keyof T]: Wire<T[K]>}
      : T

export type CronJob = Wire<V1CronJob>
export type Job = Wire<V1Job>
export type Pod = Wire<V1Pod>
export type ServiceAccount = Wire<V1ServiceAccount>
export type RoleBinding = Wire<V1RoleBinding>
export type Lease = Wire<V1Lease>
export type Event = Wire<EventsV1Event>

export const SCHEDULED_EXPORTS: Resource<ScheduledExport> = {group: GROUP, version: VERSION, kind: KIND, plural: PLURAL}
export const CRON_JOBS: Resource<CronJob> = {group: 'batch', version: 'v1', kind: 'CronJob', plural: 'cronjobs'}
export const JOBS: Resource<Job> = {group: 'batch', version: 'v1', kind: 'Job', plural: 'jobs'}
export const PODS: Resource<Pod> = {group: '', version: 'v1', kind: 'Pod', plural: 'pods'}
export const SERVICE_ACCOUNTS: Resource<ServiceAccount> = {group: '', version: 'v1', kind: 'ServiceAccount', plural: 'serviceaccounts'}
export const ROLE_BINDINGS: Resource<RoleBinding> = {
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: 'RoleBinding',
  plural: 'rolebindings',
}
export const LEASES: Resource<Lease> = {group: 'coordination.k8s.io', version: 'v1', kind: 'Lease', plural: 'leases'}
export const EVENTS: Resource<Event> = {group: 'events.k8s.io', version: 'v1', kind: 'Event', plural: 'events'}

/** "batch/v1", or "v1" for the core group. */
export function apiVersionOf<T extends KubeObject>(resource: Resource<T>): string {
  return resource.group === '' ? resource.version : `${resource.group}/${resource.version}`
}

/** Path of a resource's collection; without a namespace that of all namespaces. */
export function collectionPath<T extends KubeObject>(resource: Resource<T>, namespace?: string): string {
  const root = resource.group === '' ? `/api/${resource.version}` : `/apis/${resource.group}/${resource.version}`
  const scope = namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`
  return `${root}${scope}/${resource.plural}`
}
