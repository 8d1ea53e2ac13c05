import {describe, expect, test} from 'vitest'
import {ENV} from '../../crds/names.ts'
import type {SlotOverride} from '../../crds/run.ts'
import type {ActiveRun, LastRun, ScheduledExportStatus} from '../../crds/status.ts'
import {exportIdOf, slotJobName} from '../../crds/slot.ts'
import {NAME, NAMESPACE, SLOT, complete, job, run, text} from '../testing/builders.ts'
import {activeRuns, isHarvested, lostRuns, overrideOf, triggerOf, vanishedRuns} from './active.ts'
import type {RunsContext} from './active.ts'

const IDENTITY = {namespace: NAMESPACE, name: NAME, uid: 'export-uid'}
const JOB = slotJobName(NAME, SLOT)

function context(status: ScheduledExportStatus = {}, historyLimit = 10): RunsContext {
  return {identity: IDENTITY, status, historyLimit}
}

/** A run of so many days after the slot. */
function runAfter(days: number, more: Partial<LastRun> = {}): LastRun {
  const at = new Date(SLOT.getTime() + days * 86_400_000)
  return run({name: slotJobName(NAME, at), scheduledTime: text(at), startedAt: text(at), ...more})
}

describe('activeRuns', () => {
  test('are Jobs without a result', () => {
    const status = {history: [run({name: 'done'}), run({name: 'working', phase: 'Processing'})]}
    const jobs = [job({name: 'working'}), job({name: 'done', status: complete()}), job()]
    expect(activeRuns(jobs, context(status)).map(({name}) => name)).toEqual([JOB, 'working'])
    expect(activeRuns(jobs, context(status))[0]).toEqual({name: JOB, uid: `uid-of-${JOB}`, scheduledTime: '2026-11-01T05:00:00Z'})
  })

  test('remember a Job that vanished, its first UID and its restarts', () => {
    const remembered: ActiveRun = {name: JOB, uid: 'first', scheduledTime: '2026-11-01T05:00:00Z', restarts: 1}
    expect(activeRuns([], context({active: [remembered]}))).toEqual([remembered])
    expect(activeRuns([job({uid: 'second'})], context({active: [remembered]}))).toEqual([remembered])
  })

  test('know a Job that was made again by the slot that it stands for, also where the first one was forgotten', () => {
    const again = job({name: `${NAME}-again`, uid: 'second'})
    const slot: SlotOverride = {slot: 'first', trigger: 'Manual', scheduledTime: '2026-11-05T09:00:00Z'}
    again.spec!.template.spec!.containers[0]!.env = [{name: ENV.slot, value: JSON.stringify(slot)}]
    const active = activeRuns([again], context())
    expect(active).toEqual([{name: `${NAME}-again`, uid: 'first', scheduledTime: '2026-11-05T09:00:00Z'}])
    expect(vanishedRuns(active, [again], context())).toEqual([])
  })

  test('forget a Job that vanished after its result was written', () => {
    expect(activeRuns([], context({active: [{name: JOB, uid: 'first'}], history: [run({phase: 'Rejected'})]}))).toEqual([])
  })
})

describe('a Job’s name that a person used again', () => {
  const name = 'datev-monthly-now'
  const done = run({name, trigger: 'Manual', exportId: exportIdOf(NAMESPACE, NAME, 'october')})
  const fresh = job({name, uid: 'november'})

  test('is a run of its own, whatever history says of the first', () => {
    const status = {history: [done], lastRun: done}
    expect(activeRuns([fresh], context(status))).toEqual([{name, uid: 'november', scheduledTime: '2026-11-01T05:00:00Z'}])
    expect(isHarvested(job({name, uid: 'november', status: complete()}), context(status))).toBe(false)
    expect(isHarvested(job({name, uid: 'october', status: complete()}), context(status))).toBe(true)
  })

  test('has not the UID of the one that vanished, which stays without a result', () => {
    const active = [{name, uid: 'october', scheduledTime: '2026-10-05T09:00:00Z'}]
    const runs = activeRuns([fresh], context({active}))
    expect(runs.map(({uid}) => uid).toSorted()).toEqual(['november', 'october'])
    expect(vanishedRuns(runs, [fresh], context()).map(({uid}) => uid)).toEqual(['october'])
  })

  test('the operator’s own Job for a slot is the same run, although its UID is another', () => {
    const active = [{name: JOB, uid: 'first', scheduledTime: '2026-11-01T05:00:00Z', restarts: 1}]
    expect(activeRuns([job({uid: 'second'})], context({active}))).toEqual(active)
  })
})

