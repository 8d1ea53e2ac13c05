// Real PostgreSQL servers for tests and the demo: temporary ones that vanish with the test, persistent ones that outlive the script.
import {execFile} from 'node:child_process'
import {randomBytes} from 'node:crypto'
import {rmSync} from 'node:fs'
import {access, chown, mkdir, mkdtemp, readFile, readdir, rm, writeFile} from 'node:fs/promises'
import {createServer} from 'node:net'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {promisify} from 'node:util'
import {Client} from 'pg'
import {postgresAccount, postgresBinaries} from './postgres-binaries.ts'
import type {Account, Binaries} from './postgres-binaries.ts'

const run = promisify(execFile)
const LOOPBACK = '127.0.0.1'
const SUPERUSER = 'postgres'
const TEMPORARY = 'scheduled-export-pg-'
const PORT_ATTEMPTS = 5

export interface PostgresOptions {
  /** Address to listen on beside loopback, such as a pod bridge's; it also stands in `url`. Default 127.0.0.1. */
  readonly listen?: string
  /** Default: a free one. */
  readonly port?: number
  /** Where the data lie; made and initialised where empty. Default: a temporary folder. */
  readonly dataDir?: string
  /** Keep running when this process ends, and keep the data on stop(). Default false. A running server of that dataDir is taken over. */
  readonly persistent?: boolean
}

export interface PostgresServer {
  /** The superuser's URL for the database `postgres`, password included. */
  readonly url: string
  readonly host: string
  readonly port: number
  readonly dataDir: string
  /** The same URL for another database (and user, when given as `user:password`). */
  urlOf(database: string, credentials?: string): string
  /** Runs SQL in a connection of its own, several statements when there are no parameters; the rows of the (last) statement. */
  query(sql: string, parameters?: readonly unknown[]): Promise<Record<string, unknown>[]>
  /** Cuts every connection and stops; removes the data unless persistent. */
  stop(): Promise<void>
}

interface Installation {
  readonly account: Account
  readonly binaries: Binaries
}

/** Starts PostgreSQL. Durability is off: never use it for data that matter. */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  const installation = await prepare()
  await endOrphans(installation)
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), `${TEMPORARY}${process.pid}-`)))
  const password = await initialise(dataDir, installation)
  const host = options.listen ?? LOOPBACK
  const port = (await runningPort(dataDir, installation)) ?? (await launch(dataDir, host, options.port, installation))
  const urlOf = (database: string, credentials = `${SUPERUSER}:${password}`): string => `postgres://${credentials}@${host}:${port}/${database}`
  const persistent = options.persistent ?? false
  if (!persistent) temporaries.set(dataDir, await postmasterPid(dataDir))
  return {
    url: urlOf('postgres'),
    host,
    port,
    dataDir,
    urlOf,
    query: (sql, parameters) => queryOnce(urlOf('postgres'), sql, parameters),
    stop: () => end(dataDir, persistent, installation),
  }
}

/** Stops the persistent server of that folder, if one runs, and removes its data when asked to. */
export async function stopPostgres(dataDir: string, options: {readonly removeData?: boolean} = {}): Promise<void> {
  await end(dataDir, options.removeData !== true, await prepare())
}

/** Runs SQL at that URL in a connection of its own; the rows of the (last) statement. */
export async function queryOnce(url: string, sql: string, parameters?: readonly unknown[]): Promise<Record<string, unknown>[]> {
  const client = new Client({connectionString: url})
  await client.connect()
  try {
    const result = await client.query<Record<string, unknown>>(sql, parameters === undefined ? undefined : [...parameters])
    return [result].flat().at(-1)?.rows ?? []
  } finally {
    await client.end()
  }
}

async function prepare(): Promise<Installation> {
  const account = await postgresAccount()
  return {account, binaries: await postgresBinaries(account)}
}

