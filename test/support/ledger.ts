// The sample ledger in a real PostgreSQL, exported by the command line as a user who may only read.
import {mkdtemp, readFile, readdir, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {SECRET_ENV} from '../../crds/secrets.ts'
import {createReader, loadLedger} from '../../examples/ledger/load.ts'
import {attempt} from '../cluster/run.ts'
import {startPostgres} from './postgres.ts'
import type {PostgresServer} from './postgres.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

export interface Exported {
  /** The last line of the program's output, as JSON. */
  readonly result: unknown
  readonly folder: string
  /** Names of the published files, sorted; neither manifest nor protocol. */
  readonly names: readonly string[]
  /** A file by its name, in whatever folder it lies; the manifest, too. */
  readonly read: (name: string) => Promise<Buffer>
}

export interface ExportedLedger {
  readonly server: PostgresServer
  /** Runs a manifest of examples/ into a folder of its own. Throws what the program says where it does not publish. */
  exportExample(name: string, period: string): Promise<Exported>
  stop(): Promise<void>
}

export async function startLedger(): Promise<ExportedLedger> {
  const server = await startPostgres()
  await loadLedger(server.url)
  await createReader(server.url, 'reader', 'secret')
  const env = {...process.env, [SECRET_ENV.postgresUrl]: server.urlOf('postgres', 'reader:secret')}
  const folders = await mkdtemp(join(tmpdir(), 'scheduled-export-ledger-'))
  return {
    server,
    async exportExample(name, period) {
      const folder = await mkdtemp(join(folders, 'out-'))
      const args = ['exporter-job/cli.ts', '--file', `examples/${name}`, '--period', period, '--out', folder]
      const {code, stdout, stderr} = await attempt(process.execPath, args, {cwd: ROOT, env})
      if (code !== 0) throw new Error(`${name} was not published (exit code ${code}): ${stderr}`)
      return {...(await filesIn(folder)), folder, result: JSON.parse(stdout.trim().split('\n').at(-1)!)}
    },
    async stop() {
      await server.stop()
      await rm(folders, {recursive: true, force: true})
    },
  }
}

async function filesIn(folder: string): Promise<Pick<Exported, 'names' | 'read'>> {
  const entries = await readdir(folder, {recursive: true, withFileTypes: true})
  const files = entries.filter((entry) => entry.isFile() && !entry.parentPath.includes('.scheduled-export'))
  const paths = new Map(files.map(({name, parentPath}) => [name, join(parentPath, name)]))
  return {
    names: [...paths.keys()].filter((name) => !/\.(manifest|protocol)\./.test(name)).toSorted(),
    read: (name) => readFile(paths.get(name)!),
  }
}
