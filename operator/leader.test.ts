import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import {ApiError} from './kube/errors.ts'
import type {Lease} from './kube/resources.ts'
import type {KubeApi, KubeObject, Resource} from './kube/types.ts'
import {createLeader} from './leader.ts'
import type {Leader} from './leader.ts'
import {recordingLogger} from './testing/objects.ts'
import {createVirtualClock, skewed} from './testing/virtual-clock.ts'
import type {VirtualClock} from './testing/virtual-clock.ts'

/** One Lease with the API server's rules: create once, patch only the version that is there. */
function leaseServer() {
  let lease: Lease | undefined
  let version = 0
  const holders: string[] = []

  function write(next: Lease): Lease {
    version += 1
    lease = {...next, metadata: {...next.metadata, resourceVersion: String(version)}}
    const holder = next.spec?.holderIdentity ?? ''
    if (holder !== holders.at(-1)) holders.push(holder)
    return structuredClone(lease)
  }

  return {
    holders,
    current: () => lease,
    create(next: Lease): Lease {
      if (lease !== undefined) throw new ApiError({class: 'alreadyExists', message: 'exists', code: 409})
      return write(next)
    },
    patch(patch: Lease): Lease {
      if (lease === undefined) throw new ApiError({class: 'notFound', message: 'not there', code: 404})
      if (patch.metadata?.resourceVersion !== lease.metadata?.resourceVersion) {
        throw new ApiError({class: 'conflict', message: 'the object has been modified', code: 409})
      }
      return write({...lease, spec: {...lease.spec, ...patch.spec}})
    },
  }
}

type Mode = 'up' | 'refusing' | 'hanging' | 'answer lost'

interface Replica {
  readonly leader: Leader
  readonly stop: AbortController
  mode: Mode
  /** waiting, leading, and then how hold ended. */
  state: string
  ended: Promise<void>
}

let clock: VirtualClock
let server: ReturnType<typeof leaseServer>
let replicas: Replica[]

beforeEach(() => {
  clock = createVirtualClock()
  server = leaseServer()
  replicas = []
})

afterEach(async () => {
  for (const replica of replicas) replica.stop.abort()
  for (const replica of replicas) replica.mode = 'up'
  await clock.advance(60_000)
})

/** A replica behind its own network, which its mode describes. */
function apiOf(replica: () => Replica): Pick<KubeApi, 'get' | 'create' | 'mergePatch'> {
  async function via<T>(work: () => unknown): Promise<T> {
    const {mode} = replica()
    if (mode === 'refusing') throw new ApiError({class: 'network', message: 'connection refused'})
    if (mode === 'hanging') await new Promise(() => {})
    const answer = work()
    if (mode === 'answer lost') throw new ApiError({class: 'network', message: 'reset'})
    return structuredClone(answer) as T
  }
  return {
    get: <T extends KubeObject>() => via<T | undefined>(server.current),
    create: <T extends KubeObject>(_: Resource<T>, object: T) => via<T>(() => server.create(object as Lease)),
    mergePatch: <T extends KubeObject>(_: Resource<T>, __: unknown, patch: unknown) => via<T>(() => server.patch(patch as Lease)),
  }
}

function start(identity: string, skewMs = 0): Replica {
  const leader = createLeader({
    api: apiOf(() => replica),
    lease: {namespace: 'ops', name: 'operator'},
    identity,
    leaseDurationMs: 15_000,
    renewDeadlineMs: 10_000,
    retryPeriodMs: 2000,
    clock: skewed(clock, skewMs),
    log: recordingLogger(),
    random: () => 0,
  })
  const replica: Replica = {leader, stop: new AbortController(), mode: 'up', state: 'waiting', ended: Promise.resolve()}
  replica.ended = live(replica)
  replicas.push(replica)
  return replica
}

async function live(replica: Replica): Promise<void> {
  if (!(await replica.leader.acquire(replica.stop.signal))) return
  replica.state = 'leading'
  replica.state = await replica.leader.hold(replica.stop.signal)
}

function leading(): number {
  return replicas.filter(({leader}) => leader.isLeader()).length
}

/** Lets time pass in small steps, in each of which at most one replica may lead. */
async function pass(ms: number): Promise<void> {
  for (let step = 0; step < ms; step += 250) {
    await clock.advance(250)
    expect(leading()).toBeLessThanOrEqual(1)
  }
}

