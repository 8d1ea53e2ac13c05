// The example for BMD over the sample ledger in a real PostgreSQL, read back by the independent reader.
import {afterAll, beforeAll, expect, test} from 'vitest'
import {cents, readBookings} from '../../exporter-job/formats/bmd/testing/reader.ts'
import type {BookingRow} from '../../exporter-job/formats/bmd/testing/reader.ts'
import {startLedger} from '../support/ledger.ts'
import type {ExportedLedger} from '../support/ledger.ts'

let ledger: ExportedLedger

beforeAll(async () => {
  ledger = await startLedger()
})

afterAll(() => ledger?.stop())

test('the example publishes what the ledger holds, to the cent', async () => {
  const {names, read} = await ledger.exportExample('bmd-monthly.yaml', '2026-10')
  expect(names).toEqual(['BMD_Buchungen_2026-10_001.csv'])
  const {rows} = readBookings(await read(names[0]!))
  expect(sums(rows)).toEqual(await ledgerSums())
  expect(new Set(rows.map((row) => row['buchsymbol']))).toEqual(new Set(['AR', 'ER', 'KA', 'BK', 'SO', 'ST']))
  expect(rows.some((row) => row['waehrung'] === 'CHF')).toBe(true)
})

/** Count, and sums of euros by sign. */
function sums(rows: readonly BookingRow[]): string {
  const amounts = rows.map((row) => cents(row['betrag']))
  return `${rows.length} ${add(amounts.filter((each) => each > 0n))} ${add(amounts.filter((each) => each < 0n))}`
}

function add(amounts: readonly bigint[]): bigint {
  return amounts.reduce((sum, each) => sum + each, 0n)
}

async function ledgerSums(): Promise<string> {
  const [row] = await ledger.server.query(
    `SELECT concat_ws(' ', count(*), (sum(euro) FILTER (WHERE euro > 0))::bigint, (sum(euro) FILTER (WHERE euro < 0))::bigint) AS sums
     FROM (SELECT 100 * amount_in_euro * CASE WHEN (side = 'debit') = (cancels IS NULL) THEN 1 ELSE -1 END AS euro
           FROM bookings WHERE document_date >= '2026-10-01' AND document_date < '2026-11-01') b`,
    [],
  )
  return String(row!['sums'])
}
