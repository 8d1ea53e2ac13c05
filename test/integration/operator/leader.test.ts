// The Lease as the real API server takes it. What time does is tested with a virtual clock (operator/leader.test.ts).
import {afterEach, beforeEach, expect, test} from 'vitest'
import {systemClock} from '../../../operator/clock.ts'
import {createKubeApi} from '../../../operator/kube/client.ts'
import {LEASES} from '../../../operator/kube/resources.ts'
import type {Lease} from '../../../operator/kube/resources.ts'
import {createLeader} from '../../../operator/leader.ts'
import {recordingLogger} from '../../../operator/testing/objects.ts'
import {waitFor} from '../../cluster/wait.ts'
import {createWorld} from './world.ts'
import type {World} from './world.ts'

interface Replica {
  state: string
  readonly stop: AbortController
  readonly isLeader: () => boolean
  ended: Promise<void>
}

let world: World
let replicas: Replica[]

beforeEach(async () => {
  world = await createWorld('leader')
  replicas = []
})

afterEach(async () => {
  for (const {stop} of replicas) stop.abort()
  await Promise.all(replicas.map(({ended}) => ended))
  await world.close()
})

function start(identity: string): Replica {
  const leader = createLeader({
    api: createKubeApi({transport: world.transport({timeoutMs: 600})}),
    lease: {namespace: world.namespace, name: 'operator'},
    identity,
    leaseDurationMs: 3000,
    renewDeadlineMs: 2000,
    retryPeriodMs: 200,
    clock: systemClock,
    log: recordingLogger(),
  })
  const replica: Replica = {state: 'waiting', stop: new AbortController(), isLeader: leader.isLeader, ended: Promise.resolve()}
  async function live(): Promise<void> {
    if (!(await leader.acquire(replica.stop.signal))) return
    replica.state = 'leading'
    replica.state = await leader.hold(replica.stop.signal)
  }
  replica.ended = live()
  replicas.push(replica)
  return replica
}

async function lease(): Promise<Lease['spec']> {
  return (await createKubeApi({transport: world.transport()}).get(LEASES, {namespace: world.namespace, name: 'operator'}))?.spec
}

async function untilState(replica: Replica, state: string): Promise<void> {
  await waitFor(`the replica is ${state}`, () => replica.state === state, {seconds: 15, interval: 20})
}

test('of several that start together one leads', async () => {
  const all = ['a', 'b', 'c'].map(start)
  await waitFor('one leads', () => all.some(({state}) => state === 'leading'), {interval: 20})
  const renewed = (await lease())?.renewTime
  await waitFor('it renews', async () => (await lease())?.renewTime !== renewed, {interval: 50})
  expect(all.filter(({isLeader}) => isLeader())).toHaveLength(1)
  expect((await lease())?.renewTime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/)
})

test('a Lease that is given back is taken at once', async () => {
  const a = start('a')
  await untilState(a, 'leading')
  const b = start('b')
  await waitFor('b has asked', () => world.proxy.requests({resource: 'leases', verb: 'get'}).length >= 2, {interval: 20})
  const from = performance.now()
  a.stop.abort()
  await untilState(b, 'leading')
  expect(a.state).toBe('released')
  expect(performance.now() - from).toBeLessThan(2000)
  expect(await lease()).toMatchObject({holderIdentity: 'b', leaseDurationSeconds: 3, leaseTransitions: 1})
})

test('a leader whose requests get no answer stops leading before anybody else begins', async () => {
  const a = start('a')
  await untilState(a, 'leading')
  world.proxy.inject({resource: 'leases'}, {kind: 'silence'})
  await untilState(a, 'lost')
  expect(a.isLeader()).toBe(false)
  expect((await waitFor('the Lease', () => straight(world)))?.holderIdentity).toBe('a')
})

test('a renewal whose answer is lost does not cost the leadership', async () => {
  const a = start('a')
  await untilState(a, 'leading')
  world.proxy.inject({resource: 'leases', verb: 'patch'}, {kind: 'loseAnswer'}, 1)
  world.proxy.resetCounts()
  await waitFor('it has renewed since', () => world.proxy.requests({resource: 'leases', verb: 'patch'}).length >= 4, {interval: 20})
  expect([a.state, a.isLeader()]).toEqual(['leading', true])
})

async function straight({kube, namespace}: World): Promise<Lease['spec']> {
  return (await kube.expect<Lease>('GET', `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases/operator`)).spec
}
