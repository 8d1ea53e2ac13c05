// The images that kubeadm wants on a node, made from commands built here: one archive, under the very names that kubeadm asks for.
import {mkdtemp, readdir, realpath, rm} from 'node:fs/promises'
import {join} from 'node:path'
import {writeImageArchive, type Image} from '../archive.ts'
import {ensureCommands} from '../build/build.ts'
import {kubernetesVersion, type CommandName} from '../build/commands.ts'
import {run} from '../run.ts'
import {bytesEntry, fileEntry, folderEntries, writeTar, type TarEntry, type TarFile} from '../tar.ts'
import {REGISTRY} from './node-files.ts'

const COMMANDS = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kube-proxy', 'etcd', 'coredns', 'pause'] as const

type ControlPlaneCommand = (typeof COMMANDS)[number] & CommandName

/** Programs whose image has an entry point; the others are called by name. */
const ENTRYPOINTS: Readonly<Partial<Record<ControlPlaneCommand, string>>> = {coredns: '/usr/local/bin/coredns', pause: '/usr/local/bin/pause'}

const IPTABLES = ['iptables', 'iptables-save', 'iptables-restore', 'ip6tables', 'ip6tables-save', 'ip6tables-restore']

/** The names, with tags, of the images of this version of Kubernetes. */
export async function imageNames(): Promise<Readonly<Record<ControlPlaneCommand, string>>> {
  const {kubeadm} = await ensureCommands(['kubeadm'])
  const args = ['config', 'images', 'list', '--kubernetes-version', kubernetesVersion(), '--image-repository', REGISTRY]
  const names = (await run(kubeadm, args)).split('\n')
  const pairs = COMMANDS.map((command) => {
    const name = names.find((one) => one.startsWith(`${REGISTRY}/${command}:`))
    if (name === undefined) throw new Error(`kubeadm names no image of ${command}`)
    return [command, name] as const
  })
  return Object.fromEntries(pairs) as Record<ControlPlaneCommand, string>
}

/** Writes the archive; kube-proxy's iptables comes from the node's own tree. */
export async function writeControlPlane(tree: string, archive: string): Promise<void> {
  const [paths, names] = await Promise.all([ensureCommands(COMMANDS), imageNames()])
  const work = await mkdtemp(`${archive}-`)
  try {
    const iptables = await writeTar(join(work, 'iptables.tar'), await iptablesEntries(tree))
    const images: Image[] = []
    for (const command of COMMANDS) {
      const layer = await writeTar(join(work, `${command}.tar`), await commandEntries(command, paths[command]))
      images.push(imageOf(names[command], command, command === 'kube-proxy' ? [iptables, layer] : [layer]))
    }
    await writeImageArchive(archive, images)
  } finally {
    await rm(work, {recursive: true})
  }
}

function imageOf(name: string, command: ControlPlaneCommand, layers: readonly TarFile[]): Image {
  const entrypoint = ENTRYPOINTS[command]
  const config = {Entrypoint: entrypoint === undefined ? [] : [entrypoint], Env: ['PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin']}
  return {names: [name], config, layers}
}

async function commandEntries(command: string, path: string): Promise<TarEntry[]> {
  return [bytesEntry('etc/passwd', 'root:x:0:0::/:/bin/false\n'), await fileEntry(`usr/local/bin/${command}`, path)]
}

/** iptables with its extensions and everything that it is linked to. */
async function iptablesEntries(tree: string): Promise<TarEntry[]> {
  const program = 'usr/sbin/xtables-nft-multi'
  const linked = await run('chroot', [tree, 'ldd', `/${program}`])
  const libraries = [...linked.matchAll(/(\/\S+)\s+\(/g)].map((match) => (match[1] ?? '').slice(1))
  const extensions = await extensionsFolder(tree)
  const entries = [await fileEntry(program, join(tree, program))]
  for (const library of libraries) entries.push(await fileEntry(library, await realpath(join(tree, library))))
  for (const name of IPTABLES) entries.push({type: 'link', path: `usr/sbin/${name}`, target: 'xtables-nft-multi'})
  for await (const entry of folderEntries(join(tree, extensions), `${extensions}/`)) entries.push(entry)
  return entries
}

async function extensionsFolder(tree: string): Promise<string> {
  const triples = (await readdir(join(tree, 'usr/lib'))).filter((name) => name.endsWith('-linux-gnu'))
  return `usr/lib/${triples[0] ?? ''}/xtables`
}
