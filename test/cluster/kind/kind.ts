// A cluster in a container, by kind. Its version is pinned in build/commands.ts, and with it goes the node image below.
import {existsSync} from 'node:fs'
import {mkdir, rm, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {ensureCommands} from '../build/build.ts'
import {isHealthy, kubectl} from '../kubectl.ts'
import {loadOnce} from '../loaded.ts'
import {attempt, run} from '../run.ts'
import {step} from '../say.ts'
import {readSettings} from '../settings.ts'
import type {Cluster, Provider} from '../types.ts'
import {makeStaticVolume, POD_USER} from '../volumes.ts'
import {waitFor} from '../wait.ts'
import {docker, findEngine, hasImage, type Engine} from './engine.ts'
import {REGISTRY} from './node-files.ts'
import {ensureNodeImage} from './node-image.ts'
import {findOwnEngine, startOwnEngine, stopOwnEngine} from './own-engine.ts'

/** The image that this version of kind was released with. */
export const OFFICIAL_NODE_IMAGE = 'kindest/node:v1.37.0@sha256:a1ed56cfb0e7b93589bdf97c8cd566405a265939e3620fc4f5de89adff580ae5'

const NAME = 'scheduled-export'
const NODE = `${NAME}-control-plane`

export const kindProvider: Provider = {find, start, down}

/** Whether kind would work without making anything here: an engine answers, and has or can pull the official image. */
export async function canPullNode(): Promise<boolean> {
  const engine = await findEngine()
  return engine !== undefined && (await hasImage(engine, OFFICIAL_NODE_IMAGE))
}

async function find(): Promise<Cluster | undefined> {
  if (!existsSync(kubeconfigPath()) || !(await isHealthy(kubeconfigPath()))) return undefined
  const engine = await anyEngine()
  return engine === undefined ? undefined : clusterOf(engine)
}

async function start(): Promise<Cluster> {
  const {kind} = await ensureCommands(['kind', 'kubectl'])
  await down()
  const engine = (await findEngine()) ?? (await startOwnEngine())
  const official = await hasImage(engine, OFFICIAL_NODE_IMAGE)
  const image = official ? OFFICIAL_NODE_IMAGE : await ensureNodeImage(engine)
  await mkdir(folder(), {recursive: true})
  const config = join(folder(), 'kind.yaml')
  await writeFile(config, JSON.stringify(official ? clusterConfiguration(image) : ownImageConfiguration(image)))
  await step('Starting a Kubernetes cluster in a container', async () => {
    const args = ['create', 'cluster', '--name', NAME, '--kubeconfig', kubeconfigPath(), '--config', config, '--wait', '180s']
    await run(kind, args, {env: engine.env})
    // kind says "ready" before the account is there that every pod needs.
    await waitFor('the default service account is there', () => kubectl(kubeconfigPath(), ['get', 'serviceaccount', 'default']))
  })
  return clusterOf(engine)
}

async function down(): Promise<void> {
  const engine = await findEngine()
  if (engine !== undefined) await attempt('docker', ['rm', '--force', '--volumes', NODE], {env: engine.env})
  await stopOwnEngine()
  await rm(folder(), {recursive: true, force: true})
}

/** The harness's own daemon where it runs, else the machine's. */
async function anyEngine(): Promise<Engine | undefined> {
  return (await findOwnEngine()) ?? findEngine()
}

/** The cluster as kind is told. */
export function clusterConfiguration(image: string): object {
  return {kind: 'Cluster', apiVersion: 'kind.x-k8s.io/v1alpha4', nodes: [{role: 'control-plane', image}]}
}

/** The same with a node image made here: its images have names of their own, and the machine has cgroup v1. */
export function ownImageConfiguration(image: string): object {
  const kubeadm = {kind: 'ClusterConfiguration', imageRepository: REGISTRY}
  const kubelet = {
    kind: 'KubeletConfiguration',
    cgroupDriver: 'cgroupfs',
    cgroupRoot: '/',
    failCgroupV1: false,
    resolvConf: '/kind/resolv.conf',
  }
  const kubeadmConfigPatches = [kubeadm, kubelet].map((patch) => JSON.stringify(patch))
  return {
    ...clusterConfiguration(image),
    networking: {disableDefaultCNI: true},
    nodes: [{role: 'control-plane', image, kubeadmConfigPatches}],
  }
}

function folder(): string {
  return join(readSettings().cache, 'kind')
}

function kubeconfigPath(): string {
  return join(folder(), 'kubeconfig')
}

async function clusterOf(engine: Engine): Promise<Cluster> {
  const kubeconfig = kubeconfigPath()
  const {kind} = await ensureCommands(['kind'])
  return {
    kind: 'kind',
    kubeconfig,
    hostAddress: await gateway(engine),
    loadImage: (archive) => loadOnce(folder(), archive, () => run(kind, ['load', 'image-archive', archive, '--name', NAME], {env: engine.env})),
    makeVolume: (namespace, claimName) => makeStaticVolume({kubeconfig, makeFolder: (name) => makeFolder(engine, name)}, namespace, claimName),
    killContainer: (namespace, pod) => killContainer(engine, namespace, pod),
    down,
  }
}

/** This machine's address on the network that kind made for its nodes. */
async function gateway(engine: Engine): Promise<string> {
  const addresses = await docker(engine, ['network', 'inspect', 'kind', '--format', '{{range .IPAM.Config}}{{.Gateway}} {{end}}'])
  const address = addresses.split(' ').find((one) => /^[0-9.]+$/.test(one))
  if (address === undefined) throw new Error(`the network of kind has no IPv4 gateway, only: ${addresses}`)
  return address
}

async function makeFolder(engine: Engine, name: string): Promise<string> {
  const path = `/var/local/${NAME}/${name}`
  const script = `rm -rf "$1" && mkdir -p "$1" && chown ${POD_USER}:${POD_USER} "$1" && chmod 770 "$1"`
  await docker(engine, ['exec', NODE, 'sh', '-c', script, 'sh', path])
  return path
}

async function killContainer(engine: Engine, namespace: string, pod: string): Promise<void> {
  const id = await kubectl(kubeconfigPath(), ['get', 'pod', pod, '-n', namespace, '-o', 'jsonpath={.status.containerStatuses[0].containerID}'])
  await docker(engine, ['exec', NODE, 'ctr', '-n', 'k8s.io', 'tasks', 'kill', '-s', 'SIGKILL', id.trim().replace('containerd://', '')])
}
