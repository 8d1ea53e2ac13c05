// The harness as tests and demo use it: one cluster, whatever kind it is, found where it runs and started where not.
import {chooseKind} from './choose.ts'
import {existingProvider} from './existing.ts'
import {canPullNode, kindProvider} from './kind/kind.ts'
import {localProvider} from './local/local.ts'
import {withLock} from './lock.ts'
import {say} from './say.ts'
import {readSettings} from './settings.ts'
import type {Cluster, ClusterKind, Provider} from './types.ts'

export {ensureHelm} from './build/build.ts'
export {kubectlPath} from './kubectl.ts'
export type {Cluster, ClusterKind} from './types.ts'

const PROVIDERS: Readonly<Record<ClusterKind, Provider>> = {existing: existingProvider, kind: kindProvider, local: localProvider}

/**
 * The cluster that CLUSTER forces (existing, kind, local), else the one that runs, else a new one: kind where its node image is to be
 * had, local where not. A broken one is started anew, empty. What has to be built is built first, which takes some minutes once.
 * One that runs is found in well under two seconds, so that every test may ask.
 */
export async function ensureCluster(): Promise<Cluster> {
  return (await findCluster()) ?? (await withLock('cluster', async () => (await findCluster()) ?? startCluster()))
}

/** The running cluster of the forced kind, or of any; undefined where there is none. */
export async function findCluster(): Promise<Cluster | undefined> {
  const {cluster: forced} = readSettings()
  if (forced !== undefined) return PROVIDERS[await chosenKind()].find()
  return (await localProvider.find()) ?? kindProvider.find()
}

/** Ends the clusters that the harness started: that of the forced kind, else all. */
export async function endClusters(): Promise<void> {
  const kinds: readonly ClusterKind[] = readSettings().cluster === undefined ? ['kind', 'local'] : [await chosenKind()]
  await withLock('cluster', async () => {
    for (const kind of kinds) await PROVIDERS[kind].down()
  })
}

async function startCluster(): Promise<Cluster> {
  const kind = await chosenKind()
  say(`Kind of cluster: ${kind}`)
  return PROVIDERS[kind].start()
}

function chosenKind(): Promise<ClusterKind> {
  return chooseKind({
    forced: readSettings().cluster,
    isRunning: async (kind) => (await PROVIDERS[kind].find()) !== undefined,
    canPullNode,
  })
}
