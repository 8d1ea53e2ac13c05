// Builds what is missing of the commands, and says so; what is built is kept until its pins change.
import {existsSync} from 'node:fs'
import {mkdir, mkdtemp, rename, rm} from 'node:fs/promises'
import {basename, dirname, join} from 'node:path'
import {withLock} from '../lock.ts'
import {run} from '../run.ts'
import {step} from '../say.ts'
import {commandPath, kubernetesVersion, moduleSource, recipeOf, type CommandName} from './commands.ts'
import {GO_ENVIRONMENT, checkGo} from './go.ts'
import {ensurePackages} from './packages.ts'

/** containerd's optional snapshotters need C libraries and kernel parts that a test cluster has no use for. */
const TAGS = 'no_btrfs no_devmapper no_zfs'

/**
 * Makes sure that the commands are there and gives their paths. The first time this compiles Kubernetes from source: some twenty
 * minutes on two cores, downloads and Helm included. Two lanes at once, because compiling, linking and downloading
 * leave a core idle at times.
 */
export async function ensureCommands<Name extends CommandName>(names: readonly Name[]): Promise<Record<Name, string>> {
  if (names.some(isMissing)) await withLock('build', () => buildMissing(names))
  return Object.fromEntries(names.map((name) => [name, commandPath(name)])) as Record<Name, string>
}

/** Helm, for installing the chart: built on demand, some four minutes the first time. */
export async function ensureHelm(): Promise<string> {
  return (await ensureCommands(['helm'])).helm
}

/** kubectl of the cluster's version. */
export async function ensureKubectl(): Promise<string> {
  return (await ensureCommands(['kubectl'])).kubectl
}

function isMissing(name: CommandName): boolean {
  return !existsSync(commandPath(name))
}

async function buildMissing(names: readonly CommandName[]): Promise<void> {
  // Another process may have built them while this one waited for the lock.
  const missing = names.filter(isMissing)
  if (missing.length > 0) {
    await ensurePackages(['go'])
    await checkGo()
  }
  const kubernetes = missing.filter((name) => isOfKubernetes(name))
  const others = missing.filter((name) => !isOfKubernetes(name))
  await Promise.all([buildInTurn(kubernetes), buildInTurn(others)])
}

function isOfKubernetes(name: CommandName): boolean {
  const recipe = recipeOf(name)
  return 'module' in recipe && recipe.module === 'kubernetes'
}

async function buildInTurn(names: readonly CommandName[]): Promise<void> {
  for (const name of names) await step(`Building ${name}`, () => build(name))
}

/** Builds into a folder of its own and moves the result, so that an interrupted build never looks like a finished one. */
async function build(name: CommandName): Promise<void> {
  const target = commandPath(name)
  await mkdir(dirname(target), {recursive: true})
  const folder = await mkdtemp(join(dirname(target), `.${name}-`))
  try {
    await compile(name, folder)
    await rename(join(folder, name), target)
  } finally {
    await rm(folder, {recursive: true, force: true})
  }
}

async function compile(name: CommandName, folder: string): Promise<void> {
  const recipe = recipeOf(name)
  const env = {...process.env, ...GO_ENVIRONMENT}
  if ('module' in recipe) {
    const flags = ['-trimpath', '-tags', TAGS, '-ldflags', linkerFlags(), '-o', join(folder, name), recipe.package]
    await run('go', ['build', ...flags], {cwd: moduleSource(recipe.module), env})
    return
  }
  const flags = ['-trimpath', '-ldflags', '-s -w', `${recipe.package}@${recipe.version}`]
  await run('go', ['install', ...flags], {cwd: folder, env: {...env, GOBIN: folder}})
  await renameToCommand(folder, recipe.package, name)
}

/** `go install` names the command after its package, or after the folder above a "/v2". */
async function renameToCommand(folder: string, packagePath: string, name: string): Promise<void> {
  const made = basename(packagePath)
  if (made !== name) await rename(join(folder, made), join(folder, name))
}

/** Kubernetes' commands refuse to work with one another when built without a version. */
function linkerFlags(): string {
  const version = kubernetesVersion()
  const [major = '', minor = ''] = version.slice(1).split('.')
  const values = {gitVersion: version, gitMajor: major, gitMinor: minor, gitTreeState: 'clean', gitCommit: 'unknown'}
  const sets = Object.entries(values).map(([key, value]) => `-X k8s.io/component-base/version.${key}=${value}`)
  return ['-s', '-w', ...sets].join(' ')
}