/** Makes the data folder where there is none; the superuser's password either way. */
async function initialise(dataDir: string, {account, binaries}: Installation): Promise<string> {
  const passwordFile = join(dataDir, 'superuser.password')
  const known = await readFile(passwordFile, 'utf8').catch(() => undefined)
  if (known !== undefined) return known
  await mkdir(dataDir, {recursive: true})
  if (account.uid !== undefined) await chown(dataDir, account.uid, account.gid!)
  const password = randomBytes(18).toString('hex')
  const draft = `${dataDir}.password`
  await writeFile(draft, password, {mode: 0o600})
  if (account.uid !== undefined) await chown(draft, account.uid, account.gid!)
  try {
    const flags = ['--encoding=UTF8', '--locale=C.UTF-8', '--auth=scram-sha-256', '--no-sync', `--username=${SUPERUSER}`]
    await run(binaries.initdb, [`--pgdata=${dataDir}`, `--pwfile=${draft}`, ...flags], {...account, cwd: dataDir})
  } finally {
    await rm(draft, {force: true})
  }
  // Which addresses can come in is settled by listen_addresses; who may, by the password.
  await writeFile(join(dataDir, 'pg_hba.conf'), 'host all all all scram-sha-256\n')
  await writeFile(passwordFile, password, {mode: 0o600})
  return password
}

/** Starts the server and gives its port. A port that was free a moment ago may be taken by now: then another one is tried. */
async function launch(dataDir: string, host: string, wanted: number | undefined, installation: Installation): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    const port = wanted ?? (await freePort(host))
    try {
      await pgCtl(dataDir, installation, ['start', '--wait', `--log=${dataDir}/server.log`, `--options=${serverFlags(host, port)}`])
      return port
    } catch (error) {
      const log = await readFile(join(dataDir, 'server.log'), 'utf8').catch(() => '')
      const taken = /Address already in use/.test(log.slice(-2000))
      if (wanted === undefined && taken && attempt < PORT_ATTEMPTS) continue
      throw new Error(`PostgreSQL did not start on ${host}:${port}: ${log.trim().split('\n').slice(-5).join(' | ')}`, {cause: error})
    }
  }
}

function serverFlags(host: string, port: number): string {
  const settings = {
    port,
    listen_addresses: host === LOOPBACK ? LOOPBACK : `${LOOPBACK},${host}`,
    unix_socket_directories: '',
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    shared_buffers: '64MB',
    max_wal_size: '256MB',
    log_timezone: 'UTC',
  }
  return Object.entries(settings)
    .map(([name, value]) => `-c ${name}='${value}'`)
    .join(' ')
}

async function freePort(host: string): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve, reject) => probe.once('error', reject).listen(0, host, resolve))
  const address = probe.address()
  await new Promise((resolve) => probe.close(resolve))
  if (address === null || typeof address === 'string') throw new Error(`no free port on ${host}`)
  return address.port
}

/** postmaster.pid: the process id in line 1, the port in line 4. */
async function runningPort(dataDir: string, installation: Installation): Promise<number | undefined> {
  const runs = await pgCtl(dataDir, installation, ['status']).then(
    () => true,
    () => false,
  )
  if (!runs) return undefined
  const lines = (await readFile(join(dataDir, 'postmaster.pid'), 'utf8')).split('\n')
  return Number(lines[3])
}

async function postmasterPid(dataDir: string): Promise<number> {
  return Number((await readFile(join(dataDir, 'postmaster.pid'), 'utf8')).split('\n')[0])
}

async function end(dataDir: string, keepData: boolean, installation: Installation): Promise<void> {
  temporaries.delete(dataDir)
  if ((await runningPort(dataDir, installation)) !== undefined) {
    await pgCtl(dataDir, installation, ['stop', `--mode=${keepData ? 'fast' : 'immediate'}`, '--wait'])
  }
  if (!keepData) await rm(dataDir, {recursive: true, force: true})
}

async function pgCtl(dataDir: string, {account, binaries}: Installation, args: readonly string[]): Promise<void> {
  await access(dataDir)
  await run(binaries.pgCtl, [`--pgdata=${dataDir}`, ...args], {...account, cwd: dataDir, env: {...process.env, LC_ALL: 'C.UTF-8'}})
}

/** Temporary servers of this process, by data folder: ended at the latest when it exits. */
const temporaries = new Map<string, number>()

process.once('exit', () => {
  for (const [dataDir, pid] of temporaries) {
    try {
      process.kill(pid, 'SIGQUIT')
      rmSync(dataDir, {recursive: true, force: true, maxRetries: 5, retryDelay: 50})
    } catch {
      // It is gone already, or is still going: then the next start removes what it left (endOrphans).
    }
  }
})

/** A test process that was killed could not run its exit hook: its server's folder names it. */
async function endOrphans(installation: Installation): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const owner = new RegExp(`^${TEMPORARY}([0-9]+)-[^.]+$`).exec(name)?.[1]
    if (owner !== undefined && !isAlive(Number(owner))) {
      await end(join(tmpdir(), name), false, installation).catch(() => undefined)
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
