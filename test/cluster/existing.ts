// A cluster that is there already: the one that KUBECONFIG (or ~/.kube/config) names. It belongs to somebody else, so it is used with care.
import {existsSync} from 'node:fs'
import {homedir, networkInterfaces} from 'node:os'
import {delimiter, join} from 'node:path'
import {apply, isHealthy, kubectl} from './kubectl.ts'
import {run} from './run.ts'
import {say} from './say.ts'
import {readSettings} from './settings.ts'
import type {Cluster, Provider} from './types.ts'
import {makeProvisionedVolume} from './volumes.ts'
import {waitFor} from './wait.ts'

export const existingProvider: Provider = {find, start, down: async () => {}}

async function find(): Promise<Cluster | undefined> {
  const kubeconfig = currentKubeconfig()
  return (await isHealthy(kubeconfig)) ? clusterOf(kubeconfig) : undefined
}

async function start(): Promise<Cluster> {
  throw new Error(`the cluster of ${currentKubeconfig()} does not answer, or not all its nodes are ready; it is not ours to start`)
}

function currentKubeconfig(): string {
  const path = readSettings().kubeconfig?.split(delimiter).find((one) => existsSync(one)) ?? join(homedir(), '.kube', 'config')
  if (!existsSync(path)) throw new Error('CLUSTER=existing needs KUBECONFIG, the path of a kubeconfig file')
  return path
}

function clusterOf(kubeconfig: string): Cluster {
  return {
    kind: 'existing',
    kubeconfig,
    hostAddress: readSettings().hostAddress ?? firstAddress(),
    loadImage,
    makeVolume: (namespace, claimName) => makeProvisionedVolume(kubeconfig, namespace, claimName),
    killContainer: (namespace, pod) => killContainer(kubeconfig, namespace, pod),
    down: async () => {},
  }
}

/** How images get onto somebody else's nodes only its owner knows; CLUSTER_LOAD_IMAGE says it, as in "minikube image load". */
async function loadImage(archive: string): Promise<void> {
  const command = readSettings().loadImage
  if (command === undefined) {
    say(`CLUSTER_LOAD_IMAGE is not set: the images of ${archive} must be on the cluster's nodes already`)
    return
  }
  const [program = '', ...args] = command.split(' ')
  await run(program, [...args, archive])
}

function firstAddress(): string {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? [])
  const address = addresses.find((one) => one.family === 'IPv4' && !one.internal)?.address
  if (address === undefined) throw new Error('this machine has no network address that pods could reach; set CLUSTER_HOST_ADDRESS')
  return address
}

/**
 * A container cannot SIGKILL its own first process, so another pod on the same node does, in the node's process name space. It runs the
 * victim's own image, of which only Node is needed, and finds the process by the container's id in its control group.
 */
async function killContainer(kubeconfig: string, namespace: string, pod: string): Promise<void> {
  const output = await kubectl(kubeconfig, ['get', 'pod', pod, '-n', namespace, '-o', 'jsonpath={.status.containerStatuses[0].containerID} {.spec.nodeName} {.spec.containers[0].image}'])
  const [container = '', nodeName = '', image = ''] = output.trim().split(' ')
  const name = `kill-${pod}`.slice(0, 63)
  await apply(kubeconfig, [killerPod({name, nodeName, image, id: container.replace(/^.*:\/\//, '')})])
  try {
    const phase = async (): Promise<string> => kubectl(kubeconfig, ['get', 'pod', name, '-n', 'kube-system', '-o', 'jsonpath={.status.phase}'])
    await waitFor(`pod ${name} has sent the signal`, async () => (await phase()) === 'Succeeded')
  } finally {
    await kubectl(kubeconfig, ['delete', 'pod', name, '-n', 'kube-system', '--wait=false'])
  }
}

const KILL = `
const {readdirSync, readFileSync} = require('node:fs')
const read = (pid) => { try { return readFileSync('/proc/' + pid + '/cgroup', 'utf8') } catch { return '' } }
const pids = readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name) && read(name).includes(process.argv[1]))
if (pids.length === 0) throw new Error('no process of that container')
process.kill(Math.min(...pids.map(Number)), 'SIGKILL')`

function killerPod({name, nodeName, image, id}: Readonly<Record<'name' | 'nodeName' | 'image' | 'id', string>>): object {
  const container = {name: 'kill', image, command: ['node', '-e', KILL, id], securityContext: {privileged: true, runAsUser: 0, runAsNonRoot: false}}
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {name, namespace: 'kube-system'},
    spec: {nodeName, hostPID: true, restartPolicy: 'Never', tolerations: [{operator: 'Exists'}], containers: [container]},
  }
}
