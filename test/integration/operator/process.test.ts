// operator/main.ts as a process: configuration, signals, exit codes, two replicas, and what stands in its log.
import {spawn} from 'node:child_process'
import type {ChildProcess} from 'node:child_process'
import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import type {Lease} from '../../../operator/kube/resources.ts'
import {waitFor} from '../../cluster/wait.ts'
import {freePorts} from '../../cluster/ports.ts'
import {applyExport, createCluster, untilCronJob} from './cluster.ts'
import type {Cluster} from './cluster.ts'

const MAIN = fileURLToPath(new URL('../../../operator/main.ts', import.meta.url))

interface Replica {
  readonly child: ChildProcess
  readonly port: number
  readonly log: () => string
  /** Its exit code, or the signal that ended it. */
  readonly exit: () => Promise<number | string>
}

let cluster: Cluster
let folder: string
let replicas: Replica[]

beforeEach(async () => {
  cluster = await createCluster('process')
  folder = await mkdtemp(join(tmpdir(), 'operator-'))
  replicas = []
})

afterEach(async () => {
  for (const {child} of replicas) child.kill('SIGKILL')
  await Promise.all(replicas.map(({exit}) => exit()))
  await cluster.close()
  await rm(folder, {recursive: true})
})

interface Settings {
  readonly config?: Record<string, unknown>
  readonly kubeconfig?: string
}

/** Starts a replica named by its number. */
async function start({config, kubeconfig = cluster.proxy.kubeconfig}: Settings = {}): Promise<Replica> {
  const [port = 0] = await freePorts(1)
  const path = join(folder, `config-${replicas.length}.yaml`)
  const whole = {
    namespaces: [cluster.namespace],
    logLevel: 'debug',
    runner: {image: 'scheduled-export/job:test'},
    leaderElection: {namespace: cluster.namespace, leaseDuration: '4s', renewDeadline: '3s', retryPeriod: '1s'},
    listen: {port},
    ...config,
  }
  await writeFile(path, JSON.stringify(whole))
  const env = {...process.env, OPERATOR_CONFIG: path, KUBECONFIG: kubeconfig, HOSTNAME: `replica-${replicas.length}`}
  const child = spawn(process.execPath, [MAIN], {env, stdio: ['ignore', 'pipe', 'pipe']})
  const replica = watched(child, port)
  replicas.push(replica)
  return replica
}

function watched(child: ChildProcess, port: number): Replica {
  const output: string[] = []
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text: string) => output.push(text))
  const ended = new Promise<number | string>((resolve) => {
    child.on('close', (code, signal) => resolve(code ?? signal ?? 'none'))
  })
  return {child, port, log: () => output.join(''), exit: () => ended}
}

async function get({port}: Replica, path: string): Promise<{status: number; text: string}> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`)
  return {status: response.status, text: await response.text()}
}

async function untilReady(replica: Replica): Promise<void> {
  await waitFor('the replica is ready', async () => (await get(replica, '/readyz')).status === 200, {seconds: 30, interval: 50, hint: replica.log})
}

async function untilLeading(replica: Replica): Promise<void> {
  const leads = async () => /^scheduled_export_operator_leader 1$/m.test((await get(replica, '/metrics')).text)
  await waitFor('the replica leads', leads, {seconds: 30, interval: 50, hint: replica.log})
}

async function holder(): Promise<string | undefined> {
  const path = `/apis/coordination.k8s.io/v1/namespaces/${cluster.namespace}/leases/scheduled-export-operator`
  return (await cluster.kube.expect<Lease>('GET', path)).spec?.holderIdentity
}

describe('one replica', () => {
  test('is alive at once, and ready when all its caches are filled', async () => {
    const end = cluster.proxy.inject({verb: 'list', resource: 'pods'}, {kind: 'status', code: 500})
    const replica = await start()
    await waitFor('it is alive', async () => (await get(replica, '/healthz')).status === 200, {interval: 50, hint: replica.log})
    await waitFor('only pods are missing', async () => {
      const {status, text} = await get(replica, '/readyz')
      return status === 503 && text.includes('pods') && !text.includes('cronjobs')
    })
    end()
    await untilReady(replica)
    expect((await get(replica, '/healthz')).text).toBe('ok\n')
  })

  test('ends with 0 when told to, gives the Lease back and leaves no watch open', async () => {
    const replica = await start()
    await untilLeading(replica)
    await applyExport(cluster, 'datev')
    await untilCronJob(cluster, 'datev')
    replica.child.kill('SIGTERM')
    expect(await replica.exit()).toBe(0)
    expect(await holder()).toBe('')
    await waitFor('no watch is open', () => cluster.proxy.openWatches() === 0)
    const lines = replica.log().trim().split('\n').map((line): {message: string} => JSON.parse(line))
    expect(lines.at(-1)?.message).toBe('stopped')
  })

  test('ends with 1 when it loses the Lease', async () => {
    const replica = await start()
    await untilLeading(replica)
    cluster.proxy.inject({resource: 'leases'}, {kind: 'silence'})
    expect(await replica.exit()).toBe(1)
    expect(replica.log()).toContain('the Lease was lost')
  })

  test('ends with 1 at a mistake in its configuration, and names the field', async () => {
    const replica = await start({config: {leaderElection: {leaseDuration: '5s', renewDeadline: '10s'}}})
    expect(await replica.exit()).toBe(1)
    expect(replica.log()).toContain('leaderElection')
  })

  test('never writes its token into its log', async () => {
    const canary = 'c4n4ry-Zx9-token'
    const kubeconfig = join(folder, 'kubeconfig')
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{name: 'c', cluster: {server: cluster.proxy.url, 'insecure-skip-tls-verify': true}}],
      users: [{name: 'u', user: {token: canary}}],
      contexts: [{name: 'c', context: {cluster: 'c', user: 'u'}}],
      'current-context': 'c',
    }
    await writeFile(kubeconfig, JSON.stringify(config))
    const replica = await start({kubeconfig, config: {logLevel: 'trace'}})
    await waitFor('it was refused', () => replica.log().includes('unauthorized'), {hint: replica.log})
    expect(cluster.proxy.requests()[0]?.headers.authorization).toContain(canary)
    expect(replica.log()).not.toContain(canary)
  })
})

describe('two replicas', () => {
  test('of which one leads; when it is killed, the other works', async () => {
    const first = await start()
    await untilLeading(first)
    const second = await start()
    await untilReady(second)
    expect((await get(second, '/metrics')).text).toMatch(/^scheduled_export_operator_leader 0$/m)
    await applyExport(cluster, 'before')
    await untilCronJob(cluster, 'before')

    first.child.kill('SIGKILL')
    await applyExport(cluster, 'after')
    await untilLeading(second)
    await untilCronJob(cluster, 'after')
    expect(await holder()).toContain('replica-1')
  })

  test('change over at once when the leader stops in order', async () => {
    const first = await start()
    await untilLeading(first)
    const second = await start()
    await untilReady(second)
    first.child.kill('SIGTERM')
    expect(await first.exit()).toBe(0)
    const from = performance.now()
    await untilLeading(second)
    // Less than the lease duration: it was given back.
    expect(performance.now() - from).toBeLessThan(3000)
  })
})
