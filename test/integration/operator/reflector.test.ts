// The reflector against a real API server, with everything in between that goes wrong in networks.
import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import {systemClock} from '../../../operator/clock.ts'
import {createReflector} from '../../../operator/kube/reflector.ts'
import type {Reflector, ReflectorOptions, RestartReason} from '../../../operator/kube/reflector.ts'
import {createStore} from '../../../operator/kube/store.ts'
import type {Store} from '../../../operator/kube/store.ts'
import {trimmed} from '../../../operator/kube/trim.ts'
import {recordingLogger} from '../../../operator/testing/objects.ts'
import {waitFor} from '../../cluster/wait.ts'
import {CONFIG_MAPS, createWorld, deleteConfigMap, putConfigMap} from './world.ts'
import type {ConfigMap, World} from './world.ts'

let world: World
let store: Store<ConfigMap>
let changes: string[]
let restarts: RestartReason[]
let running: {readonly stop: AbortController; readonly ended: Promise<void>}[]

beforeEach(async () => {
  world = await createWorld('reflector')
  store = createStore<ConfigMap>()
  changes = []
  restarts = []
  running = []
  store.subscribe(({previous, current}) => {
    const what = previous === undefined ? '+' : current === undefined ? '-' : '~'
    changes.push(`${what}${(current ?? previous)?.metadata?.name ?? ''}`)
  })
})

afterEach(async () => {
  for (const {stop} of running) stop.abort()
  await Promise.all(running.map(({ended}) => ended))
  await world.close()
})

function start(options: Partial<ReflectorOptions<ConfigMap>> = {}): Reflector {
  const reflector = createReflector({
    transport: world.transport(),
    selection: {resource: CONFIG_MAPS, namespace: world.namespace, labelSelector: 'kept=yes'},
    store,
    clock: systemClock,
    log: recordingLogger(),
    trim: trimmed,
    onRestart: (reason) => restarts.push(reason),
    backoff: {initialMs: 100, maxMs: 1000},
    ...options,
  })
  const stop = new AbortController()
  running.push({stop, ended: reflector.run(stop.signal)})
  return reflector
}

async function started(options: Partial<ReflectorOptions<ConfigMap>> = {}): Promise<void> {
  await start(options).synced
  await untilWatching()
}

async function untilWatching(count = 1): Promise<void> {
  await waitFor('the watch is open', () => world.proxy.openWatches() === count, {seconds: 20, interval: 20})
}

async function put(name: string, labels: Record<string, string> = {kept: 'yes'}): Promise<void> {
  await putConfigMap(world.kube, world.namespace, name, labels)
}

function names(): string[] {
  return [...store.all()].map((object) => object.metadata?.name ?? '').toSorted()
}

async function untilNames(...expected: string[]): Promise<void> {
  await waitFor(`the store holds ${expected.join(', ')}`, () => names().join() === expected.join(), {
    seconds: 20,
    interval: 20,
    hint: () => `it holds ${names().join(', ')}; restarts: ${restarts.join(', ')}`,
  })
}

function lists(): number {
  return world.proxy.requests({verb: 'list', resource: 'configmaps'}).length
}

