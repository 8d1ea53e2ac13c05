import {describe, expect, test} from 'vitest'
import {ENV} from '../../crds/names.ts'
import {exportIdOf, manualSlot, scheduledSlot} from '../../crds/slot.ts'
import type {LastRun} from '../../crds/status.ts'
import {FILE, MANIFEST, NAME, NAMESPACE, NOW, SLOT, complete, ended, evicted, failed, job, lastWordsOf, pod, run, unschedulable, waiting} from '../testing/builders.ts'
import type {Job, Pod} from '../kube/resources.ts'
import {blockedRun, harvest} from './harvest.ts'
import {endOf} from './job-end.ts'

const IDENTITY = {namespace: NAMESPACE, name: NAME, uid: 'export-uid'}

const CONTEXT = {identity: IDENTITY, known: undefined, now: NOW, podPendingAfter: 120_000}

function harvested(of: Job, pods: Pod[], known?: LastRun): LastRun | undefined {
  return harvest(of, pods, {...CONTEXT, known})
}

describe('endOf', () => {
  test.each([
    ['complete', complete(), {failed: false, reason: 'CompletionsReached'}],
    ['failed', failed('DeadlineExceeded'), {failed: true, reason: 'DeadlineExceeded'}],
  ])('a Job that is %s', (_, status, expected) => {
    expect(endOf(job({status}))).toMatchObject(expected)
  })

  test.each([
    ['runs', {}],
    ['is about to fail, its pods still ending', {conditions: [{type: 'FailureTarget', status: 'True'}]}],
    ['is suspended', {conditions: [{type: 'Suspended', status: 'True'}]}],
    ['is not failed', {conditions: [{type: 'Failed', status: 'False'}]}],
  ])('a Job that %s has not ended', (_, status) => {
    expect(endOf(job({status}))).toBeUndefined()
  })
})

describe('harvest', () => {
  test.each(['Completed', 'Failed', 'Rejected'] as const)('adds nothing to a run that history has as %s', (phase) => {
    const of = job({status: failed()})
    expect(harvested(of, [pod(of, {status: ended(1)})], run({phase}))).toBeUndefined()
  })

  test('takes the exporter at its word, with files and manifest', () => {
    const of = job({status: complete()})
    const words = lastWordsOf(run(), {files: [FILE], manifest: MANIFEST})
    expect(harvested(of, [pod(of, {status: ended(0, words)})], run({phase: 'Processing'}))).toEqual({...run(), files: [FILE], manifest: MANIFEST})
  })

  test('takes name and ID from the Job, not from a message', () => {
    const of = job({status: complete()})
    const words = lastWordsOf(run({name: 'another', exportId: 'another'}))
    expect(harvested(of, [pod(of, {status: ended(0, words)})])).toMatchObject({name: of.metadata?.name, exportId: run().exportId})
  })

  test('does not take words about an attempt that was not the end for the end', () => {
    const of = job({status: failed()})
    const words = lastWordsOf(run({phase: 'Processing'}))
    expect(harvested(of, [pod(of, {status: ended(137, words, 'OOMKilled')})])).toMatchObject({phase: 'Failed', error: {code: 'OutOfMemory'}})
  })

  test('a completed Job that left nothing has published all the same: exit code 0 says so', () => {
    const of = job({status: complete()})
    expect(harvested(of, [])).toMatchObject({phase: 'Completed', completedAt: '2026-11-01T05:10:00Z', trigger: 'Schedule', scheduledTime: '2026-11-01T05:00:00Z'})
  })

  test.each([
    ['out of memory', failed(), [ended(137, '', 'OOMKilled')], 'OutOfMemory'],
    ['evicted for good', failed(), [evicted()], 'Disrupted'],
    ['crashed', failed(), [ended(1)], 'ExporterCrashed'],
    ['no pods left', failed(), [], 'BackoffLimitExceeded'],
    ['the deadline', failed('DeadlineExceeded'), [], 'DeadlineExceeded'],
  ])('a failed Job: %s', (_, status, pods, code) => {
    const of = job({status})
    expect(harvested(of, pods.map((each, index) => pod(of, {attempt: index, status: each})))).toMatchObject({phase: 'Failed', error: {code}})
  })

  test('the deadline keeps what the pod was waiting for', () => {
    const of = job({status: failed('DeadlineExceeded')})
    const known = run({phase: 'Pending', error: {code: 'ImagePullBackOff', message: 'no such image'}})
    const {error} = harvested(of, [], known) ?? {}
    expect(error?.code).toBe('DeadlineExceeded')
    expect(error?.message).toContain('21600 s, spec.activeDeadline (ImagePullBackOff: no such image)')
  })

  test('waits a moment for the end of a pod', () => {
    const [fresh, old] = [2, 60].map((seconds) => job({status: failed('BackoffLimitExceeded', new Date(NOW.getTime() - seconds * 1_000))}))
    expect(harvested(fresh!, [pod(fresh!, {status: {phase: 'Running'}})])).toBeUndefined()
    expect(harvested(old!, [pod(old!, {status: {phase: 'Running'}})]), 'its node is lost').toMatchObject({phase: 'Failed'})
    expect(harvested(fresh!, [pod(fresh!, {status: ended(1)})])).toMatchObject({phase: 'Failed'})
    expect(harvested(fresh!, [])).toMatchObject({phase: 'Failed'})
  })

  test('keeps the number of attempts', () => {
    const of = job({status: failed()})
    expect(harvested(of, [], run({phase: 'Processing', attempts: 3}))?.attempts).toBe(3)
  })

  test.each([
    ['ImagePullBackOff', waiting('ImagePullBackOff')],
    ['CreateContainerConfigError', waiting('CreateContainerConfigError')],
    ['Unschedulable', unschedulable()],
  ])('a run that cannot start is Pending: %s', (code, status) => {
    const of = job()
    const pending = blockedRun(of, [pod(of, {status})], CONTEXT)
    expect(pending).toMatchObject({phase: 'Pending', error: {code}})
    expect(blockedRun(of, [pod(of, {status})], {...CONTEXT, known: pending}), 'said once').toBeUndefined()
  })

  test('a run whose pod runs is not blocked', () => {
    const of = job()
    expect(blockedRun(of, [pod(of, {status: {phase: 'Running'}})], CONTEXT)).toBeUndefined()
  })

  test('the identity of a run is what its exporter would reckon', () => {
    const of = job({status: failed()})
    expect(harvested(of, [])?.exportId).toBe(exportIdOf(NAMESPACE, NAME, scheduledSlot(NAMESPACE, NAME, SLOT)))
    const manual = job({name: 'by-hand', uid: 'job-uid', status: failed()})
    expect(harvested(manual, [])).toMatchObject({trigger: 'Manual', exportId: exportIdOf(NAMESPACE, NAME, manualSlot('job-uid'))})
  })

  test('the generation is that of the frozen spec', () => {
    const of = job({status: failed()})
    of.spec!.template.spec!.containers[0]!.env = [{name: ENV.export, value: JSON.stringify({generation: 7})}]
    expect(harvested(of, [])?.generation).toBe(7)
  })
})
