// Events as the real API server takes them, and that there is one of each however often the operator starts.
import {afterEach, beforeEach, expect, test} from 'vitest'
import {systemClock} from '../../../operator/clock.ts'
import {createRecorder} from '../../../operator/events.ts'
import {createKubeApi} from '../../../operator/kube/client.ts'
import type {Event} from '../../../operator/kube/resources.ts'
import {anExport, recordingLogger} from '../../../operator/testing/objects.ts'
import type {LogLine} from '../../../operator/testing/objects.ts'
import {createWorld} from './world.ts'
import type {World} from './world.ts'

let world: World
let lines: LogLine[]

beforeEach(async () => {
  world = await createWorld('events')
  lines = []
})

afterEach(async () => {
  await world.close()
})

/** One life of the operator, in which it records one run's end. */
async function live(message = 'exported 12 rows'): Promise<void> {
  const api = createKubeApi({transport: world.transport()})
  const recorder = createRecorder({api, instance: 'operator-0', clock: systemClock, log: recordingLogger(lines)})
  const regarding = anExport(world.namespace, 'datev')
  recorder.record({regarding, type: 'Normal', reason: 'RunSucceeded', message, dedupeKey: 'job-1'})
  await recorder.stop(AbortSignal.timeout(20_000))
}

async function events(): Promise<Event[]> {
  return (await world.kube.expect<{items: Event[]}>('GET', `/apis/events.k8s.io/v1/namespaces/${world.namespace}/events`)).items
}

test('three lives, one event', async () => {
  for (let life = 0; life < 3; life++) await live()
  expect(await events()).toMatchObject([
    {reason: 'RunSucceeded', type: 'Normal', note: 'exported 12 rows', regarding: {kind: 'ScheduledExport', name: 'datev'}},
  ])
  expect(lines).toEqual([])
})

test('an answer that is lost makes no second one', async () => {
  world.proxy.inject({verb: 'create', resource: 'events'}, {kind: 'loseAnswer'}, 1)
  await live()
  expect(await events()).toHaveLength(1)
  expect(world.proxy.counts()).toEqual({'create events': 2})
})

test('a busy server gets it later', async () => {
  world.proxy.inject({resource: 'events'}, {kind: 'status', code: 500}, 2)
  await live()
  expect(await events()).toHaveLength(1)
})

test('the longest message is taken', async () => {
  await live('ü'.repeat(3000))
  expect(await events()).toHaveLength(1)
})
