// Once before the e2e tests: a cluster, both images in it, the chart installed, and a ledger that pods can reach.
import {execFile} from 'node:child_process'
import {promisify} from 'node:util'
import type {TestProject} from 'vitest/node'
import {ensureCluster, kubectlPath} from '../cluster/index.ts'
import type {Cluster} from '../cluster/index.ts'
import {OPERATOR_NAMESPACE, RELEASE, installOperator} from '../support/install.ts'
import {startPostgres} from '../support/postgres.ts'
import {LEDGER_QUERY, seedLedger} from './ledger.ts'

const run = promisify(execFile)
/** Pods Pending for 10 s count as blocked, so that tests need not wait for two minutes. */
const CHART_VALUES = ['podPendingAfter=10s']

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
  const {jobImage} = await installOperator(cluster, CHART_VALUES)
  const database = await startPostgres({listen: cluster.hostAddress})
  project.provide('kubeconfig', cluster.kubeconfig)
  project.provide('kubectl', await kubectlPath())
  project.provide('jobImage', jobImage)
  project.provide('operatorNamespace', OPERATOR_NAMESPACE)
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

async function removeTenants(cluster: Cluster): Promise<void> {
  const env = {...process.env, KUBECONFIG: cluster.kubeconfig}
  const {stdout} = await run(await kubectlPath(), ['get', 'namespaces', '-o', 'name'], {env})
  const tenants = stdout.split('\n').filter((name) => name.startsWith('namespace/e2e-'))
  if (tenants.length > 0) await run(await kubectlPath(), ['delete', '--wait=false', ...tenants], {env})
}
