// An operator at work in a namespace of its own. No controller runs beside it: what CronJobs, Jobs and pods do, the test says.
import {inject} from 'vitest'
import {API_VERSION, GROUP, KIND, LABEL_JOB_NAME, PLURAL, VERSION} from '../../../crds/names.ts'
import type {ScheduledExport} from '../../../crds/scheduledexport.ts'
import type {ScheduledExportSpecInput} from '../../../crds/spec.ts'
import {OperatorConfig} from '../../../operator/config.ts'
import type {CronJob, Event, Job, Pod} from '../../../operator/kube/resources.ts'
import type {KubeObject} from '../../../operator/kube/types.ts'
import {startOperator} from '../../../operator/operator.ts'
import type {Operator} from '../../../operator/operator.ts'
import {recordingLogger} from '../../../operator/testing/objects.ts'
import {MERGE, untilObject} from '../../support/kube.ts'
import type {Kube} from '../../support/kube.ts'
import {createWorld} from './world.ts'
import type {World} from './world.ts'

export interface Cluster extends World {
  /** Starts an operator for the namespace; an earlier one is stopped first. */
  operate(config?: Record<string, unknown>): Promise<void>
  /** Stops the operator. */
  rest(): Promise<void>
  /** Of an object in the namespace; of the collection where the name is ''. */
  readonly path: (kind: keyof typeof COLLECTIONS, name: string) => string
}

const COLLECTIONS = {
  export: `/apis/${GROUP}/${VERSION}/namespaces/NS/${PLURAL}`,
  cronJob: '/apis/batch/v1/namespaces/NS/cronjobs',
  job: '/apis/batch/v1/namespaces/NS/jobs',
  pod: '/api/v1/namespaces/NS/pods',
  account: '/api/v1/namespaces/NS/serviceaccounts',
  binding: '/apis/rbac.authorization.k8s.io/v1/namespaces/NS/rolebindings',
} as const

export async function createCluster(topic: string): Promise<Cluster> {
  const world = await createWorld(topic, inject('kubeconfig'))
  let operator: Operator | undefined

  async function rest(): Promise<void> {
    operator?.stop()
    await operator?.ended
    operator = undefined
  }

  async function operate(config: Record<string, unknown> = {}): Promise<void> {
    await rest()
    operator = await startOperator({
      config: OperatorConfig.parse({
        namespaces: [world.namespace],
        runner: {image: 'scheduled-export/job:test'},
        leaderElection: {enabled: false},
        listen: {port: 0},
        ...config,
      }),
      loadKubeConfig: world.loadKubeConfig,
      instance: 'test',
      version: 'test',
      log: recordingLogger(),
    })
  }

  return {
    ...world,
    operate,
    rest,
    path: (kind, name) => `${COLLECTIONS[kind].replace('NS', world.namespace)}/${name}`,
    close: async () => {
      await rest()
      await world.close()
    },
  }
}

const SPEC: ScheduledExportSpecInput = {
  schedule: '0 6 1 * *',
  period: {range: 'PreviousMonth'},
  source: {postgres: {urlSecretRef: {name: 'ledger-db', key: 'url'}, datasets: {bookings: {query: 'SELECT 1'}}}},
  format: {datev: {consultant: 1001, client: 456}},
  destination: {volume: {claimName: 'exports', path: 'datev'}},
}

/** Writes an export as a person would; the whole spec each time. */
export async function applyExport({kube, path, namespace}: Cluster, name: string, spec: Partial<ScheduledExportSpecInput> = {}): Promise<void> {
  await kube.expect('PATCH', path('export', name), {
    query: {fieldManager: 'person', force: 'true'},
    body: {apiVersion: API_VERSION, kind: KIND, metadata: {name, namespace}, spec: {...SPEC, ...spec}},
    contentType: 'application/apply-patch+yaml',
  })
}

/** The export as soon as it is as wanted. */
export async function untilExport({kube, path}: Cluster, name: string, wanted: (object: ScheduledExport) => boolean): Promise<ScheduledExport> {
  return await untilObject<ScheduledExport>(kube, path('export', name), wanted)
}

