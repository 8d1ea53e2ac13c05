// The programs that the benchmark measures, each started anew for every measurement.
import {execFile, spawn} from 'node:child_process'
import {mkdir, mkdtemp, open, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {promisify} from 'node:util'
import {SECRET_ENV} from '../../crds/secrets.ts'
import {PROGRAMS, bundle} from '../images/bundle.ts'
import {PERIOD, benchManifest} from './ledger.ts'
import type {BenchCase} from './ledger.ts'
import type {Usage} from './usage.ts'

/** One run of a program. */
export interface Run extends Usage {
  /** From its start to its end. */
  readonly seconds: number
  readonly rows: number
  readonly bytes: number
}

const HERE = import.meta.dirname
const DIST = join(HERE, '../../dist')
const CLI = 'exporter-job/cli.js'
/** The same program, whose encoder looks at nothing: what its checks cost. */
const UNCHECKED = join(HERE, '../../build/unchecked')

/** Joins the programs, as for the images: stripping types at every start would cost time and memory that a pod does not spend. */
export async function compile(): Promise<void> {
  await bundle([...PROGRAMS, READ_MYSQL, USAGE], DIST)
  await bundle([CLI], UNCHECKED, {of: 'exporter-job/formats/values/usual.ts', by: 'test/bench/unchecked.ts'})
}

/** A program of the benchmark that is measured itself. */
export const READ_MYSQL = 'test/bench/read-mysql.js'

const USAGE = 'test/bench/usage.js'
/** Joined as well, so that it costs the measured program next to nothing. */
export const IMPORT_USAGE = join(DIST, USAGE)

/** Seconds that COPY of the query needs: by psql where there is one, else by a small program of our own. */
export async function runCopy(url: string, query: string, folder: string): Promise<number> {
  const started = performance.now()
  const file = join(folder, 'copy.txt')
  if (await hasPsql()) await runPsql(url, query, file)
  else await promisify(execFile)(process.execPath, [join(HERE, 'copy.ts'), url, query, file])
  return (performance.now() - started) / 1000
}

/** Whether runCopy uses psql. */
export function hasPsql(): Promise<boolean> {
  return promisify(execFile)('psql', ['--version']).then(
    () => true,
    () => false,
  )
}

async function runPsql(url: string, query: string, path: string): Promise<void> {
  const file = await open(path, 'w')
  const psql = spawn('psql', [url, '--quiet', '--no-psqlrc', '--command', `COPY (${query}) TO STDOUT`], {stdio: ['ignore', file.fd, 'inherit']})
  const code = await new Promise<number | null>((resolve, reject) => psql.once('error', reject).once('close', resolve))
  await file.close()
  if (code !== 0) throw new Error('psql failed')
}

/** The exporter as an image holds it (compiled), without a cluster: read, encode, hash, sync, publish. */
export async function runExporter(url: string, bench: BenchCase, folder: string): Promise<Run> {
  const program = join(bench.unchecked === true ? UNCHECKED : DIST, CLI)
  const [manifest, usageFile] = [join(folder, 'bench.yaml'), join(folder, 'usage.json')]
  await writeFile(manifest, JSON.stringify(benchManifest(bench)))
  const args = ['--import', IMPORT_USAGE, program, '--file', manifest, '--period', PERIOD, '--out', join(folder, 'out')]
  const env = {...process.env, [SECRET_ENV.postgresUrl]: url, BENCH_USAGE: usageFile}
  const started = performance.now()
  const {stdout} = await promisify(execFile)(process.execPath, args, {env})
  const seconds = (performance.now() - started) / 1000
  const {rows, bytes} = JSON.parse(stdout.trim().split('\n').at(-1)!) as {rows: number; bytes: number}
  return {seconds, rows, bytes, ...(JSON.parse(await readFile(usageFile, 'utf8')) as Usage)}
}

/** Runs with an empty folder that is removed afterwards. */
export async function inFolder<T>(run: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'scheduled-export-bench-'))
  try {
    return await run(folder)
  } finally {
    await rm(folder, {recursive: true, force: true})
  }
}

/**
 * Runs one program again and again in a folder below `parent`, emptied right before each run and not after it: a virtual machine gives free
 * memory back to its host within a second or two, and whoever writes next waits for it.
 */
export async function runAnew<T>(parent: string, name: string, run: (folder: string) => Promise<T>): Promise<T> {
  const folder = join(parent, name)
  await rm(folder, {recursive: true, force: true})
  await mkdir(folder)
  return run(folder)
}
