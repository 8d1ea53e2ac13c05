// Real MariaDB servers for tests: temporary ones, each with a folder and a port of its own, that vanish with the test.
import {spawn} from 'node:child_process'
import type {ChildProcess} from 'node:child_process'
import {randomBytes} from 'node:crypto'
import {rmSync} from 'node:fs'
import {mkdtemp, open, readFile, readdir, rm, writeFile} from 'node:fs/promises'
import {createServer} from 'node:net'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {createConnection} from 'mysql2/promise'
import {commandOnPath, ensurePackages} from '../cluster/build/packages.ts'
import {run} from '../cluster/run.ts'
import {zoneTables} from './mariadb-zones.ts'

const LOOPBACK = '127.0.0.1'
const ADMIN = 'admin'
const TEMPORARY = 'scheduled-export-mariadb-'
const READY_MS = 60_000
const POLL_MS = 50

export interface MariadbOptions {
  /** Further settings, such as `--ssl-cert=…`. */
  readonly flags?: readonly string[]
  /** Time zones that the server knows by name. Default: some. Empty: none, as a server without time zone tables. */
  readonly timeZones?: readonly string[]
}

export interface MariadbServer {
  /** The administrator's URL for the database `ledger`, password included. */
  readonly url: string
  readonly host: string
  readonly port: number
  readonly dataDir: string
  /** The same URL with other credentials, as `user:password`. */
  urlOf(credentials: string, database?: string): string
  /** Runs one statement in a connection of its own; its rows. */
  query(sql: string, parameters?: readonly string[]): Promise<Record<string, unknown>[]>
  stop(): Promise<void>
}

const TIME_ZONES = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Pacific/Apia', 'Atlantic/Azores', 'UTC']

/** Starts MariaDB, after installing Debian's package where it is missing. Durability is off: never use it for data that matter. */
export async function startMariadb({flags = [], timeZones = TIME_ZONES}: MariadbOptions = {}): Promise<MariadbServer> {
  await ensurePackages(['mariadbd'])
  await endOrphans()
  const dataDir = await mkdtemp(join(tmpdir(), `${TEMPORARY}${process.pid}-`))
  const password = randomBytes(18).toString('hex')
  await initialise(dataDir, password)
  const port = await freePort()
  const child = await launch(dataDir, port, flags)
  temporaries.set(dataDir, child)
  const urlOf = (credentials: string, database = 'ledger'): string => `mysql://${credentials}@${LOOPBACK}:${port}/${database}`
  const url = urlOf(`${ADMIN}:${password}`)
  const server: MariadbServer = {url, host: LOOPBACK, port, dataDir, urlOf, query: (sql, parameters) => queryOnce(url, sql, parameters), stop: () => end(dataDir, child)}
  await untilReady(server, child)
  for (const statement of zoneTables(timeZones)) await server.query(statement)
  return server
}

async function queryOnce(uri: string, sql: string, parameters: readonly string[] = []): Promise<Record<string, unknown>[]> {
  const connection = await createConnection({uri, dateStrings: true, supportBigNumbers: true, bigNumberStrings: true})
  try {
    const [rows] = await connection.query(sql, [...parameters])
    return Array.isArray(rows) ? (rows as Record<string, unknown>[]) : []
  } finally {
    await connection.end()
  }
}

/** As root the server wants to be told that it may; a normal user needs nothing. */
function account(): string[] {
  return process.getuid?.() === 0 ? ['--user=root'] : []
}

async function initialise(dataDir: string, password: string): Promise<void> {
  const flags = ['--no-defaults', `--datadir=${dataDir}`, '--auth-root-authentication-method=normal', '--skip-test-db', '--skip-name-resolve', ...account()]
  await run(commandOnPath('mariadb-install-db')!, flags)
  const statements = [
    'create database ledger character set utf8mb4',
    `create user ${ADMIN}@'%' identified by '${password}'`,
    `grant all on *.* to ${ADMIN}@'%' with grant option`,
    "drop user if exists root@localhost, ''@localhost",
  ]
  await writeFile(join(dataDir, 'init.sql'), statements.map((statement) => `${statement};\n`).join(''), {mode: 0o600})
}

async function launch(dataDir: string, port: number, flags: readonly string[]): Promise<ChildProcess> {
  const settings = {
    datadir: dataDir,
    socket: join(dataDir, 'server.sock'),
    'pid-file': join(dataDir, 'server.pid'),
    'init-file': join(dataDir, 'init.sql'),
    'bind-address': LOOPBACK,
    port,
    'innodb-flush-log-at-trx-commit': 0,
    'innodb-buffer-pool-size': '256M',
    'character-set-server': 'utf8mb4',
  }
  const given = Object.entries(settings).map(([name, value]) => `--${name}=${value}`)
  const log = await open(join(dataDir, 'server.log'), 'w')
  const child = spawn(commandOnPath('mariadbd')!, ['--no-defaults', '--skip-name-resolve', '--skip-log-bin', ...given, ...account(), ...flags], {
    stdio: ['ignore', log.fd, log.fd],
  })
  await log.close()
  return child
}

async function untilReady(server: MariadbServer, child: ChildProcess): Promise<void> {
  const latest = Date.now() + READY_MS
  for (;;) {
    try {
      await server.query('select 1')
      return
    } catch (error) {
      if (child.exitCode === null && Date.now() < latest) await new Promise((resolve) => setTimeout(resolve, POLL_MS))
      else {
        const log = await readFile(join(server.dataDir, 'server.log'), 'utf8')
        throw new Error(`MariaDB did not start: ${log.trim().split('\n').slice(-5).join(' | ')}`, {cause: error})
      }
    }
  }
}

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve, reject) => probe.once('error', reject).listen(0, LOOPBACK, resolve))
  const address = probe.address()
  await new Promise((resolve) => probe.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no free port')
  return address.port
}

async function end(dataDir: string, child: ChildProcess): Promise<void> {
  temporaries.delete(dataDir)
  if (child.exitCode === null && child.signalCode === null) {
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await ended
  }
  await rm(dataDir, {recursive: true, force: true})
}

/** Servers of this process, by data folder: ended at the latest when it exits. */
const temporaries = new Map<string, ChildProcess>()

process.once('exit', () => {
  for (const [dataDir, child] of temporaries) {
    child.kill('SIGKILL')
    rmSync(dataDir, {recursive: true, force: true, maxRetries: 5, retryDelay: 50})
  }
})

/** A test process that was killed could not run its exit hook: its server's folder names it. */
async function endOrphans(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const owner = new RegExp(`^${TEMPORARY}([0-9]+)-[^.]+$`).exec(name)?.[1]
    if (owner === undefined || isAlive(Number(owner))) continue
    const folder = join(tmpdir(), name)
    const pid = Number(await readFile(join(folder, 'server.pid'), 'utf8').catch(() => '0'))
    if (pid > 0 && isAlive(pid)) process.kill(pid, 'SIGKILL')
    await rm(folder, {recursive: true, force: true}).catch(() => undefined)
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
