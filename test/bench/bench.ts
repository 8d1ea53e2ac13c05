// npm run bench [-- --rows 1000000 --repeat 3]: how long each format takes compared with COPY of the same query, in the same run on the
// same machine. A table for people, then one JSON line a measurement.
import {spawn} from 'node:child_process'
import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {parseArgs} from 'node:util'
import {startPostgres} from '../support/postgres.ts'
import {createBenchLedger} from './ledger.ts'
import type {Usage} from './usage.ts'

/** One run of a measured program, its start included. */
interface Run extends Usage {
  readonly seconds: number
}

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

const PROGRAMS = ['copy', 'datev'] as const
const MIB = 1024 * 1024

/** Each program in turn, so that a busy minute of the machine meets them all. */
async function measure(url: string, repeat: number): Promise<Map<string, Run[]>> {
  const runs = new Map<string, Run[]>(PROGRAMS.map((name) => [name, []]))
  for (let round = 0; round < repeat; round++) {
    for (const name of PROGRAMS) runs.get(name)!.push(await runProgram(name, url))
  }
  return runs
}

async function runProgram(name: string, url: string): Promise<Run> {
  const folder = await mkdtemp(join(tmpdir(), 'scheduled-export-bench-'))
  try {
    const started = performance.now()
    const output = await outputOf(process.execPath, [join(import.meta.dirname, `${name}.ts`), url, folder])
    const seconds = (performance.now() - started) / 1000
    return {...(JSON.parse(output.trim().split('\n').at(-1)!) as Usage), seconds}
  } finally {
    await rm(folder, {recursive: true, force: true})
  }
}

function outputOf(command: string, args: readonly string[]): Promise<string> {
  const child = spawn(command, args, {stdio: ['ignore', 'pipe', 'inherit']})
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => (code === 0 ? resolve(output) : reject(new Error(`${args[0]} exited with ${code}`))))
  })
}

function summarise(name: string, runs: readonly Run[], copySeconds: number): Measurement {
  const seconds = median(runs.map((run) => run.seconds))
  return {
    name,
    rows: runs[0]!.rows,
    seconds: rounded(seconds),
    copySeconds: rounded(copySeconds),
    ratio: rounded(seconds / copySeconds),
    mibPerSecond: Math.round(runs[0]!.bytes / MIB / seconds),
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

async function main(): Promise<void> {
  const {values} = parseArgs({options: {rows: {type: 'string', default: '1000000'}, repeat: {type: 'string', default: '3'}}})
  console.error(`Filling PostgreSQL with ${values.rows} bookings …`)
  const server = await startPostgres()
  try {
    await createBenchLedger(server, Number(values.rows))
    console.error(`Measuring, ${values.repeat} times each …`)
    const runs = await measure(server.url, Number(values.repeat))
    const copySeconds = median(runs.get('copy')!.map((run) => run.seconds))
    const measurements = PROGRAMS.map((name) => summarise(name, runs.get(name)!, copySeconds))
    console.table(measurements)
    for (const measurement of measurements) console.log(JSON.stringify(measurement))
  } finally {
    await server.stop()
  }
}

await main()
