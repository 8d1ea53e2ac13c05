// What the operator makes of an export, against a real API server: CronJob, account, status, and nothing more than that.
import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import type {CronJob} from '../../../operator/kube/resources.ts'
import type {KubeObject} from '../../../operator/kube/types.ts'
import {waitFor} from '../../cluster/wait.ts'
import {untilObject} from '../../support/kube.ts'
import {applyExport, createCluster, eventsOf, has, patch, untilCronJob, untilExport, untilReady} from './cluster.ts'
import type {Cluster} from './cluster.ts'

let cluster: Cluster

beforeEach(async () => {
  cluster = await createCluster('reconcile')
  await cluster.operate()
})

afterEach(async () => {
  await cluster.close()
})

/** The operator's writes to everything but Events since the last reset, as in "patch scheduledexports/status". */
function writes(): string[] {
  return cluster.proxy.writes().filter(({resource}) => resource !== 'events').map(({verb, resource}) => `${verb} ${resource}`)
}

/** Whether the API server answers 404. */
async function isGone(path: string): Promise<boolean | undefined> {
  return (await cluster.kube.call('GET', path)).status === 404 ? true : undefined
}

/** Waits until the operator has looked at the export again: a touch makes it do so, and a later change of another proves it. */
async function untilLookedAgain(name: string): Promise<void> {
  await patch(cluster.kube, cluster.path('export', name), {metadata: {annotations: {touched: 'yes'}}})
  await applyExport(cluster, 'marker')
  await untilReady(cluster, 'marker')
}

describe('a new export', () => {
  test('gets a CronJob of its own, an account and a binding, and says so', async () => {
    await applyExport(cluster, 'datev-monthly')
    const ready = await untilReady(cluster, 'datev-monthly')
    expect(ready.status).toMatchObject({observedGeneration: 1, effectiveSchedule: '0 6 1 * *', nextRunTime: expect.stringMatching(/T06:00:00\+0[12]:00$/)})
    const {metadata, spec} = await untilCronJob(cluster, 'datev-monthly')
    expect(metadata?.ownerReferences).toEqual([
      {apiVersion: 'scheduledexport.dev/v1alpha1', kind: 'ScheduledExport', name: 'datev-monthly', uid: ready.metadata.uid, controller: true},
    ])
    expect(metadata?.managedFields?.map(({manager}) => manager)).toEqual(['scheduled-export-operator'])
    expect(spec).toMatchObject({timeZone: 'Europe/Berlin', concurrencyPolicy: 'Forbid', suspend: false})
    const binding = await cluster.kube.expect('GET', cluster.path('binding', 'scheduled-export-runner'))
    expect(binding).toMatchObject({
      roleRef: {kind: 'ClusterRole', name: 'scheduled-export-runner'},
      subjects: [{kind: 'ServiceAccount', name: 'scheduled-export-runner', namespace: cluster.namespace}],
    })
    await waitFor('the Event', async () => (await eventsOf(cluster, 'datev-monthly')).includes('Created') || undefined)
  })

  test('takes one write for each object and one for its status', async () => {
    await applyExport(cluster, 'datev-monthly')
    await untilReady(cluster, 'datev-monthly')
    await untilLookedAgain('datev-monthly')
    const mine = cluster.proxy.writes().filter(({name}) => name === 'datev-monthly')
    expect(mine.map(({verb, resource}) => `${verb} ${resource}`)).toEqual(['patch scheduledexports/status'])
    // What is there already is asked for again where a cache lags, refused, and left as it is.
    const created = new Set(writes().filter((write) => write.startsWith('create')))
    expect([...created].toSorted()).toEqual(['create cronjobs', 'create rolebindings', 'create serviceaccounts'])
    const {metadata} = await untilCronJob(cluster, 'datev-monthly')
    expect(metadata?.generation).toBe(1)
  })

  test('that never fires is Stalled, and has no CronJob', async () => {
    await applyExport(cluster, 'never', {schedule: '0 0 31 2 *'})
    const stalled = await untilExport(cluster, 'never', (object) => has(object, 'Stalled=True'))
    expect(stalled.status?.conditions?.find(({type}) => type === 'Ready')).toMatchObject({status: 'False', reason: 'ScheduleNeverFires'})
    expect(await isGone(cluster.path('cronJob', 'never'))).toBe(true)
    await applyExport(cluster, 'never', {schedule: '0 0 28 2 *'})
    expect(has(await untilReady(cluster, 'never'), 'Stalled=True')).toBe(false)
  })
})

