// The operator's verbs, credentials and timeouts against a real API server.
import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {KubeConfig} from '@kubernetes/client-node'
import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import {createKubeApi} from '../../../operator/kube/client.ts'
import {CRON_JOBS, SCHEDULED_EXPORTS, SERVICE_ACCOUNTS} from '../../../operator/kube/resources.ts'
import type {CronJob} from '../../../operator/kube/resources.ts'
import type {RequestOutcome} from '../../../operator/kube/transport.ts'
import type {KubeApi, KubeObject, ObjectMeta} from '../../../operator/kube/types.ts'
import {anExport} from '../../../operator/testing/objects.ts'
import {API_VERSION, PLURAL} from '../../../crds/names.ts'
import {CONFIG_MAPS, createWorld} from './world.ts'
import type {ConfigMap, World} from './world.ts'

/** The UID of no object. */
const NOBODY = '00000000-0000-0000-0000-000000000000'

let world: World
let api: KubeApi

beforeEach(async () => {
  world = await createWorld('client')
  api = createKubeApi({transport: world.transport()})
})

afterEach(async () => {
  await world.close()
})

function configMap(name: string, data: Record<string, string>, uid?: string): ConfigMap {
  return {metadata: {namespace: world.namespace, name, ...(uid !== undefined && {uid})}, data}
}

function named(name: string) {
  return {namespace: world.namespace, name}
}

function cronJob(name: string, uid?: string): CronJob {
  const template = {spec: {restartPolicy: 'Never', containers: [{name: 'c', image: 'i'}]}}
  return {
    metadata: {namespace: world.namespace, name, ...(uid !== undefined && {uid})},
    spec: {schedule: '0 6 1 * *', jobTemplate: {spec: {template}}},
  }
}

/** What the operator would apply of an export's status. */
function status(effectiveSchedule: string, metadata: ObjectMeta): KubeObject & {status: object} {
  return {metadata: {...named('a'), ...metadata}, status: {effectiveSchedule}}
}

