// What of an object is kept in memory: with 10,000 exports every field counts. Code that needs another one has to keep it here first.
// test/unit/operator/memory.test.ts counts the bytes.
import type {V1Container, V1ObjectMeta} from '@kubernetes/client-node'
import {CONTAINER_NAME, ENV, LABEL_EXPORT} from '../../crds/names.ts'
import type {FrozenExport} from '../../crds/run.ts'
import type {Job, Pod, Wire} from './resources.ts'
import type {KubeObject} from './types.ts'

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'

/** Without the book-keeping that nobody here reads and that is often the greater part: managedFields, kubectl's copy of the manifest. */
export function trimmed<T extends KubeObject>(object: T): T {
  const {managedFields: _, annotations, ...metadata} = object.metadata ?? {}
  const {[LAST_APPLIED]: __, ...kept} = annotations ?? {}
  return {...object, metadata: {...metadata, ...(annotations !== undefined && {annotations: kept})}}
}

/** Of the metadata what names an object, finds its export and its owner, and orders it in time. */
function identified({metadata = {}}: Job | Pod): Wire<V1ObjectMeta> {
  const {namespace, name, uid, resourceVersion, creationTimestamp, deletionTimestamp, labels, ownerReferences} = metadata
  const of = labels?.[LABEL_EXPORT]
  return defined({
    namespace,
    name,
    uid,
    resourceVersion,
    creationTimestamp,
    deletionTimestamp,
    labels: of === undefined ? undefined : {[LABEL_EXPORT]: of},
    ownerReferences: ownerReferences?.map((owner) => ({apiVersion: owner.apiVersion, kind: owner.kind, name: owner.name, uid: owner.uid})),
  })
}

/** Whether it is Pending, and then why: all else is read live when its Job has ended (last words of 3,500 bytes among it). */
export function trimmedPod(pod: Pod): Pod {
  const {phase, conditions = [], containerStatuses = []} = pod.status ?? {}
  const pending = phase === 'Pending'
  return {
    metadata: identified(pod),
    status: defined({
      phase,
      conditions: pending ? conditions.filter(({type}) => type === 'PodScheduled') : undefined,
      containerStatuses: pending ? containerStatuses.filter(({name}) => name === CONTAINER_NAME) : undefined,
    }),
  }
}

/** How long it may take, how it ended, and of the frozen spec, which has a query of any length, whose it is. */
export function trimmedJob(job: Job): Job {
  const {spec, status} = job
  const ends = status?.conditions?.filter(({type}) => type === 'Complete' || type === 'Failed')
  return {
    metadata: identified(job),
    ...(spec !== undefined && {
      spec: defined({
        activeDeadlineSeconds: spec.activeDeadlineSeconds,
        template: {spec: {containers: (spec.template.spec?.containers ?? []).slice(0, 1).map(trimmedContainer)}},
      }),
    }),
    ...(status !== undefined && {status: defined({startTime: status.startTime, completionTime: status.completionTime, conditions: ends})}),
  }
}

function trimmedContainer({name, env = []}: Wire<V1Container>): Wire<V1Container> {
  const kept = env.filter((one) => one.name === ENV.export || one.name === ENV.slot)
  return {name, env: kept.map((one) => (one.name === ENV.export ? {name: one.name, value: originOf(one.value ?? '')} : one))}
}

/** JSON again, as status/job-run.ts reads it, of what is needed of a frozen resource. */
function originOf(frozen: string): string {
  try {
    const {uid, generation} = JSON.parse(frozen) as Partial<FrozenExport>
    return JSON.stringify({uid, generation})
  } catch {
    return ''
  }
}

/** Without the fields that are undefined: each costs memory, and tests and types tell it from none. */
function defined<T extends object>(object: T): Defined<T> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as Defined<T>
}

type Defined<T> = {[K in keyof T as undefined extends T[K] ? never : K]: T[K]} & {[K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>}
