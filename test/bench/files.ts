// npm run bench -- --format files, or node test/bench/files.ts [--rows 1000000] [--repeat 5]: how fast the sources that read files make rows, compared with plainly reading the
// same file. A table for people, then one JSON line a measurement.
import {createWriteStream} from 'node:fs'
import {mkdtemp, open, rm, stat} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {pipeline} from 'node:stream/promises'
import {parseArgs} from 'node:util'
import {createGzip} from 'node:zlib'
import {CsvSource} from '../../crds/sources/csv.ts'
import {NdjsonSource} from '../../crds/sources/ndjson.ts'
import {createCsvSource} from '../../exporter-job/sources/csv.ts'
import type {FilesOptions} from '../../exporter-job/sources/files/source.ts'
import {createNdjsonSource} from '../../exporter-job/sources/ndjson.ts'
import type {Source} from '../../exporter-job/sources/types.ts'
import {peakRssKiB} from './usage.ts'

const COLUMNS = 'booking_id,posted_on,document_date,document_number,amount,debit_credit,currency,account,contra_account,tax_key,text,document_kind'.split(',')
const TYPED = COLUMNS.map((name) => ({name, type: name === 'amount' ? 'numeric' : /_date$|_on$/.test(name) ? 'date' : 'text'}))

/** A booking's values, all as text. */
function values(row: number): string[] {
  const [euros, cents] = [1 + (row % 9_999), String(row % 100).padStart(2, '0')]
  const day = String(1 + (row % 28)).padStart(2, '0')
  const account = String(10_000 + (row % 500))
  return [`B${row}`, `2026-10-${day}`, `2026-10-${day}`, `RE-${100_000 + row}`, `${euros}.${cents}`, row % 2 === 0 ? 'S' : 'H', 'EUR', account, '8400', '3', `Müller & Söhne GmbH, Rechnung ${row}`, 'AR']
}

function germanCsv(row: number): string {
  const german = values(row).map((value, index) => (index === 4 ? value.replace('.', ',') : value.startsWith('2026-') ? value.split('-').toReversed().join('.') : value))
  return `${german.join(';')}\n`
}

function csv(row: number): string {
  return `${values(row).map((value) => (value.includes(',') ? `"${value}"` : value)).join(',')}\n`
}

function ndjson(row: number): string {
  const members = values(row).map((value, index) => `"${COLUMNS[index]}":${index === 4 ? value : JSON.stringify(value)}`)
  return `{${members.join(',')}}\n`
}

function* file(rows: number, heading: string, line: (row: number) => string): Generator<string> {
  yield heading
  for (let row = 0; row < rows; row += 5_000) yield Array.from({length: Math.min(5_000, rows - row)}, (_, index) => line(row + index)).join('')
}

interface Case {
  readonly name: string
  readonly heading: string
  readonly line: (row: number) => string
  readonly gzip?: boolean
  readonly source: (options: FilesOptions) => Source
}

function csvCase(name: string, line: (row: number) => string, spec: object, columns: readonly object[] = []): Case {
  const parsed = CsvSource.parse({claimName: 'x', ...spec, datasets: {bookings: {path: 'x', columns}}})
  const heading = `${COLUMNS.join(parsed.delimiter)}\n`
  return {name, heading, line, source: (options) => createCsvSource(parsed, options)}
}

function ndjsonCase(name: string, columns: readonly object[]): Case {
  const parsed = NdjsonSource.parse({claimName: 'x', datasets: {bookings: {path: 'x', columns}}})
  return {name, heading: '', line: ndjson, source: (options) => createNdjsonSource(parsed, options)}
}

const CASES: readonly Case[] = [
  csvCase('csv', csv, {}),
  csvCase('csv, typed', csv, {}, TYPED),
  csvCase('csv, German, typed', germanCsv, {delimiter: ';', decimalSign: ',', dateFormat: 'DD.MM.YYYY'}, TYPED),
  {...csvCase('csv, gzip', csv, {}), gzip: true},
  ndjsonCase('ndjson', []),
  ndjsonCase('ndjson, typed', TYPED),
]

/** Reads the file and does nothing with it. */
async function plainly(path: string): Promise<void> {
  await using handle = await open(path)
  const buffer = Buffer.allocUnsafeSlow(256 * 1024)
  while ((await handle.read(buffer, 0, buffer.length)).bytesRead > 0);
}

async function throughSource(source: Source, rows: number): Promise<void> {
  await using snapshot = await source.snapshot(new AbortController().signal)
  const dataset = await snapshot.open('bookings')
  let bytes = 0
  for await (const chunk of dataset.chunks) bytes += chunk.length
  if (dataset.rowCount() !== rows || bytes === 0) throw new Error(`${dataset.rowCount()} rows were read`)
}

const MIB = 1024 * 1024

/** Seconds by the clock, and of the processor: on a busy machine only the second says something. */
interface Time {
  readonly seconds: number
  readonly cpuSeconds: number
}

async function timed(run: () => Promise<void>): Promise<Time> {
  const [started, before] = [performance.now(), process.cpuUsage()]
  await run()
  const {user, system} = process.cpuUsage(before)
  return {seconds: (performance.now() - started) / 1000, cpuSeconds: (user + system) / 1e6}
}

function medians(times: readonly Time[]): Time {
  return {seconds: median(times.map(({seconds}) => seconds)), cpuSeconds: median(times.map(({cpuSeconds}) => cpuSeconds))}
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000
}

function median(times: readonly number[]): number {
  return times.toSorted((one, other) => one - other)[Math.floor(times.length / 2)]!
}

async function measure(folder: string, {name, heading, line, gzip = false, source}: Case, {rows, repeat}: {rows: number; repeat: number}): Promise<object> {
  const path = join(folder, 'x')
  const target = createWriteStream(path)
  await (gzip ? pipeline(file(rows, heading, line), createGzip(), target) : pipeline(file(rows, heading, line), target))
  const {size} = await stat(path)
  const [plain, taken]: [Time[], Time[]] = [[], []]
  for (let round = 0; round < repeat; round++) {
    plain.push(await timed(() => plainly(path)))
    taken.push(await timed(() => throughSource(source({mount: folder, paths: {bookings: 'x'}, now: () => new Date()}), rows)))
  }
  const [read, {seconds, cpuSeconds}] = [medians(plain), medians(taken)]
  return {
    name,
    rows,
    seconds: rounded(seconds),
    copySeconds: rounded(read.seconds),
    ratio: Math.round(seconds / read.seconds),
    mibPerSecond: Math.round(size / MIB / seconds),
    peakRssMiB: Math.round(peakRssKiB() / 1024),
    cpuSeconds: rounded(cpuSeconds),
    copyCpuSeconds: rounded(read.cpuSeconds),
  }
}

async function main(): Promise<void> {
  const {values: given} = parseArgs({options: {rows: {type: 'string', default: '1000000'}, repeat: {type: 'string', default: '5'}}})
  const folder = await mkdtemp(join(tmpdir(), 'scheduled-export-bench-'))
  const measurements: object[] = []
  try {
    for (const each of CASES) measurements.push(await measure(folder, each, {rows: Number(given.rows), repeat: Number(given.repeat)}))
  } finally {
    await rm(folder, {recursive: true, force: true})
  }
  console.table(measurements)
  for (const measurement of measurements) console.log(JSON.stringify(measurement))
}

await main()