describe('an undisturbed reflector', () => {
  test('lists, then follows what is added, changed and deleted, and only what is selected', async () => {
    await put('a')
    await put('foreign', {})
    await started()
    expect(names()).toEqual(['a'])
    await put('b')
    await put('a')
    await untilNames('a', 'b')
    await deleteConfigMap(world.kube, world.namespace, 'b')
    await untilNames('a')
    // Losing the label is leaving the selection.
    await put('a', {})
    await untilNames()
    expect(changes).toEqual(['+a', '+b', '~a', '-b', '-a'])
    expect(lists()).toBe(1)
  })

  test('asks for a consistent list in pages, and for bookmarks and a time between 300 and 600 s', async () => {
    await Promise.all(Array.from({length: 260}, (_, index) => put(`n${index}`)))
    await started()
    expect(names()).toHaveLength(260)
    const [first, second, ...more] = world.proxy.requests({verb: 'list'}).map(({url}) => url.searchParams)
    expect(more).toEqual([])
    expect([first?.get('limit'), first?.has('resourceVersion'), first?.has('continue')]).toEqual(['250', false, false])
    expect(second?.has('continue')).toBe(true)
    const watch = world.proxy.requests({verb: 'watch'})[0]?.url.searchParams
    expect(watch?.get('allowWatchBookmarks')).toBe('true')
    expect(Number(watch?.get('timeoutSeconds'))).toBeGreaterThanOrEqual(300)
    expect(Number(watch?.get('timeoutSeconds'))).toBeLessThanOrEqual(600)
  })

  test('keeps no managedFields', async () => {
    await put('a')
    await started()
    expect(store.get({namespace: world.namespace, name: 'a'})?.metadata).not.toHaveProperty('managedFields')
  })

  test('goes on from where it was when the server ends the watch', async () => {
    await started()
    world.proxy.endWatches()
    await put('a')
    await untilNames('a')
    expect(lists()).toBe(1)
  })

  test('stops at once, leaving no watch open', async () => {
    await started()
    const [reflector] = running
    reflector?.stop.abort()
    await reflector?.ended
    await untilWatching(0)
    expect(restarts).toEqual([])
  })
})

describe('a broken connection', () => {
  test('loses nothing that happened meanwhile, and needs no new list', async () => {
    await put('stays')
    await put('goes')
    await started()
    world.proxy.cutWatches()
    await Promise.all([put('comes'), deleteConfigMap(world.kube, world.namespace, 'goes')])
    await untilNames('comes', 'stays')
    expect(restarts).toContain('network')
    expect(lists()).toBe(1)
  })

  test('may break again and again', async () => {
    await started()
    const end = world.proxy.inject({verb: 'watch'}, {kind: 'reset'}, 3)
    world.proxy.cutWatches()
    await put('a')
    await untilNames('a')
    end()
    expect(restarts.filter((reason) => reason === 'network').length).toBeGreaterThanOrEqual(4)
  })

  test('that is silent for too long is ended by force', async () => {
    await started({silenceMs: 1000})
    world.proxy.silenceWatches()
    await put('a')
    await untilNames('a')
    expect(restarts).toContain('stalled')
    expect(lists()).toBe(1)
  })

  test('that takes a watch and never answers is given up', async () => {
    await started({transport: world.transport({timeoutMs: 700})})
    world.proxy.inject({verb: 'watch'}, {kind: 'silence'}, 1)
    world.proxy.endWatches()
    await put('a')
    await untilNames('a')
    expect(restarts).toContain('network')
  })
})

describe('an expired version (410)', () => {
  test.each([
    {how: 'when the watch connects', fail: () => world.proxy.inject({verb: 'watch'}, {kind: 'status', code: 410, reason: 'Expired'}, 1)},
    {how: 'as the first event', fail: () => world.proxy.inject({verb: 'watch'}, {kind: 'errorEvent', code: 410}, 1)},
  ])('$how makes it list again, and what went meanwhile counts as deleted', async ({fail}) => {
    await put('stays')
    await put('goes')
    await started()
    world.proxy.silenceWatches()
    await deleteConfigMap(world.kube, world.namespace, 'goes')
    changes = []
    fail()
    world.proxy.endWatches()
    await untilNames('stays')
    expect(changes).toEqual(['-goes'])
    expect(restarts).toContain('gone')
    expect(lists()).toBe(2)
    await put('later')
    await untilNames('later', 'stays')
  })

  test('in the middle of a watch too', async () => {
    await put('stays')
    await put('goes')
    await started()
    world.proxy.silenceWatches()
    await deleteConfigMap(world.kube, world.namespace, 'goes')
    world.proxy.failWatches(410)
    await untilNames('stays')
    expect(restarts).toEqual(['gone'])
    expect(lists()).toBe(2)
  })

  test('of a page of the list makes it list again in one piece', async () => {
    await Promise.all(Array.from({length: 255}, (_, index) => put(`n${index}`)))
    world.proxy.inject({verb: 'list', when: ({url}) => url.searchParams.has('continue')}, {kind: 'status', code: 410, reason: 'Expired'}, 1)
    await started()
    expect(names()).toHaveLength(255)
    expect(lists()).toBe(3)
    expect(world.proxy.requests({verb: 'list'}).at(-1)?.url.searchParams.has('limit')).toBe(false)
    expect(restarts).toEqual([])
  })
})

