// Which exports a change in the cluster concerns. Keys are "namespace/name"; "namespace/" stands for a namespace without an export.
import {LABEL_EXPORT} from '../../crds/names.ts'
import type {ScheduledExport} from '../../crds/scheduledexport.ts'
import {nameOf, pathOf} from '../kube/store.ts'
import type {Change} from '../kube/store.ts'
import type {KubeObject, Lister, ObjectName} from '../kube/types.ts'
import type {Caches} from '../reconcile/types.ts'

export function nameOfKey(key: string): ObjectName {
  const slash = key.indexOf('/')
  return {namespace: key.slice(0, slash), name: key.slice(slash + 1)}
}

/** An export itself; with the last one of a namespace also what the namespace was given for it. */
export function keysOfExport(change: Change<ScheduledExport>, exports: Lister<ScheduledExport>): string[] {
  const name = nameOf(change.current ?? change.previous ?? {})
  const last = change.current === undefined && exports.inNamespace(name.namespace).length === 0
  return last ? [pathOf(name), namespaceKey(name.namespace)] : [pathOf(name)]
}

/** A CronJob, Job or pod: the export that its label names, and the one that it named before. */
export function keysOfLabelled(change: Change<KubeObject>): string[] {
  const keys = [change.previous, change.current].flatMap((object) => {
    const name = object?.metadata?.labels?.[LABEL_EXPORT]
    return object === undefined || name === undefined ? [] : [pathOf({namespace: nameOf(object).namespace, name})]
  })
  return [...new Set(keys)]
}

/** A ServiceAccount or RoleBinding: every export of its namespace. */
export function keysOfNamespaced(change: Change<KubeObject>, exports: Lister<ScheduledExport>): string[] {
  const {namespace} = nameOf(change.current ?? change.previous ?? {})
  const keys = exports.inNamespace(namespace).map((object) => pathOf(nameOf(object)))
  return keys.length > 0 ? keys : [namespaceKey(namespace)]
}

/** Everything that can be reconciled: all exports, children whose export is gone, and namespaces that kept objects without one. */
export function allKeys(caches: Caches): Set<string> {
  const keys = new Set<string>()
  for (const object of caches.exports.all()) keys.add(pathOf(nameOf(object)))
  for (const lister of [caches.cronJobs, caches.jobs] as const) {
    for (const object of lister.all()) for (const key of keysOfLabelled({previous: undefined, current: object})) keys.add(key)
  }
  for (const lister of [caches.serviceAccounts, caches.roleBindings] as const) {
    for (const object of lister.all()) {
      const {namespace} = nameOf(object)
      if (caches.exports.inNamespace(namespace).length === 0) keys.add(namespaceKey(namespace))
    }
  }
  return keys
}

function namespaceKey(namespace: string): string {
  return pathOf({namespace, name: ''})
}
