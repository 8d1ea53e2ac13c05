// The attempts of a run on a virtual clock: what is tried again and when, what is reported, and with which code it ends.
import {describe, expect, it} from 'vitest'
import type {LastRun} from '../../crds/status.ts'
import type {Published} from '../destinations/types.ts'
import {PermanentFault, Rejection, TransientFault} from '../errors.ts'
import {redactor} from '../redact.ts'
import {csvExport} from '../testing/exports.ts'
import {manifestWith} from '../testing/manifest.ts'
import {createVirtualClock} from '../testing/virtual-clock.ts'
import type {VirtualClock} from '../testing/virtual-clock.ts'
import type {Adapters} from './execute.ts'
import {identifyRun} from './identify.ts'
import {runExport} from './run.ts'
import type {RunOutcome} from './run.ts'

const NOW = new Date('2026-11-01T05:00:10Z')
const JOB = 'datev-monthly-29891820'
const MINUTE = 60_000

/** What one attempt does: it takes so long, and then fails or publishes. */
interface Script {
  readonly takesMs?: number
  readonly fault?: unknown
}

interface World {
  readonly outcome: RunOutcome
  readonly clock: VirtualClock
  /** Everything that was told, in order: "Processing 1", "words Failed 3", "Failed 3". */
  readonly told: readonly string[]
  readonly reports: readonly LastRun[]
  readonly log: readonly string[]
}

interface Options {
  readonly known?: LastRun
  /** Milliseconds until SIGTERM. */
  readonly stopAfterMs?: number
  readonly activeDeadline?: string
}

const CONNECTION_REFUSED = new TransientFault('ConnectionRefused', 'nothing listens at db:5432')

async function run(scripts: readonly Script[], {known, stopAfterMs, activeDeadline = '6h'}: Options = {}): Promise<World> {
  const frozen = csvExport({activeDeadline, retry: {attempts: 3, backoff: {initial: '60s', factor: 3, max: '2m'}}})
  const clock = createVirtualClock(NOW)
  const stop = new AbortController()
  const [told, reports, log]: [string[], LastRun[], string[]] = [[], [], []]
  const write = (fields: object, message: string): void => void log.push(`${message} ${JSON.stringify(fields)}`)
  const left = [...scripts]
  if (stopAfterMs !== undefined) void clock.sleep(stopAfterMs).then(() => stop.abort(new Error('SIGTERM')))
  const running = runExport({
    frozen,
    identity: identifyRun({frozen, jobName: JOB, jobUid: 'uid', override: undefined, known, now: NOW}),
    connect: async () => scripted(left.shift() ?? {}, clock),
    reporter: {
      known: async () => undefined,
      report: async (entry) => {
        told.push(`${entry.phase} ${entry.attempts}`)
        reports.push(entry)
      },
    },
    lastWords: async (entry) => void told.push(`words ${entry.phase} ${entry.attempts}`),
    stop: stop.signal,
    clock,
    programVersion: '0.0.0',
    progress: () => undefined,
    redact: redactor(['canary-secret']),
    log: {info: write, warn: write, error: write},
  })
  return {outcome: await clock.until(running), clock, told, reports, log}
}

/** Adapters of which the destination says that an earlier attempt has published, or fails, after a while. */
function scripted({takesMs = 0, fault}: Script, clock: VirtualClock): Adapters {
  return {
    source: {
      async snapshot(signal) {
        await clock.sleep(takesMs, signal)
        signal.throwIfAborted()
        throw fault
      },
    },
    format: {name: 'datev', write: () => Promise.reject(new Error('not reached'))},
    destination: {
      recover: async () => (fault === undefined && takesMs === 0 ? PUBLISHED : undefined),
      revisions: async () => [],
      report: async () => 'volume://exports/report',
      stage: () => Promise.reject(new Error('not reached')),
    },
  }
}

