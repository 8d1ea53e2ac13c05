// Once before the e2e tests: a cluster, both images in it, the chart installed, and a ledger that pods can reach.
import {execFile} from 'node:child_process'
import {promisify} from 'node:util'
import type {TestProject} from 'vitest/node'
import {ensureCluster, ensureHelm, kubectlPath} from '../cluster/index.ts'
import type {Cluster} from '../cluster/index.ts'
import {buildImages} from '../images/build.ts'
import {startPostgres} from '../support/postgres.ts'
import {LEDGER_QUERY, seedLedger} from './ledger.ts'

const run = promisify(execFile)
const RELEASE = 'scheduled-export'
const NAMESPACE = 'scheduled-export-e2e'

declare module 'vitest' {
  interface ProvidedContext {
    kubeconfig: string
    kubectl: string
    jobImage: string
    operatorNamespace: string
    operatorAccount: string
    operatorDeployment: string
    operatorSelector: string
    /** URL of a user that may only read the ledger, as pods reach it. */
    ledgerUrl: string
    /** URL of the superuser. */
    adminUrl: string
    ledgerQuery: string
  }
}

/** vitest's globalSetup: what it gives back is called at the end. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const cluster = await ensureCluster()
  const images = await buildImages()
  for (const image of [images.operator, images.job]) await cluster.loadImage(image.archive)
  await install(cluster, {operator: images.operator.name, job: images.job.name})
  const database = await startPostgres({listen: cluster.hostAddress})
  project.provide('kubeconfig', cluster.kubeconfig)
  project.provide('kubectl', await kubectlPath())
  project.provide('jobImage', images.job.name)
  project.provide('operatorNamespace', NAMESPACE)
  project.provide('operatorAccount', RELEASE)
  project.provide('operatorDeployment', RELEASE)
  project.provide('operatorSelector', `app.kubernetes.io/instance=${RELEASE},app.kubernetes.io/component=operator`)
  project.provide('ledgerUrl', await seedLedger(database))
  project.provide('adminUrl', database.url)
  project.provide('ledgerQuery', LEDGER_QUERY)
  return async () => {
    await database.stop()
    await removeTenants(cluster)
  }
}

/** Installs or upgrades the chart as a user would; pods Pending for 10 s count as blocked, so that tests need not wait for two minutes. */
async function install(cluster: Cluster, image: {operator: string; job: string}): Promise<void> {
  const [operator, job] = [split(image.operator), split(image.job)]
  const values = {
    'operator.image.repository': operator.repository,
    'operator.image.tag': operator.tag,
    'runner.image.repository': job.repository,
    'runner.image.tag': job.tag,
    'podPendingAfter': '10s',
  }
  const sets = Object.entries(values).flatMap(([key, value]) => ['--set', `${key}=${value}`])
  const chart = new URL('../../charts/scheduled-export', import.meta.url).pathname
  const args = ['upgrade', '--install', RELEASE, chart, '-n', NAMESPACE, '--create-namespace', '--wait', '--timeout', '3m', ...sets]
  await run(await ensureHelm(), args, {env: {...process.env, KUBECONFIG: cluster.kubeconfig}})
}

function split(image: string): {repository: string; tag: string} {
  const at = image.lastIndexOf(':')
  return {repository: image.slice(0, at), tag: image.slice(at + 1)}
}

async function removeTenants(cluster: Cluster): Promise<void> {
  const env = {...process.env, KUBECONFIG: cluster.kubeconfig}
  const {stdout} = await run(await kubectlPath(), ['get', 'namespaces', '-o', 'name'], {env})
  const tenants = stdout.split('\n').filter((name) => name.startsWith('namespace/e2e-'))
  if (tenants.length > 0) await run(await kubectlPath(), ['delete', '--wait=false', ...tenants], {env})
}