describe('an export whose spec cannot be carried out', () => {
  test('keeps its CronJob going, but not when it is suspended; put right, all is as it says', async () => {
    await applyExport(cluster, 'datev-monthly')
    await untilReady(cluster, 'datev-monthly')
    await applyExport(cluster, 'datev-monthly', {schedule: '0 0 31 2 *'})
    await untilExport(cluster, 'datev-monthly', (object) => has(object, 'Stalled=True'))
    expect((await untilCronJob(cluster, 'datev-monthly')).spec).toMatchObject({schedule: '0 6 1 * *', suspend: false})
    await applyExport(cluster, 'datev-monthly', {schedule: '0 0 31 2 *', suspend: true})
    const suspended = await untilCronJob(cluster, 'datev-monthly', ({spec}) => spec.suspend === true)
    expect(suspended.spec.schedule).toBe('0 6 1 * *')
    await waitFor('the Event', async () => (await eventsOf(cluster, 'datev-monthly')).includes('Suspended') || undefined)
    await applyExport(cluster, 'datev-monthly', {schedule: '0 0 28 2 *'})
    await untilReady(cluster, 'datev-monthly')
    expect((await untilCronJob(cluster, 'datev-monthly')).spec).toMatchObject({schedule: '0 0 28 2 *', suspend: false})
  })
})

describe('an unchanged world', () => {
  test('is not written, however often it is looked at', async () => {
    await applyExport(cluster, 'datev-monthly')
    await applyExport(cluster, 'marker')
    await Promise.all([untilReady(cluster, 'datev-monthly'), untilReady(cluster, 'marker')])
    await untilLookedAgain('datev-monthly')
    cluster.proxy.resetCounts()
    await untilLookedAgain('datev-monthly')
    await cluster.operate()
    await patch(cluster.kube, cluster.path('export', 'marker'), {spec: {suspend: true}})
    await untilCronJob(cluster, 'marker', ({spec}) => spec.suspend === true)
    await untilReady(cluster, 'marker')
    // marker was suspended: its CronJob is applied (once adopted from the POST), and its status.
    expect(writes().toSorted()).toEqual(['patch cronjobs', 'patch cronjobs', 'patch scheduledexports/status'])
    expect(cluster.proxy.requests({verb: 'get', name: 'datev-monthly'})).toEqual([])
  })

  test('with other pod settings is another: every CronJob gets the new template', async () => {
    await applyExport(cluster, 'datev-monthly')
    await untilReady(cluster, 'datev-monthly')
    await cluster.operate({runner: {image: 'scheduled-export/job:next', pod: {nodeSelector: {pool: 'batch'}}}})
    await untilCronJob(cluster, 'datev-monthly', (object) => podOf(object)?.containers[0]?.image === 'scheduled-export/job:next')
    await cluster.operate({runner: {image: 'scheduled-export/job:next'}})
    const back = await untilCronJob(cluster, 'datev-monthly', (object) => podOf(object)?.nodeSelector === undefined)
    expect(podOf(back)?.containers[0]?.image).toBe('scheduled-export/job:next')
  })
})

function podOf({spec}: CronJob): NonNullable<NonNullable<CronJob['spec']['jobTemplate']['spec']>['template']['spec']> | undefined {
  return spec.jobTemplate.spec?.template.spec
}

describe('a CronJob', () => {
  test('that was changed by hand is put right, others’ fields left alone', async () => {
    await applyExport(cluster, 'datev-monthly')
    const {metadata} = await untilCronJob(cluster, 'datev-monthly')
    await patch(cluster.kube, cluster.path('cronJob', 'datev-monthly'), {
      metadata: {labels: {theirs: 'kept'}},
      spec: {schedule: '* * * * *', failedJobsHistoryLimit: 0},
    })
    const right = await untilCronJob(cluster, 'datev-monthly', ({spec}) => spec.schedule === '0 6 1 * *' && spec.failedJobsHistoryLimit === 15)
    expect(right.metadata).toMatchObject({uid: metadata?.uid, labels: {theirs: 'kept'}})
  })

  test('that was deleted comes back', async () => {
    await applyExport(cluster, 'datev-monthly')
    const before = await untilCronJob(cluster, 'datev-monthly')
    await cluster.kube.expect('DELETE', cluster.path('cronJob', 'datev-monthly'))
    const after = await untilCronJob(cluster, 'datev-monthly', ({metadata}) => metadata?.uid !== before.metadata?.uid)
    expect(after.spec).toEqual(before.spec)
  })

  test('of that name that is not ours is left alone, and Stalled says so, until it is gone', async () => {
    const foreign = {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: {name: 'theirs', namespace: cluster.namespace},
      spec: {
        schedule: '0 0 * * *',
        jobTemplate: {spec: {template: {spec: {restartPolicy: 'Never', containers: [{name: 'a', image: 'b'}]}}}},
      },
    }
    const before = await cluster.kube.expect<CronJob>('POST', cluster.path('cronJob', ''), {body: foreign})
    await applyExport(cluster, 'theirs')
    const stalled = await untilExport(cluster, 'theirs', (object) => has(object, 'Stalled=True'))
    expect(stalled.status?.conditions?.find(({type}) => type === 'Stalled')).toMatchObject({reason: 'CronJobNotOwned'})
    expect(stalled.status).not.toHaveProperty('nextRunTime')
    expect(await cluster.kube.expect('GET', cluster.path('cronJob', 'theirs'))).toEqual(before)
    await cluster.kube.expect('DELETE', cluster.path('cronJob', 'theirs'))
    await patch(cluster.kube, cluster.path('export', 'theirs'), {metadata: {annotations: {touched: 'yes'}}})
    expect(has(await untilReady(cluster, 'theirs'), 'Stalled=True')).toBe(false)
  })
})

