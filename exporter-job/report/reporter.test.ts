import {describe, expect, it} from 'vitest'
import type {LastRun, RunStatus} from '../../crds/status.ts'
import {createVirtualClock} from '../testing/virtual-clock.ts'
import type {VirtualClock} from '../testing/virtual-clock.ts'
import type {Answer, ExportApi} from './api.ts'
import {createReporter} from './reporter.ts'
import type {Reporter} from './reporter.ts'

const JOB = 'datev-monthly-29696220'
const ID = 'f68c1e2d-48b9-5dac-af5c-780dae48e5f2'
const RUN: LastRun = {name: JOB, exportId: ID, trigger: 'Schedule', phase: 'Completed', attempts: 1, scheduledTime: '2026-11-01T05:00:00Z', rows: 2}
const LASTINGLY = {milliseconds: 300_000}

/** An API server with one export: merge patches, resource versions, and faults on demand. */
interface FakeServer extends ExportApi {
  uid: string
  status: RunStatus & {readonly nextRunTime?: string}
  version: number
  /** What the next calls answer in place of what they would; 'down' rejects. */
  faults: (Answer | 'down')[]
  /** Called before a patch is applied: a moment for somebody else's write. */
  beforePatch: () => void
  readonly calls: string[]
}

function createServer(status: FakeServer['status'] = {}): FakeServer {
  const server: FakeServer = {
    uid: 'export-uid',
    status,
    version: 1,
    faults: [],
    beforePatch: () => undefined,
    calls: [],
    read: (signal) => answer('GET', signal, () => ({code: 200, body: {metadata: {uid: server.uid, resourceVersion: String(server.version)}, status: server.status}})),
    patchStatus: (patch, signal) =>
      answer('PATCH', signal, () => {
        server.beforePatch()
        const {metadata, status: changes} = JSON.parse(JSON.stringify(patch)) as {metadata: {resourceVersion: string}; status: RunStatus}
        if (metadata.resourceVersion !== String(server.version)) return {code: 409, body: {message: 'the object has been modified'}}
        server.status = {...server.status, ...changes}
        server.version += 1
        return {code: 200, body: {}}
      }),
  }
  async function answer(method: string, signal: AbortSignal, run: () => Answer): Promise<Answer> {
    server.calls.push(method)
    signal.throwIfAborted()
    const fault = server.faults.shift()
    if (fault === 'down') throw new Error('connect ECONNREFUSED 10.96.0.1:443')
    return fault ?? run()
  }
  return server
}

function reporterFor(server: FakeServer): {reporter: Reporter; clock: VirtualClock; log: string[]} {
  const clock = createVirtualClock(new Date('2026-11-01T05:01:00Z'))
  const log: string[] = []
  const write = (fields: object, message: string): void => void log.push(`${message} ${JSON.stringify(fields)}`)
  return {reporter: createReporter({api: server, run: {name: JOB, exportId: ID}, exportUid: 'export-uid', historyLimit: 2, log: {info: write, warn: write}, clock}), clock, log}
}

