// What the operator makes of Jobs and pods, against a real API server. Kubernetes' own controllers are played by the test.
import {afterEach, beforeEach, expect, test} from 'vitest'
import {exportIdOf, manualSlot, scheduledSlot, slotJobName} from '../../../crds/slot.ts'
import type {LastRun} from '../../../crds/status.ts'
import type {CronJob, Job} from '../../../operator/kube/resources.ts'
import {containerStatus, ended, lastWordsOf, text, waiting} from '../../../operator/testing/builders.ts'
import {waitFor} from '../../cluster/wait.ts'
import {untilObject} from '../../support/kube.ts'
import {
  applyExport, createCluster, eventsOf, finishJob, has, patch, startJob, startPod, untilCronJob, untilExport, untilReady,
} from './cluster.ts'
import type {Cluster} from './cluster.ts'

const NAME = 'datev-monthly'
const FILE = {name: 'EXTF.csv', uri: 'volume://exports/datev/EXTF.csv', bytes: 400_000, rows: 1945, sha256: 'a'.repeat(64)}
const MANIFEST = {uri: 'volume://exports/datev/m.manifest.json', sha256: 'b'.repeat(64)}

let cluster: Cluster
let cronJob: CronJob
/** This minute's slot. */
let slot: Date
let jobName: string

beforeEach(async () => {
  cluster = await createCluster('runs')
  await cluster.operate({podPendingAfter: '1s'})
  await applyExport(cluster, NAME)
  await untilReady(cluster, NAME)
  cronJob = await untilCronJob(cluster, NAME)
  slot = new Date(Math.floor(Date.now() / 60_000) * 60_000)
  jobName = slotJobName(NAME, slot)
})

afterEach(async () => {
  await cluster.close()
})

/** A run as its exporter reports it now. */
function report(more: Partial<LastRun> = {}): LastRun {
  return {
    name: jobName,
    exportId: exportIdOf(cluster.namespace, NAME, scheduledSlot(cluster.namespace, NAME, slot)),
    trigger: 'Schedule',
    phase: 'Completed',
    scheduledTime: text(slot),
    startedAt: text(new Date()),
    completedAt: text(new Date()),
    periodStart: '2026-10-01',
    periodEnd: '2026-11-01',
    attempts: 1,
    rows: 1945,
    bytes: 400_000,
    generation: 1,
    ...more,
  }
}

async function untilActive(name: string): Promise<void> {
  await untilExport(cluster, NAME, ({status}) => status?.active?.some((run) => run.name === name) ?? false)
}

async function untilEvent(reason: string): Promise<void> {
  await waitFor(`the Event ${reason}`, async () => (await eventsOf(cluster, NAME)).includes(reason) || undefined)
}

test('a run that its exporter could not report is told by its last words', async () => {
  const job = await startJob(cluster, cronJob, jobName)
  await untilActive(jobName)
  await startPod(cluster, job, ended(0, lastWordsOf(report(), {files: [FILE], manifest: MANIFEST})))
  await finishJob(cluster, job, 'Complete', 'CompletionsReached')
  const {status} = await untilExport(cluster, NAME, (object) => has(object, 'LastRunSucceeded=True'))
  expect(status?.history).toMatchObject([{name: jobName, phase: 'Completed', rows: 1945}])
  expect(status?.lastRun).toMatchObject({name: jobName, files: [FILE], manifest: MANIFEST})
  expect(status).toMatchObject({lastScheduleTime: text(slot), lastSuccessTime: expect.any(String)})
  expect(status).not.toHaveProperty('active')
  await untilEvent('RunSucceeded')
})

test('last words are heard also while the watch of pods says nothing: a result without rows would stay so', async () => {
  const job = await startJob(cluster, cronJob, jobName)
  await untilActive(jobName)
  expect(cluster.proxy.silenceWatches({resource: 'pods'})).toBe(1)
  await startPod(cluster, job, ended(0, lastWordsOf(report(), {files: [FILE], manifest: MANIFEST})))
  await finishJob(cluster, job, 'Complete', 'CompletionsReached')
  const {status} = await untilExport(cluster, NAME, (object) => has(object, 'LastRunSucceeded=True'))
  expect(status?.lastRun).toMatchObject({name: jobName, rows: 1945, files: [FILE], manifest: MANIFEST})
})

