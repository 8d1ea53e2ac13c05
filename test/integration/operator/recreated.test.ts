// An export that is deleted and made anew under the same name (`kubectl replace --force`), against a real API server without a garbage
// collector: what the first one left is there until the test removes it.
import {afterEach, beforeEach, expect, test} from 'vitest'
import {slotJobName} from '../../../crds/slot.ts'
import type {ScheduledExport} from '../../../crds/scheduledexport.ts'
import type {CronJob, Job} from '../../../operator/kube/resources.ts'
import {containerStatus} from '../../../operator/testing/builders.ts'
import {applyExport, createCluster, finishJob, has, startJob, startPod, untilCronJob, untilExport, untilReady} from './cluster.ts'
import type {Cluster} from './cluster.ts'

const NAME = 'datev-monthly'

let cluster: Cluster
let cronJob: CronJob
let job: Job
let first: ScheduledExport

beforeEach(async () => {
  cluster = await createCluster('recreated')
  await cluster.operate()
  await applyExport(cluster, NAME)
  await untilReady(cluster, NAME)
  cronJob = await untilCronJob(cluster, NAME)
  job = await startJob(cluster, cronJob, slotJobName(NAME, new Date(Math.floor(Date.now() / 60_000) * 60_000)))
  await startPod(cluster, job, {phase: 'Running', ...containerStatus({running: {}})})
  first = await untilExport(cluster, NAME, ({status}) => status?.active?.length === 1)
})

afterEach(async () => {
  await cluster.close()
})

async function makeAnew(): Promise<ScheduledExport> {
  await cluster.kube.expect('DELETE', cluster.path('export', NAME))
  await applyExport(cluster, NAME, {schedule: '0 7 1 * *'})
  return await untilExport(cluster, NAME, (object) => object.metadata.uid !== first.metadata.uid && object.status?.conditions !== undefined)
}

async function collectGarbage(): Promise<void> {
  const background = {query: {propagationPolicy: 'Background'}}
  await cluster.kube.expect('DELETE', cluster.path('cronJob', NAME), background)
  await cluster.kube.expect('DELETE', cluster.path('job', job.metadata?.name ?? ''), background)
}

test('waits for the garbage collector, and takes nothing over from the first: no run, no CronJob', async () => {
  const waiting = await makeAnew()
  expect(waiting.status?.conditions?.map(({type, status, reason}) => `${type}=${status} ${reason}`)).toEqual([
    'Ready=False WaitingForGarbageCollection',
    'Reconciling=True WaitingForGarbageCollection',
  ])
  expect(waiting.status).not.toHaveProperty('active')
  expect(waiting.status).not.toHaveProperty('nextRunTime')
  cluster.proxy.resetCounts()
  await collectGarbage()
  const ready = await untilReady(cluster, NAME)
  expect(has(ready, 'Reconciling=True')).toBe(false)
  expect((await untilCronJob(cluster, NAME)).metadata?.uid).not.toBe(cronJob.metadata?.uid)
  expect(cluster.proxy.requests({verb: 'create', resource: 'jobs'}), 'the run of the first is not started again').toEqual([])
})

test('the result of a run of the first is not put into its history', async () => {
  await makeAnew()
  await finishJob(cluster, job, 'Failed')
  await collectGarbage()
  const {status} = await untilReady(cluster, NAME)
  expect(status).not.toHaveProperty('history')
  expect(status).not.toHaveProperty('active')
})
