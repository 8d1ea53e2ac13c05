// A Docker daemon of the harness's own, where none runs: with its own socket and data, and taken away again without a trace.
import {existsSync} from 'node:fs'
import {mkdir, readFile, rm, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {z} from 'zod'
import {ensureCommands} from '../build/build.ts'
import {commandOnPath, ensurePackages} from '../build/packages.ts'
import {cleanPacketFilter, FAMILIES, readPacketFilter} from '../iptables.ts'
import {NETWORK} from '../local/layout.ts'
import {removeEmptyFolders} from '../local/machine.ts'
import {findProcesses, killTrees, startDaemon} from '../processes.ts'
import {attempt} from '../run.ts'
import {step} from '../say.ts'
import {readSettings} from '../settings.ts'
import {Hopeless, waitFor} from '../wait.ts'
import {docker, findEngine, type Engine} from './engine.ts'

const CAP_SYS_RESOURCE = 24n

/** Folders that Docker and its containerd make whatever their arguments say. */
const FIXED_FOLDERS = ['/etc/docker', '/opt/containerd', '/run/docker', '/run/containerd']

/** What the machine was like before the daemon started. */
const Before = z.strictObject({
  ipForward: z.string(),
  forwardPolicies: z.record(z.enum(FAMILIES), z.string()),
  /** Of FIXED_FOLDERS, those that were not there. */
  absent: z.array(z.string()),
})
type Before = z.infer<typeof Before>

function folder(): string {
  return join(readSettings().cache, 'docker')
}

function socket(): string {
  return join(folder(), 'docker.sock')
}

/** The harness's own daemon, where it runs. */
export async function findOwnEngine(): Promise<Engine | undefined> {
  return existsSync(socket()) ? findEngine({...process.env, DOCKER_HOST: `unix://${socket()}`}) : undefined
}

/** Starts it; needs root. Installs Docker where the machine has none, without starting the service that comes with it. */
export async function startOwnEngine(): Promise<Engine> {
  if (process.getuid?.() !== 0) throw new Error('no Docker daemon answers, and only root can start one: start Docker, or run this as root')
  await ensurePackages(['dockerd', 'runc', 'iptables', 'ip'])
  const runtime = (await lacksResourceCapability()) ? ['--add-runtime', `lowcap=${await lowcap()}`, '--default-runtime', 'lowcap'] : []
  await stopOwnEngine()
  await mkdir(folder(), {recursive: true})
  await writeFile(join(folder(), 'before.json'), JSON.stringify(await describeMachine()))
  const places = ['--host', `unix://${socket()}`, '--data-root', join(folder(), 'data'), '--exec-root', join(folder(), 'run')]
  const args = [...places, '--pidfile', join(folder(), 'docker.pid'), ...runtime]
  return step('Starting a Docker daemon', async () => {
    startDaemon(commandOnPath('dockerd') ?? 'dockerd', args, log())
    return waitFor('the Docker daemon answers', findOwnEngine, {seconds: 60, check: failWhenEnded})
  })
}

/** Ends the daemon with all its containers and takes away its data, networks and packet filter rules. */
export async function stopOwnEngine(): Promise<void> {
  const engine = await findOwnEngine()
  const bridges = engine === undefined ? [] : await bridgesOf(engine)
  if (engine !== undefined) await removeContainers(engine)
  await killTrees((await ownProcesses()).map(({pid}) => pid))
  const mounts = (await readFile('/proc/self/mounts', 'utf8')).split('\n').map((line) => line.split(' ')[1] ?? '')
  for (const point of mounts.filter((path) => path.startsWith(`${folder()}/`)).toReversed()) await attempt('umount', ['--lazy', point])
  const before = await readBefore()
  if (before !== undefined) await restoreMachine(before, bridges)
  await rm(folder(), {recursive: true, force: true, maxRetries: 3})
}

/** While the daemon still runs: it alone knows the rules that it made for their published ports. */
async function removeContainers(engine: Engine): Promise<void> {
  const ids = (await docker(engine, ['ps', '--all', '--quiet'])).split('\n').filter((id) => id !== '')
  if (ids.length > 0) await docker(engine, ['rm', '--force', '--volumes', ...ids])
}

async function restoreMachine({ipForward, forwardPolicies, absent}: Before, bridges: readonly string[]): Promise<void> {
  for (const bridge of bridges) await attempt('ip', ['link', 'delete', bridge])
  await cleanPacketFilter({chains: ['DOCKER'], interfaces: bridges})
  // Docker drops what is forwarded between others, too.
  for (const family of FAMILIES) await attempt(family, ['--policy', 'FORWARD', forwardPolicies[family]])
  // A local cluster that was started meanwhile needs it.
  if (!existsSync(`/sys/class/net/${NETWORK.bridge}`)) await writeFile('/proc/sys/net/ipv4/ip_forward', ipForward)
  if (absent.includes('/etc/docker')) await rm('/etc/docker/key.json', {force: true})
  for (const path of absent) await removeEmptyFolders(path)
}

function log(): string {
  return join(folder(), 'dockerd.log')
}

async function failWhenEnded(): Promise<void> {
  if ((await ownProcesses()).length > 0) return
  throw new Hopeless(`the Docker daemon has ended:\n${(await readFile(log(), 'utf8')).slice(-3000)}`)
}

/** The daemon, its containerd and its shims: all are given paths below the folder. */
async function ownProcesses(): ReturnType<typeof findProcesses> {
  const found = await Promise.all(['/usr/bin', '/usr/sbin'].map((programs) => findProcesses(programs, folder())))
  return found.flat().filter(({name}) => ['dockerd', 'containerd', 'containerd-shim-runc-v2', 'docker-proxy'].includes(name))
}

async function lacksResourceCapability(): Promise<boolean> {
  const bounding = (await readFile('/proc/self/status', 'utf8')).match(/^CapBnd:\s*([0-9a-f]+)$/m)?.[1] ?? '0'
  return ((BigInt(`0x${bounding}`) >> CAP_SYS_RESOURCE) & 1n) === 0n
}

async function lowcap(): Promise<string> {
  return (await ensureCommands(['runc-lowcap']))['runc-lowcap']
}

async function bridgesOf(engine: Engine): Promise<string[]> {
  const networks = await docker(engine, ['network', 'ls', '--filter', 'driver=bridge', '--format', '{{.ID}}'])
  // Docker names a network's bridge after the first twelve digits of its id.
  return ['docker0', ...networks.split('\n').filter((id) => id !== '').map((id) => `br-${id.slice(0, 12)}`)]
}

async function describeMachine(): Promise<Before> {
  const [v4, v6] = await Promise.all(FAMILIES.map(async (family) => forwardPolicy(await readPacketFilter(family))))
  return {
    ipForward: await readFile('/proc/sys/net/ipv4/ip_forward', 'utf8'),
    forwardPolicies: {iptables: v4 ?? 'ACCEPT', ip6tables: v6 ?? 'ACCEPT'},
    absent: FIXED_FOLDERS.filter((path) => !existsSync(path)),
  }
}

/** A filter table that does not exist yet lets everything through. */
function forwardPolicy(saved: string): string {
  return saved.match(/^\*filter[^*]*?^:FORWARD (\w+)/ms)?.[1] ?? 'ACCEPT'
}

async function readBefore(): Promise<Before | undefined> {
  const text = await readFile(join(folder(), 'before.json'), 'utf8').catch(() => undefined)
  return text === undefined ? undefined : Before.parse(JSON.parse(text))
}
