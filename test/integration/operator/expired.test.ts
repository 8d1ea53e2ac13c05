// The API server's own 410, not an injected one: a server that forgets old versions within seconds.
import {afterAll, afterEach, beforeAll, beforeEach, expect, test} from 'vitest'
import {systemClock} from '../../../operator/clock.ts'
import {isApiError} from '../../../operator/kube/errors.ts'
import {listAll} from '../../../operator/kube/list.ts'
import {createReflector} from '../../../operator/kube/reflector.ts'
import type {RestartReason} from '../../../operator/kube/reflector.ts'
import {createStore} from '../../../operator/kube/store.ts'
import type {ApiRequest, Transport} from '../../../operator/kube/transport.ts'
import {trimmed} from '../../../operator/kube/trim.ts'
import {watchOnce} from '../../../operator/kube/watch.ts'
import {recordingLogger} from '../../../operator/testing/objects.ts'
import {startApiServer} from '../../cluster/apiserver.ts'
import type {ApiServer} from '../../cluster/apiserver.ts'
import {waitFor} from '../../cluster/wait.ts'
import {CONFIG_MAPS, createWorld, deleteConfigMap, putConfigMap} from './world.ts'
import type {ConfigMap, World} from './world.ts'

let server: ApiServer
let world: World

beforeAll(async () => {
  server = await startApiServer({arguments: ['--etcd-compaction-interval=1s', '--watch-cache=false']})
})

afterAll(async () => {
  await server.stop()
})

beforeEach(async () => {
  world = await createWorld('expired', server.kubeconfig)
})

afterEach(async () => {
  await world.close()
})

/** The server forgets a version only when there is a newer one. */
async function makeHistory(): Promise<void> {
  await putConfigMap(world.kube, 'default', 'noise')
}

/** Whether a request is answered with 410 by now. */
async function isGone(run: () => Promise<unknown>): Promise<boolean> {
  await makeHistory()
  try {
    await run()
    return false
  } catch (error) {
    return isApiError(error, 'gone')
  }
}

test('a reflector whose version was forgotten while it heard nothing lists again and finds what has gone', async () => {
  const store = createStore<ConfigMap>()
  const restarts: RestartReason[] = []
  for (const name of ['stays', 'goes']) await putConfigMap(world.kube, world.namespace, name)
  const selection = {resource: CONFIG_MAPS, namespace: world.namespace}
  const common = {transport: world.transport(), selection, clock: systemClock}
  const reflector = createReflector({...common, store, log: recordingLogger(), trim: trimmed, onRestart: (reason) => restarts.push(reason)})
  const stop = new AbortController()
  const ended = reflector.run(stop.signal)
  await waitFor('the watch is open', () => world.proxy.openWatches() === 1, {interval: 20})
  const resourceVersion = world.proxy.requests({verb: 'watch'})[0]?.url.searchParams.get('resourceVersion') ?? ''

  world.proxy.silenceWatches()
  await deleteConfigMap(world.kube, world.namespace, 'goes')
  const signal = new AbortController().signal
  const old = {resourceVersion, timeoutSeconds: 1, silenceMs: 5000, clock: systemClock, signal}
  await waitFor('the version is forgotten', () => isGone(() => watchOnce(world.transport(), selection, old).next()))
  world.proxy.endWatches({namespace: world.namespace})

  await waitFor('the store knows', () => [...store.all()].every(({metadata}) => metadata?.name !== 'goes'), {seconds: 20, interval: 50})
  expect(restarts).toContain('gone')
  stop.abort()
  await ended
})

test('a list whose pages were forgotten on the way is read again in one piece', async () => {
  await Promise.all(Array.from({length: 255}, (_, index) => putConfigMap(world.kube, world.namespace, `n${index}`)))
  const direct = world.transport()
  let pages = 0
  /** Dawdles before each further page, until the server has forgotten the list's version. */
  async function request<T>(call: ApiRequest): Promise<T> {
    pages += 1
    if (call.query?.['continue'] !== undefined) await waitFor('the version is forgotten', () => isGone(() => direct.request(call)))
    return await direct.request<T>(call)
  }
  const slow: Transport = {...direct, request}
  const list = await listAll(
    slow,
    {resource: CONFIG_MAPS, namespace: world.namespace},
    {trim: trimmed, signal: new AbortController().signal},
  )
  expect(new Set(list.items.map((item) => item.metadata?.name)).size).toBe(255)
  expect(pages).toBe(3)
})
