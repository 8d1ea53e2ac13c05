// The local cluster: a real one-node Kubernetes on this machine itself, without container engine, image registry or systemd.
import {chown, mkdir, rm} from 'node:fs/promises'
import {join} from 'node:path'
import {commandPath} from '../build/commands.ts'
import {isHealthy, kubectl} from '../kubectl.ts'
import {loadOnce} from '../loaded.ts'
import {killTrees} from '../processes.ts'
import {run} from '../run.ts'
import type {Cluster, Provider} from '../types.ts'
import {makeStaticVolume, POD_USER} from '../volumes.ts'
import {localLayout, NETWORK, type Layout} from './layout.ts'
import {restoreMachine} from './machine.ts'
import {missingParts, ownProcesses, startLocal} from './start.ts'

export const localProvider: Provider = {find, start, down}

async function find(): Promise<Cluster | undefined> {
  const layout = localLayout()
  if ((await missingParts(layout)).length > 0) return undefined
  return (await isHealthy(layout.kubeconfig)) ? clusterOf(layout) : undefined
}

async function start(): Promise<Cluster> {
  const layout = localLayout()
  await startLocal(layout, down)
  return clusterOf(layout)
}

/** Nothing is asked to end gracefully, for nothing is kept; so it works on a broken cluster just as well. */
async function down(): Promise<void> {
  const layout = localLayout()
  const processes = await ownProcesses(layout)
  await killTrees(processes.map(({pid}) => pid))
  await restoreMachine(layout)
  await rm(layout.folder, {recursive: true, force: true, maxRetries: 3})
}

function clusterOf(layout: Layout): Cluster {
  const {kubeconfig, auditLog} = layout
  return {
    kind: 'local',
    kubeconfig,
    hostAddress: NETWORK.nodeAddress,
    auditLog,
    loadImage: (archive) => loadOnce(layout.folder, archive, () => ctr(layout, ['images', 'import', archive])),
    makeVolume: (namespace, claimName) =>
      makeStaticVolume({kubeconfig, makeFolder: (name) => makeFolder(layout, name)}, namespace, claimName),
    killContainer: (namespace, pod) => killContainer(layout, namespace, pod),
    down,
  }
}

async function killContainer(layout: Layout, namespace: string, pod: string): Promise<void> {
  const id = await kubectl(layout.kubeconfig, ['get', 'pod', pod, '-n', namespace, '-o', 'jsonpath={.status.containerStatuses[0].containerID}'])
  await ctr(layout, ['tasks', 'kill', '--signal', 'SIGKILL', id.trim().replace('containerd://', '')])
}

async function ctr(layout: Layout, args: readonly string[]): Promise<void> {
  await run(commandPath('ctr'), ['--address', layout.containerdSocket, '--namespace', 'k8s.io', ...args])
}

async function makeFolder(layout: Layout, name: string): Promise<string> {
  const folder = join(layout.volumes, name)
  await rm(folder, {recursive: true, force: true})
  await mkdir(folder, {mode: 0o770})
  await chown(folder, POD_USER, POD_USER)
  return folder
}
