import {beforeEach, describe, expect, test} from 'vitest'
import type {ScheduledExportStatus} from '../../crds/status.ts'
import {NOW, operatorConfig, run, scheduledExport} from '../testing/builders.ts'
import type {Outcome} from './act.ts'
import {createAnnouncer} from './announce.ts'
import type {Announcer} from './announce.ts'
import {decide} from './decide.ts'
import type {Plan} from './decide.ts'
import type {FinishedRun} from './types.ts'

const JUST_NOW = '2026-11-01T05:09:30Z'
const LONG_AGO = '2026-11-01T04:00:00Z'

let announce: Announcer
let said: string[]
let finished: FinishedRun[]
let takes: boolean
let drop: (() => void) | undefined

beforeEach(() => {
  said = []
  finished = []
  takes = true
  announce = createAnnouncer({
    recorder: {
      record: ({type, reason, message}, onDropped) => {
        drop = onDropped
        if (takes) said.push(`${type} ${reason}: ${message}`)
        return takes
      },
    },
    metrics: {runFinished: (one) => finished.push(one)},
    now: () => NOW,
  })
})

/** Announces once and gives what was said then. */
function say(status: ScheduledExportStatus, facts: {plan?: Partial<Plan>; outcome?: Partial<Outcome>} = {}): string[] {
  said.length = 0
  const resource = scheduledExport({status})
  const world = {resource, cronJob: undefined, serviceAccount: undefined, roleBinding: undefined, jobs: [], pods: [], now: NOW, config: operatorConfig()}
  const outcome: Outcome = {cronJob: undefined, change: 'none', stall: undefined, failed: [], active: [], ...facts.outcome}
  announce(resource, {plan: {...decide(world), ...facts.plan}, outcome})
  return [...said]
}

describe('a run', () => {
  test('is told when it starts and when it ends, each once', () => {
    const started = run({phase: 'Processing', startedAt: JUST_NOW})
    expect(say({history: [started]})).toEqual(['Normal RunStarted: run datev-monthly-29891820 started'])
    expect(say({history: [started]})).toEqual([])
    const done = run({startedAt: JUST_NOW, completedAt: JUST_NOW})
    expect(say({history: [done]})).toEqual(['Normal RunSucceeded: run datev-monthly-29891820: 1945 rows'])
    expect(say({history: [done]})).toEqual([])
  })

  test.each([
    ['Failed', 'Warning RunFailed: run datev-monthly-29891820: row 7'],
    ['Rejected', 'Warning RunRejected: run datev-monthly-29891820: row 7'],
    ['Skipped', 'Normal RunSkipped: run datev-monthly-29891820: row 7'],
  ] as const)('that is %s', (phase, expected) => {
    expect(say({history: [run({phase, startedAt: LONG_AGO, completedAt: JUST_NOW, error: {code: 'AmountIsZero', message: 'row 7'}})]})).toEqual([expected])
  })

  test('of long ago is no news: an operator that starts tells no old tales', () => {
    expect(say({history: [run({startedAt: LONG_AGO, completedAt: LONG_AGO})]})).toEqual([])
    expect(finished).toEqual([])
  })

  test('is counted once, with its duration', () => {
    const done = run({startedAt: '2026-11-01T05:09:00Z', completedAt: '2026-11-01T05:09:30Z'})
    say({history: [done]})
    say({history: [done]})
    expect(finished).toEqual([{namespace: 'acme', name: 'datev-monthly', phase: 'Completed', trigger: 'Schedule', seconds: 30}])
  })

  test('is told again where the Event was not taken, or was dropped later, and counted once all the same', () => {
    const done = run({startedAt: LONG_AGO, completedAt: JUST_NOW})
    takes = false
    expect(say({history: [done]})).toEqual([])
    takes = true
    expect(say({history: [done]})).toHaveLength(1)
    expect(say({history: [done]})).toEqual([])
    drop?.()
    expect(say({history: [done]})).toHaveLength(1)
    expect(finished).toHaveLength(1)
  })

  test('that cannot start is told once a Job and reason', () => {
    const blockage = {job: 'j', reason: 'ImagePullBackOff', message: 'no such image', since: NOW}
    expect(say({}, {plan: {blockage}})).toEqual(['Warning RunBlocked: Job j cannot start: ImagePullBackOff: no such image'])
    expect(say({}, {plan: {blockage: {...blockage, message: 'Back-off'}}})).toEqual([])
    expect(say({}, {plan: {blockage: {...blockage, job: 'k'}}})).toHaveLength(1)
  })
})

describe('the export', () => {
  test.each([
    ['created', 'Normal Created: created CronJob datev-monthly'],
    ['updated', 'Normal Updated: brought the CronJob to what the spec says'],
    ['suspended', 'Normal Suspended: no scheduled run will start until spec.suspend is false'],
    ['resumed', 'Normal Resumed: scheduled runs start again; those that were due meanwhile do not'],
  ] as const)('%s', (change, expected) => {
    expect(say({}, {outcome: {change}})).toEqual([expected])
  })

  test('Stalled is said once a generation and reason', () => {
    const stall = {reason: 'ScheduleNeverFires', message: 'never'}
    expect(say({}, {outcome: {stall}})).toEqual(['Warning Stalled: never'])
    expect(say({}, {outcome: {stall}})).toEqual([])
    expect(say({}, {outcome: {stall: {reason: 'CronJobNotOwned', message: 'theirs'}}})).toEqual(['Warning Stalled: theirs'])
  })
})
