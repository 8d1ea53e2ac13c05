import {describe, expect, test} from 'vitest'
import {ENV} from '../../crds/names.ts'
import {slotJobName} from '../../crds/slot.ts'
import type {ActiveRun, LastRun} from '../../crds/status.ts'
import {desiredCronJob} from '../desired/cron-job.ts'
import {stamped} from '../desired/drift.ts'
import {desiredRoleBinding, desiredServiceAccount} from '../desired/runner-access.ts'
import type {CronJob, Job} from '../kube/resources.ts'
import {
  NAME, NAMESPACE, NOW, SLOT, complete, failed, job, operatorConfig, pod, run, scheduledExport, text, waiting,
} from '../testing/builders.ts'
import {decide, wouldStartPastSlots} from './decide.ts'
import type {World} from './gather.ts'

const CONFIG = operatorConfig()

/** A world in which everything is as wanted. */
function world(more: Partial<World> = {}): World {
  const resource = more.resource ?? scheduledExport()
  return {
    resource,
    cronJob: stamped(desiredCronJob(scheduledExport(), CONFIG)),
    serviceAccount: stamped(desiredServiceAccount(NAMESPACE)),
    roleBinding: stamped(desiredRoleBinding(NAMESPACE, CONFIG)),
    jobs: [],
    pods: [],
    now: NOW,
    config: CONFIG,
    ...more,
  }
}

describe('a world as wanted', () => {
  const plan = decide(world())

  test('needs nothing', () => {
    expect(plan).toMatchObject({
      stall: undefined, serviceAccount: undefined, roleBinding: undefined, cronJob: {kind: 'none'},
      ended: [], blocked: [], vanished: [], obsolete: [], active: [], blockage: undefined,
    })
  })

  test('is looked at again just after the next slot', () => {
    expect(plan.nextRun).toEqual(new Date('2026-12-01T05:00:00Z'))
    expect(plan.requeueAfterMs).toBe(Date.parse('2026-12-01T05:00:02Z') - NOW.getTime())
  })
})

describe('the CronJob', () => {
  test('is made where there is none', () => {
    expect(decide(world({cronJob: undefined})).cronJob).toMatchObject({kind: 'create', desired: {metadata: {name: NAME}}})
  })

  test.each<[string, Parameters<typeof scheduledExport>[0]]>([
    ['the schedule', {spec: {schedule: '0 7 1 * *'}}],
    ['the time zone', {spec: {timeZone: 'Europe/Vienna'}}],
    ['suspend', {spec: {suspend: true}}],
    ['the history’s limit', {spec: {historyLimit: 3}}],
    ['the generation alone: it is frozen in the template', {generation: 2}],
  ])('is applied when the spec changes %s', (_, change) => {
    expect(decide(world({resource: scheduledExport(change)})).cronJob.kind).toBe('apply')
  })

  test('is applied when the operator’s configuration changes', () => {
    expect(decide(world({config: operatorConfig({image: 'another'})})).cronJob.kind).toBe('apply')
  })

  test.each<[string, (cronJob: CronJob) => void]>([
    ['suspended by hand', (cronJob) => { cronJob.spec.suspend = true }],
    ['given another schedule by hand', (cronJob) => { cronJob.spec.schedule = '* * * * *' }],
  ])('is put right when it was %s', (_, change) => {
    const cronJob = stamped(desiredCronJob(scheduledExport(), CONFIG))
    change(cronJob)
    expect(decide(world({cronJob})).cronJob.kind).toBe('apply')
  })
})

