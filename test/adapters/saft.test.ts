// SAF-T files against the authorities' own schemas (where they can be had), and from a real PostgreSQL, whose sums stand before the rows.
import {execFile} from 'node:child_process'
import {mkdtemp, readFile, readdir, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {promisify} from 'node:util'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {SECRET_ENV} from '../../crds/secrets.ts'
import type {Row} from '../../exporter-job/formats/testing/dataset.ts'
import {columnsOf} from '../../exporter-job/formats/saft/testing/ledger.ts'
import {SAMPLES} from '../../exporter-job/formats/saft/testing/samples.ts'
import {specOf, writeAudit} from '../../exporter-job/formats/saft/testing/write.ts'
import {findSchema, missingSchema} from '../schemas/schemas.ts'
import {complaints, ensureXmllint} from '../support/xmllint.ts'
import {startPostgres} from '../support/postgres.ts'
import type {PostgresServer} from '../support/postgres.ts'

describe.each(SAMPLES)('$profile', ({profile, ledger, spec, context}) => {
  const options = {spec: {...spec, profile}, context: context ?? {}}
  const isThere = findSchema(profile) !== undefined
  if (!isThere) console.warn(`\n*** ${missingSchema(profile)} ***\n`)

  beforeAll(async () => {
    if (isThere) await ensureXmllint()
  })

  test.skipIf(!isThere)('validates against the schema of the authority', async () => {
    const {sink, findings} = await writeAudit({...ledger}, options)
    expect(findings.errors()).toEqual([])
    expect(sink.files.length).toBeGreaterThan(0)
    for (const index of sink.files.keys()) expect(await complaints(profile, sink.bytes(index))).toEqual([])
  })

  test.skipIf(!isThere)('validates without transactions, too', async () => {
    const columns = {journal_lines: columnsOf(ledger.journal_lines)}
    const {sink} = await writeAudit({...ledger, journal_lines: []}, {...options, columns, context: {...context, emptyFile: true}})
    expect(await complaints(profile, sink.bytes(0))).toEqual([])
  })

  test.skipIf(!isThere)('does not validate when an element is missing: the schema is really asked', async () => {
    const {sink} = await writeAudit({...ledger}, options)
    const broken = Buffer.from(
      sink
        .bytes(0)
        .toString('latin1')
        .replace(/<TransactionDate>[^<]*<\/TransactionDate>/, ''),
      'latin1',
    )
    expect((await complaints(profile, broken)).length).toBeGreaterThan(0)
  })
})

describe('from PostgreSQL', () => {
  let server: PostgresServer
  let folder: string

  beforeAll(async () => {
    server = await startPostgres()
    folder = await mkdtemp(join(tmpdir(), 'saft-'))
  })
  afterAll(async () => {
    await server.stop()
    await rm(folder, {recursive: true, force: true})
  })

  test.each(SAMPLES)("$profile: the database's sums stand where a first pass over the rows puts them", async ({profile, ledger, spec, context}) => {
    const period = context?.period
    const {sink} = await writeAudit({...ledger}, {spec: {...spec, profile}, context: context ?? {}})
    const datasets = await load(Object.entries(ledger))
    const out = await run(
      {datasets, format: {saft: specOf({...spec, profile})}},
      period === undefined ? '2026-10' : `${period.start}..${dayBefore(period.end)}`,
    )
    const [name] = (await readdir(out)).filter((file) => file.endsWith('.xml'))
    // The header has the day of the run in it.
    expect(bodyOf(await readFile(join(out, name!)))).toBe(bodyOf(sink.bytes(0)))
  })

  test.each(['SwapSide', 'Keep'] as const)('negative amounts are in the sums as they are in the file: %s', async (negativeAmounts) => {
    const {profile, ledger, spec} = SAMPLES[0]!
    const lines = ledger.journal_lines.map((row) => (Number(row['transaction_id']) % 5 === 0 ? reversed(row) : row))
    const datasets = await load(Object.entries({...ledger, journal_lines: lines}))
    const {sink, findings} = await writeAudit({...ledger, journal_lines: lines}, {spec: {...spec, profile, negativeAmounts}})
    expect(findings.errors()).toEqual([])
    const out = await run({datasets, format: {saft: specOf({...spec, profile, negativeAmounts})}}, '2026-10')
    const [name] = (await readdir(out)).filter((file) => file.endsWith('.xml'))
    expect(bodyOf(await readFile(join(out, name!)))).toBe(bodyOf(sink.bytes(0)))
  })

  test.each(['None', 'Month'] as const)('a transaction_id that stands in two journals is seen, split: %s', async (split) => {
    const {profile, ledger, spec} = SAMPLES[0]!
    const october = ledger.journal_lines.map((row) => (row['transaction_id'] === '1' ? {...row, transaction_id: '2'} : row))
    const september = ledger.journal_lines.map((row) =>
      row['transaction_id'] === '1' ? {...row, transaction_id: '2', posting_date: '2026-09-01'} : row,
    )
    const datasets = await load(Object.entries({...ledger, journal_lines: split === 'None' ? october : september}))
    await expect(run({datasets, format: {saft: specOf({...spec, profile, split})}}, '2026-09-01..2026-10-31')).rejects.toThrow('TotalsDiffer')
  })

  test('a file a month has the sums that the database gives for it', async () => {
    const {profile, ledger, spec} = SAMPLES[0]!
    const lines = ledger.journal_lines.map((row) => (Number(row['transaction_id']) % 3 === 0 ? {...row, posting_date: '2026-09-15'} : row))
    const datasets = await load(Object.entries({...ledger, journal_lines: lines}))
    const context = {period: {start: '2026-09-01', end: '2026-11-01'}}
    const {sink} = await writeAudit({...ledger, journal_lines: lines}, {spec: {...spec, profile, split: 'Month'}, context})
    const out = await run({datasets, format: {saft: specOf({...spec, profile, split: 'Month'})}}, '2026-09-01..2026-10-31')
    const names = (await readdir(out)).filter((file) => file.endsWith('.xml')).toSorted()
    expect(names).toHaveLength(2)
    for (const [index, name] of names.entries()) expect(entriesOf(await readFile(join(out, name)))).toBe(entriesOf(sink.bytes(index)))
  })

  /** Puts each dataset into a table of its own; gives queries that keep the order of the rows. */
  async function load(all: readonly (readonly [string, readonly Row[]])[]): Promise<Record<string, {query: string}>> {
    const queries: Record<string, {query: string}> = {}
    for (const [name, rows] of all) {
      const columns = columnsOf(rows)
      await server.query(
        `drop table if exists ${name}; create table ${name} (i serial, ${columns.map((column) => `${column} ${typeOf(column)}`).join(', ')})`,
      )
      await server.query(
        `insert into ${name} (${columns.join(', ')}) select ${columns.join(', ')} from jsonb_populate_recordset(null::${name}, $1)`,
        [JSON.stringify(rows)],
      )
      queries[name] = {query: `select ${columns.join(', ')} from ${name} order by i`}
    }
    return queries
  }

  /** Runs an export of these datasets. */
  function run({datasets, format}: {datasets: object; format: object}, period: string): Promise<string> {
    const source = {postgres: {urlSecretRef: {name: 'ledger', key: 'url'}, datasets}}
    return runExporter({folder, source, format}, period, {[SECRET_ENV.postgresUrl]: server.url})
  }
})

describe('from CSV files', () => {
  let folder: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'saft-'))
  })
  afterAll(() => rm(folder, {recursive: true, force: true}))

  test('the rows are read twice, and the file is the same', async () => {
    const {profile, ledger, spec} = SAMPLES[0]!
    const datasets: Record<string, {path: string}> = {}
    for (const [name, rows] of Object.entries(ledger)) {
      await writeFile(join(folder, `${name}.csv`), csvOf(rows))
      datasets[name] = {path: `${name}.csv`}
    }
    const {sink} = await writeAudit({...ledger}, {spec: {...spec, profile}})
    const out = await runExporter({folder, source: {csv: {claimName: 'inbox', datasets}}, format: {saft: specOf({...spec, profile})}}, '2026-10', {})
    const [name] = (await readdir(out)).filter((file) => file.endsWith('.xml'))
    expect(bodyOf(await readFile(join(out, name!)))).toBe(bodyOf(sink.bytes(0)))
  })
})

