import {describe, expect, test} from 'vitest'
import {findRun, isTerminal, withRun} from './history.ts'
import {HistoryEntry, LastRun} from './status.ts'
import type {Phase, RunStatus} from './status.ts'

function run(name: string, phase: Phase, more: Partial<LastRun> = {}): LastRun {
  return {name, trigger: 'Schedule', phase, ...more}
}

function slot(day: number, phase: Phase, more: Partial<LastRun> = {}): LastRun {
  const date = `2026-10-${String(day).padStart(2, '0')}`
  return run(`export-${day}`, phase, {scheduledTime: `${date}T04:00:00Z`, startedAt: `${date}T04:00:03Z`, ...more})
}

function of(...runs: LastRun[]): RunStatus {
  return runs.reduce((status, each) => withRun(status, each, 10), {})
}

const FILE = {name: 'EXTF.csv', uri: 'volume://exports/EXTF.csv', bytes: 3, rows: 1, sha256: 'ab'}
const MANIFEST = {uri: 'volume://exports/m.json', sha256: 'cd'}

function names(status: RunStatus): (string | undefined)[] {
  return (status.history ?? []).map((entry) => entry.name)
}

describe('withRun', () => {
  test('puts the first run into an empty status', () => {
    expect(withRun({}, slot(1, 'Processing'), 10)).toEqual({history: [slot(1, 'Processing')], lastRun: slot(1, 'Processing')})
  })

  test('keeps the newest slot first, whatever came last', () => {
    const status = of(slot(2, 'Completed'), slot(3, 'Completed'), slot(1, 'Completed'))
    expect(names(status)).toEqual(['export-3', 'export-2', 'export-1'])
    expect(status.lastRun?.name).toBe('export-3')
  })

  test('orders by the start where the slot’s time is the same, and compares instants, not text', () => {
    const status = of(
      run('a', 'Completed', {scheduledTime: '2026-10-01T04:00:00Z', startedAt: '2026-10-01T04:00:05Z'}),
      run('b', 'Completed', {scheduledTime: '2026-10-01T06:00:00+02:00', startedAt: '2026-10-01T04:00:09Z'}),
      run('c', 'Failed', {startedAt: '2026-10-02T04:00:00Z'}),
      run('d', 'Failed'),
    )
    expect(names(status)).toEqual(['c', 'b', 'a', 'd'])
  })

  test('keeps historyLimit entries, also when the limit was lowered', () => {
    const status = of(...[1, 2, 3, 4, 5].map((day) => slot(day, 'Completed')))
    expect(names(withRun(status, slot(6, 'Processing'), 3))).toEqual(['export-6', 'export-5', 'export-4'])
  })

  test('a run older than a full history changes nothing', () => {
    const status = withRun(of(slot(2, 'Completed'), slot(3, 'Completed')), slot(3, 'Completed'), 2)
    expect(withRun(status, slot(1, 'Completed'), 2)).toBe(status)
  })

  test('history has no files, lastRun has', () => {
    const status = of(slot(1, 'Completed', {files: [FILE], manifest: MANIFEST, rows: 1}))
    expect(status.history).toEqual([slot(1, 'Completed', {rows: 1})])
    expect(status.lastRun).toEqual(slot(1, 'Completed', {files: [FILE], manifest: MANIFEST, rows: 1}))
  })

  test('an older run leaves lastRun and its files alone', () => {
    const status = of(slot(2, 'Completed', {files: [FILE]}), slot(1, 'Failed'))
    expect(status.lastRun).toEqual(slot(2, 'Completed', {files: [FILE]}))
  })

  test('the next run takes lastRun’s place, without the files of the one before', () => {
    const status = of(slot(1, 'Completed', {files: [FILE], manifest: MANIFEST}), slot(2, 'Processing'))
    expect(status.lastRun).toEqual(slot(2, 'Processing'))
  })

  test.each<[from: Phase, to: Phase, becomes: Phase]>([
    ['Pending', 'Processing', 'Processing'],
    ['Processing', 'Pending', 'Pending'],
    ['Processing', 'Completed', 'Completed'],
    ['Processing', 'Failed', 'Failed'],
    ['Failed', 'Processing', 'Failed'],
    ['Failed', 'Pending', 'Failed'],
    ['Failed', 'Completed', 'Completed'],
    ['Rejected', 'Processing', 'Rejected'],
    ['Completed', 'Processing', 'Completed'],
    ['Completed', 'Pending', 'Completed'],
    ['Completed', 'Failed', 'Completed'],
    ['Skipped', 'Processing', 'Skipped'],
    ['Missed', 'Processing', 'Missed'],
  ])('%s, then %s, is %s', (from, to, becomes) => {
    const status = of(slot(1, from), slot(1, to))
    expect(status.history).toHaveLength(1)
    expect(status.history?.[0]?.phase).toBe(becomes)
    expect(status.lastRun?.phase).toBe(becomes)
  })

  test('a refused change gives back the same object', () => {
    const status = of(slot(1, 'Completed'))
    expect(withRun(status, slot(1, 'Processing'), 10)).toBe(status)
  })

  test('the same report twice gives back the same object', () => {
    const report = slot(1, 'Completed', {files: [FILE], manifest: MANIFEST})
    const status = of(report)
    expect(withRun(status, structuredClone(report), 10)).toBe(status)
  })

  test('a report that knows less does not erase what lasts, but the error goes', () => {
    const first = slot(1, 'Pending', {exportId: 'id', periodStart: '2026-09-01', periodEnd: '2026-10-01', attempts: 2, generation: 7, error: {code: 'E', message: 'm'}})
    const status = of(first, run('export-1', 'Failed', {completedAt: '2026-10-01T05:00:00Z'}))
    const {error: _error, ...rest} = first
    expect(status.history).toEqual([{...rest, phase: 'Failed', completedAt: '2026-10-01T05:00:00Z'}])
  })

  test('a second report of the completed run without files keeps them', () => {
    const status = of(slot(1, 'Completed', {files: [FILE], manifest: MANIFEST}), slot(1, 'Completed', {rows: 2}))
    expect(status.lastRun).toEqual(slot(1, 'Completed', {files: [FILE], manifest: MANIFEST, rows: 2}))
  })

  test('changes nothing that it was given', () => {
    const status = of(slot(1, 'Processing'))
    const before = structuredClone(status)
    withRun(status, slot(1, 'Completed', {files: [FILE]}), 1)
    expect(status).toEqual(before)
  })
})

