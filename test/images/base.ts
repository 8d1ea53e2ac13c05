// A base image's layer made from this machine, where no registry has one: Node and what it needs of Debian, no shell, no package manager.
import {existsSync} from 'node:fs'
import {copyFile, mkdir, readFile, realpath, rename, rm} from 'node:fs/promises'
import {dirname, join} from 'node:path'
import {ensurePackages} from '../cluster/build/packages.ts'
import {run} from '../cluster/run.ts'
import {step} from '../cluster/say.ts'
import {bytesEntry, fileEntry, folderEntries, writeTar, type TarEntry, type TarFile} from '../cluster/tar.ts'

/** Where the official images without a shell have Node, too. */
export const NODE_IN_IMAGE = '/nodejs/bin/node'

const PASSWD = 'root:x:0:0:root:/root:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin\n'
const GROUP = 'root:x:0:\nnonroot:x:65532:\n'
const CERTIFICATES = 'etc/ssl/certs/ca-certificates.crt'
const ZONES = 'usr/share/zoneinfo'

/** Writes the layer to `path`. Node's own binary is stripped of what only debuggers read: 17 MB less. */
export async function writeBaseLayer(path: string): Promise<TarFile> {
  await ensurePackages(['strip', 'certificates', 'zoneinfo'])
  return step('Making the base layer: Node, its libraries, certificates, time zones', async () => {
    const node = await strippedNode(dirname(path))
    const entries = await baseEntries(node)
    const layer = await writeTar(`${path}.part`, entries)
    await rename(`${path}.part`, path)
    await rm(node)
    return {...layer, path}
  })
}

async function strippedNode(folder: string): Promise<string> {
  await mkdir(folder, {recursive: true})
  const target = join(folder, 'node-stripped')
  await copyFile(process.execPath, target)
  await run('strip', [target])
  return target
}

/** In the order of their paths, so that the layer's bytes depend on nothing else; folders come with what is in them. */
async function baseEntries(node: string): Promise<TarEntry[]> {
  const entries: TarEntry[] = [
    await fileEntry(NODE_IN_IMAGE.slice(1), node),
    await fileEntry(CERTIFICATES, await realpath(`/${CERTIFICATES}`)),
    bytesEntry('etc/passwd', PASSWD),
    bytesEntry('etc/group', GROUP),
    // Without it glibc asks DNS before /etc/hosts.
    bytesEntry('etc/nsswitch.conf', 'hosts: files dns\n'),
    {type: 'folder', path: 'tmp/', mode: 0o1777},
    {type: 'folder', path: 'home/nonroot/', mode: 0o755},
  ]
  for (const library of await sharedLibraries(node)) entries.push(await fileEntry(library.slice(1), await realpath(library)))
  for await (const entry of folderEntries(`/${ZONES}`, `${ZONES}/`)) if (isZone(entry.path)) entries.push(entry)
  return [...parentFolders(entries), ...entries].toSorted((a, b) => (a.path < b.path ? -1 : 1))
}

/** "posix" and "right" repeat all zones, "localtime" is a link to this machine's. */
function isZone(path: string): boolean {
  return !/^usr\/share\/zoneinfo\/(?:posix|right|localtime)(?:\/|$)/.test(path)
}

/** Paths of the shared libraries, and of the loader, that a program is linked to. */
async function sharedLibraries(program: string): Promise<string[]> {
  const output = await run('ldd', [program])
  return librariesIn(output).filter((path) => existsSync(path))
}

/** Reads the paths out of ldd's output. */
export function librariesIn(output: string): string[] {
  return [...output.matchAll(/(?:=>\s+|^\s+)(\/\S+)\s+\(/gm)].map((match) => match[1] ?? '').toSorted()
}

/** Entries for every folder above the entries that is not among them. */
function parentFolders(entries: readonly TarEntry[]): TarEntry[] {
  const present = new Set(entries.map(({path}) => path))
  const missing = new Set<string>()
  for (const {path} of entries) {
    for (let slash = path.indexOf('/'); slash > 0 && slash < path.length - 1; slash = path.indexOf('/', slash + 1)) {
      const folder = path.slice(0, slash + 1)
      if (!present.has(folder)) missing.add(folder)
    }
  }
  return [...missing].map((path) => ({type: 'folder', path, mode: 0o755}))
}

/** What the base depends on: Node's version and the machine's own libraries and data. */
export async function baseFingerprint(): Promise<string> {
  const libraries = await sharedLibraries(process.execPath)
  const sizes = await Promise.all([...libraries, `/${CERTIFICATES}`].map(async (path) => `${path} ${(await readFile(path)).length}`))
  return [process.version, process.arch, ...sizes].join('\n')
}
