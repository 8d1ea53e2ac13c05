// A row that DATEV would refuse or book wrongly ends the run at once, names the place, leaves no file but the list of errors, and is not retried.
import type {V1Job} from '@kubernetes/client-node'
import {beforeAll, describe, expect, test} from 'vitest'
import {EXIT} from '../../crds/run.ts'
import {eventually} from './kubectl.ts'
import {createTenant} from './tenant.ts'
import type {Tenant} from './tenant.ts'

interface BadRow {
  readonly name: string
  readonly column: string
  /** What the list of errors must show; "period end" for the first day after the period, which depends on the day of the test. */
  readonly value: string
  readonly code: string
  /** Part of the sentence that says what would be right. */
  readonly says: string
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
  {name: 'unmappable', column: 'text', value: '日本語', code: 'CharacterNotInWindows1252', says: 'only characters of Windows-1252', sql: `'日本語'`},
  {name: 'zero', column: 'amount', value: '0.00', code: 'AmountIsZero', says: 'must be greater than 0,00', sql: '0.00'},
  {name: 'thirteen-digits', column: 'amount', value: '1234567890123', code: 'TooManyDigits', says: 'at most 10 digits', sql: '1234567890123'},
  {name: 'outside', column: 'document_date', value: 'period end', code: 'DateOutsidePeriod', says: 'must lie in the period of the run', sql: ':periodEnd'},
  {name: 'long-text', column: 'text', value: 'x'.repeat(61), code: 'TextTooLong', says: 'at most 60 characters', sql: `repeat('x', 61)`},
]

function select(columns: Record<string, string>): string {
  return `select ${Object.entries(columns).map(([name, sql]) => `${sql} as ${name}`).join(', ')}`
}

function hasFailed({status}: V1Job): boolean {
  return status?.conditions?.some((condition) => condition.type === 'Failed' && condition.status === 'True') ?? false
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
    const value = row.value === 'period end' ? entry.periodEnd! : row.value
    expect(entry.error?.message).toContain(`bookings row 2, column ${row.column} `)
    expect(entry.error?.message).toContain(row.says)
    expect(entry.error?.message, 'status holds no value').not.toContain(value)
    // Whether there is another try shows only after the pod's exit code has made the Job fail.
    await tenant.exited(job, EXIT.permanent)
    await eventually('the failed Job', 60, async () => (await tenant.jobs(row.name)).some((one) => one.metadata?.name === job && hasFailed(one)))
    expect(await tenant.pods(job)).toHaveLength(1)
    const list = (await tenant.files()).filter((file) => file.path.includes(entry.exportId!))
    expect(list.map(({path}) => path)).toEqual([`datev/errors/${entry.exportId}.csv`])
    expect(entry.error?.message).toContain(`volume://exports/${list[0]!.path}`)
    expect(list[0]!.content.toString()).toContain(value)
    expect((await tenant.files()).filter((file) => !file.path.startsWith('datev/errors/'))).toEqual([])
  })
})