describe('the report to the API server', () => {
  it('puts the run into history and lastRun and leaves everything else', async () => {
    const server = createServer({nextRunTime: '2026-12-01T06:00:00+01:00'})
    await reporterFor(server).reporter.report(RUN, LASTINGLY)
    expect(server.status).toMatchObject({nextRunTime: '2026-12-01T06:00:00+01:00', history: [RUN], lastRun: RUN})
  })

  it('takes back the error of an earlier report, which a merge patch would keep', async () => {
    const failed: LastRun = {...RUN, phase: 'Pending', error: {code: 'ConnectionRefused', message: 'x'}}
    const server = createServer({history: [failed], lastRun: failed})
    await reporterFor(server).reporter.report(RUN, LASTINGLY)
    expect(server.status.lastRun?.error ?? null).toBeNull()
    expect(server.status.history?.[0]?.error).toBeUndefined()
  })

  it('writes nothing where nothing would change', async () => {
    const server = createServer({history: [RUN], lastRun: RUN})
    await reporterFor(server).reporter.report(RUN, LASTINGLY)
    expect(server.calls).toEqual(['GET'])
  })

  it('loses nobody’s entry when somebody else writes in between', async () => {
    const server = createServer()
    const other: LastRun = {name: 'other', trigger: 'Manual', phase: 'Failed', scheduledTime: '2026-10-31T05:00:00Z'}
    let writes = 2
    server.beforePatch = () => {
      if (writes-- <= 0) return
      server.status = {...server.status, history: [other]}
      server.version += 1
    }
    const {reporter, clock} = reporterFor(server)
    await clock.until(reporter.report(RUN, LASTINGLY))
    expect(server.status.history?.map(({name}) => name)).toEqual([JOB, 'other'])
    expect(server.calls.filter((call) => call === 'PATCH')).toHaveLength(3)
  })

  it.each([
    ['is down', 'down'],
    ['answers 500', {code: 500, body: {message: 'etcd'}}],
    ['answers 429', {code: 429, body: 'too many'}],
    ['does not know yet that we may', {code: 403, body: {message: 'forbidden'}}],
    ['refuses by a policy', {code: 422, body: {message: 'denied'}}],
  ] as const)('goes on trying while the API server %s', async (_what, fault) => {
    const server = createServer()
    server.faults = Array.from({length: 12}, () => fault)
    const {reporter, clock} = reporterFor(server)
    await clock.until(reporter.report(RUN, LASTINGLY))
    expect(server.status.lastRun).toEqual(RUN)
    expect(Math.max(...clock.waits)).toBeLessThanOrEqual(10_000)
  })

  it('gives up when its time is over, and says so in the log', async () => {
    const server = createServer()
    server.faults = Array.from({length: 1000}, () => 'down' as const)
    const {reporter, clock, log} = reporterFor(server)
    await clock.until(reporter.report(RUN, {milliseconds: 5_000}))
    expect(clock.now().getTime() - Date.parse('2026-11-01T05:01:00Z')).toBeLessThanOrEqual(5_000)
    expect(log.at(-1)).toMatch(/could not be asked or told.*ECONNREFUSED/)
  })

  it('gives up at once when it is told to stop', async () => {
    const server = createServer()
    server.faults = Array.from({length: 1000}, () => 'down' as const)
    const {reporter, clock} = reporterFor(server)
    const stop = new AbortController()
    void clock.sleep(3_000).then(() => stop.abort())
    await clock.until(reporter.report(RUN, {...LASTINGLY, stop: stop.signal}))
    expect(clock.now().getTime() - Date.parse('2026-11-01T05:01:00Z')).toBe(3_000)
  })

  it('is content when the export is gone', async () => {
    const server = createServer()
    server.faults = [{code: 404, body: {}}, {code: 404, body: {}}]
    const {reporter, log} = reporterFor(server)
    await reporter.report(RUN, LASTINGLY)
    expect(await reporter.known(LASTINGLY)).toBeUndefined()
    expect(log[0]).toContain('gone')
    expect(server.calls).toEqual(['GET', 'GET'])
  })

  it('tells nothing to an export that was made anew under the same name', async () => {
    const server = createServer({history: [RUN], lastRun: RUN})
    server.uid = 'another-uid'
    const {reporter, log} = reporterFor(server)
    expect(await reporter.known(LASTINGLY)).toBeUndefined()
    await reporter.report({...RUN, rows: 3}, LASTINGLY)
    expect(log).toEqual(Array.from({length: 2}, () => expect.stringContaining('gone')))
    expect(server.calls).toEqual(['GET', 'GET'])
  })

  it('knows what status has of this Job', async () => {
    const {reporter} = reporterFor(createServer({history: [{...RUN, name: 'other'}, {...RUN, attempts: 2}]}))
    expect(await reporter.known(LASTINGLY)).toMatchObject({name: JOB, attempts: 2})
  })
})
