// npm run bench [-- --format datev --format mysql --rows 1000000 --repeat 3]: how long an export takes compared with COPY of the same query, in
// the same run on the same machine; then what the checks of values cost; then the other sources (mysql, files). All of it where nothing is
// named. Tables for people, then one JSON line a measurement.
import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {join} from 'node:path'
import {parseArgs} from 'node:util'
import {startPostgres} from '../support/postgres.ts'
import {BENCH_CASES} from './ledger.ts'
import type {BenchCase} from './ledger.ts'
import {compile, hasPsql, inFolder, runAnew, runCopy, runExporter} from './programs.ts'
import type {Run} from './programs.ts'

interface Measurement {
  readonly name: string
  readonly rows: number
  readonly seconds: number
  readonly copySeconds: number
  readonly ratio: number
  readonly mibPerSecond: number
  readonly peakRssMiB: number
  readonly cpuSeconds: number
}

const MIB = 1024 * 1024

/** Medians. */
function summarise(name: string, runs: readonly Run[], copies: readonly number[]): Measurement {
  const [seconds, copySeconds] = [median(runs.map((run) => run.seconds)), median(copies)]
  const {rows, bytes} = runs[0]!
  return {
    name,
    rows,
    seconds: rounded(seconds),
    copySeconds: rounded(copySeconds),
    ratio: rounded(seconds / copySeconds),
    mibPerSecond: Math.round(bytes / MIB / seconds),
    peakRssMiB: Math.round(Math.max(...runs.map((run) => run.peakRssMiB))),
    cpuSeconds: rounded(median(runs.map((run) => run.cpuSeconds))),
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)]!
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100
}

/** COPY and the cases in turn, so that a busy minute of the machine meets all. */
function measure(url: string, cases: readonly Named[], repeat: number): Promise<Measurement[]> {
  const copies: number[] = []
  const runs = cases.map((): Run[] => [])
  return inFolder(async (parent) => {
    for (let round = 0; round < repeat; round++) {
      copies.push(await runAnew(parent, 'copy', (folder) => runCopy(url, cases[0]![1].query, folder)))
      for (const [index, [, bench]] of cases.entries()) {
        runs[index]!.push(await runAnew(parent, 'export', (folder) => runExporter(url, bench, folder)))
      }
    }
    return cases.map(([name], index) => summarise(name, runs[index]!, copies))
  })
}

type Named = readonly [name: string, bench: BenchCase]

function caseNamed(name: string): Named {
  const bench = BENCH_CASES[name]
  if (bench === undefined) throw new Error(`--format ${name}: there are ${[...Object.keys(BENCH_CASES), ...Object.keys(SOURCES)].join(', ')}`)
  return [name, bench]
}

/** Formats whose checks can be left out. */
const CHECKED = ['datev', 'csv']

/** Sources other than PostgreSQL have a script each. */
const SOURCES: Readonly<Record<string, string>> = {mysql: 'mysql.ts', files: 'files.ts'}

async function benchFormats(cases: readonly Named[], {rows, repeat}: {rows: number; repeat: number}): Promise<void> {
  await compile()
  const server = await startPostgres()
  const [measurements, checks]: [Measurement[], Measurement[]] = [[], []]
  try {
    for (const create of new Set(cases.map(([, bench]) => bench.create))) {
      console.error(`Filling PostgreSQL with ${rows} bookings or transactions …`)
      await create(server, rows)
      console.error(`Exporting them ${repeat} times; COPY by ${(await hasPsql()) ? 'psql' : 'pg-copy-streams (there is no psql)'} …`)
      for (const one of cases.filter(([, bench]) => bench.create === create)) {
        measurements.push(...(await measure(server.url, [one], repeat)))
        if (CHECKED.includes(one[0])) checks.push(...(await measure(server.url, [one, [`${one[0]}, unchecked`, {...one[1], unchecked: true}]], repeat)))
      }
    }
  } finally {
    await server.stop()
  }
  console.table(measurements)
  if (checks.length > 0) console.table(checks)
  for (const measurement of [...measurements, ...checks]) console.log(JSON.stringify(measurement))
}

async function benchSource(script: string, repeat: string): Promise<void> {
  const child = spawn(process.execPath, [join(import.meta.dirname, script), '--repeat', repeat], {stdio: 'inherit'})
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`${script} failed`)
}

async function main(): Promise<void> {
  const all = [...Object.keys(BENCH_CASES), ...Object.keys(SOURCES)]
  const {values} = parseArgs({
    options: {format: {type: 'string', multiple: true, default: all}, rows: {type: 'string', default: '1000000'}, repeat: {type: 'string', default: '3'}},
  })
  const cases = values.format.filter((name) => !(name in SOURCES)).map(caseNamed)
  if (cases.length > 0) await benchFormats(cases, {rows: Number(values.rows), repeat: Number(values.repeat)})
  for (const name of values.format) if (name in SOURCES) await benchSource(SOURCES[name]!, values.repeat)
}

await main()
