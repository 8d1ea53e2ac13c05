// The example with every category over the sample ledger in a real PostgreSQL, read back by the independent reader.
import {afterAll, beforeAll, expect, test} from 'vitest'
import {Manifest} from '../../crds/run.ts'
import {factsOf, readStack} from '../../exporter-job/formats/datev/testing/reader.ts'
import {startLedger} from '../support/ledger.ts'
import type {ExportedLedger} from '../support/ledger.ts'

const FACTS: Readonly<Record<string, string>> = {
  Buchungsstapel: 'buchungsstapel',
  DebitorenKreditoren: 'debitoren-kreditoren',
  Kontenbeschriftungen: 'kontenbeschriftungen',
  Zahlungsbedingungen: 'zahlungsbedingungen',
}

let ledger: ExportedLedger

beforeAll(async () => {
  ledger = await startLedger()
})

afterAll(() => ledger?.stop())

test('the example publishes the four categories, as many rows as the ledger has', async () => {
  const {read} = await ledger.exportExample('datev-master-data.yaml', '2026-10')
  const manifest = Manifest.parse(JSON.parse(String(await read('datev-master-data_2026-10.manifest.json'))))
  expect(manifest.files.map(({name}) => name)).toEqual(['Kontenbeschriftungen', 'Zahlungsbedingungen', 'DebitorenKreditoren', 'Buchungsstapel'].map((file) => `EXTF_${file}_202610_001.csv`))
  expect(Object.fromEntries(manifest.datasets.map(({dataset, rows}) => [dataset, rows]))).toEqual(await ledgerCounts())
  for (const {name, rows} of manifest.files) {
    const file = name.split('_')[1]!
    const stack = readStack(await read(name), factsOf(FACTS[file]!))
    expect(stack.header[3]).toBe(file === 'DebitorenKreditoren' ? 'Debitoren/Kreditoren' : file)
    expect(stack.rows).toHaveLength(rows)
  }
})

async function ledgerCounts(): Promise<Record<string, number>> {
  const [row] = await ledger.server.query(
    `SELECT (SELECT count(*)::int FROM accounts) AS accounts, 2 AS payment_terms,
       (SELECT count(*)::int FROM partners WHERE kind = 'customer') AS customers,
       (SELECT count(*)::int FROM partners WHERE kind = 'supplier') AS suppliers,
       (SELECT count(*)::int FROM bookings WHERE document_date >= '2026-10-01' AND document_date < '2026-11-01') AS bookings`,
    [],
  )
  return Object.fromEntries(Object.entries(row!).map(([name, count]) => [name, Number(count)]))
}
