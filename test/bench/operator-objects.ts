// What the API server has of an export in its third year: history full, some finished Jobs with their pods.
import {CONTAINER_NAME, LABEL_JOB_NAME, LABEL_JOB_UID} from '../../crds/names.ts'
import type {ScheduledExport} from '../../crds/scheduledexport.ts'
import {exportIdOf, scheduledSlot, slotJobName} from '../../crds/slot.ts'
import {ScheduledExportSpec} from '../../crds/spec.ts'
import type {HistoryEntry} from '../../crds/status.ts'
import {OperatorConfig} from '../../operator/config.ts'
import {desiredCronJob} from '../../operator/desired/cron-job.ts'
import {stamped} from '../../operator/desired/drift.ts'
import {slotJob} from '../../operator/desired/job.ts'
import {desiredRoleBinding, desiredServiceAccount} from '../../operator/desired/runner-access.ts'
import type {CronJob, Job, Pod} from '../../operator/kube/resources.ts'
import type {KubeObject} from '../../operator/kube/types.ts'

export interface Shape {
  /** Entries of status.history. */
  readonly history: number
  /** Characters of the query. */
  readonly query: number
  /** Finished Jobs that are kept, each with its pod. */
  readonly jobs: number
}

const CONFIG = OperatorConfig.parse({runner: {image: 'registry.example/scheduled-export-job:0.1.0'}})
const SLOT = Date.parse('2026-11-01T05:00:00Z')
const HOUR = 3_600_000
/** Ten exports a namespace. */
const PER_NAMESPACE = 10

/** The n-th export. */
export function exportOf(index: number, {history, query}: Shape): ScheduledExport {
  const [namespace, name] = [`organization-${Math.floor(index / PER_NAMESPACE)}`, `datev-monthly-${index % PER_NAMESPACE}`]
  const entries = Array.from({length: history}, (_, back) => entryOf(namespace, name, new Date(SLOT - back * HOUR)))
  const file = {name: 'EXTF_Buchungsstapel_202610_001.csv', uri: 'volume://exports/datev/2026/EXTF_Buchungsstapel_202610_001.csv', bytes: 400_000, rows: 1945, sha256: hex(index, 64)}
  const manifest = {uri: `volume://exports/datev/2026/${name}_2026-10.manifest.json`, sha256: hex(index + 1, 64)}
  return {
    apiVersion: 'scheduledexport.dev/v1alpha1',
    kind: 'ScheduledExport',
    metadata: {namespace, name, uid: uuid(index), generation: 3, resourceVersion: String(1_000_000 + index), creationTimestamp: '2024-01-01T00:00:00Z', managedFields: []},
    spec: ScheduledExportSpec.parse({
      schedule: '0 6 1 * *',
      period: {range: 'PreviousMonth'},
      source: {postgres: {urlSecretRef: {name: 'ledger-db', key: 'url'}, datasets: {bookings: {query: `SELECT ${'x'.repeat(query - 7)}`}}}},
      format: {datev: {consultant: 1001, client: 456}},
      destination: {volume: {claimName: 'exports', path: "datev/{{ period.start | date: '%Y' }}"}},
    }),
    status: {
      observedGeneration: 3,
      conditions: [condition('Ready', 'Scheduled', 'the CronJob is as the spec says'), condition('LastRunSucceeded', 'Completed', `run ${entries[0]?.name}: Completed`)],
      effectiveSchedule: '0 6 1 * *',
      nextRunTime: '2026-12-01T06:00:00+01:00',
      lastScheduleTime: '2026-11-01T05:00:00Z',
      lastSuccessTime: '2026-11-01T05:00:09Z',
      history: entries,
      ...(entries[0] !== undefined && {lastRun: {...entries[0], files: [file], manifest}}),
    },
  }
}

function condition(type: string, reason: string, message: string) {
  return {type, status: 'True' as const, observedGeneration: 3, lastTransitionTime: '2026-11-01T05:00:10Z', reason, message}
}

function entryOf(namespace: string, name: string, at: Date): HistoryEntry {
  const time = `${at.toISOString().slice(0, 19)}Z`
  return {
    name: slotJobName(name, at),
    exportId: exportIdOf(namespace, name, scheduledSlot(namespace, name, at)),
    trigger: 'Schedule',
    phase: 'Completed',
    scheduledTime: time,
    startedAt: time,
    completedAt: time,
    periodStart: '2026-10-01',
    periodEnd: '2026-11-01',
    attempts: 1,
    rows: 1945,
    bytes: 400_000,
    generation: 3,
  }
}

