// The example with every category over the sample ledger in a real PostgreSQL, read back by the independent reader.
import {mkdtemp, readFile, readdir, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {afterAll, beforeAll, expect, test} from 'vitest'
import {Manifest} from '../../crds/run.ts'
import {SECRET_ENV} from '../../crds/secrets.ts'
import {createReader, loadLedger} from '../../examples/ledger/load.ts'
import {factsOf, readStack} from '../../exporter-job/formats/datev/testing/reader.ts'
import {attempt} from '../cluster/run.ts'
import {startPostgres} from '../support/postgres.ts'
import type {PostgresServer} from '../support/postgres.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

const FACTS: Readonly<Record<string, string>> = {
  Buchungsstapel: 'buchungsstapel',
  DebitorenKreditoren: 'debitoren-kreditoren',
  Kontenbeschriftungen: 'kontenbeschriftungen',
  Zahlungsbedingungen: 'zahlungsbedingungen',
}

let server: PostgresServer
let out: string

beforeAll(async () => {
  server = await startPostgres()
  await loadLedger(server.url)
  await createReader(server.url, 'reader', 'secret')
  out = await mkdtemp(join(tmpdir(), 'scheduled-export-datev-'))
})

afterAll(async () => {
  await server?.stop()
  await rm(out, {recursive: true, force: true})
})

test('the example publishes the four categories, as many rows as the ledger has', async () => {
  const args = ['exporter-job/cli.ts', '--file', 'examples/datev-master-data.yaml', '--period', '2026-10', '--out', out]
  const env = {...process.env, [SECRET_ENV.postgresUrl]: server.urlOf('postgres', 'reader:secret')}
  const {code, stderr} = await attempt(process.execPath, args, {cwd: ROOT, env})
  expect({code, stderr: code === 0 ? '' : stderr}).toEqual({code: 0, stderr: ''})
  const manifest = await publishedManifest()
  expect(manifest.files.map(({name}) => name)).toEqual(['Kontenbeschriftungen', 'Zahlungsbedingungen', 'DebitorenKreditoren', 'Buchungsstapel'].map((file) => `EXTF_${file}_202610_001.csv`))
  expect(Object.fromEntries(manifest.datasets.map(({dataset, rows}) => [dataset, rows]))).toEqual(await ledgerCounts())
  for (const {name, rows} of manifest.files) {
    const file = name.split('_')[1]!
    const stack = readStack(await readFile(join(out, 'datev/2026', name)), factsOf(FACTS[file]!))
    expect(stack.header[3]).toBe(file === 'DebitorenKreditoren' ? 'Debitoren/Kreditoren' : file)
    expect(stack.rows).toHaveLength(rows)
  }
})

async function publishedManifest(): Promise<Manifest> {
  const name = (await readdir(out, {recursive: true})).find((each) => each.endsWith('.manifest.json'))
  return Manifest.parse(JSON.parse(await readFile(join(out, name!), 'utf8')))
}

async function ledgerCounts(): Promise<Record<string, number>> {
  const [row] = await server.query(
    `SELECT (SELECT count(*)::int FROM accounts) AS accounts, 2 AS payment_terms,
       (SELECT count(*)::int FROM partners WHERE kind = 'customer') AS customers,
       (SELECT count(*)::int FROM partners WHERE kind = 'supplier') AS suppliers,
       (SELECT count(*)::int FROM bookings WHERE document_date >= '2026-10-01' AND document_date < '2026-11-01') AS bookings`,
    [],
  )
  return Object.fromEntries(Object.entries(row!).map(([name, count]) => [name, Number(count)]))
}
