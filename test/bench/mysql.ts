// npm run bench -- --format mysql, or node test/bench/mysql.ts [--rows 300000] [--repeat 3]: how long MariaDB's rows take as a source, and as a DATEV file, compared with the
// plain client's dump of the same query into a file. A table for people, then one JSON line a measurement (as bench.ts).
import {execFile, spawn} from 'node:child_process'
import {open, readFile, stat, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {parseArgs, promisify} from 'node:util'
import {SECRET_ENV} from '../../crds/secrets.ts'
import type {ScheduledExportSpecInput} from '../../crds/spec.ts'
import {ensurePackages} from '../cluster/build/packages.ts'
import {startMariadb} from '../support/mariadb.ts'
import type {MariadbServer} from '../support/mariadb.ts'
import {PERIOD, QUERY} from './ledger.ts'
import {IMPORT_USAGE, READ_MYSQL, compile, inFolder} from './programs.ts'
import type {Usage} from './usage.ts'

const HERE = import.meta.dirname
const MIB = 1024 * 1024

interface Run extends Usage {
  readonly seconds: number
  readonly bytes: number
}

/** The rows of ledger.ts. */
async function fill(server: MariadbServer, rows: number): Promise<void> {
  await server.query(`create table bench_bookings (amount decimal(15, 2), debit_credit char(1), currency char(3), account int, contra_account int,
    tax_key varchar(4), document_date date, document_number varchar(36), document_number_2 varchar(36), text varchar(60), cost_center_1 varchar(36), due_date date)
    select (1 + (seq * 7919) % 9999999) / 100 as amount, if(seq % 3 = 0, 'H', 'S') as debit_credit, if(seq % 50 = 0, 'USD', 'EUR') as currency,
      10000 + seq % 60000 as account, 8000 + seq % 900 as contra_account, 1 + seq % 90 as tax_key,
      date('2026-10-01') + interval (seq * 31 div ${rows + 1}) day as document_date, concat('RE-2026/', lpad(seq, 8, '0')) as document_number,
      concat('AU', lpad(seq % 1000000, 8, '0')) as document_number_2,
      concat(elt(1 + seq % 4, 'Miete Büro Köln, Oktober', 'Wareneingang Größe L; 3 Stück', 'Erlöse 19 % "Fahrräder"', 'Kfz-Kosten Werkstatt'), ' ', seq) as text,
      concat('KST-', 100 + seq % 40) as cost_center_1, date('2026-11-01') + interval seq % 60 day as due_date
    from seq_1_to_${rows}`)
  await server.query('select count(*), sum(amount) from bench_bookings')
}

/** Seconds that `mariadb --quick --batch` needs. */
async function runClient({url}: MariadbServer, folder: string): Promise<number> {
  const {hostname, port, username, password} = new URL(url)
  const args = ['--no-defaults', '-h', hostname, '-P', port, '-u', username, '--default-character-set=utf8mb4', '--quick', '--batch', 'ledger', '-e', QUERY]
  const file = await open(join(folder, 'client.txt'), 'w')
  const started = performance.now()
  const client = spawn('mariadb', args, {env: {...process.env, MYSQL_PWD: password}, stdio: ['ignore', file.fd, 'inherit']})
  const code = await new Promise<number | null>((resolve, reject) => client.once('error', reject).once('close', resolve))
  const seconds = (performance.now() - started) / 1000
  await file.close()
  if (code !== 0) throw new Error('mariadb failed')
  return seconds
}

interface Measured extends Usage {
  readonly seconds: number
  readonly stdout: string
}

async function measured(args: readonly string[], env: NodeJS.ProcessEnv, folder: string): Promise<Measured> {
  const usageFile = join(folder, 'usage.json')
  const started = performance.now()
  const {stdout} = await promisify(execFile)(process.execPath, ['--import', IMPORT_USAGE, ...args], {env: {...process.env, ...env, BENCH_USAGE: usageFile}})
  const seconds = (performance.now() - started) / 1000
  return {seconds, stdout, ...(JSON.parse(await readFile(usageFile, 'utf8')) as Usage)}
}

/** The source alone: its bytes into a file, synced. */
async function runSource({url}: MariadbServer, folder: string): Promise<Run> {
  const path = join(folder, 'rows.txt')
  const run = await measured([join(HERE, '../../dist', READ_MYSQL), url, path], {}, folder)
  return {...run, bytes: (await stat(path)).size}
}

/** The exporter as an image holds it (compiled): read, encode, hash, sync, publish. */
async function runDatev({url}: MariadbServer, folder: string): Promise<Run> {
  const spec: ScheduledExportSpecInput = {
    schedule: '@monthly',
    timeZone: 'UTC',
    period: {range: 'PreviousMonth'},
    source: {mysql: {urlSecretRef: {name: 'ledger-db', key: 'url'}, datasets: {bookings: {query: QUERY}}}},
    format: {datev: {consultant: 1001, client: 456}},
    destination: {volume: {claimName: 'exports', path: 'datev'}},
  }
  const manifest = join(folder, 'bench.yaml')
  await writeFile(manifest, JSON.stringify({apiVersion: 'scheduledexport.dev/v1alpha1', kind: 'ScheduledExport', metadata: {name: 'bench', namespace: 'bench'}, spec}))
  const cli = join(HERE, '../../dist/exporter-job/cli.js')
  const run = await measured([cli, '--file', manifest, '--period', PERIOD, '--out', join(folder, 'out')], {[SECRET_ENV.mysqlUrl]: url}, folder)
  const {bytes} = JSON.parse(run.stdout.trim().split('\n').at(-1)!) as {bytes: number}
  return {...run, bytes}
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)]!
}

function summarise(name: string, rows: number, {runs, clients}: {runs: readonly Run[]; clients: readonly number[]}): object {
  const [seconds, copySeconds] = [median(runs.map((run) => run.seconds)), median(clients)]
  return {
    name,
    rows,
    seconds: Number(seconds.toFixed(2)),
    copySeconds: Number(copySeconds.toFixed(2)),
    ratio: Number((seconds / copySeconds).toFixed(2)),
    mibPerSecond: Math.round(runs[0]!.bytes / MIB / seconds),
    peakRssMiB: Math.round(Math.max(...runs.map((run) => run.peakRssMiB))),
    cpuSeconds: Number(median(runs.map((run) => run.cpuSeconds)).toFixed(2)),
  }
}

async function main(): Promise<void> {
  const {values} = parseArgs({options: {rows: {type: 'string', default: '300000'}, repeat: {type: 'string', default: '3'}}})
  const rows = Number(values.rows)
  await ensurePackages(['mariadb'])
  await compile()
  const server = await startMariadb()
  try {
    await fill(server, rows)
    const [clients, sources, exports]: [number[], Run[], Run[]] = [[], [], []]
    // In turn, so that a busy minute of the machine meets all.
    for (let round = 0; round < Number(values.repeat); round++) {
      clients.push(await inFolder((folder) => runClient(server, folder)))
      sources.push(await inFolder((folder) => runSource(server, folder)))
      exports.push(await inFolder((folder) => runDatev(server, folder)))
    }
    const measurements = [summarise('mysql source', rows, {runs: sources, clients}), summarise('datev from mysql', rows, {runs: exports, clients})]
    console.table(measurements)
    for (const measurement of measurements) console.log(JSON.stringify(measurement))
  } finally {
    await server.stop()
  }
}

await main()
