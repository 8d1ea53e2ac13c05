// One dataset of a snapshot: its columns, and its rows by a prepared statement whose answer is in the text protocol.
import {PermanentFault} from '../../errors.ts'
import type {Refusals} from '../../formats/findings.ts'
import type {Redact} from '../../redact.ts'
import {createRowRefusals} from '../refusals.ts'
import type {SqlParameter} from '../sql/parameters.ts'
import type {Dataset} from '../types.ts'
import {datasetColumns} from './columns.ts'
import type {Connection} from './connection.ts'
import {isSyntaxError, mysqlFault} from './faults.ts'
import {bindParameters} from './parameters.ts'
import type {BoundQuery} from './parameters.ts'
import {readRows} from './rows.ts'
import {MOST_WARNINGS} from './session.ts'

export interface Reader {
  readonly connection: Connection
  readonly signal: AbortSignal
  readonly redact: Redact
  readonly parameters: readonly SqlParameter[]
  readonly refusals: Refusals
}

/** @throws PermanentFault QueryInvalid, UnknownParameter, DuplicateColumn …, TransientFault ConnectionLost … */
export async function openDataset(reader: Reader, name: string, query: string): Promise<Dataset> {
  const bound = bind(name, query, reader.parameters)
  const columns = await describeQuery(reader, name, bound)
  let counted: number | undefined
  return {
    name,
    columns,
    chunks: copyRows(reader, {name, columns, bound}, (rows) => (counted = rows)),
    rowCount() {
      if (counted === undefined) throw new Error(`dataset ${name} has not been read to its end`)
      return counted
    },
  }
}

function bind(name: string, query: string, parameters: readonly SqlParameter[]): BoundQuery {
  try {
    return bindParameters(query, parameters)
  } catch (error) {
    if (!(error instanceof PermanentFault)) throw error
    throw new PermanentFault(error.code, `dataset ${name}: ${error.message}`, {cause: error})
  }
}

/**
 * The columns of the query, and the proof that it is one SELECT: the server prepares one statement only, and nothing but a query, without
 * INTO OUTFILE and the like, can stand in the parentheses of a FROM. Nothing is executed.
 */
async function describeQuery(reader: Reader, name: string, {text}: BoundQuery): Promise<Dataset['columns']> {
  const {columns} = await request(reader, name, async () => {
    await refuseWhatIsNoQuery(reader.connection, text)
    return reader.connection.prepare(text)
  })
  return datasetColumns(name, columns)
}

async function refuseWhatIsNoQuery(connection: Connection, text: string): Promise<void> {
  try {
    // A comment at the text's end must not swallow what follows.
    await connection.prepare(`select * from (${text}\n) sx_query limit 0`)
  } catch (refused) {
    // A mistake in a query is said more clearly of the query by itself.
    if (isSyntaxError(refused)) await connection.prepare(text).catch((own: unknown) => (isSyntaxError(own) ? Promise.reject(own) : undefined))
    throw refused
  }
}

interface Opened {
  readonly name: string
  readonly columns: Dataset['columns']
  readonly bound: BoundQuery
}

/** The rows are counted as they come: the protocol has no count, and found_rows() is wrong for a UNION with a LIMIT. */
async function* copyRows(reader: Reader, {name, columns, bound}: Opened, ended: (rows: number) => void): AsyncGenerator<Uint8Array> {
  const {connection} = reader
  let complete = false
  try {
    await request(reader, name, () => connection.execute('set @sx_query = ?', [bound.text]))
    await request(reader, name, () => connection.query('prepare sx_query from @sx_query'))
    const using = bound.variables.length === 0 ? '' : ` using ${bound.variables.join(', ')}`
    const refused = createRowRefusals(name, columns.map((column) => ({name: column.name, from: column.name})), reader.refusals)
    const rows = readRows(connection, {dataset: name, columns, refused, sql: `execute sx_query${using}`})
    for (;;) {
      const next = await request(reader, name, () => rows.next())
      if (next.done !== true) {
        yield next.value
        continue
      }
      ended(next.value.rows)
      if (!next.value.isWhole) return
      if (next.value.warnings > 0) await refuseBentValues(reader, name)
      await request(reader, name, () => connection.query('deallocate prepare sx_query'))
      complete = true
      return
    }
  } finally {
    // Somebody stopped in the midst: the rest of the rows would have to be read from the connection before it was of use again.
    if (!complete) connection.cut()
  }
}

/**
 * Warnings that a value is not what the query asked for, each by its number: cut by GROUP_CONCAT, out of range, cut off, no number or date,
 * longer than a packet, divided by zero, no text of its character set, no date for STR_TO_DATE, no date at all, no JSON. PostgreSQL fails for them.
 */
const BENT = new Set(['1260', '1264', '1265', '1292', '1301', '1365', '1366', '1411', '1441', '4037', '4038'])

/** Asked right behind the rows, for any other statement makes the server forget. */
async function refuseBentValues(reader: Reader, name: string): Promise<void> {
  const warnings = await request(reader, name, () => reader.connection.query('show warnings'))
  const [, number, words] = warnings.find(([, code]) => BENT.has(code ?? '')) ?? []
  if (number === undefined && warnings.length < MOST_WARNINGS) return
  const said = number === undefined ? `there are ${MOST_WARNINGS} warnings, more than are kept` : reader.redact(`${String(words).slice(0, 300)}, warning ${number}`)
  throw new PermanentFault('QueryFailed', `dataset ${name}: MySQL warned that a value is not what the query asks for (${said})`)
}

/** Runs a request; its failure becomes a fault, and after an abort it is the abort's reason: the connection was cut for it. */
async function request<T>({signal, redact}: Reader, name: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    signal.throwIfAborted()
    throw mysqlFault(error, {subject: `dataset ${name}`, redact})
  }
}
