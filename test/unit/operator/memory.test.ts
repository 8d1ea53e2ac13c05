// How much of each object the operator keeps, in bytes of JSON: what 10,000 exports take is a matter of these (docs/operating.md, "Size").
import {expect, test} from 'vitest'
import {createReflectors, createStores} from '../../../operator/caches.ts'
import {recordingLogger} from '../../../operator/testing/objects.ts'
import {createVirtualClock} from '../../../operator/testing/virtual-clock.ts'
import {createFakeTransport} from '../../bench/operator-lists.ts'

const EXPORTS = 20

/** Bytes an export of each kind, kept by the operator's own reflectors. */
async function keptBytes(query: number): Promise<Record<'exports' | 'cronJobs' | 'jobs' | 'pods', number>> {
  const stores = createStores()
  const stop = new AbortController()
  const transport = createFakeTransport({exports: EXPORTS, history: 10, query, jobs: 3})
  const reflectors = createReflectors({stores, transport, namespaces: [], clock: createVirtualClock(), log: recordingLogger()})
  const running = reflectors.map((reflector) => reflector.run(stop.signal))
  await Promise.all(reflectors.map(({synced}) => synced))
  stop.abort()
  await Promise.all(running)
  const bytes = (kind: 'exports' | 'cronJobs' | 'jobs' | 'pods') => JSON.stringify([...stores[kind].all()]).length / EXPORTS
  return {exports: bytes('exports'), cronJobs: bytes('cronJobs'), jobs: bytes('jobs'), pods: bytes('pods')}
}

test('an export with ten runs in history takes no more than was measured', async () => {
  const kept = await keptBytes(900)
  expect(kept.exports).toBeLessThan(7_000)
  expect(kept.cronJobs).toBeLessThan(5_000)
  expect(kept.jobs).toBeLessThan(3_500)
  expect(kept.pods).toBeLessThan(1_500)
})

test('Jobs and pods do not grow with the query', async () => {
  const [short, long] = [await keptBytes(900), await keptBytes(15_000)]
  expect([long.jobs, long.pods]).toEqual([short.jobs, short.pods])
})
