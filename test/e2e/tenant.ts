// One organization of a test: a namespace under Pod Security "restricted" with a database Secret and a volume, and what a user does in it.
import type {V1CronJob, V1Job, V1Pod} from '@kubernetes/client-node'
import {inject} from 'vitest'
import {API_VERSION, KIND, LABEL_EXPORT, LABEL_JOB_NAME} from '../../crds/names.ts'
import type {ScheduledExport} from '../../crds/scheduledexport.ts'
import type {ScheduledExportSpecInput} from '../../crds/spec.ts'
import {TERMINAL_PHASES} from '../../crds/status.ts'
import type {HistoryEntry} from '../../crds/status.ts'
import {ensureCluster} from '../cluster/index.ts'
import {apply, eventually, kubectl, listObjects, readObject} from './kubectl.ts'
import {readVolume} from './volume.ts'
import type {VolumeFile} from './volume.ts'

export const CLAIM = 'exports'
/** Where the exporter notes which folders it has published in (exporter-job/destinations/volume/places.ts). */
const LIST_OF_FOLDERS = /^\.scheduled-export\/[0-9a-f]+-published\//
export const SECRET = 'ledger-db'
/** Files of a run that published one: itself, its protocol as text and as HTML, the manifest. */
export const PUBLISHED_SET = 4

export interface Tenant {
  readonly namespace: string
  /** Applies a ScheduledExport: the usual one, changed by `spec`. */
  apply(name: string, spec?: Partial<ScheduledExportSpecInput>): Promise<void>
  /** Starts a run at once, as `kubectl create job --from` does; the Job's name. `change` edits the Job before it is created. */
  runNow(name: string, change?: (job: V1Job) => void): Promise<string>
  get(name: string): Promise<ScheduledExport>
  cronJob(name: string): Promise<V1CronJob | undefined>
  jobs(name: string): Promise<V1Job[]>
  pods(jobName: string): Promise<V1Pod[]>
  /** Waits until that Job's run has ended, and gives its entry of status.history. */
  ended(name: string, jobName: string, seconds?: number): Promise<HistoryEntry>
  /** Waits until a pod of that Job has ended with this exit code: the kubelet tells it a moment after the run itself has. */
  exited(jobName: string, code: number, seconds?: number): Promise<void>
  /** Every file on the destination volume, staged ones too; only the exporter's list of folders is left out. */
  files(): Promise<VolumeFile[]>
  /** Points the Secret at another database. */
  database(url: string): Promise<void>
}

let counter = 0

/** Makes a namespace of its own for a test file. */
export async function createTenant(topic: string): Promise<Tenant> {
  const namespace = `e2e-${topic}-${Date.now().toString(36)}${counter++}`
  const labels = {'pod-security.kubernetes.io/enforce': 'restricted'}
  await apply({apiVersion: 'v1', kind: 'Namespace', metadata: {name: namespace, labels}})
  await database(namespace, inject('ledgerUrl'))
  const cluster = await ensureCluster()
  await cluster.makeVolume(namespace, CLAIM)
  return tenantOf(namespace)
}

function tenantOf(namespace: string): Tenant {
  return {
    namespace,
    apply: async (name, spec = {}) => await apply(manifest(namespace, name, spec)),
    runNow: async (name, change) => await runNow(namespace, name, change),
    get: async (name) => await getExport(namespace, name),
    cronJob: async (name) => await readObject<V1CronJob>('cronjob', namespace, name),
    jobs: async (name) => await listObjects<V1Job>('job', namespace, `${LABEL_EXPORT}=${name}`),
    pods: async (jobName) => await podsOf(namespace, jobName),
    ended: async (name, jobName, seconds = 120) => await ended(namespace, name, {jobName, seconds}),
    exited: async (jobName, code, seconds = 60) => await exited(namespace, jobName, {code, seconds}),
    files: async () => (await readVolume(namespace, CLAIM)).filter((file) => !LIST_OF_FOLDERS.test(file.path)),
    database: async (url) => await database(namespace, url),
  }
}

/** The usual export of these tests: October 2026 would be its period in November; it runs only when told to. */
export function manifest(namespace: string, name: string, spec: Partial<ScheduledExportSpecInput>): unknown {
  const usual: ScheduledExportSpecInput = {
    schedule: '0 6 1 1 *',
    period: {range: 'PreviousMonth'},
    source: {postgres: {urlSecretRef: {name: SECRET, key: 'url'}, datasets: {bookings: {query: inject('ledgerQuery')}}}},
    format: {datev: {consultant: 1001, client: 456}},
    destination: {volume: {claimName: CLAIM, path: 'datev'}},
    retry: {attempts: 3, backoff: {initial: '1s', factor: 2, max: '10s'}},
    activeDeadline: '10m',
  }
  return {apiVersion: API_VERSION, kind: KIND, metadata: {name, namespace}, spec: {...usual, ...spec}}
}

async function database(namespace: string, url: string): Promise<void> {
  await apply({apiVersion: 'v1', kind: 'Secret', metadata: {name: SECRET, namespace}, stringData: {url}})
}

async function getExport(namespace: string, name: string): Promise<ScheduledExport> {
  const found = await readObject<ScheduledExport>('scheduledexport', namespace, name)
  if (found === undefined) throw new Error(`there is no ScheduledExport ${namespace}/${name}`)
  return found
}

async function runNow(namespace: string, name: string, change?: (job: V1Job) => void): Promise<string> {
  await eventually(`CronJob ${namespace}/${name}`, 30, async () => await readObject<V1CronJob>('cronjob', namespace, name))
  const jobName = `${name}-now${Date.now().toString(36).slice(-6)}`
  const text = await kubectl(['create', 'job', jobName, '-n', namespace, `--from=cronjob/${name}`, '--dry-run=client', '-o', 'json'])
  const job = JSON.parse(text) as V1Job
  change?.(job)
  await kubectl(['create', '-f', '-'], JSON.stringify(job))
  return jobName
}

async function ended(namespace: string, name: string, run: {jobName: string; seconds: number}): Promise<HistoryEntry> {
  return await eventually(`the end of run ${run.jobName}`, run.seconds, async () => {
    const entry = (await getExport(namespace, name)).status?.history?.find((one) => one.name === run.jobName)
    return entry !== undefined && (TERMINAL_PHASES as readonly string[]).includes(entry.phase) ? entry : undefined
  })
}

async function podsOf(namespace: string, jobName: string): Promise<V1Pod[]> {
  return await listObjects<V1Pod>('pod', namespace, `${LABEL_JOB_NAME}=${jobName}`)
}

async function exited(namespace: string, jobName: string, {code, seconds}: {code: number; seconds: number}): Promise<void> {
  await eventually(`exit code ${code} of ${jobName}`, seconds, async () => {
    const pods = await podsOf(namespace, jobName)
    return pods.some((pod) => pod.status?.containerStatuses?.[0]?.state?.terminated?.exitCode === code)
  })
}
