// Builders of what a reconcile meets: an export, its CronJob as Kubernetes would have it, Jobs and pods in every state.
import {API_VERSION, CONTAINER_NAME, KIND, LABEL_EXPORT, LABEL_JOB_NAME} from '../../crds/names.ts'
import type {TerminationMessage} from '../../crds/run.ts'
import type {ScheduledExport} from '../../crds/scheduledexport.ts'
import {exportIdOf, manualSlot, parseSlotJobName, scheduledSlot, slotJobName} from '../../crds/slot.ts'
import {ScheduledExportSpec} from '../../crds/spec.ts'
import type {ScheduledExportSpecInput} from '../../crds/spec.ts'
import type {LastRun, ScheduledExportStatus} from '../../crds/status.ts'
import {OperatorConfig} from '../config.ts'
import type {Job, Pod} from '../kube/resources.ts'

/** The export that every builder is about unless told otherwise. */
export const NAMESPACE = 'acme'
export const NAME = 'datev-monthly'
/** The slot that the builders' Jobs stand for, and ten minutes later, when tests look. */
export const SLOT = new Date('2026-11-01T05:00:00Z')
export const NOW = new Date('2026-11-01T05:10:00Z')

export function operatorConfig(runner: Partial<OperatorConfig['runner']> = {}): OperatorConfig {
  return OperatorConfig.parse({runner: {image: 'scheduled-export/job:test', ...runner}})
}

export function exportSpec(more: Partial<ScheduledExportSpecInput> = {}): ScheduledExportSpec {
  return ScheduledExportSpec.parse({
    schedule: '0 6 1 * *',
    period: {range: 'PreviousMonth'},
    source: {postgres: {urlSecretRef: {name: 'ledger-db', key: 'url'}, datasets: {bookings: {query: 'SELECT 1'}}}},
    format: {datev: {consultant: 1001, client: 456}},
    destination: {volume: {claimName: 'exports', path: 'datev'}},
    ...more,
  })
}

/** An export as the API server hands it out. */
export function scheduledExport(
  {spec = {}, status, generation = 1, uid = 'export-uid'}: {
    spec?: Partial<ScheduledExportSpecInput>
    status?: ScheduledExportStatus
    generation?: number
    uid?: string
  } = {},
): ScheduledExport {
  return {
    apiVersion: API_VERSION,
    kind: KIND,
    metadata: {namespace: NAMESPACE, name: NAME, uid, generation, resourceVersion: '100', creationTimestamp: '2026-01-01T00:00:00Z'},
    spec: exportSpec(spec),
    ...(status !== undefined && {status}),
  }
}

/** A Job of the slot (or of that name), running unless a condition is given. */
export function job(
  {name = slotJobName(NAME, SLOT), uid = `uid-of-${name}`, createdAt = SLOT, status = {}}: {
    name?: string
    uid?: string
    createdAt?: Date
    status?: NonNullable<Job['status']>
  } = {},
): Job {
  return {
    metadata: {
      namespace: NAMESPACE,
      name,
      uid,
      creationTimestamp: text(createdAt),
      labels: {[LABEL_EXPORT]: NAME},
      ownerReferences: [{apiVersion: 'batch/v1', kind: 'CronJob', name: NAME, uid: 'cron-job-uid', controller: true}],
    },
    spec: {activeDeadlineSeconds: 21_600, template: {spec: {containers: [{name: CONTAINER_NAME}]}}},
    status: {startTime: text(createdAt), ...status},
  }
}

/** Job status of a run that Kubernetes counts as done. */
export function complete(at = NOW): NonNullable<Job['status']> {
  return {completionTime: text(at), conditions: [{type: 'Complete', status: 'True', reason: 'CompletionsReached', lastTransitionTime: text(at)}]}
}

export function failed(reason = 'BackoffLimitExceeded', at = NOW): NonNullable<Job['status']> {
  return {conditions: [{type: 'Failed', status: 'True', reason, message: `Job has ${reason}`, lastTransitionTime: text(at)}]}
}

