// What of an object is kept in memory. An object that is not listed here in full is read only where its type says it is kept.
import type {Job, Pod} from './resources.ts'
import type {KubeObject} from './types.ts'

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'

/** Without the book-keeping that nobody here reads and that is often the greater part: managedFields, kubectl's copy of the manifest. */
export function trimmed<T extends KubeObject>(object: T): T {
  const {managedFields: _, annotations, ...metadata} = object.metadata ?? {}
  const {[LAST_APPLIED]: __, ...kept} = annotations ?? {}
  return {...object, metadata: {...metadata, ...(annotations !== undefined && {annotations: kept})}}
}

/** Metadata, status, node; of the spec nothing else: what the pod mounts and runs is frozen in its Job. */
export function trimmedPod(pod: Pod): Pod {
  const {apiVersion, kind, metadata, status} = trimmed(pod)
  const nodeName = pod.spec?.nodeName
  const kept: Pod = {spec: {containers: [], ...(nodeName !== undefined && {nodeName})}}
  return {
    ...kept,
    ...(apiVersion !== undefined && {apiVersion}),
    ...(kind !== undefined && {kind}),
    ...(metadata !== undefined && {metadata}),
    ...(status !== undefined && {status}),
  }
}

/** Of the pod template only labels, annotations and each container's name, image and environment (slot, period, frozen spec). */
export function trimmedJob(job: Job): Job {
  const whole = trimmed(job)
  const spec = whole.spec
  const template = spec?.template.spec
  if (spec === undefined || template === undefined) return whole
  const containers = template.containers.map(({name, image, env}) => ({
    name,
    ...(image !== undefined && {image}),
    ...(env !== undefined && {env}),
  }))
  return {...whole, spec: {...spec, template: {...spec.template, spec: {containers}}}}
}
