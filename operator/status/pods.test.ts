import {describe, expect, test} from 'vitest'
import {NOW, SLOT, containerStatus, ended, evicted, job, lastWordsOf, pod, run, unschedulable, waiting} from '../testing/builders.ts'
import {blockageOf, blockedFrom, causeOfDeath, lastWords, newestFirst} from './pods.ts'

const JOB = job()
const MINUTES = 60_000
const LATER = new Date(SLOT.getTime() + 5 * MINUTES)

test('newestFirst goes by the time of creation', () => {
  const [first, second] = [pod(JOB, {attempt: 1}), pod(JOB, {attempt: 2, createdAt: LATER})]
  expect(newestFirst([first, second]).map(({metadata}) => metadata?.name)).toEqual([second.metadata?.name, first.metadata?.name])
})

describe('lastWords', () => {
  test('are those of the newest pod that left any', () => {
    const pods = [
      pod(JOB, {attempt: 1, status: ended(3, lastWordsOf(run({phase: 'Failed', attempts: 1})))}),
      pod(JOB, {attempt: 2, createdAt: LATER, status: ended(2, lastWordsOf(run({phase: 'Failed', attempts: 2})))}),
      pod(JOB, {attempt: 3, createdAt: NOW, status: evicted()}),
    ]
    expect(lastWords(pods)?.entry.attempts).toBe(2)
  })

  test.each([
    ['no pods', []],
    ['nothing said', [pod(JOB, {status: ended(137, '', 'OOMKilled')})]],
    ['no JSON', [pod(JOB, {status: ended(1, 'panic: at the disco')})]],
    ['JSON of another shape', [pod(JOB, {status: ended(1, '{"entry": {"phase": "Great"}}')})]],
    ['a pod that runs', [pod(JOB, {status: {phase: 'Running', ...containerStatus({running: {}})}})]],
  ])('are not there with %s', (_, pods) => {
    expect(lastWords(pods)).toBeUndefined()
  })
})

describe('causeOfDeath', () => {
  test.each([
    ['out of memory, with the remedy', ended(137, '', 'OOMKilled'), 'OutOfMemory', /raise the runner's memory limit/],
    ['an eviction', evicted(), 'Disrupted', /TerminationByKubelet/],
    ['a pod that failed without its container', {phase: 'Failed', reason: 'NodeAffinity', message: 'no match'}, 'NodeAffinity', /no match/],
    ['a crash', ended(1), 'ExporterCrashed', /exit code 1/],
  ])('tells %s', (_, status, code, message) => {
    const cause = causeOfDeath([pod(JOB, {status})])
    expect(cause?.code).toBe(code)
    expect(cause?.message).toMatch(message)
  })

  test('is nothing for a pod that ended well or still runs', () => {
    expect(causeOfDeath([pod(JOB, {status: ended(0)}), pod(JOB, {attempt: 2, status: {phase: 'Running'}})])).toBeUndefined()
  })
})

describe('blockageOf', () => {
  test.each([
    ['an image that cannot be pulled', waiting('ImagePullBackOff'), 'ImagePullBackOff', 'kubelet: ImagePullBackOff'],
    ['the same while it is tried again', waiting('ErrImagePull'), 'ImagePullBackOff', 'kubelet: ErrImagePull'],
    ['a missing Secret', waiting('CreateContainerConfigError', 'secret "ledger-db" not found'), 'CreateContainerConfigError', 'secret "ledger-db" not found'],
    ['a pod that no node takes', unschedulable(), 'Unschedulable', '0/1 nodes are available'],
    ['a volume that is not mounted: the kubelet says so in Events only', waiting('ContainerCreating'), 'ContainerCreating', expect.stringContaining('see its Events')],
    ['a pod without any status of its container', {phase: 'Pending'}, 'Pending', expect.stringContaining('see its Events')],
  ])('tells %s', (_, status, reason, message) => {
    expect(blockageOf(pod(JOB, {status}), NOW, 2 * MINUTES)).toEqual({reason, message, since: SLOT})
  })

  test('is patient', () => {
    const stuck = pod(JOB, {status: waiting('ImagePullBackOff')})
    expect(blockageOf(stuck, new Date(SLOT.getTime() + 2 * MINUTES - 1), 2 * MINUTES)).toBeUndefined()
    expect(blockageOf(stuck, new Date(SLOT.getTime() + 2 * MINUTES), 2 * MINUTES)).toBeDefined()
    expect(blockedFrom(stuck, 2 * MINUTES)).toEqual(new Date(SLOT.getTime() + 2 * MINUTES))
  })

  test('is nothing for a pod that runs, has ended or is going', () => {
    const going = pod(JOB, {status: waiting('ImagePullBackOff')})
    going.metadata = {...going.metadata, deletionTimestamp: '2026-11-01T05:09:00Z'}
    const pods = [pod(JOB, {status: {phase: 'Running'}}), pod(JOB, {status: ended(0)}), going]
    expect(pods.map((each) => blockageOf(each, NOW, 2 * MINUTES))).toEqual([undefined, undefined, undefined])
    expect(blockedFrom(pods[0]!, 2 * MINUTES)).toBeUndefined()
  })
})
