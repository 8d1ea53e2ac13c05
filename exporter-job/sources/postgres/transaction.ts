// The transaction that all datasets are read in, and what holds in it.
import type {Client} from 'pg'
import type {LocalPeriod} from '../../../crds/run.ts'
import {startOfLocalDay} from '../../../crds/zone.ts'
import {PARAMETERS} from './parameters.ts'

const LOCK_TIMEOUT_MS = 30_000
/** Between two statements, the disk may be slow to take the last rows. */
const IDLE_TIMEOUT_MS = 15 * 60_000

export interface TransactionOptions {
  readonly period: LocalPeriod
  /** IANA name: days and instants of the period, and the session's time zone. */
  readonly timeZone: string
  /** The longest that one statement may take, milliseconds. */
  readonly statementTimeoutMs: number
  readonly lockTimeoutMs?: number
}

/** Opens the transaction and gives the time of its snapshot. Every setting ends with it: a pooled connection stays as it was. */
export async function begin(client: Client, options: TransactionOptions): Promise<string> {
  await client.query('begin isolation level repeatable read read only')
  await endSoonWhenAbandoned(client)
  const {period, timeZone} = options
  const settings: Readonly<Record<string, string>> = {
    TimeZone: timeZone,
    DateStyle: 'ISO, YMD',
    IntervalStyle: 'iso_8601',
    bytea_output: 'hex',
    extra_float_digits: '1',
    standard_conforming_strings: 'on',
    lock_timeout: String(options.lockTimeoutMs ?? LOCK_TIMEOUT_MS),
    statement_timeout: String(options.statementTimeoutMs),
    idle_in_transaction_session_timeout: String(IDLE_TIMEOUT_MS),
    [PARAMETERS.periodStart.setting]: period.start,
    [PARAMETERS.periodEnd.setting]: period.end,
    [PARAMETERS.periodStartAt.setting]: startOfLocalDay(period.start, timeZone).toISOString(),
    [PARAMETERS.periodEndAt.setting]: startOfLocalDay(period.end, timeZone).toISOString(),
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