const FILE = {name: 'EXTF.csv', uri: 'volume://exports/EXTF.csv', bytes: 9, rows: 2, sha256: 'ab'}
const PUBLISHED: Published = {
  manifest: manifestWith({
    export: {name: 'datev-monthly', namespace: 'acme', generation: 3},
    exportId: 'id',
    slot: 's',
    rows: 2,
    bytes: 9,
    files: Array.from({length: 25}, () => FILE),
    program: '0.0.0',
  }),
  manifestRef: {uri: 'volume://exports/m.json', sha256: 'cd'},
  files: Array.from({length: 25}, () => FILE),
}

/** Waits between attempts: the deadline's own wait is the first that the run asks for. */
function backoffs({clock}: World): readonly number[] {
  return clock.waits.filter((wait) => wait === MINUTE || wait === 2 * MINUTE || wait === 3 * MINUTE)
}

describe('a run', () => {
  it('ends after the first attempt that publishes, and says so with files and manifest', async () => {
    const {outcome, told, reports} = await run([{}])
    expect(outcome.exitCode).toBe(0)
    expect(told).toEqual(['Processing 1', 'words Completed 1', 'Completed 1'])
    expect(reports[1]).toMatchObject({
      name: JOB,
      phase: 'Completed',
      trigger: 'Schedule',
      scheduledTime: '2026-11-01T05:00:00Z',
      startedAt: '2026-11-01T05:00:10Z',
      completedAt: '2026-11-01T05:00:10Z',
      periodStart: '2026-10-01',
      periodEnd: '2026-11-01',
      generation: 3,
      rows: 2,
      bytes: 9,
      manifest: PUBLISHED.manifestRef,
    })
    expect(reports[1]?.files, 'status takes twenty').toHaveLength(20)
  })

  it('tries a transient fault again after the waits of the spec, each at most max', async () => {
    const world = await run([{fault: CONNECTION_REFUSED}, {fault: CONNECTION_REFUSED}, {}])
    expect(world.outcome.exitCode).toBe(0)
    expect(backoffs(world)).toEqual([MINUTE, 2 * MINUTE])
    expect(world.told).toEqual(['Processing 1', 'Pending 1', 'Processing 2', 'Pending 2', 'Processing 3', 'words Completed 3', 'Completed 3'])
    expect(world.reports[1]?.error, 'why it waits').toEqual({code: 'ConnectionRefused', message: 'nothing listens at db:5432'})
    expect(world.reports.at(-1)?.error).toBeUndefined()
  })

  it('fails with 3 once the attempts are used up, with the last fault', async () => {
    const {outcome, told} = await run([{fault: CONNECTION_REFUSED}, {fault: CONNECTION_REFUSED}, {fault: CONNECTION_REFUSED}, {}])
    expect(outcome.exitCode).toBe(3)
    expect(told.slice(-2)).toEqual(['words Failed 3', 'Failed 3'])
    expect(outcome.run.error?.code).toBe('ConnectionRefused')
  })

  it.each([
    ['a permanent fault', new PermanentFault('AmountIsZero', 'row 3'), 'Failed', 'AmountIsZero'],
    ['a rejection', new Rejection('AlreadyPublished', '2026-10'), 'Rejected', 'AlreadyPublished'],
  ])('fails with 2 at once for %s', async (_what, fault, phase, code) => {
    const world = await run([{fault}, {}])
    expect(world.outcome).toMatchObject({exitCode: 2, run: {phase, attempts: 1, error: {code}}})
    expect(backoffs(world)).toEqual([])
  })

  it('tries an error that nobody foresaw again, and logs where it came from', async () => {
    const {outcome, log} = await run([{fault: new TypeError('x is not a function')}, {}])
    expect(outcome.exitCode).toBe(0)
    expect(log.find((line) => line.startsWith('attempt failed'))).toMatch(/"code":"Unexpected".*"err"/)
  })

  it('goes on counting where an earlier pod was killed', async () => {
    const known: LastRun = {name: JOB, trigger: 'Schedule', phase: 'Processing', attempts: 1, startedAt: '2026-11-01T04:59:00Z'}
    const {told, outcome} = await run([{fault: CONNECTION_REFUSED}, {fault: CONNECTION_REFUSED}, {}], {known})
    expect(told.filter((line) => line.startsWith('Processing'))).toEqual(['Processing 2', 'Processing 3'])
    expect(outcome).toMatchObject({exitCode: 3, run: {attempts: 3, startedAt: '2026-11-01T04:59:00Z'}})
  })

  it('makes one attempt also where the attempts are used up: the files may be published', async () => {
    const known: LastRun = {name: JOB, trigger: 'Schedule', phase: 'Processing', attempts: 3}
    expect((await run([{}], {known})).outcome).toMatchObject({exitCode: 0, run: {attempts: 4}})
  })

  it('keeps secrets out of what it reports', async () => {
    const {outcome, log} = await run([{fault: new PermanentFault('QueryFailed', 'near canary-secret')}])
    expect(outcome.run.error?.message).toBe('near ***')
    expect(log.join('\n')).not.toContain('canary')
  })
})