const LONG_AGO = '2026-01-01T00:00:00Z'

/** As if Kubernetes had last started a run long ago. */
async function longAgo(name: string): Promise<void> {
  await untilReady(cluster, name)
  await patch(cluster.kube, `${cluster.path('cronJob', name)}/status`, {status: {lastScheduleTime: LONG_AGO}})
}

async function lastScheduleTime(name: string): Promise<number> {
  return Date.parse((await untilCronJob(cluster, name)).status?.lastScheduleTime ?? '')
}

describe('past slots', () => {
  test.each([
    ['another schedule', {}, {schedule: '*/5 * * * *'}, (spec: CronJob['spec']) => spec.schedule === '*/5 * * * *'],
    ['another time zone', {}, {timeZone: 'UTC'}, (spec: CronJob['spec']) => spec.timeZone === 'UTC'],
    ['a lifted suspend', {suspend: true}, {suspend: false}, (spec: CronJob['spec']) => spec.suspend === false],
  ])('are forgotten before %s stands', async (_, before, after, stands) => {
    await applyExport(cluster, 'datev-monthly', before)
    await longAgo('datev-monthly')
    const edited = Math.floor(Date.now() / 1000) * 1000
    await applyExport(cluster, 'datev-monthly', after)
    await untilCronJob(cluster, 'datev-monthly', ({spec}) => stands(spec))
    expect(await lastScheduleTime('datev-monthly')).toBeGreaterThanOrEqual(edited)
    const order = cluster.proxy.requests({verb: 'patch'}).filter(({resource}) => resource.startsWith('cronjobs')).map(({resource}) => resource)
    expect(order.indexOf('cronjobs/status')).toBeLessThan(order.lastIndexOf('cronjobs'))
  })

  test('are not touched by a change of anything else', async () => {
    await applyExport(cluster, 'datev-monthly')
    await longAgo('datev-monthly')
    await applyExport(cluster, 'datev-monthly', {historyLimit: 3})
    await untilCronJob(cluster, 'datev-monthly', ({spec}) => spec.failedJobsHistoryLimit === 8)
    expect(await lastScheduleTime('datev-monthly')).toBe(Date.parse(LONG_AGO))
  })
})

describe('a namespace', () => {
  test('loses account and binding with its last export', async () => {
    for (const name of ['first', 'second']) await applyExport(cluster, name)
    await Promise.all([untilReady(cluster, 'first'), untilReady(cluster, 'second')])
    await cluster.kube.expect('DELETE', cluster.path('export', 'first'))
    await untilLookedAgain('second')
    await cluster.kube.expect('DELETE', cluster.path('export', 'marker'))
    expect((await cluster.kube.call('GET', cluster.path('account', 'scheduled-export-runner'))).status).toBe(200)
    await cluster.kube.expect('DELETE', cluster.path('export', 'second'))
    await waitFor('the account is gone', () => isGone(cluster.path('account', 'scheduled-export-runner')))
    await waitFor('the binding is gone', () => isGone(cluster.path('binding', 'scheduled-export-runner')))
  })

  test('whose account was deleted gets it back', async () => {
    await applyExport(cluster, 'datev-monthly')
    await untilReady(cluster, 'datev-monthly')
    await cluster.kube.expect('DELETE', cluster.path('account', 'scheduled-export-runner'))
    const back = await untilObject<KubeObject>(cluster.kube, cluster.path('account', 'scheduled-export-runner'), () => true)
    expect(back).toMatchObject({automountServiceAccountToken: false})
  })
})

describe('an API server that fails', () => {
  test('after it did what it was asked: the CronJob is made once, and taken for ours', async () => {
    cluster.proxy.inject({verb: 'create', resource: 'cronjobs'}, {kind: 'loseAnswer'}, 1)
    await applyExport(cluster, 'datev-monthly')
    expect(has(await untilReady(cluster, 'datev-monthly'), 'Stalled=True')).toBe(false)
  })

  test('for a while: everything comes in the end', async () => {
    cluster.proxy.inject({verb: 'create'}, {kind: 'status', code: 503}, 2)
    cluster.proxy.inject({verb: 'patch', resource: 'scheduledexports/status'}, {kind: 'reset'}, 1)
    await applyExport(cluster, 'datev-monthly')
    expect(has(await untilReady(cluster, 'datev-monthly'), 'Reconciling=True')).toBe(false)
  })

  test('for want of a right: status says what was refused', async () => {
    const end = cluster.proxy.inject({verb: 'create', resource: 'cronjobs'}, {kind: 'status', code: 403, reason: 'Forbidden'})
    await applyExport(cluster, 'datev-monthly')
    await untilExport(cluster, 'datev-monthly', (object) => has(object, 'Reconciling=True') && has(object, 'Ready=False'))
    end()
    expect(has(await untilReady(cluster, 'datev-monthly'), 'Reconciling=True')).toBe(false)
  })
})
