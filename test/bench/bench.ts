// npm run bench [-- --format datev --rows 1000000 --repeat 3]: how long an export takes compared with COPY of the same query, in the same run on the
// same machine. A table for people, then one JSON line a measurement.
import {parseArgs} from 'node:util'
import {startPostgres} from '../support/postgres.ts'
import {BENCH_CASES, createBenchLedger} from './ledger.ts'
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
async function measure(url: string, name: string, repeat: number): Promise<Measurement> {
  const bench = BENCH_CASES[name]
  if (bench === undefined) throw new Error(`--format is one of ${Object.keys(BENCH_CASES).join(', ')}`)
  const [copies, runs]: [number[], Run[]] = [[], []]
  for (let round = 0; round < repeat; round++) {
    copies.push(await inFolder((folder) => runCopy(url, bench.query, folder)))
    runs.push(await inFolder((folder) => runExporter(url, bench, folder)))
  }
  return summarise(name, runs, copies)
}

async function main(): Promise<void> {
  const {values} = parseArgs({options: {
    format: {type: 'string', default: 'datev'},
    rows: {type: 'string', default: '1000000'},
    repeat: {type: 'string', default: '3'},
  }})
  await compile()
  const server = await startPostgres()
  try {
    console.error(`Filling PostgreSQL with ${values.rows} bookings …`)
    await createBenchLedger(server, Number(values.rows))
    console.error(`Exporting them ${values.repeat} times; COPY by ${(await hasPsql()) ? 'psql' : 'pg-copy-streams (there is no psql)'} …`)
    const measurements = [await measure(server.url, values.format, Number(values.repeat))]
    console.table(measurements)
    for (const measurement of measurements) console.log(JSON.stringify(measurement))
  } finally {
    await server.stop()
  }
}

await main()
