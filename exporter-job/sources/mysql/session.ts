// The transaction that all datasets are read in, and what holds in it.
import {PermanentFault} from '../../errors.ts'
import type {SqlSourceOptions} from '../sql/options.ts'
import type {Connection} from './connection.ts'
import {variableOf, variableValue} from './parameters.ts'

/** Between two reads, the disk may be slow to take the last rows. */
const IDLE_SECONDS = 15 * 60

/** As many as a server can be asked to keep. */
export const MOST_WARNINGS = 65_535

export type SessionOptions = Pick<SqlSourceOptions, 'parameters' | 'timeZone' | 'statementTimeoutMs' | 'lockTimeoutMs'>

/** Opens the transaction and gives the time of its snapshot. */
export async function begin(connection: Connection, options: SessionOptions): Promise<string> {
  const [[version] = []] = await connection.query('select version()')
  const settings = {...settingsOf(options), ...statementTimeout(version ?? '', options.statementTimeoutMs)}
  // Whatever an init_connect of the server has set: texts come in UTF-8, with every character.
  await connection.query('set names utf8mb4 collate utf8mb4_unicode_ci')
  await connection.query(`set ${Object.entries(settings).map(([name, value]) => `session ${name} = ${value}`).join(', ')}`)
  await connection.execute('set time_zone = ?', [timeZoneName(options.timeZone)])
  await setParameters(connection, options)
  await connection.query('set transaction isolation level repeatable read')
  await connection.query('start transaction with consistent snapshot, read only')
  const [[takenAt] = []] = await connection.query("select date_format(utc_timestamp(3), '%Y-%m-%dT%H:%i:%s.%f')")
  // Microseconds, of which three digits are known.
  return `${String(takenAt).slice(0, -3)}Z`
}

function settingsOf({lockTimeoutMs}: SessionOptions): Readonly<Record<string, string | number>> {
  const lockSeconds = Math.max(1, Math.ceil(lockTimeoutMs / 1000))
  return {
    // The same meaning of a text on every server, and the one that parameters.ts reads it by: no ANSI_QUOTES, no NO_BACKSLASH_ESCAPES.
    sql_mode: "'STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'",
    lock_wait_timeout: lockSeconds,
    innodb_lock_wait_timeout: lockSeconds,
    net_write_timeout: IDLE_SECONDS,
    wait_timeout: IDLE_SECONDS,
    // Not a row less, and "id is null" means what it says.
    sql_select_limit: 'default',
    sql_auto_is_null: 0,
    // MySQL's own 1,024 would cut texts with a warning that nobody sees.
    group_concat_max_len: 1024 * 1024,
    // Of more warnings than the server's own 64 the telling one could be the last.
    max_error_count: MOST_WARNINGS,
  }
}

/** MariaDB reckons in seconds and ends any statement, MySQL in milliseconds and ends SELECTs. */
function statementTimeout(version: string, milliseconds: number): Readonly<Record<string, number>> {
  return /mariadb/i.test(version) ? {max_statement_time: milliseconds / 1000} : {max_execution_time: milliseconds}
}

/** UTC has a name that needs no tables. */
function timeZoneName(timeZone: string): string {
  return /^(Etc\/)?(UTC|GMT)$/.test(timeZone) ? '+00:00' : timeZone
}

/** @throws PermanentFault QueryFailed for an instant that the server cannot say */
async function setParameters(connection: Connection, {parameters}: SessionOptions): Promise<void> {
  if (parameters.length === 0) return
  await connection.execute(`set ${parameters.map((_, index) => `${variableOf(index)} = ?`).join(', ')}`, parameters.map(variableValue))
  const instants = parameters.flatMap(({type}, index) => (type === 'instant' ? [variableOf(index)] : []))
  if (instants.length === 0) return
  const [row = []] = await connection.query(`select ${instants.map((variable) => `from_unixtime(${variable})`).join(', ')}`)
  // It would be NULL, and a comparison with it would leave out every row.
  if (row.includes(null)) throw new PermanentFault('QueryFailed', "the period's instants are none that this server knows: it reckons from 1970, most to January 2038")
}