describe('a run of which history has only the beginning', () => {
  const begun = run({phase: 'Processing'})
  const byHand = run({name: 'datev-monthly-now', trigger: 'Manual', phase: 'Pending'})

  test('is one that vanished, where it was scheduled and nobody remembers its Job', () => {
    const [active] = activeRuns([], context({history: [begun]}))
    expect(active).toMatchObject({name: JOB, scheduledTime: '2026-11-01T05:00:00Z'})
    expect(overrideOf(active!, {history: [begun]}, IDENTITY)).toMatchObject({
      slot: 'acme/datev-monthly@2026-11-01T05:00:00Z',
      trigger: 'Schedule',
      period: {start: '2026-10-01', end: '2026-11-01'},
    })
  })

  test('has the UID of its Job where that is there', () => {
    expect(activeRuns([job()], context({history: [begun]}))).toEqual([{name: JOB, uid: `uid-of-${JOB}`, scheduledTime: '2026-11-01T05:00:00Z'}])
  })

  test('gets the UID of its Job as soon as that is seen, and keeps its restarts', () => {
    const [forgotten] = activeRuns([], context({history: [begun]}))
    const active = [{...forgotten!, restarts: 1}]
    expect(activeRuns([job({uid: 'second'})], context({active, history: [begun]}))).toEqual([
      {name: JOB, uid: 'second', scheduledTime: '2026-11-01T05:00:00Z', restarts: 1},
    ])
  })

  test('is counted once, with its restarts, where it is remembered', () => {
    const remembered = {name: JOB, uid: 'first', scheduledTime: '2026-11-01T05:00:00Z', restarts: 2}
    expect(activeRuns([], context({active: [remembered], history: [begun]}))).toEqual([remembered])
  })

  test('is lost where a person started it: its slot was the UID of its Job', () => {
    expect(activeRuns([], context({history: [byHand]}))).toEqual([])
    expect(lostRuns([], context({history: [byHand, begun]}))).toEqual([byHand])
  })

  test.each<[string, ScheduledExportStatus, Parameters<typeof lostRuns>[0]]>([
    ['its Job is there', {history: [byHand]}, [job({name: byHand.name})]],
    ['its Job is remembered', {history: [byHand], active: [{name: byHand.name, uid: `uid-of-${byHand.name}`}]}, []],
    ['it has ended', {history: [{...byHand, phase: 'Failed'}]}, []],
  ])('is not lost where %s', (_, status, jobs) => {
    expect(lostRuns(jobs, context(status))).toEqual([])
  })

  test('is lost also where its name was given to another Job', () => {
    expect(lostRuns([job({name: byHand.name, uid: 'another'})], context({history: [byHand]}))).toEqual([byHand])
  })
})

describe('isHarvested', () => {
  test.each<[string, ScheduledExportStatus, boolean]>([
    ['history has its result', {history: [run()]}, true],
    ['history has it as unfinished', {history: [run({phase: 'Processing'})]}, false],
    ['history does not know it', {history: [runAfter(-31)]}, false],
    ['history is full of newer runs', {history: [runAfter(62), runAfter(31)]}, true],
    ['history is full, and it is not the oldest', {history: [runAfter(62), runAfter(-31)]}, false],
    ['history has more entries than the limit that was lowered', {history: [runAfter(93), runAfter(62), runAfter(31)]}, false],
  ])('of a Job that has ended when %s', (_, status, expected) => {
    const withLast = {...status, lastRun: status.history?.[0]}
    expect(isHarvested(job({status: complete()}), context(withLast, 2))).toBe(expected)
  })

  test('never of a Job that runs, even where history has no place for it', () => {
    const history = [runAfter(62), runAfter(31)]
    expect(isHarvested(job(), context({history, lastRun: history[0]}, 2))).toBe(false)
  })
})

test('vanishedRuns are those without a Job', () => {
  const active = [{name: 'here', uid: 'a'}, {name: 'gone', uid: 'b'}]
  expect(vanishedRuns(active, [job({name: 'here', uid: 'a'})], context())).toEqual([active[1]])
})

describe('a slot that is started again', () => {
  const scheduled: ActiveRun = {name: JOB, uid: 'first', scheduledTime: '2026-11-01T05:00:00Z'}
  const manual: ActiveRun = {name: 'by-hand', uid: 'first', scheduledTime: '2026-11-01T05:00:00Z'}

  test('is the same slot', () => {
    expect(overrideOf(scheduled, {}, IDENTITY)).toEqual({
      slot: 'acme/datev-monthly@2026-11-01T05:00:00Z',
      trigger: 'Schedule',
      scheduledTime: '2026-11-01T05:00:00Z',
    })
  })

  test('of a person is the first Job’s UID, with the period that its first attempt fixed', () => {
    const known = run({name: 'by-hand', exportId: exportIdOf(NAMESPACE, NAME, 'first'), trigger: 'Manual', phase: 'Processing'})
    expect(overrideOf(manual, {history: [known]}, IDENTITY)).toEqual({
      slot: 'first',
      trigger: 'Manual',
      scheduledTime: '2026-11-01T05:00:00Z',
      period: {start: '2026-10-01', end: '2026-11-01'},
    })
  })

  test('has the trigger that history knows, else the one that its name tells', () => {
    expect(triggerOf(scheduled, {}, IDENTITY)).toBe('Schedule')
    expect(triggerOf(manual, {}, IDENTITY)).toBe('Manual')
    expect(triggerOf(manual, {history: [run({name: 'by-hand', trigger: 'Backfill', phase: 'Processing'})]}, IDENTITY)).toBe('Backfill')
  })

  test('is none where nobody knows its time', () => {
    expect(overrideOf({name: 'by-hand', uid: 'first'}, {}, IDENTITY)).toBeUndefined()
  })
})
