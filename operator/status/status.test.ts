import {describe, expect, test} from 'vitest'
import type {OperatorStatus, ScheduledExportStatus} from '../../crds/status.ts'
import {desiredCronJob} from '../desired/cron-job.ts'
import {NOW, SLOT, job, operatorConfig, run, scheduledExport, text} from '../testing/builders.ts'
import {isUpToDate, operatorStatus} from './status.ts'
import type {StatusInput} from './status.ts'

const FACTS = {stall: undefined, progress: undefined, suspended: false, blockage: undefined}

function status(more: Partial<StatusInput> = {}, before?: ScheduledExportStatus): OperatorStatus {
  const resource = scheduledExport({generation: 3, ...(before && {status: before})})
  const cronJob = desiredCronJob(resource, operatorConfig())
  return operatorStatus({
    resource,
    runs: before ?? {},
    cronJob,
    jobs: [],
    active: [],
    nextRun: new Date('2026-12-01T05:00:00Z'),
    facts: FACTS,
    now: NOW,
    ...more,
  })
}

describe('operatorStatus', () => {
  test('says what the CronJob will do, in the export’s time zone', () => {
    expect(status()).toMatchObject({observedGeneration: 3, effectiveSchedule: '0 6 1 * *', nextRunTime: '2026-12-01T06:00:00+01:00'})
  })

  test('has no next run where there is none', () => {
    expect(status({nextRun: undefined})).not.toHaveProperty('nextRunTime')
  })

  test('never has history and lastRun: the exporter writes those too', () => {
    const wanted = status({}, {history: [run()], lastRun: run()})
    expect(Object.keys(wanted).filter((key) => key === 'history' || key === 'lastRun')).toEqual([])
  })

  test('the last schedule is the newest slot of Jobs and history, never a person’s run nor what we wrote into the CronJob', () => {
    expect(status({jobs: [job()]}).lastScheduleTime).toBe(text(SLOT))
    const history = [run({name: 'hand', trigger: 'Manual', scheduledTime: '2026-11-20T00:00:00Z'}), run({scheduledTime: '2026-10-01T04:00:00Z'})]
    expect(status({}, {history}).lastScheduleTime).toBe('2026-10-01T04:00:00Z')
    expect(status({}, {lastScheduleTime: '2026-09-01T04:00:00Z'}).lastScheduleTime).toBe('2026-09-01T04:00:00Z')
  })

  test('the last success stays when its run has left history', () => {
    expect(status({}, {history: [run()]}).lastSuccessTime).toBe('2026-11-01T05:00:09Z')
    const failed = run({phase: 'Failed'})
    expect(status({}, {history: [failed], lastSuccessTime: '2026-08-01T04:00:00Z'}).lastSuccessTime).toBe('2026-08-01T04:00:00Z')
  })

  test('a failed run is told by its own condition', () => {
    const history = [run({name: 'now', phase: 'Processing'}), run({phase: 'Failed', error: {code: 'AmountIsZero', message: 'row 7'}})]
    const found = status({}, {history}).conditions?.map(({type, status: is, reason}) => `${type}=${is} ${reason}`)
    expect(found).toEqual(['Ready=True Scheduled', 'LastRunSucceeded=False AmountIsZero'])
  })
})

describe('isUpToDate', () => {
  const wanted = status({active: [{name: 'j', uid: 'u'}]})

  test('is content with the same, whatever the order of conditions and whatever the runs', () => {
    const conditions = [...(wanted.conditions ?? [])].toReversed()
    expect(isUpToDate({...wanted, conditions, history: [run()], lastRun: run()}, wanted)).toBe(true)
  })

  test.each<[string, ScheduledExportStatus | undefined]>([
    ['there is no status yet', undefined],
    ['the generation is another', {...wanted, observedGeneration: 2}],
    ['the next run is another', {...wanted, nextRunTime: '2026-12-01T06:00:01+01:00'}],
    ['a condition is left over', {...wanted, conditions: [...(wanted.conditions ?? []), {type: 'Stalled', status: 'True', reason: 'R', message: '', lastTransitionTime: text(NOW)}]}],
    ['a run is no longer active', {...wanted, active: []}],
  ])('is not when %s', (_, before) => {
    expect(isUpToDate(before, wanted)).toBe(false)
  })

  test('what was computed from the written status is the same again', () => {
    const again = status({active: [{name: 'j', uid: 'u'}], now: new Date(NOW.getTime() + 60_000)}, wanted)
    expect(isUpToDate(wanted, again)).toBe(true)
  })
})
