// Makes a node image for kind where the official one cannot be pulled: a Debian tree, the commands built here, and the files of a node.
import {createHash} from 'node:crypto'
import {chmod, copyFile, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile} from 'node:fs/promises'
import {dirname, join} from 'node:path'
import {ensureCommands} from '../build/build.ts'
import {commandPath, kubernetesVersion} from '../build/commands.ts'
import {cgroupVersion} from '../local/machine.ts'
import {attempt, run} from '../run.ts'
import {step} from '../say.ts'
import {readSettings} from '../settings.ts'
import {imageNames, writeControlPlane} from './control-plane.ts'
import {unpackDebian} from './debian.ts'
import type {Engine} from './engine.ts'
import {nodeFiles} from './node-files.ts'

/** Where the node has the commands: kind and systemd's units call them there. */
const PLACES = {
  kubelet: '/usr/bin/kubelet',
  kubeadm: '/usr/bin/kubeadm',
  kubectl: '/usr/bin/kubectl',
  containerd: '/usr/local/bin/containerd',
  'containerd-shim-runc-v2': '/usr/local/bin/containerd-shim-runc-v2',
  ctr: '/usr/local/bin/ctr',
} as const

type NodeCommand = keyof typeof PLACES
const NODE_COMMANDS: readonly NodeCommand[] = ['kubelet', 'kubeadm', 'kubectl', 'containerd', 'containerd-shim-runc-v2', 'ctr']

/** Makes the image known to the engine, unless it is, and gives its name. Needs root, Debian and version 1 control groups. */
export async function ensureNodeImage(engine: Engine): Promise<string> {
  if (cgroupVersion() !== 1) {
    throw new Error('a node image is made here only for machines with cgroup v1; this one needs the official image, or use CLUSTER=local')
  }
  const commands = await ensureCommands(NODE_COMMANDS)
  const name = `localhost/scheduled-export-node:${kubernetesVersion()}-${await fingerprint()}`
  const there = await attempt('docker', ['image', 'inspect', name], {env: engine.env})
  if (there.code === 0) return name
  const tree = await mkdtemp(join(readSettings().cache, 'node-'))
  try {
    await unpackDebian(join(tree, 'root'))
    await step('Making the node image', async () => {
      await furnish(join(tree, 'root'), commands)
      await importTree(engine, join(tree, 'root'), name)
    })
  } finally {
    await rm(tree, {recursive: true, force: true})
  }
  return name
}

/** Of this folder's own files, which say what is in the image. */
async function fingerprint(): Promise<string> {
  const hash = createHash('sha256').update(commandPath('kubeadm')).update(commandPath('containerd'))
  const names = (await readdir(import.meta.dirname)).filter((name) => name.endsWith('.ts')).toSorted()
  for (const name of names) hash.update(await readFile(join(import.meta.dirname, name)))
  return hash.digest('hex').slice(0, 12)
}

async function furnish(root: string, commands: Readonly<Record<NodeCommand, string>>): Promise<void> {
  for (const command of NODE_COMMANDS) await copyFile(commands[command], join(root, PLACES[command]))
  const files = nodeFiles(kubernetesVersion(), (await imageNames()).pause)
  for (const [path, {text, executable}] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), {recursive: true})
    await writeFile(join(root, path), text)
    await chmod(join(root, path), executable === true ? 0o755 : 0o644)
  }
  await mkdir(join(root, 'etc/kubernetes/manifests'), {recursive: true})
  const wanted = join(root, 'etc/systemd/system/multi-user.target.wants')
  await mkdir(wanted, {recursive: true})
  for (const unit of ['containerd.service', 'kubelet.service']) await symlink(`/etc/systemd/system/${unit}`, join(wanted, unit))
  await mkdir(join(root, 'kind/images'), {recursive: true})
  await writeControlPlane(root, join(root, 'kind/images/control-plane.tar'))
}

async function importTree(engine: Engine, root: string, name: string): Promise<void> {
  const script = 'tar --numeric-owner --directory "$1" --create . | docker import --change "$2" --change "$3" - "$4"'
  const changes = ['ENV container=docker', 'ENTRYPOINT ["/usr/local/bin/entrypoint", "/sbin/init"]']
  await run('sh', ['-c', script, 'sh', root, ...changes, name], {env: engine.env})
}
