// Installs a program's production dependencies, as the lock file has them, and takes out what never runs.
import {createHash} from 'node:crypto'
import {existsSync} from 'node:fs'
import {cp, mkdir, mkdtemp, readdir, readFile, rename, rm} from 'node:fs/promises'
import {dirname, join} from 'node:path'
import {run} from '../cluster/run.ts'
import {step} from '../cluster/say.ts'
import type {ProgramPart} from './parts.ts'

/** What only compilers, debuggers, other runtimes and readers want. Licences stay. */
const UNUSED_FILES = /\.(?:ts|mts|cts|map|bare|html|ya?ml|npmignore|eslintrc|nycrc)$|^(?!licen[cs]e|copying|notice).*\.(?:md|markdown)$/i
/** Folders of a package's own, directly below it, that nothing imports. */
const UNUSED_FOLDERS = new Set(['test', 'tests', '__tests__', 'bench', 'benchmark', 'benchmarks', 'docs', 'example', 'examples', '.github'])
/** Packages that hold types only. */
const UNUSED_PACKAGES = ['@types', 'undici-types']

const MANIFESTS = ['package.json', 'package-lock.json', 'operator/package.json', 'exporter-job/package.json']

/**
 * Makes `node_modules` of a program below `cache`, or finds the one made before from the same manifests, and gives its path.
 * No install script runs.
 */
export async function ensureModules(root: string, part: ProgramPart, cache: string): Promise<string> {
  const target = join(cache, `${part.workspace}-${await fingerprint(root)}`)
  if (existsSync(target)) return target
  await mkdir(cache, {recursive: true})
  const work = await mkdtemp(join(cache, '.install-'))
  try {
    await step(`Installing production dependencies of ${part.workspace}`, () => install(root, part, work))
    await prune(join(work, 'node_modules'))
    await rename(join(work, 'node_modules'), target)
  } finally {
    await rm(work, {recursive: true, force: true})
  }
  return target
}

async function fingerprint(root: string): Promise<string> {
  const hash = createHash('sha256')
  // This file as well: it says what is taken out.
  for (const path of [...MANIFESTS.map((name) => join(root, name)), import.meta.filename]) hash.update(await readFile(path))
  return hash.digest('hex').slice(0, 16)
}

async function install(root: string, part: ProgramPart, work: string): Promise<void> {
  for (const name of MANIFESTS) {
    await mkdir(dirname(join(work, name)), {recursive: true})
    await cp(join(root, name), join(work, name))
  }
  const args = ['ci', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', `--workspace=${part.workspace}`]
  await run('npm', args, {cwd: work})
}

async function prune(modules: string): Promise<void> {
  for (const name of [...UNUSED_PACKAGES, '.bin', '.package-lock.json', '@scheduled-export']) {
    await rm(join(modules, name), {recursive: true, force: true})
  }
  for (const folder of await packageFolders(modules)) {
    for (const name of await readdir(folder)) {
      if (UNUSED_FOLDERS.has(name)) await rm(join(folder, name), {recursive: true, force: true})
    }
  }
  await removeUnusedFiles(modules)
}

/** Packages, scoped ones too, and those nested below others. */
async function packageFolders(modules: string): Promise<string[]> {
  const folders: string[] = []
  for (const entry of await readdir(modules, {withFileTypes: true}).catch(() => [])) {
    if (!entry.isDirectory()) continue
    const folder = join(modules, entry.name)
    if (entry.name.startsWith('@')) folders.push(...(await packageFolders(folder)))
    else folders.push(folder, ...(await packageFolders(join(folder, 'node_modules'))))
  }
  return folders
}

async function removeUnusedFiles(folder: string): Promise<void> {
  for (const entry of await readdir(folder, {withFileTypes: true})) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) await removeUnusedFiles(path)
    else if (UNUSED_FILES.test(entry.name)) await rm(path)
  }
}