describe('two contenders', () => {
  test('one leads for as long as it renews, and the other waits', async () => {
    const [a, b] = [start('a'), start('b')]
    await pass(120_000)
    expect([a.state, b.state]).toEqual(['leading', 'waiting'])
    expect(server.holders).toEqual(['a'])
  })

  test('the Lease says who, for how long and since when, in microseconds', async () => {
    start('a')
    await clock.advance(4000)
    expect(server.current()?.spec).toEqual({
      holderIdentity: 'a',
      leaseDurationSeconds: 15,
      leaseTransitions: 0,
      acquireTime: '2026-01-01T00:00:00.000000Z',
      renewTime: '2026-01-01T00:00:04.000000Z',
    })
  })

  test('a leader that vanishes is followed after the lease duration, not earlier', async () => {
    const a = start('a')
    await clock.settle()
    const b = start('b')
    await pass(20_000)
    a.mode = 'hanging'
    await pass(12_000)
    expect(b.state).toBe('waiting')
    await pass(6000)
    expect([a.state, b.state]).toEqual(['lost', 'leading'])
    expect(server.current()?.spec?.leaseTransitions).toBe(1)
  })

  test('a Lease that was abandoned before the start is waited for from when it was first seen', async () => {
    server.create({
      metadata: {name: 'operator', namespace: 'ops'},
      spec: {holderIdentity: 'dead', leaseDurationSeconds: 15, renewTime: '2001-01-01T00:00:00.000000Z'},
    })
    const a = start('a')
    await pass(14_000)
    expect(a.state).toBe('waiting')
    await pass(4000)
    expect(a.state).toBe('leading')
  })
})

describe('a renewal that fails', () => {
  test('for a short time is made up for', async () => {
    const [a, b] = [start('a'), start('b')]
    await pass(10_000)
    a.mode = 'refusing'
    await pass(6000)
    a.mode = 'up'
    await pass(30_000)
    expect([a.state, b.state]).toEqual(['leading', 'waiting'])
  })

  test.each(['refusing', 'hanging'] as const)('for the renew deadline ends the leadership (%s)', async (mode) => {
    const a = start('a')
    await pass(10_000)
    a.mode = mode
    await pass(8000)
    expect(a.leader.isLeader()).toBe(true)
    await pass(2250)
    expect(a.leader.isLeader()).toBe(false)
    await pass(2000)
    expect(a.state).toBe('lost')
  })

  test('only in its answer is recognized as our own', async () => {
    const a = start('a')
    await pass(4000)
    a.mode = 'answer lost'
    await pass(2000)
    a.mode = 'up'
    await pass(30_000)
    expect(a.state).toBe('leading')
    expect(server.holders).toEqual(['a'])
  })
})

test('a Lease that somebody else has taken is lost at once', async () => {
  const a = start('a')
  await pass(4000)
  server.patch({...server.current(), spec: {holderIdentity: 'thief'}})
  await pass(2250)
  expect(a.state).toBe('lost')
  expect(a.leader.isLeader()).toBe(false)
})

test('a Lease that was deleted is made again', async () => {
  const server2 = leaseServer()
  const a = start('a')
  await pass(4000)
  server = server2
  await pass(4000)
  expect(a.state).toBe('leading')
  expect(server.current()?.spec?.holderIdentity).toBe('a')
})

test('a Lease that is given back is taken within one retry period', async () => {
  const a = start('a')
  await clock.settle()
  const b = start('b')
  await pass(10_000)
  a.stop.abort()
  await pass(2250)
  expect([a.state, b.state]).toEqual(['released', 'leading'])
  expect(server.holders).toEqual(['a', '', 'b'])
})

test.each([
  {skew: -3_600_000, what: 'an hour behind'},
  {skew: 3_600_000, what: 'an hour ahead'},
])('a contender whose clock is $what neither steals the Lease nor waits longer', async ({skew}) => {
  const a = start('a')
  await clock.settle()
  const b = start('b', skew)
  await pass(60_000)
  expect([a.state, b.state]).toEqual(['leading', 'waiting'])
  a.mode = 'hanging'
  await pass(18_000)
  expect(b.state).toBe('leading')
})

test('one that waits stops when it is told to, without touching the Lease', async () => {
  const a = start('a')
  await clock.settle()
  const b = start('b')
  await pass(4000)
  b.stop.abort()
  await b.ended
  expect(b.state).toBe('waiting')
  expect([a.state, server.holders]).toEqual(['leading', ['a']])
})