describe('a server in trouble', () => {
  test.each([
    {what: 'resets', fault: {kind: 'reset'}, reason: 'network'},
    {what: '500', fault: {kind: 'status', code: 500}, reason: 'serverError'},
    {what: '503', fault: {kind: 'status', code: 503}, reason: 'serverError'},
    {what: '403 until the role is there', fault: {kind: 'status', code: 403, reason: 'Forbidden'}, reason: 'forbidden'},
    {what: '404 until the CRD is there', fault: {kind: 'status', code: 404, reason: 'NotFound'}, reason: 'notFound'},
  ] as const)('the first list is repeated after $what', async ({fault, reason}) => {
    await put('a')
    world.proxy.inject({verb: 'list'}, fault, 2)
    const reflector = start()
    expect(reflector.hasSynced()).toBe(false)
    await reflector.synced
    expect(names()).toEqual(['a'])
    expect(restarts).toEqual([reason, reason])
  })

  test('a 429\'s Retry-After is kept', async () => {
    world.proxy.inject({verb: 'list'}, {kind: 'status', code: 429, retryAfterSeconds: 2}, 1)
    await started()
    const [first, second] = world.proxy.requests({verb: 'list'})
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(1990)
    expect(restarts).toEqual(['tooManyRequests'])
  })

  test.each([429, 500])('a watch refused with %i is asked for again, without a new list', async (code) => {
    await started()
    world.proxy.inject({verb: 'watch'}, {kind: 'status', code}, 1)
    world.proxy.endWatches()
    await put('a')
    await untilNames('a')
    expect(lists()).toBe(1)
  })

  test('a watch that ends as soon as it begins is not asked for in a hot loop', async () => {
    await started({backoff: {initialMs: 500, maxMs: 5000}, random: () => 0.999})
    const end = world.proxy.inject({verb: 'watch'}, {kind: 'errorEvent', code: 500})
    world.proxy.resetCounts()
    const from = performance.now()
    world.proxy.endWatches()
    await waitFor('three tries', () => world.proxy.requests({verb: 'watch'}).length >= 3, {interval: 20})
    expect(performance.now() - from).toBeGreaterThan(700)
    end()
    await put('a')
    await untilNames('a')
  })

  test('a version that the server never takes is left behind by listing again', async () => {
    await put('a')
    await started()
    const stale = world.proxy.requests({verb: 'watch'})[0]?.url.searchParams.get('resourceVersion')
    const end = world.proxy.inject(
      {verb: 'watch', when: ({url}) => url.searchParams.get('resourceVersion') === stale},
      {kind: 'status', code: 504, reason: 'Timeout'},
    )
    // Another version is the newest by now, but this watch has not heard of it.
    world.proxy.silenceWatches()
    await put('b')
    world.proxy.cutWatches()
    await untilNames('a', 'b')
    end()
    expect(lists()).toBe(2)
  })
})

test('several namespaces fill one store, and the list of one leaves the other alone', async () => {
  const other = await createWorld('reflector')
  await put('a')
  await putConfigMap(other.kube, other.namespace, 'b', {kept: 'yes'})
  await started()
  await start({selection: {resource: CONFIG_MAPS, namespace: other.namespace, labelSelector: 'kept=yes'}}).synced
  expect(names()).toEqual(['a', 'b'])
  await untilWatching(2)
  await deleteConfigMap(world.kube, world.namespace, 'a')
  await untilNames('b')
  changes = []
  world.proxy.failWatches(410, {namespace: world.namespace})
  await waitFor('it has listed again', () => lists() === 3, {interval: 20})
  await put('c')
  await untilNames('b', 'c')
  expect(changes).toEqual(['+c'])
  await other.close()
})