test.each([
  ['the same', {}, {}, false],
  ['suspended', {suspend: false}, {suspend: true}, false],
  ['resumed', {suspend: true}, {suspend: false}, true],
  ['rescheduled', {schedule: '0 0 * * *'}, {schedule: '0 1 * * *'}, true],
  ['in another zone', {timeZone: 'UTC'}, {timeZone: 'Europe/Berlin'}, true],
  ['rescheduled while suspended: past slots would start when it is resumed', {schedule: '0 0 * * *', suspend: true}, {schedule: '0 1 * * *', suspend: true}, true],
])('a CronJob that is %s: past slots to be forgotten %4$s', (_, live, desired, expected) => {
  const base = desiredCronJob(scheduledExport(), CONFIG)
  expect(wouldStartPastSlots({...base, spec: {...base.spec, ...live}}, {...base, spec: {...base.spec, ...desired}})).toBe(expected)
})

describe('account and binding', () => {
  test('are made where they are missing or changed', () => {
    expect(decide(world({serviceAccount: undefined})).serviceAccount?.metadata?.name).toBe('scheduled-export-runner')
    const roleBinding = stamped(desiredRoleBinding(NAMESPACE, CONFIG))
    roleBinding.subjects = []
    expect(decide(world({roleBinding})).roleBinding?.subjects).toHaveLength(1)
  })
})

describe('a spec that must change', () => {
  const never = scheduledExport({spec: {schedule: '0 0 31 2 *'}})
  const backwards = scheduledExport()
  backwards.spec.schedule = '0 0 * * FRI-1'
  const unknown = scheduledExport()
  unknown.spec.destination.volume!.path = '{{ secret }}'

  test.each([
    ['a schedule that never fires', never, 'ScheduleNeverFires', /"0 0 31 2 \*" never fires/],
    ['a schedule that only the operator understands to be wrong', backwards, /Invalid/, /FRI-1|schedule/],
    ['a placeholder that is not known', unknown, /Invalid/, /secret|placeholder/],
  ])('%s: said, and nothing touched', (_, resource, reason, message) => {
    const plan = decide(world({resource, cronJob: undefined, serviceAccount: undefined}))
    expect(plan.stall?.reason).toMatch(reason)
    expect(plan.stall?.message).toMatch(message)
    expect(plan).toMatchObject({cronJob: {kind: 'none'}, serviceAccount: undefined, nextRun: undefined})
  })

  test.each([
    ['a CronJob that runs is suspended, and nothing else of it touched', true, {}, 'suspend'],
    ['one that is suspended already is left alone', true, {suspend: true}, 'none'],
    ['without suspend it goes on', false, {}, 'none'],
  ])('with suspend: %s', (_, suspend, live, kind) => {
    const cronJob = desiredCronJob(scheduledExport(), CONFIG)
    const resource = scheduledExport({spec: {schedule: '0 0 31 2 *', suspend}})
    expect(decide(world({resource, cronJob: {...cronJob, spec: {...cronJob.spec, ...live}}})).cronJob).toEqual({kind})
    expect(decide(world({resource, cronJob: undefined})).cronJob).toEqual({kind: 'none'})
  })

  test('runs are harvested all the same', () => {
    const of = job({status: failed()})
    expect(decide(world({resource: never, jobs: [of]})).ended).toEqual([of])
  })
})

