// npm run cluster -- up | down | status | kubeconfig
import {endClusters, ensureCluster, findCluster} from './index.ts'
import {kubectl, kubectlPath} from './kubectl.ts'
import {say, step} from './say.ts'
import type {Cluster} from './types.ts'

const USAGE = `usage: npm run cluster -- COMMAND
  up          start a cluster, or find the one that runs; the first time it is built, which takes some twenty minutes
  down        end it and remove what it put on this machine (what was built is kept)
  status      show its kind and nodes; exit code 1 where none runs
  kubeconfig  print the path of its kubeconfig; for a script, without npm's own lines: npm run --silent cluster -- kubeconfig
CLUSTER=existing|kind|local forces a kind: the cluster of KUBECONFIG, one in a container (needs Docker), one on this machine (needs root).`

async function up(): Promise<number> {
  await describe(await ensureCluster())
  return 0
}

async function down(): Promise<number> {
  await step('Ending the cluster', endClusters)
  return 0
}

async function status(): Promise<number> {
  const cluster = await findCluster()
  if (cluster === undefined) {
    say('No cluster runs; start one with: npm run cluster -- up')
    return 1
  }
  await describe(cluster)
  return 0
}

async function printKubeconfig(): Promise<number> {
  const cluster = await findCluster()
  if (cluster === undefined) return status()
  process.stdout.write(`${cluster.kubeconfig}\n`)
  return 0
}

async function describe({kind, kubeconfig, hostAddress}: Cluster): Promise<void> {
  say(`Cluster of kind ${kind}; pods reach this machine at ${hostAddress}`)
  say((await kubectl(kubeconfig, ['get', 'nodes', '-o', 'wide'])).trimEnd())
  say(`To use it:  export KUBECONFIG=${kubeconfig}`)
  say(`kubectl:    ${await kubectlPath()}`)
}

const COMMANDS: Readonly<Record<string, () => Promise<number>>> = {up, down, status, kubeconfig: printKubeconfig}

const command = COMMANDS[process.argv[2] ?? '']
if (command === undefined) say(USAGE)
process.exitCode = command === undefined ? 2 : await command()