describe('verbs', () => {
  test('what is not there is undefined', async () => {
    expect(await api.get(CONFIG_MAPS, named('a'))).toBeUndefined()
  })

  test('a second object of a name is refused as alreadyExists', async () => {
    const made = await api.create(CONFIG_MAPS, configMap('a', {x: '1'}))
    expect(made.metadata?.uid).toEqual(expect.any(String))
    await expect(api.create(CONFIG_MAPS, configMap('a', {x: '2'}))).rejects.toMatchObject({class: 'alreadyExists'})
  })

  test('an apply is ours by name, takes over other managers\' fields, and drops what it no longer says', async () => {
    const uid = (await api.create(CONFIG_MAPS, configMap('a', {x: '1'}))).metadata?.uid
    await world.kube.expect('PATCH', `/api/v1/namespaces/${world.namespace}/configmaps/a`, {
      query: {fieldManager: 'somebody'},
      body: {data: {x: 'theirs'}},
      contentType: 'application/merge-patch+json',
    })
    await api.apply(CONFIG_MAPS, configMap('a', {x: '2', y: '2'}, uid))
    const applied = await api.apply(CONFIG_MAPS, configMap('a', {x: '3'}, uid))
    expect(applied.data).toEqual({x: '3'})
    const managers = applied.metadata?.managedFields?.map(({manager, operation}) => `${manager} ${operation}`)
    expect(managers).toContain('scheduled-export-operator Apply')
  })

  test('an apply that carries a UID never adopts another object', async () => {
    await api.create(CONFIG_MAPS, configMap('a', {x: '1'}))
    await expect(api.apply(CONFIG_MAPS, configMap('a', {x: '2'}, NOBODY))).rejects.toMatchObject({class: 'conflict'})
    expect((await api.get(CONFIG_MAPS, named('a')))?.data).toEqual({x: '1'})

    await api.create(CRON_JOBS, cronJob('a'))
    const foreign = cronJob('a', NOBODY)
    await expect(api.apply(CRON_JOBS, foreign)).rejects.toMatchObject({class: 'conflict'})
    await expect(api.apply(CRON_JOBS, foreign, 'status')).rejects.toMatchObject({class: 'conflict'})
  })

  test('a status of a custom resource is not held back by a UID, only by a version', async () => {
    const export1 = anExport(world.namespace, 'a')
    const path = `/apis/${API_VERSION}/namespaces/${world.namespace}/${PLURAL}`
    await world.kube.expect('POST', path, {body: {...export1, metadata: {name: 'a'}}})
    const first = await api.apply<KubeObject>(SCHEDULED_EXPORTS, status('1', {uid: NOBODY}), 'status')
    const {resourceVersion} = first.metadata ?? {}
    await api.apply<KubeObject>(SCHEDULED_EXPORTS, status('2', {resourceVersion}), 'status')
    const late = api.apply<KubeObject>(SCHEDULED_EXPORTS, status('3', {resourceVersion}), 'status')
    await expect(late).rejects.toMatchObject({class: 'conflict'})
  })

  test('an apply that carries a UID never makes an object', async () => {
    await expect(api.apply(CONFIG_MAPS, configMap('b', {x: '2'}, NOBODY))).rejects.toMatchObject({class: 'conflict'})
    expect(await api.get(CONFIG_MAPS, named('b'))).toBeUndefined()
  })

  test('a merge patch with a version that has passed is a conflict', async () => {
    const made = await api.create(CONFIG_MAPS, configMap('a', {x: '1'}))
    const {resourceVersion} = made.metadata ?? {}
    await api.mergePatch(CONFIG_MAPS, named('a'), {metadata: {resourceVersion}, data: {x: '2'}})
    await expect(api.mergePatch(CONFIG_MAPS, named('a'), {metadata: {resourceVersion}, data: {x: '3'}})).rejects.toMatchObject({
      class: 'conflict',
    })
  })

  test('status is patched by itself', async () => {
    await api.create(CRON_JOBS, cronJob('c'))
    const patched = await api.mergePatch(CRON_JOBS, named('c'), {status: {lastScheduleTime: '2026-01-01T00:00:00Z'}}, 'status')
    expect(patched.status?.lastScheduleTime).toBe('2026-01-01T00:00:00Z')
    expect(world.proxy.counts()).toMatchObject({'patch cronjobs/status': 1})
  })

  test('exactly one object is removed, and gone already is fine', async () => {
    const uid = (await api.create(SERVICE_ACCOUNTS, {metadata: {namespace: world.namespace, name: 'a'}})).metadata?.uid ?? ''
    await api.remove(SERVICE_ACCOUNTS, named('a'), NOBODY)
    expect(await api.get(SERVICE_ACCOUNTS, named('a'))).toBeDefined()
    await api.remove(SERVICE_ACCOUNTS, named('a'), uid)
    expect(await api.get(SERVICE_ACCOUNTS, named('a'))).toBeUndefined()
    await api.remove(SERVICE_ACCOUNTS, named('a'), uid)
  })

  test('what the server finds wrong is invalid, in its own words', async () => {
    await expect(api.create(CONFIG_MAPS, configMap('Not A Name', {}))).rejects.toMatchObject({
      class: 'invalid',
      code: 422,
      message: expect.stringContaining('metadata.name'),
    })
  })

  test('a replica that may not write does not even try', async () => {
    const watching = createKubeApi({transport: world.transport(), mayWrite: () => false})
    await expect(watching.create(CONFIG_MAPS, configMap('a', {}))).rejects.toThrow('not the leader')
    expect(await watching.get(CONFIG_MAPS, named('a'))).toBeUndefined()
    expect(world.proxy.writes()).toEqual([])
  })
})