/** A pod of that Job. */
export function pod(of: Job, {attempt = 1, status, createdAt = SLOT}: {attempt?: number; status?: NonNullable<Pod['status']>; createdAt?: Date} = {}): Pod {
  const {name = '', uid = ''} = of.metadata ?? {}
  return {
    metadata: {
      namespace: NAMESPACE,
      name: `${name}-pod${attempt}`,
      uid: `${uid}-pod${attempt}`,
      creationTimestamp: text(createdAt),
      labels: {[LABEL_EXPORT]: NAME, [LABEL_JOB_NAME]: name},
      ownerReferences: [{apiVersion: 'batch/v1', kind: 'Job', name, uid, controller: true}],
    },
    spec: {containers: []},
    ...(status !== undefined && {status}),
  }
}

type ContainerState = NonNullable<NonNullable<NonNullable<Pod['status']>['containerStatuses']>[number]['state']>

export function containerStatus(state: ContainerState): Pick<NonNullable<Pod['status']>, 'containerStatuses'> {
  return {containerStatuses: [{name: CONTAINER_NAME, image: '', imageID: '', ready: false, restartCount: 0, state}]}
}

/** Pod status of an exporter that ended with that code and those last words. */
export function ended(exitCode: number, message = '', reason = exitCode === 0 ? 'Completed' : 'Error'): NonNullable<Pod['status']> {
  return {phase: exitCode === 0 ? 'Succeeded' : 'Failed', ...containerStatus({terminated: {exitCode, message, reason}})}
}

/** Pod status of a container that waits. */
export function waiting(reason: string, message = `kubelet: ${reason}`): NonNullable<Pod['status']> {
  return {phase: 'Pending', ...containerStatus({waiting: {reason, message}})}
}

export function unschedulable(message = '0/1 nodes are available'): NonNullable<Pod['status']> {
  return {phase: 'Pending', conditions: [{type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message}]}
}

/** Pod status after an eviction: the kubelet's reason, and the condition that a Job does not count. */
export function evicted(): NonNullable<Pod['status']> {
  return {
    phase: 'Failed',
    reason: 'Evicted',
    message: 'The node was low on resource: memory.',
    conditions: [{type: 'DisruptionTarget', status: 'True', reason: 'TerminationByKubelet', message: 'node pressure'}],
  }
}

/** A run as the exporter of the builders' Job of that name reports it. */
export function run(more: Partial<LastRun> = {}): LastRun {
  const name = more.name ?? slotJobName(NAME, SLOT)
  const scheduled = parseSlotJobName(NAME, name)
  return {
    name,
    exportId: exportIdOf(NAMESPACE, NAME, scheduled === undefined ? manualSlot(`uid-of-${name}`) : scheduledSlot(NAMESPACE, NAME, scheduled)),
    trigger: 'Schedule',
    phase: 'Completed',
    scheduledTime: text(SLOT),
    startedAt: '2026-11-01T05:00:04Z',
    completedAt: '2026-11-01T05:00:09Z',
    periodStart: '2026-10-01',
    periodEnd: '2026-11-01',
    attempts: 1,
    rows: 1945,
    bytes: 400_000,
    generation: 1,
    ...more,
  }
}

export const FILE = {name: 'EXTF_Buchungsstapel_202610_001.csv', uri: 'volume://exports/datev/EXTF_Buchungsstapel_202610_001.csv', bytes: 400_000, rows: 1945, sha256: 'a'.repeat(64)}
export const MANIFEST = {uri: 'volume://exports/datev/datev-monthly_2026-10.manifest.json', sha256: 'b'.repeat(64)}

/** A termination message. */
export function lastWordsOf(entry: LastRun, more: Partial<TerminationMessage> = {}): string {
  return JSON.stringify({entry, ...more})
}

/** RFC 3339, UTC, as Kubernetes writes times. */
export function text(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`
}