describe('runs', () => {
  test('what an exporter could not report is to be harvested, what it reported is not', () => {
    const of = job({status: complete()})
    expect(decide(world({jobs: [of]})).ended).toEqual([of])
    expect(decide(world({resource: scheduledExport({status: {history: [run()]}}), jobs: [of]})).ended).toEqual([])
    expect(decide(world({jobs: [job()]})).ended, 'it goes on').toEqual([])
  })

  test('a blocked pod is told, and looked at when it counts as blocked', () => {
    const of = job({createdAt: NOW})
    const stuck = pod(of, {status: waiting('ImagePullBackOff'), createdAt: NOW})
    const soon = decide(world({jobs: [of], pods: [stuck]}))
    expect(soon).toMatchObject({blockage: undefined, requeueAfterMs: CONFIG.podPendingAfter})
    const late = decide(world({jobs: [of], pods: [stuck], now: new Date(NOW.getTime() + CONFIG.podPendingAfter)}))
    expect(late).toMatchObject({blockage: {job: of.metadata?.name, reason: 'ImagePullBackOff'}, blocked: [{phase: 'Pending'}]})
  })

  test('an ended Job blocks nothing, whatever its pods say', () => {
    const of = job({status: failed('DeadlineExceeded', SLOT)})
    expect(decide(world({jobs: [of], pods: [pod(of, {status: waiting('ImagePullBackOff')})]})).blockage).toBeUndefined()
  })

  test('Jobs that the CronJob controller did not make are to be listed, for it to see them', () => {
    const [own, byHand, ended] = [job(), job({name: 'datev-monthly-now'}), job({name: 'datev-monthly-old', status: complete()})]
    const again = job({uid: 'second'})
    const slot = {slot: 's', trigger: 'Schedule', scheduledTime: text(SLOT)}
    again.spec!.template.spec!.containers[0]!.env = [{name: ENV.slot, value: JSON.stringify(slot)}]
    expect(decide(world({jobs: [own, byHand, ended]})).unlisted).toEqual([byHand])
    expect(decide(world({jobs: [again]})).unlisted).toEqual([again])
    const cronJob = {...stamped(desiredCronJob(scheduledExport(), CONFIG)), status: {active: [{uid: 'second'}]}}
    expect(decide(world({jobs: [again], cronJob})).unlisted).toEqual([])
  })

  test('a Job that vanished is to be started again', () => {
    const active: ActiveRun[] = [{name: slotJobName(NAME, SLOT), uid: 'first', scheduledTime: text(SLOT)}]
    const resource = scheduledExport({status: {active}})
    expect(decide(world({resource})).vanished).toEqual(active)
    expect(decide(world({resource, jobs: [job()]})).vanished).toEqual([])
  })
})

function dayJob(day: number, status: NonNullable<Job['status']> = complete()): Job {
  const at = new Date(`2026-10-0${day}T04:00:00Z`)
  return job({name: slotJobName(NAME, at), createdAt: at, status})
}

function names(of: readonly Job[]): (string | undefined)[] {
  return of.map(({metadata}) => metadata?.name)
}

describe('finished Jobs', () => {
  const days = [1, 2, 3, 4, 5]
  const jobs = days.map((day) => dayJob(day))
  const history = days.map((day): LastRun => run({name: dayJob(day).metadata?.name ?? '', scheduledTime: `2026-10-0${day}T04:00:00Z`})).toReversed()

  test('are deleted beyond the three newest, once their results are in history', () => {
    const resource = scheduledExport({status: {history, lastRun: history[0]}})
    expect(names(decide(world({resource, jobs})).obsolete)).toEqual(names([jobs[1]!, jobs[0]!]))
  })

  test('stay while their results are not', () => {
    const resource = scheduledExport({status: {history: history.slice(0, 3), lastRun: history[0]}})
    const plan = decide(world({resource, jobs}))
    expect(plan.obsolete).toEqual([])
    expect(plan.ended).toHaveLength(2)
  })

  test('a short history neither keeps them nor starts them again', () => {
    const resource = scheduledExport({spec: {historyLimit: 1}, status: {history: history.slice(0, 1), lastRun: history[0]}})
    const plan = decide(world({resource, jobs}))
    expect(names(plan.obsolete)).toEqual(names([jobs[1]!, jobs[0]!]))
    expect(plan.active).toEqual([])
  })

  test('never one that runs', () => {
    const resource = scheduledExport({status: {history, lastRun: history[0]}})
    const running = [1, 2].map((day) => dayJob(day, {}))
    expect(decide(world({resource, jobs: [...running, ...jobs.slice(2)]})).obsolete).toEqual([])
  })
})

test('a suspended export has no next run and nothing to wait for', () => {
  const resource = scheduledExport({spec: {suspend: true}})
  expect(decide(world({resource}))).toMatchObject({nextRun: undefined, requeueAfterMs: undefined})
})
