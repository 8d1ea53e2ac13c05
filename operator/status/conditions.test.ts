import {describe, expect, test} from 'vitest'
import {Condition} from '../../crds/status.ts'
import {NOW, SLOT, run, text} from '../testing/builders.ts'
import {conditionsOf} from './conditions.ts'
import type {Facts} from './conditions.ts'

const FINE: Facts = {stall: undefined, progress: undefined, suspended: false, lastEnded: undefined, blockage: undefined}
const EARLIER = new Date('2026-10-01T00:00:00Z')

function conditions(facts: Partial<Facts>, previous: readonly Condition[] = [], generation = 3): Condition[] {
  return conditionsOf({...FINE, ...facts}, previous, {generation, now: NOW})
}

function summary(found: readonly Condition[]): string[] {
  return found.map(({type, status, reason}) => `${type}=${status} ${reason}`)
}

describe('conditionsOf', () => {
  test.each<[string, Partial<Facts>, string[]]>([
    ['all is well', {}, ['Ready=True Scheduled']],
    ['it is suspended', {suspended: true}, ['Ready=True Suspended']],
    ['the spec must change', {stall: {reason: 'ScheduleNeverFires', message: 'm'}}, ['Ready=False ScheduleNeverFires', 'Stalled=True ScheduleNeverFires']],
    ['the API server refuses', {progress: {reason: 'Refused', message: 'm'}}, ['Ready=False Refused', 'Reconciling=True Refused']],
    ['the last run succeeded', {lastEnded: run()}, ['Ready=True Scheduled', 'LastRunSucceeded=True Completed']],
    [
      'the last run failed: that says nothing about the spec',
      {lastEnded: run({phase: 'Failed', error: {code: 'AmountIsZero', message: 'row 7'}})},
      ['Ready=True Scheduled', 'LastRunSucceeded=False AmountIsZero'],
    ],
    [
      'a run was rejected',
      {lastEnded: run({phase: 'Rejected', error: {code: 'AlreadyPublished', message: 'm'}})},
      ['Ready=True Scheduled', 'LastRunSucceeded=False AlreadyPublished'],
    ],
    [
      'a pod cannot start',
      {blockage: {job: 'j', reason: 'ImagePullBackOff', message: 'no such image', since: SLOT}},
      ['Ready=True Scheduled', 'RunBlocked=True ImagePullBackOff'],
    ],
  ])('when %s', (_, facts, expected) => {
    expect(summary(conditions(facts))).toEqual(expected)
  })

  test('carry the generation that they are about', () => {
    const failed = run({phase: 'Failed', error: {code: 'E', message: 'm'}})
    expect(conditions({stall: {reason: 'InvalidSpec', message: 'm'}, lastEnded: failed}).map(({observedGeneration}) => observedGeneration)).toEqual([3, 3, 3])
  })

  test('keep their time until the status changes: not for another reason, message or generation', () => {
    const before = conditionsOf({...FINE, lastEnded: run()}, [], {generation: 2, now: EARLIER})
    const same = conditions({suspended: true, lastEnded: run({name: 'later'})}, before)
    expect(same.map(({lastTransitionTime}) => lastTransitionTime)).toEqual([text(EARLIER), text(EARLIER)])
    const changed = conditions({lastEnded: run({phase: 'Failed'})}, before)
    expect(changed.map(({lastTransitionTime}) => lastTransitionTime)).toEqual([text(EARLIER), text(NOW)])
  })

  test('a failing image pull keeps its first message, another Job’s does not', () => {
    const blockage = {job: 'j', reason: 'ImagePullBackOff', message: 'rpc error', since: SLOT}
    const before = conditions({blockage})
    expect(conditions({blockage: {...blockage, message: 'Back-off pulling image'}}, before).at(-1)?.message).toBe('Job j: rpc error')
    expect(conditions({blockage: {...blockage, job: 'k', message: 'Back-off'}}, before).at(-1)?.message).toBe('Job k: Back-off')
    expect(conditions({blockage: {...blockage, reason: 'Unschedulable', message: 'full'}}, before).at(-1)?.message).toBe('Job j: full')
  })

  test('a long reason and a long message are cut to what the resource allows, and no reason is a word too', () => {
    const blockage = {job: 'j', reason: 'R'.repeat(300), message: 'x'.repeat(10_000), since: SLOT}
    for (const condition of conditions({stall: {reason: '', message: 'x'.repeat(10_000)}, blockage})) {
      expect(Condition.safeParse(condition).error).toBeUndefined()
    }
  })
})