describe('a network that fails', () => {
  test('no answer is an error when the time is over', async () => {
    world.proxy.inject({}, {kind: 'silence'})
    const impatient = createKubeApi({transport: world.transport({timeoutMs: 300})})
    const from = performance.now()
    await expect(impatient.get(CONFIG_MAPS, named('a'))).rejects.toMatchObject({class: 'network', message: expect.stringContaining('300 ms')})
    expect(performance.now() - from).toBeLessThan(3000)
  })

  test('a write whose answer is lost was done, and the second try shows it', async () => {
    world.proxy.inject({verb: 'create'}, {kind: 'loseAnswer'}, 1)
    await expect(api.create(CONFIG_MAPS, configMap('a', {x: '1'}))).rejects.toMatchObject({class: 'network'})
    await expect(api.create(CONFIG_MAPS, configMap('a', {x: '1'}))).rejects.toMatchObject({class: 'alreadyExists'})
  })

  test('a busy server\'s Retry-After is in the error', async () => {
    world.proxy.inject({}, {kind: 'status', code: 429, retryAfterSeconds: 7}, 1)
    await expect(api.get(CONFIG_MAPS, named('a'))).rejects.toMatchObject({class: 'tooManyRequests', retryAfterMs: 7000})
  })

  test('every request is measured', async () => {
    const outcomes: RequestOutcome[] = []
    const measured = createKubeApi({transport: world.transport({onOutcome: (outcome) => outcomes.push(outcome)})})
    await measured.get(CONFIG_MAPS, named('a'))
    await measured.create(CONFIG_MAPS, configMap('a', {}))
    world.proxy.inject({}, {kind: 'reset'}, 1)
    await expect(measured.create(CONFIG_MAPS, configMap('b', {}))).rejects.toMatchObject({class: 'network'})
    expect(outcomes.map(({verb, resource, code}) => `${verb} ${resource} ${code}`)).toEqual([
      'get configmaps 404',
      'create configmaps 201',
      'create configmaps error',
    ])
  })
})

async function token(): Promise<string> {
  const path = `/api/v1/namespaces/${world.namespace}/serviceaccounts`
  await world.kube.call('POST', path, {body: {metadata: {name: 'me'}}})
  interface TokenRequest {
    status: {token: string}
  }
  const body = {apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {}}
  return (await world.kube.expect<TokenRequest>('POST', `${path}/me/token`, {body})).status.token
}

describe('credentials', () => {
  let folder: string
  let tokenFile: string

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'token-'))
    tokenFile = join(folder, 'token')
  })

  afterEach(async () => {
    await rm(folder, {recursive: true})
  })

  /** As in a pod: the token is a file that the kubelet replaces. */
  function inCluster(): KubeConfig {
    const config = new KubeConfig()
    config.loadFromClusterAndUser(
      {name: 'inCluster', server: world.proxy.url, skipTLSVerify: true},
      {name: 'inClusterUser', authProvider: {name: 'tokenFile', config: {tokenFile}}},
    )
    return config
  }

  test('a token that was replaced is picked up at the first 401', async () => {
    const [first, second] = [await token(), await token()]
    expect(first).not.toBe(second)
    await writeFile(tokenFile, first)
    const rotating = createKubeApi({transport: world.transport({load: inCluster})})
    // The account may do nothing; 403 shows that it was recognized.
    await expect(rotating.get(CONFIG_MAPS, named('a'))).rejects.toMatchObject({class: 'forbidden'})
    await writeFile(tokenFile, second)
    world.proxy.inject({when: ({headers}) => headers.authorization === `Bearer ${first}`}, {kind: 'status', code: 401, reason: 'Unauthorized'})
    world.proxy.resetCounts()
    await expect(rotating.get(CONFIG_MAPS, named('a'))).rejects.toMatchObject({class: 'forbidden'})
    await expect(rotating.get(CONFIG_MAPS, named('a'))).rejects.toMatchObject({class: 'forbidden'})
    expect(world.proxy.requests().map(({headers}) => headers.authorization === `Bearer ${second}`)).toEqual([false, true, true])
  })

  test('a token that is not right is asked with twice and no more', async () => {
    await writeFile(tokenFile, 'not-a-token')
    const refused = createKubeApi({transport: world.transport({load: inCluster})})
    await expect(refused.get(CONFIG_MAPS, named('a'))).rejects.toMatchObject({class: 'unauthorized'})
    expect(world.proxy.requests()).toHaveLength(2)
  })
})
