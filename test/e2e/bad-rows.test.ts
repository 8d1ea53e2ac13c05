// A row that DATEV would refuse or book wrongly ends the run at once, names the place, leaves no file and is not retried.
import {beforeAll, describe, expect, test} from 'vitest'
import {createTenant} from './tenant.ts'
import type {Tenant} from './tenant.ts'

interface BadRow {
  readonly name: string
  readonly column: string
  readonly value: string
  readonly code: string
  /** SQL of the column's value in the second of three rows. */
  readonly sql: string
}

const GOOD = {
  amount: '10.00',
  debit_credit: `'S'`,
  account: `'4930'`,
  contra_account: `'1200'`,
  document_date: ':periodStart',
  text: `'Miete'`,
}

const ROWS: readonly BadRow[] = [
  {name: 'unmappable', column: 'text', value: '語', code: 'CharacterNotInWindows1252', sql: `'日本語'`},
  {name: 'zero', column: 'amount', value: '0.00', code: 'AmountIsZero', sql: '0.00'},
  {name: 'thirteen-digits', column: 'amount', value: '1234567890123', code: 'TooManyDigits', sql: '1234567890123'},
  {name: 'outside', column: 'document_date', value: '', code: 'DateOutsidePeriod', sql: ':periodEnd'},
  {name: 'long-text', column: 'text', value: 'xxxxx', code: 'TextTooLong', sql: `repeat('x', 61)`},
]

function select(columns: Record<string, string>): string {
  return `select ${Object.entries(columns).map(([name, sql]) => `${sql} as ${name}`).join(', ')}`
}

function query(row: BadRow): string {
  return [GOOD, {...GOOD, [row.column]: row.sql}, GOOD].map(select).join(' union all ')
}

describe('a bad row', () => {
  let tenant: Tenant
  beforeAll(async () => {
    tenant = await createTenant('badrow')
  })

  test.each(ROWS)('$name fails the run at once, names the place and publishes nothing', async (row) => {
    const source = {postgres: {urlSecretRef: {name: 'ledger-db', key: 'url'}, datasets: {bookings: {query: query(row)}}}}
    await tenant.apply(row.name, {source})
    const job = await tenant.runNow(row.name)
    const entry = await tenant.ended(row.name, job)
    expect(entry).toMatchObject({phase: 'Failed', attempts: 1, error: {code: row.code}})
    expect(entry.error?.message).toContain('bookings')
    expect(entry.error?.message).toMatch(/row 2\b/)
    expect(entry.error?.message).toContain(row.column)
    expect(entry.error?.message).toContain(row.value)
    expect(await tenant.pods(job)).toHaveLength(1)
    expect(await tenant.files()).toEqual([])
  })
})
