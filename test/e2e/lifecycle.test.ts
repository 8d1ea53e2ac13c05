// Suspend, resume, edit, drift, delete: the CronJob follows at once, and none of it ever starts a past run.
import type {V1CronJob, V1Job} from '@kubernetes/client-node'
import {beforeAll, describe, expect, test} from 'vitest'
import {RUNNER_NAME} from '../../crds/names.ts'
import {apply, eventually, kubectl, listObjects, readObject} from './kubectl.ts'
import {PUBLISHED_SET, createTenant} from './tenant.ts'
import type {Tenant} from './tenant.ts'

describe('the life of a ScheduledExport', () => {
  let tenant: Tenant
  beforeAll(async () => {
    tenant = await createTenant('life')
  })

  async function cronJobWhere(name: string, test_: (cronJob: V1CronJob) => boolean): Promise<V1CronJob> {
    return await eventually(`CronJob ${name}`, 30, async () => {
      const cronJob = await tenant.cronJob(name)
      return cronJob !== undefined && test_(cronJob) ? cronJob : undefined
    })
  }

  test('suspend and resume toggle the CronJob, and the next run goes and comes', async () => {
    await tenant.apply('toggle')
    await cronJobWhere('toggle', (cronJob) => cronJob.spec?.suspend === false)
    await tenant.apply('toggle', {suspend: true})
    await cronJobWhere('toggle', (cronJob) => cronJob.spec?.suspend === true)
    await eventually('no next run', 30, async () => (await tenant.get('toggle')).status?.nextRunTime === undefined)
    await tenant.apply('toggle', {suspend: false})
    await cronJobWhere('toggle', (cronJob) => cronJob.spec?.suspend === false)
    const next = await eventually('a next run', 30, async () => (await tenant.get('toggle')).status?.nextRunTime)
    expect(next).toMatch(/-01-01T06:00:00\+01:00$/)
    expect(await tenant.jobs('toggle')).toEqual([])
  })

  test('a drifted or deleted CronJob comes back at once', async () => {
    await tenant.apply('drift')
    const first = await cronJobWhere('drift', () => true)
    await kubectl(['patch', 'cronjob', 'drift', '-n', tenant.namespace, '--type=merge', '-p', '{"spec":{"schedule":"1 1 1 1 1"}}'])
    await cronJobWhere('drift', (cronJob) => cronJob.spec?.schedule === '0 6 1 1 *')
    await kubectl(['delete', 'cronjob', 'drift', '-n', tenant.namespace])
    const second = await cronJobWhere('drift', (cronJob) => cronJob.metadata?.uid !== first.metadata?.uid)
    expect(second.spec?.schedule).toBe('0 6 1 1 *')
  })

  test('a CronJob of the same name that is not ours is left alone, and Stalled says so', async () => {
    const foreign = {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: {name: 'foreign', namespace: tenant.namespace},
      spec: {schedule: '0 0 31 12 *', jobTemplate: {spec: {template: {spec: {restartPolicy: 'Never', containers: [{name: 'x', image: 'localhost/x:1'}]}}}}},
    }
    await apply(foreign)
    const before = await tenant.cronJob('foreign')
    await tenant.apply('foreign')
    const stalled = await eventually('Stalled', 30, async () => (await tenant.get('foreign')).status?.conditions?.find((one) => one.type === 'Stalled'))
    expect(stalled).toMatchObject({status: 'True', reason: 'CronJobNotOwned'})
    expect(await tenant.cronJob('foreign')).toEqual(before)
    await kubectl(['delete', 'sx', 'foreign', '-n', tenant.namespace])
    expect((await tenant.cronJob('foreign'))?.metadata?.uid).toBe(before?.metadata?.uid)
  })

  test('a schedule that never fires is Stalled, said once', async () => {
    await tenant.apply('never', {schedule: '0 0 31 2 *'})
    const stalled = await eventually('Stalled', 30, async () => (await tenant.get('never')).status?.conditions?.find((one) => one.type === 'Stalled'))
    expect(stalled.message).toContain('0 0 31 2 *')
    await tenant.apply('never', {schedule: '0 0 28 2 *'})
    await eventually('Ready', 30, async () => {
      const conditions = (await tenant.get('never')).status?.conditions ?? []
      return conditions.some((one) => one.type === 'Ready' && one.status === 'True') && conditions.every((one) => one.type !== 'Stalled')
    })
  })

  // Native CronJobs look back under the new schedule (kubernetes#130838): the slot two minutes ago would start at the next sync.
  test.concurrent.each([
    {name: 'edited', before: {schedule: '0 6 1 1 *'}},
    {name: 'resumed', before: {suspend: true}},
  ])('$name: past slots are never started, the next tick starts exactly one Job', async ({name, before}) => {
    const minute = new Date().getUTCMinutes()
    // Two minutes ago, and two minutes from now: far enough that the edit is done before.
    const schedule = `${[(minute + 58) % 60, (minute + 2) % 60].toSorted((a, b) => a - b).join(',')} * * * *`
    const destination = {volume: {claimName: 'exports', path: name}}
    await tenant.apply(name, {schedule, destination, ...before})
    const old = await cronJobWhere(name, () => true)
    // As if it had existed for long: the last slot was an hour ago.
    const past = new Date(Date.now() - 3_600_000).toISOString().replace(/\.\d+Z$/, 'Z')
    const patch = JSON.stringify({status: {lastScheduleTime: past}})
    await kubectl(['patch', 'cronjob', name, '-n', tenant.namespace, '--subresource=status', '--type=merge', '-p', patch])
    await tenant.apply(name, {schedule, destination})
    await cronJobWhere(name, (cronJob) => cronJob.spec?.schedule === schedule && cronJob.spec.suspend === false)
    await kubectl(['label', 'cronjob', name, '-n', tenant.namespace, 'touched=yes'])
    const started = await eventually('the next tick', 200, async () => {
      const jobs = await listObjects<V1Job>('job', tenant.namespace, `scheduledexport.dev/export=${name}`)
      return jobs.length > 0 ? jobs : undefined
    })
    expect(started).toHaveLength(1)
    const slot = Number(started[0]!.metadata!.name!.slice(name.length + 1)) * 60_000
    expect(slot).toBeGreaterThan(Date.parse(old.metadata!.creationTimestamp as unknown as string))
    await tenant.ended(name, started[0]!.metadata!.name!)
    expect(await listObjects<V1Job>('job', tenant.namespace, `scheduledexport.dev/export=${name}`)).toHaveLength(1)
  })

  test('deleting the export removes everything it owned; with the last one the namespace has no runner either', async () => {
    const other = await createTenant('delete')
    await other.apply('gone')
    await eventually('the CronJob', 30, async () => await other.cronJob('gone'))
    const job = await other.runNow('gone')
    await other.ended('gone', job)
    await kubectl(['delete', 'sx', 'gone', '-n', other.namespace])
    await eventually('an empty namespace', 60, async () => {
      const left = await kubectl(['get', 'cronjobs,jobs,pods', '-n', other.namespace, '-l', 'scheduledexport.dev/export', '-o', 'name'])
      const account = await readObject('serviceaccount', other.namespace, RUNNER_NAME)
      const binding = await readObject('rolebinding', other.namespace, RUNNER_NAME)
      return left === '' && account === undefined && binding === undefined
    })
    expect(await other.files()).toHaveLength(PUBLISHED_SET)
  })
})
