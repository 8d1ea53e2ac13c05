// The operator at work with the rights and the configuration that the chart gives it, and no others. On an API server of its own: it
// would else take up the exports of every other test.
import {spawn, type ChildProcess} from 'node:child_process'
import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import type {KubernetesObject, V1ConfigMap, V1CronJob} from '@kubernetes/client-node'
import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import {API_VERSION, PLURAL} from '../../../crds/names.ts'
import {startApiServer, type ApiServer} from '../../cluster/apiserver.ts'
import {Hopeless} from '../../cluster/wait.ts'
import {apply, connect, createNamespace, MERGE, untilCondition, untilObject, type Kube} from '../../support/kube.ts'
import {fromPostgres} from '../crd/manifests.ts'
import {renderChart, tokenOf} from './chart.ts'

const ROOT = join(import.meta.dirname, '../../..')
const NAME = 'monthly'

describe.each([
  {title: 'all namespaces', listed: false},
  {title: 'a list of namespaces', listed: true},
])('the operator of a chart for $title', ({listed}) => {
  let server: ApiServer
  let kube: Kube
  let operator: Operator
  let namespace: string
  let account: {namespace: string; name: string}
  beforeAll(async () => {
    server = await startApiServer()
    kube = connect(server.kubeconfig)
    namespace = await createNamespace(kube, 'worked')
    const home = await createNamespace(kube, 'operator')
    account = {namespace: home, name: 'scheduled-export'}
    const objects = await renderChart({release: account.name, namespace: home, values: {watchNamespaces: listed ? [namespace] : []}})
    await apply(kube, objects)
    await untilObject(kube, `/apis/${API_VERSION}/${PLURAL}`, () => true)
    operator = await startOperator({config: configurationIn(objects), as: kube.withToken(await tokenOf(kube, account))})
  })
  afterAll(async () => {
    await operator.stop()
    await server.stop()
  })

  it('brings an export into force, follows a change, repairs what is deleted, and is refused nothing', async () => {
    const path = `/apis/${API_VERSION}/namespaces/${namespace}/${PLURAL}/${NAME}`
    const cronJob = `/apis/batch/v1/namespaces/${namespace}/cronjobs/${NAME}`
    const untilScheduled = async (schedule: string) => {
      return await untilObject<V1CronJob>(kube, cronJob, (found) => operator.runs() && found.spec?.schedule === schedule)
    }
    await apply(kube, [fromPostgres(NAME)], {namespace})
    const first = await untilScheduled('0 6 1 * *')
    await untilCondition(kube, path, 'Ready=True')
    await kube.expect('PATCH', path, {body: {spec: {schedule: '0 8 1 * *'}}, contentType: MERGE})
    await untilScheduled('0 8 1 * *')
    await kube.expect('DELETE', cronJob)
    const again = await untilScheduled('0 8 1 * *')
    expect(again.metadata?.uid).not.toBe(first.metadata?.uid)
    expect(await refusals(server.auditLog, account)).toEqual([])
  })
})

interface Operator {
  /** True; throws, with what it logged, where it has ended. */
  runs(): true
  stop(): Promise<void>
}

/** The program as the image runs it, with a kubeconfig in place of the pod's token. */
async function startOperator({config, as}: {config: string; as: Kube}): Promise<Operator> {
  const folder = await mkdtemp(join(tmpdir(), 'scheduled-export-operator-'))
  const files = {config: join(folder, 'config.yaml'), kubeconfig: join(folder, 'kubeconfig')}
  // A free port instead of the pod's own.
  await writeFile(files.config, config.replace('port: 8080', 'port: 0'))
  await writeFile(files.kubeconfig, as.config.exportConfig(), {mode: 0o600})
  const env = {...process.env, OPERATOR_CONFIG: files.config, KUBECONFIG: files.kubeconfig}
  const child = spawn(process.execPath, ['operator/main.ts'], {cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe']})
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  return {
    runs: () => {
      if (child.exitCode !== null) throw new Hopeless(`the operator ended with ${child.exitCode}: ${output}`)
      return true
    },
    stop: async () => {
      await end(child)
      await rm(folder, {recursive: true, force: true})
    },
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const closed = new Promise((resolve) => child.once('close', resolve))
  child.kill('SIGTERM')
  await closed
}

function configurationIn(objects: readonly KubernetesObject[]): string {
  const map: V1ConfigMap | undefined = objects.find(({kind}) => kind === 'ConfigMap')
  return map?.data?.['config.yaml'] ?? ''
}

interface AuditEntry {
  readonly user: {readonly username: string}
  readonly verb: string
  readonly requestURI: string
  readonly responseStatus?: {readonly code: number}
}

/** What the API server forbade that account, by its audit log. */
async function refusals(auditLog: string, {namespace, name}: {namespace: string; name: string}): Promise<string[]> {
  const username = `system:serviceaccount:${namespace}:${name}`
  const lines = (await readFile(auditLog, 'utf8')).split('\n').filter((line) => line.includes(username) && line.endsWith('}'))
  const entries = lines.map((line): AuditEntry => JSON.parse(line)).filter(({user}) => user.username === username)
  expect(entries.length).toBeGreaterThan(5)
  return entries.filter(({responseStatus}) => responseStatus?.code === 403).map(({verb, requestURI}) => `${verb} ${requestURI}`)
}
