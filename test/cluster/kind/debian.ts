// A Debian tree with systemd, the ground of a node image, made by debootstrap from the package source that this machine itself uses.
import {createHash} from 'node:crypto'
import {existsSync} from 'node:fs'
import {mkdir, readdir, readFile, rename, rm} from 'node:fs/promises'
import {join} from 'node:path'
import {ensurePackages} from '../build/packages.ts'
import {run} from '../run.ts'
import {step} from '../say.ts'
import {readSettings} from '../settings.ts'

const PACKAGES = [
  'systemd',
  'systemd-sysv',
  'dbus',
  'iptables',
  'iproute2',
  'conntrack',
  'ethtool',
  'socat',
  'kmod',
  'util-linux',
  'mount',
  'ebtables',
  'runc',
  'containernetworking-plugins',
  'ca-certificates',
  'procps',
]

/** What a node has no use for. */
const UNUSED = ['var/cache/apt/archives', 'var/lib/apt/lists', 'usr/share/doc', 'usr/share/man', 'usr/share/locale']

/** Unpacks the tree into `target`, which must not be there. It is made once and kept in the cache. */
export async function unpackDebian(target: string): Promise<void> {
  const archive = await ensureDebian()
  await mkdir(target, {recursive: true})
  await run('tar', ['--extract', '--numeric-owner', '--file', archive, '--directory', target])
}

async function ensureDebian(): Promise<string> {
  const codename = await debianCodename()
  const key = createHash('sha256').update(PACKAGES.join(' ')).digest('hex').slice(0, 8)
  const archive = join(readSettings().cache, 'bin', `debian-${codename}-${key}.tar`)
  if (existsSync(archive)) return archive
  await ensurePackages(['debootstrap', 'mount'])
  const tree = `${archive}.tree`
  await step(`Making a Debian ${codename} tree for the node`, async () => {
    await rm(tree, {recursive: true, force: true})
    const args = ['--variant=minbase', `--include=${PACKAGES.join(',')}`, codename, tree, await mirror(codename)]
    await run('debootstrap', args, {env: {...process.env, DEBIAN_FRONTEND: 'noninteractive'}})
    for (const path of UNUSED) await rm(join(tree, path), {recursive: true, force: true})
    await disableUnusedUnits(tree)
    await run('tar', ['--create', '--numeric-owner', '--file', `${archive}.part`, '--directory', tree, '.'])
    await rename(`${archive}.part`, archive)
    await rm(tree, {recursive: true})
  })
  return archive
}

async function debianCodename(): Promise<string> {
  const codename = (await readFile('/etc/os-release', 'utf8')).match(/^VERSION_CODENAME=(\w+)$/m)?.[1]
  if (codename === undefined) throw new Error('a node image can be made on Debian only; elsewhere kind needs its official image')
  return codename
}

/** The address from which apt has this release's main packages. */
async function mirror(codename: string): Promise<string> {
  const format = ['--format', '$(REPO_URI) $(CODENAME) $(COMPONENT)', 'Created-By: Packages']
  const lines = (await run('apt-get', ['indextargets', ...format])).split('\n').map((line) => line.split(' '))
  const uri = lines.find(([, release, component]) => release === codename && component === 'main')?.[0]
  if (uri === undefined) throw new Error(`apt on this machine has no source for ${codename} main`)
  return uri
}

/** In a container there is no hardware to look after, no console and no first boot; each such unit would fail or wait. */
async function disableUnusedUnits(tree: string): Promise<void> {
  const unused: readonly (readonly [folder: string, names: RegExp])[] = [
    ['lib/systemd/system/multi-user.target.wants', /./],
    ['lib/systemd/system/local-fs.target.wants', /./],
    ['lib/systemd/system/sockets.target.wants', /udev|initctl/],
    [
      'lib/systemd/system/sysinit.target.wants',
      /^(?:systemd-(?:udev|firstboot|binfmt|modules-load|tmpfiles-setup\.service)|sys-kernel-|dev-hugepages|dev-mqueue|proc-sys-fs-binfmt)/,
    ],
  ]
  const own = join(tree, 'etc/systemd/system')
  for (const name of await readdir(own)) if (name.endsWith('.wants')) await rm(join(own, name), {recursive: true})
  for (const [folder, names] of unused) {
    const path = join(tree, folder)
    for (const name of await readdir(path).catch(() => [])) if (names.test(name)) await rm(join(path, name))
  }
}
