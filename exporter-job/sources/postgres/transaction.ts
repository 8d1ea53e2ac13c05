// The transaction that all datasets are read in, and what holds in it.
import type {Client} from 'pg'
import type {SqlSourceOptions} from '../sql/options.ts'
import {settingOf} from './parameters.ts'

/** Between two statements, the disk may be slow to take the last rows. */
const IDLE_TIMEOUT_MS = 15 * 60_000

export type TransactionOptions = Pick<SqlSourceOptions, 'parameters' | 'timeZone' | 'statementTimeoutMs' | 'lockTimeoutMs'>

/** Opens the transaction and gives the time of its snapshot. Every setting ends with it: a pooled connection stays as it was. */
export async function begin(client: Client, options: TransactionOptions): Promise<string> {
  await client.query('begin isolation level repeatable read read only')
  await endSoonWhenAbandoned(client)
  const settings: Readonly<Record<string, string>> = {
    TimeZone: options.timeZone,
    DateStyle: 'ISO, YMD',
    IntervalStyle: 'iso_8601',
    bytea_output: 'hex',
    extra_float_digits: '1',
    standard_conforming_strings: 'on',
    lock_timeout: String(options.lockTimeoutMs),
    statement_timeout: String(options.statementTimeoutMs),
    idle_in_transaction_session_timeout: String(IDLE_TIMEOUT_MS),
    ...Object.fromEntries(options.parameters.map(({value}, index) => [settingOf(index), value])),
  }
  const calls = Object.keys(settings).map((_, index) => `set_config($${2 * index + 1}, $${2 * index + 2}, true)`)
  const takenAt = `to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
  const result = await client.query<{taken_at: string}>(
    `select ${takenAt} as taken_at, ${calls.join(', ')}`,
    Object.entries(settings).flat(),
  )
  return result.rows[0]!.taken_at
}

/** The server looks every two seconds whether anybody still waits for a long query. PostgreSQL 14 and later, not on every system. */
async function endSoonWhenAbandoned(client: Client): Promise<void> {
  await client.query('savepoint optional')
  try {
    await client.query("set local client_connection_check_interval = '2s'")
  } catch (error) {
    if (!(error instanceof Error) || !('severity' in error)) throw error
    await client.query('rollback to savepoint optional')
  }
  await client.query('release savepoint optional')
}