/** What belongs to an export, by the plural of its kind. */
export function objectsOf(one: ScheduledExport, shape: Shape): Readonly<Record<string, readonly KubeObject[]>> {
  const cronJob = stamped(desiredCronJob(one, CONFIG))
  cronJob.metadata = {...cronJob.metadata, uid: `${one.metadata.uid?.slice(0, -1)}c`, resourceVersion: '1', creationTimestamp: '2024-01-01T00:00:00Z'}
  const runs = Array.from({length: shape.jobs}, (_, back) => jobAndPod(one, cronJob, new Date(SLOT - back * HOUR)))
  const namespace = one.metadata.namespace ?? ''
  const isFirst = one.metadata.name.endsWith('-0')
  return {
    cronjobs: [cronJob],
    jobs: runs.map(({job}) => job),
    pods: runs.map(({pod}) => pod),
    serviceaccounts: isFirst ? [stamped(desiredServiceAccount(namespace))] : [],
    rolebindings: isFirst ? [stamped(desiredRoleBinding(namespace, CONFIG))] : [],
  }
}

function jobAndPod(one: ScheduledExport, cronJob: CronJob, at: Date): {job: Job; pod: Pod} {
  const [time, name] = [`${at.toISOString().slice(0, 19)}Z`, slotJobName(one.metadata.name, at)]
  const slot = {slot: `${one.metadata.namespace}/${one.metadata.name}@${time}`, trigger: 'Schedule', scheduledTime: time} as const
  const job = slotJob(one, {cronJob, name, slot, config: CONFIG})
  const uid = `${one.metadata.uid?.slice(0, -3)}${at.getTime() % 1000}`
  job.metadata = {...job.metadata, uid, resourceVersion: '1', creationTimestamp: time, managedFields: []}
  const ended = (type: string, reason: string) => ({type, status: 'True', reason, message: reason, lastProbeTime: time, lastTransitionTime: time})
  job.status = {startTime: time, completionTime: time, succeeded: 1, conditions: [ended('SuccessCriteriaMet', 'CompletionsReached'), ended('Complete', 'CompletionsReached')]}
  return {job, pod: podOf(job, {one, time})}
}

function podOf(job: Job, {one, time}: {one: ScheduledExport; time: string}): Pod {
  const {name = '', uid = '', namespace = ''} = job.metadata ?? {}
  const message = JSON.stringify({entry: one.status?.history?.[0], manifest: one.status?.lastRun?.manifest, files: one.status?.lastRun?.files})
  const types = ['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady', 'PodScheduled']
  return {
    metadata: {
      namespace, name: `${name}-x7k2p`, uid: `${uid.slice(0, -1)}b`, resourceVersion: '1', creationTimestamp: time, finalizers: [], generateName: `${name}-`,
      labels: {...job.spec?.template.metadata?.labels, [LABEL_JOB_NAME]: name, [LABEL_JOB_UID]: uid, 'job-name': name, 'controller-uid': uid},
      ownerReferences: [{apiVersion: 'batch/v1', kind: 'Job', name, uid, controller: true, blockOwnerDeletion: true}],
    },
    spec: {containers: job.spec?.template.spec?.containers ?? [], nodeName: 'node-1'},
    status: {
      phase: 'Succeeded', hostIP: '10.0.0.1', podIP: '10.1.0.7', qosClass: 'Burstable', startTime: time,
      conditions: types.map((type) => ({type, status: 'True', lastTransitionTime: time, observedGeneration: 1})),
      containerStatuses: [
        {
          name: CONTAINER_NAME, image: 'registry.example/scheduled-export-job:0.1.0', imageID: `registry.example/scheduled-export-job@sha256:${hex(1, 64)}`,
          ready: false, restartCount: 0, containerID: `containerd://${hex(2, 64)}`,
          state: {terminated: {exitCode: 0, reason: 'Completed', message, startedAt: time, finishedAt: time}},
        },
      ],
    },
  }
}

function hex(seed: number, length: number): string {
  return seed.toString(16).padStart(length, 'a')
}

function uuid(index: number): string {
  return `6c1b1d4e-9d1f-4b1a-8a53-${index.toString(16).padStart(12, '0')}`
}
