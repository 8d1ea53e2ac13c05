// Helm itself against an API server of its own: what an upgrade changes and what an uninstallation leaves.
import {cp, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, inject, it} from 'vitest'
import {API_VERSION, GROUP, PLURAL} from '../../../crds/names.ts'
import {startApiServer, type ApiServer} from '../../cluster/apiserver.ts'
import {ensureHelm} from '../../cluster/build/build.ts'
import {run} from '../../cluster/run.ts'
import {apply, connect, untilObject, type Kube} from '../../support/kube.ts'
import {fromPostgres} from '../crd/manifests.ts'
import {CHART} from './chart.ts'

const NAMESPACE = 'scheduled-export-system'
const DEFINITION = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${PLURAL}.${GROUP}`
const EXPORT = `/apis/${API_VERSION}/namespaces/default/${PLURAL}/kept`

// On a cluster that is somebody else's nothing is installed and removed.
describe.skipIf(inject('auditLog') === undefined)('Helm', () => {
  let server: ApiServer
  let kube: Kube
  let folder: string
  beforeAll(async () => {
    server = await startApiServer()
    kube = connect(server.kubeconfig)
    folder = await mkdtemp(join(tmpdir(), 'scheduled-export-chart-'))
  })
  afterAll(async () => {
    await server.stop()
    await rm(folder, {recursive: true, force: true})
  })

  async function helm(...args: string[]): Promise<string> {
    return await run(await ensureHelm(), [...args, '-n', NAMESPACE], {env: {...process.env, KUBECONFIG: server.kubeconfig}})
  }

  async function exists(path: string): Promise<boolean> {
    return (await kube.call('GET', path)).status === 200
  }

  it('installs, and says what to type next', async () => {
    const notes = await helm('install', 'scheduled-export', CHART, '--create-namespace')
    expect(notes).toContain('kubectl explain scheduledexport.spec')
    await untilObject(kube, `/apis/${API_VERSION}/${PLURAL}`, () => true)
    await apply(kube, [fromPostgres('kept')], {namespace: 'default'})
    expect(await exists(`/apis/apps/v1/namespaces/${NAMESPACE}/deployments/scheduled-export`)).toBe(true)
  })

  it('upgrades the CustomResourceDefinition with the chart', async () => {
    await cp(CHART, folder, {recursive: true})
    const file = join(folder, 'files', 'scheduledexports.yaml')
    const text = await readFile(file, 'utf8')
    await writeFile(file, text.replace('- sx\n', '- sx\n      - sxx\n'))
    await helm('upgrade', 'scheduled-export', folder)
    expect(await kube.expect('GET', DEFINITION)).toHaveProperty('spec.names.shortNames', ['sx', 'sxx'])
  })

  it('leaves the definition and every export when it uninstalls', async () => {
    const before = await kube.expect('GET', EXPORT)
    await helm('uninstall', 'scheduled-export')
    expect(await exists(`/apis/apps/v1/namespaces/${NAMESPACE}/deployments/scheduled-export`)).toBe(false)
    expect(await exists(`/apis/rbac.authorization.k8s.io/v1/clusterroles/scheduled-export`)).toBe(false)
    expect((await kube.expect('GET', EXPORT)).metadata?.uid).toBe(before.metadata?.uid)
  })

  it('takes the definition that was left over when it installs again', async () => {
    await helm('install', 'scheduled-export', CHART)
    expect(await kube.expect('GET', DEFINITION)).toHaveProperty('spec.names.shortNames', ['sx'])
    expect(await exists(EXPORT)).toBe(true)
  })
})