test('what the exporter reported itself stays, and the operator’s status beside it', async () => {
  const job = await startJob(cluster, cronJob, jobName)
  await untilActive(jobName)
  const history = [report()]
  await patch(cluster.kube, `${cluster.path('export', NAME)}/status`, {status: {history, lastRun: {...report(), files: [FILE]}}})
  await startPod(cluster, job, {phase: 'Succeeded'})
  await finishJob(cluster, job, 'Complete', 'CompletionsReached')
  const {status} = await untilExport(cluster, NAME, ({status: now}) => now?.active === undefined && now?.lastSuccessTime !== undefined)
  expect(status?.history).toEqual(history)
  expect(status?.lastRun?.files).toEqual([FILE])
  expect(status?.nextRunTime).toBeDefined()
})

test('a report that comes in between is not lost: the harvest is a conflict, and is reckoned again', async () => {
  const job = await startJob(cluster, cronJob, jobName)
  await untilActive(jobName)
  const other = report({name: 'by-hand', trigger: 'Manual', scheduledTime: text(new Date(slot.getTime() - 60_000))})
  cluster.proxy.inject({verb: 'patch', resource: 'scheduledexports/status'}, {kind: 'status', code: 409, reason: 'Conflict'}, 1)
  await startPod(cluster, job, ended(2, lastWordsOf(report({phase: 'Failed', error: {code: 'AmountIsZero', message: 'row 7'}}))))
  await patch(cluster.kube, `${cluster.path('export', NAME)}/status`, {status: {history: [other], lastRun: other}})
  await finishJob(cluster, job, 'Failed', 'PodFailurePolicy')
  const {status} = await untilExport(cluster, NAME, (object) => has(object, 'LastRunSucceeded=False'))
  expect(status?.history?.map(({name, phase}) => `${name} ${phase}`)).toEqual([`${jobName} Failed`, 'by-hand Completed'])
  expect(has(await untilReady(cluster, NAME), 'Ready=True')).toBe(true)
  await untilEvent('RunFailed')
})

test('a pod that cannot start blocks its run, with the kubelet’s reason, and the deadline fails it', async () => {
  const job = await startJob(cluster, cronJob, jobName)
  await startPod(cluster, job, waiting('CreateContainerConfigError', 'secret "ledger-db" not found'))
  const blocked = await untilExport(cluster, NAME, (object) => has(object, 'RunBlocked=True'))
  expect(blocked.status?.conditions?.find(({type}) => type === 'RunBlocked')).toMatchObject({
    reason: 'CreateContainerConfigError',
    message: `Job ${jobName}: secret "ledger-db" not found`,
  })
  expect(blocked.status?.history).toMatchObject([{name: jobName, phase: 'Pending', error: {code: 'CreateContainerConfigError'}}])
  await untilEvent('RunBlocked')
  await cluster.kube.expect('DELETE', cluster.path('pod', `${jobName}-x7k2p`), {query: {gracePeriodSeconds: '0'}})
  await finishJob(cluster, job, 'Failed', 'DeadlineExceeded')
  const failed = await untilExport(cluster, NAME, (object) => has(object, 'LastRunSucceeded=False'))
  expect(failed.status?.history?.[0]?.error?.code).toBe('DeadlineExceeded')
  expect(failed.status?.history?.[0]?.error?.message).toContain('secret "ledger-db" not found')
  expect(has(failed, 'RunBlocked=True')).toBe(false)
})

test('a pod killed for its memory is told as that', async () => {
  const job = await startJob(cluster, cronJob, jobName)
  await startPod(cluster, job, ended(137, '', 'OOMKilled'))
  await finishJob(cluster, job, 'Failed')
  const {status} = await untilExport(cluster, NAME, (object) => has(object, 'LastRunSucceeded=False'))
  expect(status?.history?.[0]?.error?.code).toBe('OutOfMemory')
})

test('a Job that vanished without a result is made again: same name, same slot; after three times the run has failed', async () => {
  let job = await startJob(cluster, cronJob, jobName)
  await untilActive(jobName)
  for (let restarts = 1; restarts <= 3; restarts += 1) {
    await deleteJob(jobName)
    const before = job.metadata?.uid
    job = await untilObject<Job>(cluster.kube, cluster.path('job', jobName), ({metadata}) => metadata?.uid !== before)
    expect(job.metadata?.ownerReferences).toMatchObject([{kind: 'CronJob', uid: cronJob.metadata?.uid}])
    const override = job.spec?.template.spec?.containers[0]?.env?.find(({name}) => name === 'SCHEDULED_EXPORT_SLOT')?.value
    expect(JSON.parse(override ?? '')).toEqual({
      slot: `${cluster.namespace}/${NAME}@${text(slot)}`,
      trigger: 'Schedule',
      scheduledTime: text(slot),
    })
    await untilExport(cluster, NAME, ({status}) => status?.active?.[0]?.restarts === restarts)
  }
  await deleteJob(jobName)
  const {status} = await untilExport(cluster, NAME, (object) => has(object, 'LastRunSucceeded=False'))
  expect(status?.history).toMatchObject([{name: jobName, trigger: 'Schedule', phase: 'Failed', error: {code: 'JobDeleted'}}])
  expect(status).not.toHaveProperty('active')
})

