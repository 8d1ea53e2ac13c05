import {afterEach, beforeEach, expect, test} from 'vitest'
import {ApiError} from '../kube/errors.ts'
import type {ErrorClass} from '../kube/errors.ts'
import type {ReconcileResult} from '../reconcile/types.ts'
import {recordingLogger} from '../testing/objects.ts'
import type {LogLine} from '../testing/objects.ts'
import {createVirtualClock} from '../testing/virtual-clock.ts'
import type {VirtualClock} from '../testing/virtual-clock.ts'
import {createController} from './controller.ts'
import type {Controller, Outcome} from './controller.ts'
import {createQueue} from './queue.ts'
import type {Queue} from './queue.ts'

let clock: VirtualClock
let queue: Queue
let controller: Controller
let outcomes: Outcome[]
let lines: LogLine[]
let calls: string[]
let answer: (call: number) => Promise<ReconcileResult>

beforeEach(() => {
  clock = createVirtualClock()
  queue = createQueue({clock, initialBackoffMs: 200})
  outcomes = []
  lines = []
  calls = []
  controller = createController({
    queue,
    workers: 2,
    clock,
    log: recordingLogger(lines),
    onReconciled: (outcome) => outcomes.push(outcome),
    reconcile: ({namespace, name}) => {
      calls.push(`${namespace}/${name}`)
      return answer(calls.length)
    },
  })
  controller.start()
})

afterEach(async () => {
  await controller.stop()
})

function failing(kind: ErrorClass, retryAfterMs?: number): () => Promise<never> {
  return () => Promise.reject(new ApiError({class: kind, message: 'no', ...(retryAfterMs !== undefined && {retryAfterMs})}))
}

test('a reconcile that is content is not repeated', async () => {
  answer = () => Promise.resolve({})
  queue.add('n/a')
  await clock.advance(3_600_000)
  expect(calls).toEqual(['n/a'])
  expect(outcomes).toEqual(['success'])
})

test('a reconcile that asks for it is repeated at that time', async () => {
  answer = (call) => Promise.resolve(call === 1 ? {requeueAfterMs: 60_000} : {})
  queue.add('n/a')
  await clock.advance(59_999)
  expect(calls).toHaveLength(1)
  await clock.advance(1)
  expect(calls).toHaveLength(2)
  expect(outcomes).toEqual(['requeued', 'success'])
})

test('a failure is repeated after the backoff, and a success ends it', async () => {
  answer = (call) => (call <= 2 ? failing('serverError')() : Promise.resolve({}))
  queue.add('n/a')
  await clock.advance(200)
  expect(calls).toHaveLength(2)
  await clock.advance(399)
  expect(calls).toHaveLength(2)
  await clock.advance(1)
  expect(outcomes).toEqual(['error', 'error', 'success'])
})

test('the server\'s Retry-After is kept', async () => {
  answer = failing('tooManyRequests', 9000)
  queue.add('n/a')
  await clock.advance(8999)
  expect(calls).toHaveLength(1)
  await clock.advance(1)
  expect(calls).toHaveLength(2)
})

test('what only a change can mend is said once and dropped', async () => {
  answer = failing('invalid')
  queue.add('n/a')
  await clock.advance(3_600_000)
  expect(outcomes).toEqual(['dropped'])
  expect(lines.map(({level}) => level)).toEqual(['error'])
  queue.add('n/a')
  await clock.settle()
  expect(calls).toHaveLength(2)
})

test('a fault of our own does not end the worker and is logged with its stack', async () => {
  answer = () => Promise.reject(new TypeError('boom'))
  queue.add('n/a')
  await clock.settle()
  queue.add('n/b')
  queue.add('n/c')
  await clock.settle()
  expect(calls).toEqual(['n/a', 'n/b', 'n/c'])
  expect(lines[0]).toMatchObject({level: 'error', fields: {error: 'boom', stack: expect.stringContaining('TypeError')}})
})

test('as many reconciles at once as there are workers, never two of one key', async () => {
  const finish: (() => void)[] = []
  answer = () => new Promise((resolve) => finish.push(() => resolve({})))
  for (const key of ['n/a', 'n/b', 'n/c']) queue.add(key)
  await clock.settle()
  queue.add('n/a')
  await clock.settle()
  expect(calls).toEqual(['n/a', 'n/b'])
  finish[1]?.()
  await clock.settle()
  expect(calls).toEqual(['n/a', 'n/b', 'n/c'])
  finish[0]?.()
  await clock.settle()
  expect(calls).toEqual(['n/a', 'n/b', 'n/c', 'n/a'])
  for (const end of finish) end()
})

test('stopping waits for what runs and starts nothing more', async () => {
  const finish: (() => void)[] = []
  answer = () => new Promise((resolve) => finish.push(() => resolve({requeueAfterMs: 1})))
  for (const key of ['n/a', 'n/b', 'n/c']) queue.add(key)
  await clock.settle()
  const stopping = controller.stop()
  const first = await Promise.race([stopping.then(() => 'stopped'), clock.settle().then(() => 'still running')])
  expect(first).toBe('still running')
  for (const end of finish) end()
  await stopping
  await clock.advance(1000)
  expect(calls).toEqual(['n/a', 'n/b'])
})
