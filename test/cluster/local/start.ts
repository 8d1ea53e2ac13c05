// Starts the local cluster's processes in their order and waits until pods can run and find one another.
import {readFileSync} from 'node:fs'
import {Resolver} from 'node:dns/promises'
import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {auditPolicy} from '../audit.ts'
import {ensureCommands} from '../build/build.ts'
import {ensurePackages} from '../build/packages.ts'
import {ensurePauseImage} from '../build/pause.ts'
import {isHealthy, kubectl} from '../kubectl.ts'
import {freePorts} from '../ports.ts'
import {findProcesses, startDaemon, type RunningProcess} from '../processes.ts'
import {run} from '../run.ts'
import {step} from '../say.ts'
import {readSettings} from '../settings.ts'
import {Hopeless, waitFor, type WaitOptions} from '../wait.ts'
import {containerdConfiguration, dnsConfiguration, kubeletConfiguration, networkConfiguration} from './configuration.ts'
import {makeCredentials} from './credentials.ts'
import {NETWORK, PAUSE_IMAGE, type Layout} from './layout.ts'
import {cgroupVersion, makeFolders, prepareMachine} from './machine.ts'
import {partArguments, PARTS, type Part, type PartsInput} from './parts.ts'

type Programs = Readonly<Record<Part | 'ctr' | 'containerd-shim-runc-v2', string>>

/** Builds what is missing, clears away what an earlier cluster left (`clear`), and starts. Needs root. */
export async function startLocal(layout: Layout, clear: () => Promise<void>): Promise<void> {
  if (process.getuid?.() !== 0) {
    throw new Error('a local cluster needs root: run this as root, or with CLUSTER=kind (needs Docker) or CLUSTER=existing (uses KUBECONFIG)')
  }
  await ensurePackages(['openssl', 'runc', 'iptables', 'conntrack', 'ip', 'mount', 'cni'])
  const programs = await ensureCommands([...PARTS, 'containerd-shim-runc-v2', 'ctr', 'kubectl', 'pause'])
  const pause = await ensurePauseImage(PAUSE_IMAGE)
  await step('Starting a Kubernetes cluster on this machine', async () => {
    await clear()
    await makeFolders(layout)
    await prepareMachine(layout)
    const input = await writeFiles(layout, programs)
    await startParts(input, programs, pause)
    await untilUsable(layout)
  })
}

/** The cluster's processes that run, containers' shims included. */
export function ownProcesses(layout: Layout): Promise<RunningProcess[]> {
  return findProcesses(join(readSettings().cache, 'bin'), layout.folder)
}

/** Those parts of which no process runs. */
export async function missingParts(layout: Layout, parts: readonly Part[] = PARTS): Promise<Part[]> {
  const running = (await ownProcesses(layout)).map(({name}) => name)
  return parts.filter((part) => !running.includes(part))
}

async function writeFiles(layout: Layout, programs: Programs): Promise<PartsInput> {
  const [etcd = 0, peer = 0, api = 0] = await freePorts(3)
  const credentials = await makeCredentials(layout, api)
  const files = {
    'audit.yaml': auditPolicy(),
    'kubelet.yaml': kubeletConfiguration(layout, cgroupVersion()),
    'containerd.toml': containerdConfiguration(layout, programs['containerd-shim-runc-v2']),
    'cni/10-bridge.conflist': networkConfiguration(layout),
    Corefile: dnsConfiguration(credentials.kubeconfigs.dns),
  }
  await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(layout.folder, name), text)))
  return {layout, credentials, ports: {etcd, peer, api}}
}

async function startParts(input: PartsInput, programs: Programs, pauseArchive: string): Promise<void> {
  const {layout} = input
  const args = partArguments(input)
  const begin = (parts: readonly Part[]): void =>
    parts.forEach((part) => startDaemon(programs[part], args[part], join(layout.logs, `${part}.log`)))
  begin(['etcd', 'containerd', 'kube-apiserver'])
  const importing = ['--address', layout.containerdSocket, '--namespace', 'k8s.io', 'images', 'import', pauseArchive]
  await Promise.all([
    // The first pod needs it, and no registry has it.
    waitFor('containerd takes images', () => run(programs.ctr, importing), watching(layout, ['containerd'], 30)),
    waitFor('the API server is ready', () => apiIsReady(layout), watching(layout, ['etcd', 'kube-apiserver'], 60)),
  ])
  begin(['kube-controller-manager', 'kube-scheduler', 'kubelet', 'kube-proxy', 'coredns'])
}

/** Not only the node: the API's service address, which kube-proxy makes, the DNS, and the account that pods run under. */
async function untilUsable(layout: Layout): Promise<void> {
  const options = watching(layout, PARTS, 60)
  await Promise.all([
    waitFor('the node is ready', () => isHealthy(layout.kubeconfig), options),
    waitFor('the API server answers at its service address', () => apiIsReady(layout, `https://${NETWORK.apiService}`), options),
    waitFor('the cluster has DNS', resolveApi, options),
    waitFor('the default service account is there', () => kubectl(layout.kubeconfig, ['get', 'serviceaccount', 'default']), options),
  ])
}

/** Ends the waiting as soon as one of the processes has ended, with what it said last. */
function watching(layout: Layout, parts: readonly Part[], seconds: number): WaitOptions {
  const check = async (): Promise<void> => {
    const missing = await missingParts(layout, parts)
    if (missing.length > 0) throw new Hopeless(missing.map((part) => `${part} has ended:\n${logOf(layout, part)}`).join('\n'))
  }
  return {seconds, check, hint: () => `logs are in ${layout.logs}`}
}

function logOf(layout: Layout, part: Part): string {
  try {
    return readFileSync(join(layout.logs, `${part}.log`), 'utf8').slice(-2000)
  } catch {
    return ''
  }
}

/** Through loopback, or through another address that its certificate names. */
async function apiIsReady(layout: Layout, server?: string): Promise<boolean> {
  const args = ['--request-timeout=2s', ...(server === undefined ? [] : [`--server=${server}`]), 'get', '--raw', '/readyz']
  return (await kubectl(layout.kubeconfig, args)) === 'ok'
}

async function resolveApi(): Promise<boolean> {
  const resolver = new Resolver({timeout: 500, tries: 1})
  resolver.setServers([NETWORK.nodeAddress])
  return (await resolver.resolve4('kubernetes.default.svc.cluster.local')).includes(NETWORK.apiService)
}