test('a Job that vanished after its exporter reported stays away', async () => {
  await startJob(cluster, cronJob, jobName)
  await untilActive(jobName)
  await patch(cluster.kube, `${cluster.path('export', NAME)}/status`, {status: {history: [report()], lastRun: report()}})
  await deleteJob(jobName)
  await untilExport(cluster, NAME, (object) => has(object, 'LastRunSucceeded=True') && object.status?.active === undefined)
  expect(cluster.proxy.requests({verb: 'create', resource: 'jobs'})).toEqual([])
})

test('the restart of an operator that was away loses nothing: a Job deleted meanwhile is made again', async () => {
  const before = await startJob(cluster, cronJob, jobName)
  await untilActive(jobName)
  await cluster.rest()
  await deleteJob(jobName)
  await cluster.operate()
  const again = await untilObject<Job>(cluster.kube, cluster.path('job', jobName), () => true)
  expect(again.metadata?.uid).not.toBe(before.metadata?.uid)
})

test('Jobs that came and went while no operator looked: a scheduled run is started again, a person’s has failed', async () => {
  await cluster.rest()
  await startJob(cluster, cronJob, jobName)
  const manual = await startJob(cluster, cronJob, 'by-hand')
  const exportId = exportIdOf(cluster.namespace, NAME, manualSlot(manual.metadata?.uid ?? ''))
  const scheduled = report({phase: 'Processing'})
  const byHand = report({name: 'by-hand', exportId, trigger: 'Manual', phase: 'Processing'})
  await patch(cluster.kube, `${cluster.path('export', NAME)}/status`, {status: {history: [scheduled, byHand], lastRun: scheduled}})
  await deleteJob(jobName)
  await deleteJob('by-hand')
  await cluster.operate()
  const again = await untilObject<Job>(cluster.kube, cluster.path('job', jobName), () => true)
  expect(again.spec?.template.spec?.containers[0]?.env?.find(({name}) => name === 'SCHEDULED_EXPORT_SLOT')?.value).toContain('2026-10-01')
  const {status} = await untilExport(cluster, NAME, (object) => object.status?.history?.some(({phase}) => phase === 'Failed') ?? false)
  expect(status?.history?.map(({name, phase}) => `${name} ${phase}`).toSorted()).toEqual(['by-hand Failed', `${jobName} Processing`])
  expect(status?.history?.find(({name}) => name === 'by-hand')).toMatchObject({exportId, error: {code: 'JobDeleted'}})
})

test('Jobs of a person and of the operator stand in the CronJob’s list of active ones, for Forbid looks at nothing else', async () => {
  const byHand = await startJob(cluster, cronJob, 'by-hand')
  const listed = async (count: number) => {
    const {status} = await untilCronJob(cluster, NAME, (object) => object.status?.active?.length === count)
    return status?.active?.map(({uid}) => uid)
  }
  expect(await listed(1)).toEqual([byHand.metadata?.uid])
  const first = await startJob(cluster, cronJob, jobName)
  await untilActive(jobName)
  await deleteJob(jobName)
  const again = await untilObject<Job>(cluster.kube, cluster.path('job', jobName), ({metadata}) => metadata?.uid !== first.metadata?.uid)
  expect(await listed(2)).toEqual([byHand.metadata?.uid, again.metadata?.uid])
})

test('a person’s run is told by its Job’s UID, also when it is made again with the period of its first attempt', async () => {
  const job = await startJob(cluster, cronJob, 'by-hand')
  await untilActive('by-hand')
  const uid = job.metadata?.uid ?? ''
  const exportId = exportIdOf(cluster.namespace, NAME, manualSlot(uid))
  const run = report({name: 'by-hand', exportId, trigger: 'Manual', phase: 'Processing', scheduledTime: job.metadata?.creationTimestamp ?? ''})
  await patch(cluster.kube, `${cluster.path('export', NAME)}/status`, {status: {history: [run], lastRun: run}})
  await deleteJob('by-hand')
  const again = await untilObject<Job>(cluster.kube, cluster.path('job', 'by-hand'), ({metadata}) => metadata?.uid !== uid)
  const override = again.spec?.template.spec?.containers[0]?.env?.find(({name}) => name === 'SCHEDULED_EXPORT_SLOT')?.value
  expect(JSON.parse(override ?? '')).toMatchObject({slot: uid, trigger: 'Manual', period: {start: '2026-10-01', end: '2026-11-01'}})
})

