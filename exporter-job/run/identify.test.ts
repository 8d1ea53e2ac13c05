import {describe, expect, it} from 'vitest'
import {exportIdOf} from '../../crds/slot.ts'
import type {LastRun} from '../../crds/status.ts'
import {csvExport} from '../testing/exports.ts'
import {identifyRun} from './identify.ts'
import type {RunFacts} from './identify.ts'

/** 2026-11-01 06:00 in Berlin: 29696220 minutes since 1970. */
const SLOT = new Date('2026-11-01T05:00:00Z')
const JOB = `datev-monthly-${SLOT.getTime() / 60_000}`
const UID = '6c1b1d4e-9d1f-4b1a-8a53-0a7e3f6f2a11'
const NOW = new Date('2026-12-15T10:20:30.456Z')

function identify(facts: Partial<RunFacts> = {}): ReturnType<typeof identifyRun> {
  return identifyRun({frozen: csvExport(), jobName: JOB, jobUid: UID, override: undefined, known: undefined, now: NOW, ...facts})
}

function known(entry: Partial<LastRun>): LastRun {
  return {name: JOB, trigger: 'Manual', phase: 'Processing', ...entry}
}

describe('the run of a pod', () => {
  it("is its CronJob's slot when the Job is named so, however late it runs", () => {
    expect(identify()).toEqual({
      jobName: JOB,
      slot: 'acme/datev-monthly@2026-11-01T05:00:00Z',
      exportId: exportIdOf('acme', 'datev-monthly', 'acme/datev-monthly@2026-11-01T05:00:00Z'),
      trigger: 'Schedule',
      scheduledTime: SLOT,
      period: {start: '2026-10-01', end: '2026-11-01'},
      earlierAttempts: 0,
      startedAt: NOW,
    })
  })

  it('is the Job itself, now, when a person made it', () => {
    expect(identify({jobName: 'again'})).toMatchObject({
      slot: UID,
      trigger: 'Manual',
      scheduledTime: new Date('2026-12-15T10:20:30Z'),
      period: {start: '2026-11-01', end: '2026-12-01'},
    })
  })

  it('keeps the time and period that the first attempt of a manual run put into history', () => {
    const entry = known({scheduledTime: '2026-11-30T22:59:59Z', periodStart: '2026-10-01', periodEnd: '2026-11-01', attempts: 2, startedAt: '2026-11-30T23:00:05Z'})
    expect(identify({jobName: 'again', known: {...entry, name: 'again'}})).toMatchObject({
      scheduledTime: new Date('2026-11-30T22:59:59Z'),
      period: {start: '2026-10-01', end: '2026-11-01'},
      earlierAttempts: 2,
      startedAt: new Date('2026-11-30T23:00:05Z'),
    })
  })

  it('takes nothing over from an earlier run whose Job had the same name', () => {
    const entry = known({scheduledTime: '2026-10-05T09:00:00Z', periodStart: '2026-09-01', periodEnd: '2026-10-01', attempts: 3, startedAt: '2026-10-05T09:00:05Z'})
    const [theirs, ours] = ['another-uid', UID].map((slot) => exportIdOf('acme', 'datev-monthly', slot))
    expect(identify({jobName: 'again', known: {...entry, name: 'again', exportId: theirs}})).toMatchObject({
      slot: UID,
      scheduledTime: new Date('2026-12-15T10:20:30Z'),
      period: {start: '2026-11-01', end: '2026-12-01'},
      earlierAttempts: 0,
      startedAt: NOW,
    })
    expect(identify({jobName: 'again', known: {...entry, name: 'again', exportId: ours}})).toMatchObject({period: {start: '2026-09-01', end: '2026-10-01'}, earlierAttempts: 3})
  })

  it("reckons the period from the time alone where the operator's entry has no period", () => {
    const entry = known({phase: 'Pending', scheduledTime: '2026-10-31T23:30:00Z'})
    expect(identify({jobName: 'again', known: {...entry, name: 'again'}}).period, 'already November in Berlin').toEqual({start: '2026-10-01', end: '2026-11-01'})
  })

  it('is what the operator wrote into a Job of its own, with the whole time again', () => {
    const override = {slot: UID, trigger: 'Manual', scheduledTime: '2026-11-05T09:00:00Z'} as const
    const run = identify({override, known: known({attempts: 1, startedAt: '2026-11-05T09:00:05Z'})})
    expect(run).toMatchObject({
      slot: UID,
      trigger: 'Manual',
      scheduledTime: new Date('2026-11-05T09:00:00Z'),
      period: {start: '2026-10-01', end: '2026-11-01'},
      earlierAttempts: 1,
      startedAt: NOW,
    })
    const period = {start: '2026-01-01', end: '2026-02-01'}
    expect(identify({override: {...override, period}}).period).toEqual(period)
  })

  it('is not misled by a time in history that is none', () => {
    expect(identify({jobName: 'again', known: known({scheduledTime: 'soon', startedAt: 'x'})})).toMatchObject({
      scheduledTime: new Date('2026-12-15T10:20:30Z'),
      startedAt: NOW,
    })
  })
})