/** The row with its amounts negative. */
function reversed(row: Row): Row {
  const amounts = ['debit', 'credit', 'tax_base', 'tax_amount', 'currency_amount'].filter((name) => (row[name] ?? '') !== '')
  return {...row, ...Object.fromEntries(amounts.map((name) => [name, `-${row[name]}`]))}
}

interface Call {
  /** Where manifest and files lie. */
  readonly folder: string
  readonly source: object
  readonly format: object
}

/** The exporter as a person calls it; gives the folder of its files. */
async function runExporter({folder, source, format}: Call, period: string, secrets: Record<string, string>): Promise<string> {
  const out = await mkdtemp(join(folder, 'out-'))
  const spec = {schedule: '@monthly', period: {range: 'PreviousMonth'}, source, format, destination: {volume: {claimName: 'exports', path: 'saft'}}}
  const manifest = {apiVersion: 'scheduledexport.dev/v1alpha1', kind: 'ScheduledExport', metadata: {name: 'saft', namespace: 'acme'}, spec}
  await writeFile(join(folder, 'manifest.yaml'), JSON.stringify(manifest))
  const cli = join(import.meta.dirname, '../../exporter-job/cli.ts')
  const args = [cli, '--file', join(folder, 'manifest.yaml'), '--period', period, '--out', out]
  await promisify(execFile)(process.execPath, args, {env: {...process.env, ...secrets}}).catch((error: {stdout?: string}) => {
    throw new Error(error.stdout ?? 'the exporter failed')
  })
  return join(out, 'saft')
}

/** RFC 4180; NULL is an empty field. */
function csvOf(rows: readonly Row[]): string {
  const columns = columnsOf(rows)
  const lines = [columns, ...rows.map((row) => columns.map((column) => row[column] ?? ''))]
  return lines.map((line) => `${line.map((field) => (/[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)).join(',')}\r\n`).join('')
}

function typeOf(column: string): string {
  if (/^(debit|credit|currency_amount|exchange_rate|tax_rate|tax_base|tax_amount|base_share|(opening|closing)_(debit|credit))$/.test(column))
    return 'numeric'
  if (/_date$|^valid_|^created_on$/.test(column)) return 'date'
  return column === 'entry_time' ? 'time' : 'text'
}

function bodyOf(file: Buffer): string {
  const text = file.toString('latin1')
  return text.slice(text.indexOf('<MasterFiles>'))
}

function entriesOf(file: Buffer): string {
  const text = file.toString('latin1')
  return text.slice(text.indexOf('<GeneralLedgerEntries>'))
}

function dayBefore(day: string): string {
  return new Date(Date.parse(day) - 86_400_000).toISOString().slice(0, 10)
}