test('a name that a person uses again is another run: its result stands beside that of the first', async () => {
  const byHand = `${NAME}-now`
  async function runByHand(outcome: 'Complete' | 'Failed', scheduledTime: Date): Promise<string> {
    const job = await startJob(cluster, cronJob, byHand)
    const uid = job.metadata?.uid ?? ''
    const exportId = exportIdOf(cluster.namespace, NAME, manualSlot(uid))
    const words = report({
      name: byHand,
      exportId,
      trigger: 'Manual',
      scheduledTime: text(scheduledTime),
      ...(outcome === 'Failed' && {phase: 'Failed', error: {code: 'AmountIsZero', message: 'row 7'}}),
    })
    await startPod(cluster, job, ended(outcome === 'Complete' ? 0 : 2, lastWordsOf(words)))
    await finishJob(cluster, job, outcome)
    await untilExport(cluster, NAME, ({status}) => status?.history?.some((entry) => entry.exportId === exportId && entry.phase !== 'Processing') ?? false)
    await deleteJob(byHand)
    await cluster.kube.expect('DELETE', cluster.path('pod', `${byHand}-x7k2p`), {query: {gracePeriodSeconds: '0'}})
    return exportId
  }
  const first = await runByHand('Complete', new Date(slot.getTime() - 3_600_000))
  const second = await runByHand('Failed', slot)
  const {status} = await untilExport(cluster, NAME, (object) => has(object, 'LastRunSucceeded=False'))
  expect(status?.history?.map(({exportId, phase}) => `${exportId} ${phase}`)).toEqual([`${second} Failed`, `${first} Completed`])
  expect(status?.lastRun).toMatchObject({exportId: second, phase: 'Failed'})
})

test('finished Jobs go when their results are in history, but for the three newest', async () => {
  const names: string[] = []
  for (let minutes = 5; minutes >= 1; minutes -= 1) {
    const at = new Date(slot.getTime() - minutes * 60_000)
    const name = slotJobName(NAME, at)
    const job = await startJob(cluster, cronJob, name)
    await startPod(cluster, job, ended(0, lastWordsOf(report({name, scheduledTime: text(at)}))))
    await finishJob(cluster, job, 'Complete', 'CompletionsReached')
    names.push(name)
  }
  await untilExport(cluster, NAME, ({status}) => status?.history?.length === 5)
  const left = await waitFor('two Jobs are gone', async () => {
    const {items} = await cluster.kube.expect<{items: Job[]}>('GET', cluster.path('job', '').replace(/\/$/, ''))
    return items.length <= 3 ? items : undefined
  })
  expect(left).toHaveLength(3)
})

test('a label alone makes no run: a stranger’s Job is neither told nor deleted', async () => {
  const stranger = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {name: 'stranger', namespace: cluster.namespace, labels: cronJob.spec.jobTemplate.metadata?.labels},
    spec: {template: {spec: {restartPolicy: 'Never', containers: [{name: 'exporter', image: 'theirs'}]}}},
  }
  const job = await cluster.kube.expect<Job>('POST', cluster.path('job', ''), {body: stranger})
  await patch(cluster.kube, `${cluster.path('job', 'stranger')}/status`, {status: {startTime: job.metadata?.creationTimestamp}})
  await finishJob(cluster, job, 'Failed')
  const ours = await startJob(cluster, cronJob, jobName)
  await startPod(cluster, ours, {phase: 'Running', ...containerStatus({running: {}})})
  const {status} = await untilExport(cluster, NAME, (object) => object.status?.active !== undefined)
  expect(status?.active?.map(({name}) => name)).toEqual([jobName])
  // Ours may be told as blocked for a moment: its pod is Pending until the line above has made it run.
  expect(status?.history?.map(({name}) => name) ?? []).not.toContain('stranger')
})

/** As `kubectl delete job` does; there is no garbage collector to take the pods. */
async function deleteJob(name: string): Promise<void> {
  await cluster.kube.expect('DELETE', cluster.path('job', name), {query: {propagationPolicy: 'Background'}})
}
