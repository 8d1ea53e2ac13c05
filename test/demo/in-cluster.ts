// The whole way in a cluster: chart, namespace, Secret, manifest, a run, the file.
import {readFile} from 'node:fs/promises'
import {parseAllDocuments} from 'yaml'
import {ensureCluster} from '../cluster/index.ts'
import type {Cluster} from '../cluster/index.ts'
import {OPERATOR_NAMESPACE, RELEASE, installOperator, uninstallOperator} from '../support/install.ts'
import {listenForPods} from './database.ts'
import {kubectlFor} from './kubectl.ts'
import type {Kubectl} from './kubectl.ts'
import {awaitCronJob, clearEarlierFiles, runNow, showFile} from './run-now.ts'
import {block, heading, line} from './show.ts'

const NAMESPACE = 'acme'
const CLAIM = 'exports'
const MANIFEST = 'examples/datev-monthly.yaml'

/** What is left running, for the last words. */
export interface Left {
  readonly cluster: Cluster
  readonly kubectlPath: string
}

export async function exportInCluster(): Promise<Left> {
  heading('2 of 5  A cluster')
  const cluster = await ensureCluster()
  const kubectl = await kubectlFor(cluster)
  block(await kubectl.run(['get', 'nodes']))

  heading('3 of 5  The operator, by Helm')
  const {jobImage: image, values} = await installOperator(cluster)
  block(`$ helm upgrade --install ${RELEASE} charts/scheduled-export -n ${OPERATOR_NAMESPACE} --create-namespace \\`)
  block(values.map((value) => `      --set ${value}`).join(' \\\n'))
  block(await kubectl.run(['get', 'pods', '-n', OPERATOR_NAMESPACE]))

  heading('4 of 5  A namespace, a Secret, a volume, the manifest')
  await prepareNamespace(cluster, kubectl)
  const volume = {namespace: NAMESPACE, claimName: CLAIM, image}
  if (await clearEarlierFiles(kubectl, volume)) line('An earlier demo had published this month already; its files are removed, for another run would be Rejected.')
  await kubectl.show(['apply', '-f', MANIFEST])
  await awaitCronJob(kubectl, NAMESPACE)
  await kubectl.show(['get', 'sx,cronjobs', '-n', NAMESPACE])

  heading('5 of 5  A run at once, and its file')
  const file = await runNow(kubectl, NAMESPACE)
  line('\nThe file, read back from the volume by a pod:\n')
  await showFile(kubectl, volume, file)
  return {cluster, kubectlPath: kubectl.path}
}

/** Takes the demo's namespace and the operator out of the cluster again. */
export async function removeFromCluster(cluster: Cluster): Promise<void> {
  const kubectl = await kubectlFor(cluster)
  // The export first, while the operator is there to see it go.
  await kubectl.run(['delete', 'namespace', NAMESPACE, '--ignore-not-found'])
  await uninstallOperator(cluster)
}

async function prepareNamespace(cluster: Cluster, kubectl: Kubectl): Promise<void> {
  const documents = parseAllDocuments(await readFile(new URL('../../examples/namespace.yaml', import.meta.url), 'utf8'))
  const namespace: unknown = documents[0]?.toJS()
  const url = await listenForPods(cluster.hostAddress)
  const secret = {apiVersion: 'v1', kind: 'Secret', metadata: {name: 'ledger-db', namespace: NAMESPACE}, stringData: {url}}
  block(await kubectl.run(['apply', '-f', '-'], JSON.stringify(namespace)))
  block(await kubectl.run(['apply', '-f', '-'], JSON.stringify(secret)))
  await cluster.makeVolume(NAMESPACE, CLAIM)
  block(`persistentvolumeclaim/${CLAIM} made`)
}