describe('a run that is told to stop', () => {
  it('is left to the next pod, without counting the attempt that was cut short', async () => {
    const {outcome, told} = await run([{takesMs: 10 * MINUTE}], {stopAfterMs: MINUTE})
    expect(outcome).toMatchObject({exitCode: 143, run: {phase: 'Pending', attempts: 0}})
    expect(told, 'no last words: they would be taken for a result').toEqual(['Processing 1', 'Pending 0'])
  })

  it('counts the attempt that had failed before the wait was cut short', async () => {
    const {outcome, told} = await run([{fault: CONNECTION_REFUSED}], {stopAfterMs: 30_000})
    expect(outcome).toMatchObject({exitCode: 143, run: {phase: 'Pending', attempts: 1, error: {code: 'ConnectionRefused'}}})
    expect(told).toEqual(['Processing 1', 'Pending 1', 'Pending 1'])
  })
})

describe("the exporter's own deadline", () => {
  it('ends an attempt one minute before the deadline of the Job', async () => {
    const {outcome, clock} = await run([{takesMs: 60 * MINUTE}], {activeDeadline: '10m'})
    expect(outcome).toMatchObject({exitCode: 3, run: {phase: 'Failed', attempts: 1, error: {code: 'DeadlineExceeded'}}})
    expect(outcome.run.error?.message).toContain('10m')
    expect(clock.now().getTime() - NOW.getTime()).toBe(9 * MINUTE)
  })

  it('ends a wait, and names the fault that was waited for', async () => {
    const {outcome} = await run([{fault: CONNECTION_REFUSED}, {fault: CONNECTION_REFUSED}], {activeDeadline: '3m'})
    expect(outcome).toMatchObject({exitCode: 3, run: {attempts: 2, error: {code: 'DeadlineExceeded'}}})
    expect(outcome.run.error?.message).toContain('nothing listens at db:5432')
  })

  it('is reckoned from the first attempt, whatever pod made it', async () => {
    const known: LastRun = {name: JOB, trigger: 'Schedule', phase: 'Processing', attempts: 1, startedAt: '2026-11-01T04:55:10Z'}
    const {clock} = await run([{takesMs: 60 * MINUTE}], {known, activeDeadline: '10m'})
    expect(clock.now().getTime() - NOW.getTime()).toBe(4 * MINUTE)
  })

  it('has passed when a pod starts too late, which then says so', async () => {
    const known: LastRun = {name: JOB, trigger: 'Schedule', phase: 'Processing', attempts: 1, startedAt: '2026-11-01T04:00:00Z'}
    const {outcome} = await run([{}], {known, activeDeadline: '10m'})
    expect(outcome).toMatchObject({exitCode: 3, run: {attempts: 2, error: {code: 'DeadlineExceeded'}}})
  })
})
