// What the local cluster changes of the machine itself, and how it is put back.
import {existsSync} from 'node:fs'
import {mkdir, readdir, readFile, readlink, rm, rmdir, unlink, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {z} from 'zod'
import {attempt, run} from '../run.ts'
import {cleanPacketFilter, readChains} from '../iptables.ts'
import {NETWORK, type Layout} from './layout.ts'

/** Settings of the kernel that we, the kubelet and kube-proxy write. */
const KERNEL_SETTINGS = [
  'net/ipv4/ip_forward',
  'net/ipv4/conf/all/route_localnet',
  'net/netfilter/nf_conntrack_tcp_timeout_established',
  'net/netfilter/nf_conntrack_tcp_timeout_close_wait',
  'net/netfilter/nf_conntrack_max',
  'vm/overcommit_memory',
  'vm/panic_on_oom',
  'kernel/panic',
  'kernel/panic_on_oops',
  'kernel/keys/root_maxkeys',
  'kernel/keys/root_maxbytes',
] as const

const CGROUPS = '/sys/fs/cgroup'
/** Folders that the kubelet, containerd and its plugins use whatever their configuration says. */
const FIXED_FOLDERS = ['/var/lib/kubelet', '/var/log/containers', '/run/containerd', '/var/lib/cni']
/** Chains that kubelet, kube-proxy and the plugins make. */
const CHAINS = ['KUBE-', 'CNI-']
const PLUGIN_RESULTS = '/var/lib/cni/results'

const Before = z.strictObject({
  kernel: z.record(z.string(), z.string()),
  /** Of fixedFolders, those that were not there. */
  absent: z.array(z.string()),
  /** Chains of those names that were there, of a Kubernetes or a container engine of the machine's own. */
  chains: z.strictObject({iptables: z.array(z.string()), ip6tables: z.array(z.string())}).default({iptables: [], ip6tables: []}),
})
type Before = z.infer<typeof Before>

/** Notes what the machine is like, then makes it ready: the bridge and forwarding between it and the world. */
export async function prepareMachine(layout: Layout): Promise<void> {
  const values = await Promise.all(KERNEL_SETTINGS.map(async (name) => [name, await readSetting(name)] as const))
  const before: Before = {
    kernel: Object.fromEntries(values.filter((pair): pair is [(typeof KERNEL_SETTINGS)[number], string] => pair[1] !== undefined)),
    absent: (await fixedFolders()).filter((folder) => !existsSync(folder)),
    chains: await readChains(CHAINS),
  }
  await writeFile(layout.before, JSON.stringify(before))
  await run('ip', ['link', 'add', NETWORK.bridge, 'type', 'bridge'])
  await run('ip', ['address', 'add', `${NETWORK.nodeAddress}/${NETWORK.prefixLength}`, 'dev', NETWORK.bridge])
  await run('ip', ['link', 'set', NETWORK.bridge, 'up'])
  await writeFile('/proc/sys/net/ipv4/ip_forward', '1')
}

/**
 * Puts the machine back as it was. Every process of the cluster must have ended. Where no local cluster has been prepared, nothing is
 * done: what looks like one's traces is the machine's own.
 */
export async function restoreMachine(layout: Layout): Promise<void> {
  const before = await readBefore(layout)
  if (before === undefined) return
  await unmountBelow(layout.folder)
  await attempt('ip', ['link', 'delete', NETWORK.bridge])
  await cleanPacketFilter({chains: CHAINS, except: before.chains})
  await removeLogLinks(layout)
  await removeContainerTraces(layout)
  for (const [name, value] of Object.entries(before.kernel)) await writeFile(`/proc/sys/${name}`, value).catch(() => {})
  if (before.absent.includes('/var/lib/kubelet')) await rm('/var/lib/kubelet/device-plugins/kubelet.sock', {force: true})
  for (const folder of before.absent) await removeEmptyFolders(folder)
}

/** 2 for the unified hierarchy, else 1. */
export function cgroupVersion(): 1 | 2 {
  return existsSync(join(CGROUPS, 'cgroup.controllers')) ? 2 : 1
}

async function readSetting(name: string): Promise<string | undefined> {
  return readFile(`/proc/sys/${name}`, 'utf8').catch(() => undefined)
}

async function readBefore(layout: Layout): Promise<Before | undefined> {
  const text = await readFile(layout.before, 'utf8').catch(() => undefined)
  return text === undefined ? undefined : Before.parse(JSON.parse(text))
}

/** The kubelet and containerd leave mounts: the kubelet's own folder, pods' volumes, root file systems, network name spaces. */
async function unmountBelow(folder: string): Promise<void> {
  const points = (await readFile('/proc/self/mounts', 'utf8')).split('\n').map((line) => line.split(' ')[1] ?? '')
  // The last mounted first: what lies on top of another goes before it.
  for (const point of points.filter((path) => path.startsWith(`${folder}/`)).toReversed()) await attempt('umount', ['--lazy', point])
}

/** Among them the kubelet's control groups, one a hierarchy. */
async function fixedFolders(): Promise<string[]> {
  const hierarchies = cgroupVersion() === 2 ? [CGROUPS] : (await readdir(CGROUPS)).map((name) => join(CGROUPS, name))
  return [...FIXED_FOLDERS, ...hierarchies.map((hierarchy) => join(hierarchy, 'kubepods'))]
}

/** Removes a folder and those below it as far as they are empty (as control groups without processes are). */
export async function removeEmptyFolders(folder: string): Promise<void> {
  const entries = await readdir(folder, {withFileTypes: true}).catch(() => [])
  for (const entry of entries.filter((one) => one.isDirectory())) await removeEmptyFolders(join(folder, entry.name))
  // One that is in use, or not there, stays as it is.
  await rmdir(folder).catch(() => {})
}

/** The kubelet puts links to its pods' logs there, and offers no setting for it. */
async function removeLogLinks(layout: Layout): Promise<void> {
  const folder = '/var/log/containers'
  for (const name of await readdir(folder).catch(() => [])) {
    const link = join(folder, name)
    if ((await readlink(link).catch(() => '')).startsWith(layout.folder)) await unlink(link)
  }
}

/** Shims' sockets and plugins' notes lie outside the cluster's folder, under the ids of its containers. */
async function removeContainerTraces(layout: Layout): Promise<void> {
  const containers = join(layout.folder, 'containerd-state', 'io.containerd.runtime.v2.task', 'k8s.io')
  const results = await readdir(PLUGIN_RESULTS).catch(() => [])
  for (const id of await readdir(containers).catch(() => [])) {
    const bootstrap = await readFile(join(containers, id, 'bootstrap.json'), 'utf8').catch(() => '')
    const socket = bootstrap.match(/unix:\/\/(\/run\/containerd\/s\/[0-9a-f]+)/)?.[1]
    if (socket !== undefined) await rm(socket, {force: true})
    for (const name of results.filter((one) => one.includes(id))) await rm(join(PLUGIN_RESULTS, name), {force: true})
  }
}

/** Makes the folders that must be there before anything starts. */
export async function makeFolders(layout: Layout): Promise<void> {
  for (const folder of [layout.folder, layout.logs, layout.volumes, join(layout.folder, 'cni')]) await mkdir(folder, {recursive: true})
}