describe('a Job’s name that is used again', () => {
  const october = slot(1, 'Completed', {name: 'again', exportId: 'first', periodStart: '2026-09-01', files: [FILE], manifest: MANIFEST})
  const november = run('again', 'Processing', {exportId: 'second', scheduledTime: '2026-11-05T09:00:00Z', startedAt: '2026-11-05T09:00:05Z'})

  test('is another run: it is put in beside the old one, and inherits nothing from it', () => {
    const status = of(october, november)
    expect(status.history?.map(({exportId, phase}) => `${exportId} ${phase}`)).toEqual(['second Processing', 'first Completed'])
    expect(status.lastRun).toEqual(november)
  })

  test.each<Phase>(['Failed', 'Rejected', 'Completed'])('%s is told of the new run only', (phase) => {
    const status = withRun(of(october, november), {...november, phase}, 10)
    expect(status.history?.map((entry) => `${entry.exportId} ${entry.phase}`)).toEqual([`second ${phase}`, 'first Completed'])
  })

  test('a late report of the old run changes the old entry', () => {
    const started = slot(1, 'Processing', {name: 'again', exportId: 'first'})
    const status = withRun(of(started, november), {...started, phase: 'Failed'}, 10)
    expect(status.history?.map(({exportId, phase}) => `${exportId} ${phase}`)).toEqual(['second Processing', 'first Failed'])
    expect(status.lastRun).toEqual(november)
  })

  test('who does not say which run it is means the newest of that name', () => {
    const status = withRun(of(october, november), run('again', 'Failed'), 10)
    expect(status.history?.map(({exportId, phase}) => `${exportId} ${phase}`)).toEqual(['second Failed', 'first Completed'])
  })

  test('findRun tells them apart', () => {
    const status = of(october, november)
    expect(findRun(status, {name: 'again', exportId: 'first'})?.phase).toBe('Completed')
    expect(findRun(status, {name: 'again', exportId: 'second'})?.phase).toBe('Processing')
    expect(findRun(status, {name: 'again', exportId: 'third'})).toBeUndefined()
    expect(findRun(status, {name: 'again'})?.exportId).toBe('second')
  })
})

test.each<[string, string, string]>([
  ['a long code', 'C'.repeat(100), 'm'],
  ['a long message', 'C', 'm'.repeat(5_000)],
  ['a long message of pairs', 'C', '😀'.repeat(3_000)],
  ['no code', '', 'm'],
])('an error with %s fits into status, in history and in lastRun, and is put in once', (_, code, message) => {
  const failed = slot(1, 'Failed', {error: {code, message}})
  const status = withRun({}, failed, 10)
  expect(HistoryEntry.safeParse(status.history?.[0]).error).toBeUndefined()
  expect(LastRun.safeParse(status.lastRun).error).toBeUndefined()
  expect(status.lastRun?.error?.code).not.toBe('')
  expect(withRun(status, failed, 10)).toBe(status)
})

test('findRun prefers lastRun, which has the files', () => {
  const status = of(slot(1, 'Completed'), slot(2, 'Completed', {files: [FILE]}))
  expect(findRun(status, {name: 'export-2'})?.files).toEqual([FILE])
  expect(findRun(status, {name: 'export-1'})).toEqual(slot(1, 'Completed'))
  expect(findRun(status, {name: 'export-9'})).toBeUndefined()
  expect(findRun(undefined, {name: 'export-1'})).toBeUndefined()
})

test('isTerminal', () => {
  const phases: Phase[] = ['Pending', 'Processing', 'Completed', 'Failed', 'Skipped', 'Missed', 'Rejected']
  expect(phases.map(isTerminal)).toEqual([false, false, true, true, true, true, true])
})
