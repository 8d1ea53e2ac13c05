// npm run bench [-- --format datev --format csv --rows 1000000 --repeat 3]: how long an export takes compared with COPY of the same query, in the same
// run on the same machine; all formats where none is named. A table for people, then one JSON line a measurement.
import {parseArgs} from 'node:util'
import {startPostgres} from '../support/postgres.ts'
import {BENCH_CASES} from './ledger.ts'
import type {BenchCase} from './ledger.ts'
import {compile, hasPsql, inFolder, runCopy, runExporter} from './programs.ts'
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

/** COPY and export in turn, so that a busy minute of the machine meets both. */
async function measure(url: string, [name, bench]: readonly [string, BenchCase], repeat: number): Promise<Measurement> {
  const [copies, runs]: [number[], Run[]] = [[], []]
  for (let round = 0; round < repeat; round++) {
    copies.push(await inFolder((folder) => runCopy(url, bench.query, folder)))
    runs.push(await inFolder((folder) => runExporter(url, bench, folder)))
  }
  return summarise(name, runs, copies)
}

function caseNamed(name: string): [string, BenchCase] {
  const bench = BENCH_CASES[name]
  if (bench === undefined) throw new Error(`--format ${name}: there are ${Object.keys(BENCH_CASES).join(', ')}`)
  return [name, bench]
}

async function main(): Promise<void> {
  const {values} = parseArgs({
    options: {format: {type: 'string', multiple: true, default: Object.keys(BENCH_CASES)}, rows: {type: 'string', default: '1000000'}, repeat: {type: 'string', default: '3'}},
  })
  const cases = values.format.map(caseNamed)
  await compile()
  const server = await startPostgres()
  try {
    const measurements: Measurement[] = []
    for (const create of new Set(cases.map(([, bench]) => bench.create))) {
      console.error(`Filling PostgreSQL with ${values.rows} bookings or transactions …`)
      await create(server, Number(values.rows))
      console.error(`Exporting them ${values.repeat} times; COPY by ${(await hasPsql()) ? 'psql' : 'pg-copy-streams (there is no psql)'} …`)
      for (const bench of cases.filter(([, one]) => one.create === create)) measurements.push(await measure(server.url, bench, Number(values.repeat)))
    }
    console.table(measurements)
    for (const measurement of measurements) console.log(JSON.stringify(measurement))
  } finally {
    await server.stop()
  }
}

await main()
