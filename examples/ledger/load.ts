// Fills a PostgreSQL database with the sample ledger.
import {readFile} from 'node:fs/promises'
import {Client} from 'pg'
import {FIRST_MONTH, generateLedger} from './generate.ts'
import {decimal, money} from './csv.ts'
import {TAXES} from './journal.ts'
import type {Booking, JournalLine, Ledger} from './types.ts'

export interface LoadOptions {
  /** First day of the first of the three months. Default 2026-08-01. */
  readonly firstMonth?: string
}

/** Loads the ledger in one transaction; an earlier one in the same database is replaced. The number of bookings. */
export async function loadLedger(url: string, options: LoadOptions = {}): Promise<number> {
  const ledger = generateLedger(options.firstMonth ?? FIRST_MONTH)
  const schema = await readFile(new URL('schema.sql', import.meta.url), 'utf8')
  const client = new Client({connectionString: url})
  await client.connect()
  try {
    await client.query('BEGIN')
    await client.query('DROP VIEW IF EXISTS bookings_for_datev, journal_lines_for_export; ' +
        'DROP TABLE IF EXISTS journal_lines, bookings, accounts, partners, cost_centers, tax_codes')
    await client.query(schema)
    for (const [table, rows] of Object.entries(tables(ledger))) {
      await client.query(`INSERT INTO ${table} SELECT * FROM json_populate_recordset(NULL::${table}, $1)`, [JSON.stringify(rows)])
    }
    await client.query('COMMIT')
    await client.query('ANALYZE')
  } finally {
    await client.end()
  }
  return ledger.bookings.length
}

/** Makes (or renews) a user that may read the ledger and nothing else: what an export should be given. */
export async function createReader(url: string, name: string, password: string): Promise<void> {
  const client = new Client({connectionString: url})
  await client.connect()
  try {
    const role = client.escapeIdentifier(name)
    const {rowCount} = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [name])
    await client.query(`${rowCount === 0 ? 'CREATE' : 'ALTER'} ROLE ${role} LOGIN PASSWORD ${client.escapeLiteral(password)}`)
    await client.query(`GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${role}`)
    await client.query(`ALTER ROLE ${role} SET default_transaction_read_only = on`)
  } finally {
    await client.end()
  }
}

export type TableName = 'accounts' | 'partners' | 'cost_centers' | 'tax_codes' | 'bookings' | 'journal_lines'

/** The rows of every table, as schema.sql has them. */
export function tables({accounts, partners, costCenters, bookings, journal}: Ledger): Record<TableName, readonly object[]> {
  return {
    accounts,
    partners: partners.map(({vatId, postalCode, ...partner}) => ({...partner, postal_code: postalCode, vat_id: vatId})),
    cost_centers: costCenters,
    tax_codes: Object.values(TAXES),
    bookings: bookings.map(bookingRow),
    journal_lines: journal.map(lineRow),
  }
}

function lineRow(line: JournalLine): object {
  return {
    booking_id: line.bookingId,
    line: line.line,
    journal: line.journal,
    posting_date: line.postingDate,
    document_number: line.documentNumber,
    text: line.text,
    account: line.account,
    side: line.side,
    amount: money(line.cents),
    customer: line.customer,
    supplier: line.supplier,
    tax_code: line.taxCode,
    tax_base: line.taxBaseCents && money(line.taxBaseCents),
    tax_amount: line.taxCents === undefined ? undefined : money(line.taxCents),
    currency: line.currency,
    currency_amount: line.currencyCents && money(line.currencyCents),
    exchange_rate: line.rate && decimal(line.rate, 6),
    cost_center: line.costCenter,
  }
}

function bookingRow(booking: Booking): object {
  return {
    id: booking.id,
    document_date: booking.documentDate,
    service_date: booking.serviceDate,
    due_date: booking.dueDate,
    document_number: booking.documentNumber,
    reference: booking.reference,
    account: booking.account,
    contra_account: booking.contraAccount,
    side: booking.side,
    amount: money(booking.cents),
    currency: booking.currency,
    exchange_rate: booking.rate && decimal(booking.rate, 6),
    amount_in_euro: money(booking.euroCents),
    discount: booking.discountCents && money(booking.discountCents),
    tax_key: booking.taxKey,
    cost_center: booking.costCenter,
    project: booking.project,
    description: booking.description,
    cancels: booking.cancels,
  }
}
