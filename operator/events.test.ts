import {beforeEach, expect, test} from 'vitest'
import {createRecorder} from './events.ts'
import type {Recorder} from './events.ts'
import {ApiError} from './kube/errors.ts'
import type {Event} from './kube/resources.ts'
import type {KubeObject, Resource} from './kube/types.ts'
import type {EventInput} from './reconcile/types.ts'
import {anExport, recordingLogger} from './testing/objects.ts'
import {createVirtualClock} from './testing/virtual-clock.ts'
import type {VirtualClock} from './testing/virtual-clock.ts'

const EXPORT = anExport('acme', 'datev')

let clock: VirtualClock
/** What the server has, by name, as it would be after any number of restarts of the operator. */
let stored: Map<string, Event>
let posts: number
let faults: ApiError[]
let dropped: number

beforeEach(() => {
  clock = createVirtualClock()
  stored = new Map()
  posts = 0
  faults = []
  dropped = 0
})

async function create<T extends KubeObject>(_resource: Resource<T>, object: T): Promise<T> {
  posts += 1
  const fault = faults.shift()
  if (fault !== undefined) throw fault
  const name = object.metadata?.name ?? ''
  if (stored.has(name)) throw new ApiError({class: 'alreadyExists', message: 'exists', code: 409})
  stored.set(name, object as unknown as Event)
  return await Promise.resolve(object)
}

function start(): Recorder {
  return createRecorder({api: {create}, instance: 'pod-1', clock, log: recordingLogger(), onDropped: () => (dropped += 1), random: () => 0})
}

function anEvent(more: Partial<EventInput> = {}): EventInput {
  return {
    regarding: EXPORT,
    type: 'Normal',
    reason: 'RunSucceeded',
    message: 'exported 12 rows',
    dedupeKey: 'job-uid-1',
    ...more,
  }
}

test('an event says who, what and about which object', async () => {
  start().record(anEvent())
  await clock.settle()
  expect([...stored.values()]).toEqual([
    {
      metadata: {namespace: 'acme', name: expect.stringMatching(/^datev\.[0-9a-f]{16}$/)},
      eventTime: '2026-01-01T00:00:00.000000Z',
      reportingController: 'scheduled-export-operator',
      reportingInstance: 'pod-1',
      action: 'Reconcile',
      reason: 'RunSucceeded',
      type: 'Normal',
      note: 'exported 12 rows',
      regarding: {apiVersion: 'scheduledexport.dev/v1alpha1', kind: 'ScheduledExport', namespace: 'acme', name: 'datev', uid: 'uid-datev'},
    },
  ])
})

test('the same event again costs no request, and after a restart makes no second one', async () => {
  const first = start()
  first.record(anEvent())
  first.record(anEvent({message: 'in other words'}))
  await clock.settle()
  expect(posts).toBe(1)
  start().record(anEvent())
  await clock.settle()
  expect(posts).toBe(2)
  expect(stored.size).toBe(1)
})

test.each([
  {what: 'another reason', more: {reason: 'RunFailed'}},
  {what: 'another run', more: {dedupeKey: 'job-uid-2'}},
  {what: 'another object of the same name', more: {regarding: {...EXPORT, metadata: {...EXPORT.metadata, uid: 'x'}}}},
])('$what is another event', async ({more}) => {
  const recorder = start()
  recorder.record(anEvent())
  recorder.record(anEvent(more))
  await clock.settle()
  expect(stored.size).toBe(2)
})

test('what may pass is retried, in order', async () => {
  faults = [
    new ApiError({class: 'serverError', message: 'no', code: 500}),
    new ApiError({class: 'tooManyRequests', message: 'slow', code: 429, retryAfterMs: 5000}),
  ]
  const recorder = start()
  recorder.record(anEvent({reason: 'RunStarted'}))
  recorder.record(anEvent({reason: 'RunFailed'}))
  await clock.advance(5499)
  expect(stored.size).toBe(0)
  await clock.advance(1)
  expect([...stored.values()].map(({reason}) => reason)).toEqual(['RunStarted', 'RunFailed'])
})

test('what cannot be written is dropped and counted, and holds nothing up; recorded again, it gets another chance', async () => {
  faults = [new ApiError({class: 'invalid', message: 'no', code: 422})]
  const recorder = start()
  recorder.record(anEvent({reason: 'Bad'}))
  recorder.record(anEvent({reason: 'Good'}))
  await clock.settle()
  expect(dropped).toBe(1)
  expect([...stored.values()].map(({reason}) => reason)).toEqual(['Good'])
  recorder.record(anEvent({reason: 'Bad'}))
  await clock.settle()
  expect(stored.size).toBe(2)
})

test('an API server that takes no events does not fill the memory', async () => {
  faults = Array.from({length: 10}, () => new ApiError({class: 'network', message: 'down'}))
  const recorder = start()
  // One is on its way, 20,000 wait.
  const taken = Array.from({length: 20_500}, (_, run) => recorder.record(anEvent({dedupeKey: String(run)})))
  expect(dropped).toBe(499)
  expect(taken.filter((one) => !one)).toHaveLength(499)
})

test('start and end of ten thousand runs are written, none dropped', async () => {
  const recorder = start()
  for (let run = 0; run < 10_000; run++) {
    const regarding = {...EXPORT, metadata: {...EXPORT.metadata, uid: `uid-${run}`}}
    recorder.record(anEvent({regarding, reason: 'RunStarted'}))
    recorder.record(anEvent({regarding, reason: 'RunSucceeded'}))
  }
  await recorder.stop(new AbortController().signal)
  expect([stored.size, dropped]).toEqual([20_000, 0])
})

test('who recorded an event hears when it is dropped after all', async () => {
  faults = [new ApiError({class: 'invalid', message: 'no', code: 422})]
  let heard = 0
  expect(start().record(anEvent(), () => (heard += 1))).toBe(true)
  await clock.settle()
  expect(heard).toBe(1)
})

test('a right is not waited for: other events stand behind it', async () => {
  faults = [new ApiError({class: 'forbidden', message: 'no', code: 403})]
  const recorder = start()
  recorder.record(anEvent({reason: 'Refused'}))
  recorder.record(anEvent({reason: 'Taken'}))
  await clock.settle()
  expect([...stored.values()].map(({reason}) => reason)).toEqual(['Taken'])
  expect(clock.pending()).toBe(0)
})

test.each([
  {what: 'a long message', message: 'x'.repeat(5000)},
  {what: 'a long message of umlauts', message: 'ü'.repeat(5000)},
  {what: 'a long message of pairs', message: `x${'😀'.repeat(2000)}`},
])('$what is cut to 1,024 bytes of whole characters', async ({message}) => {
  start().record(anEvent({message}))
  await clock.settle()
  const note = [...stored.values()][0]?.note ?? ''
  expect(Buffer.byteLength(note)).toBeLessThanOrEqual(1024)
  expect(Buffer.byteLength(note)).toBeGreaterThan(1016)
  expect(note.isWellFormed()).toBe(true)
  expect(note.endsWith('…')).toBe(true)
})

test('stopping waits for what is recorded, but not for ever', async () => {
  const recorder = start()
  recorder.record(anEvent())
  await recorder.stop(new AbortController().signal)
  expect(stored.size).toBe(1)

  faults = Array.from({length: 100}, () => new ApiError({class: 'network', message: 'down'}))
  const stuck = start()
  stuck.record(anEvent({dedupeKey: 'other'}))
  await clock.settle()
  const deadline = new AbortController()
  const stopped = stuck.stop(deadline.signal)
  deadline.abort()
  await stopped
  expect(clock.pending()).toBe(0)
})
