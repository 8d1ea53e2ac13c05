// Names, labels and owner references of what the operator makes.
import {API_VERSION, APP_NAME, KIND, LABEL_EXPORT, LABEL_MANAGED_BY, LABEL_NAME, MANAGED_BY} from '../../crds/names.ts'
import type {ScheduledExport} from '../../crds/scheduledexport.ts'
import type {CronJob} from '../kube/resources.ts'

/** Where an export lives; metadata.namespace and uid are always there on what the API server handed out. */
export interface ExportIdentity {
  readonly namespace: string
  readonly name: string
  readonly uid: string
}

/** Throws where the object was not read from an API server. */
export function identityOf({metadata}: ScheduledExport): ExportIdentity {
  const {namespace, name, uid} = metadata
  if (namespace === undefined || uid === undefined) throw new Error(`ScheduledExport ${name} has no namespace or no uid`)
  return {namespace, name, uid}
}

/** On everything that belongs to one export: by the second label it is found, and mapped back to its export. */
export function exportLabels(name: string): Record<string, string> {
  return {[LABEL_NAME]: APP_NAME, [LABEL_MANAGED_BY]: MANAGED_BY, [LABEL_EXPORT]: name}
}

/** On what a namespace's exports share. */
export function sharedLabels(): Record<string, string> {
  return {[LABEL_NAME]: APP_NAME, [LABEL_MANAGED_BY]: MANAGED_BY}
}

interface OwnerReference {
  apiVersion: string
  kind: string
  name: string
  uid: string
  controller: boolean
}

/**
 * The export as the controller of its CronJob. blockOwnerDeletion is left out: setting it needs a right on the owner's finalizers
 * (admission plugin OwnerReferencesPermissionEnforcement), and nothing here has to hold up a deletion.
 */
export function ownedByExport({name, uid}: ExportIdentity): OwnerReference[] {
  return [{apiVersion: API_VERSION, kind: KIND, name, uid, controller: true}]
}

/** The CronJob as the controller of a Job, as for its own Jobs: it goes with the CronJob, and may stand in its list of active ones. */
export function ownedByCronJob(cronJob: CronJob): OwnerReference[] {
  const {name, uid} = cronJob.metadata ?? {}
  if (name === undefined || uid === undefined) throw new Error('a CronJob without name or uid cannot own a Job')
  return [{apiVersion: 'batch/v1', kind: 'CronJob', name, uid, controller: true}]
}