/** The export when its status says that the CronJob is as its spec wants it. */
export async function untilReady(cluster: Cluster, name: string): Promise<ScheduledExport> {
  return await untilExport(cluster, name, (object) => object.status?.observedGeneration === object.metadata.generation && has(object, 'Ready=True'))
}

/** Whether the export has that condition, as in "Ready=True". */
export function has({status}: ScheduledExport, condition: string): boolean {
  return status?.conditions?.some((one) => `${one.type}=${one.status}` === condition) ?? false
}

export async function untilCronJob({kube, path}: Cluster, name: string, wanted: (object: CronJob) => boolean = () => true): Promise<CronJob> {
  return await untilObject<CronJob>(kube, path('cronJob', name), wanted)
}

export async function patch<T extends KubeObject>(kube: Kube, path: string, body: unknown): Promise<T> {
  return await kube.expect<T>('PATCH', path, {body, contentType: MERGE})
}

/** What the CronJob controller would make for a slot, or `kubectl create job --from` for a person. */
export async function startJob({kube, path, namespace}: Cluster, cronJob: CronJob, name: string): Promise<Job> {
  const {jobTemplate} = cronJob.spec
  const owner = {apiVersion: 'batch/v1', kind: 'CronJob', name: cronJob.metadata?.name, uid: cronJob.metadata?.uid, controller: true}
  const body = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {name, namespace, labels: jobTemplate.metadata?.labels, ownerReferences: [owner]},
    spec: jobTemplate.spec,
  }
  const job = await kube.expect<Job>('POST', path('job', ''), {body})
  return await patch(kube, `${path('job', name)}/status`, {status: {startTime: job.metadata?.creationTimestamp, active: 1}})
}

/** The pod that the Job controller would make. */
export async function startPod({kube, path, namespace}: Cluster, job: Job, status: NonNullable<Pod['status']>): Promise<void> {
  const {name = '', uid = ''} = job.metadata ?? {}
  const podName = `${name}-x7k2p`
  const body = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: podName,
      namespace,
      labels: {...job.spec?.template.metadata?.labels, [LABEL_JOB_NAME]: name},
      ownerReferences: [{apiVersion: 'batch/v1', kind: 'Job', name, uid, controller: true}],
    },
    spec: job.spec?.template.spec,
  }
  await kube.expect('POST', path('pod', ''), {body})
  await patch(kube, `${path('pod', podName)}/status`, {status})
}

/** The Job controller's last word on a Job. */
export async function finishJob({kube, path}: Cluster, job: Job, outcome: 'Complete' | 'Failed', reason = 'BackoffLimitExceeded'): Promise<void> {
  const at = `${new Date().toISOString().slice(0, 19)}Z`
  const condition = (type: string) => ({type, status: 'True', reason, message: `Job has ${reason}`, lastTransitionTime: at, lastProbeTime: at})
  const types = outcome === 'Complete' ? ['SuccessCriteriaMet', 'Complete'] : ['FailureTarget', 'Failed']
  const counts = outcome === 'Complete' ? {succeeded: 1, completionTime: at} : {failed: 1}
  await patch(kube, `${path('job', job.metadata?.name ?? '')}/status`, {
    status: {active: 0, ready: 0, terminating: 0, uncountedTerminatedPods: {}, conditions: types.map(condition), ...counts},
  })
}

/** Reasons of the Events about an export, in the order of their making. */
export async function eventsOf({kube, namespace}: Cluster, name: string): Promise<string[]> {
  const {items} = await kube.expect<{items: Event[]}>('GET', `/apis/events.k8s.io/v1/namespaces/${namespace}/events`)
  const mine = items.filter(({regarding}) => regarding?.kind === KIND && regarding.name === name)
  return mine.toSorted((a, b) => ((a.eventTime ?? '') < (b.eventTime ?? '') ? -1 : 1)).map(({reason}) => reason ?? '')
}
