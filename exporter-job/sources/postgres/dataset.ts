// One dataset of a transaction: its columns, and its rows as COPY sends them.
import {PermanentFault} from '../../errors.ts'
import type {Redact} from '../../redact.ts'
import type {SqlParameter} from '../sql/parameters.ts'
import type {Dataset} from '../types.ts'
import {datasetColumns} from './columns.ts'
import type {Connection} from './connection.ts'
import {createCopyOut} from './copy-out.ts'
import {postgresFault} from './faults.ts'
import type {FaultContext} from './faults.ts'
import {bindParameters} from './parameters.ts'

export interface Reader {
  readonly connection: Connection
  readonly signal: AbortSignal
  readonly redact: Redact
  readonly parameters: readonly SqlParameter[]
}

interface Query {
  /** Of the dataset. */
  readonly name: string
  /** Bound, without a semicolon. */
  readonly text: string
}

/** @throws PermanentFault QueryInvalid, UnknownParameter, DuplicateColumn …, TransientFault ConnectionLost … */
export async function openDataset(reader: Reader, name: string, query: string): Promise<Dataset> {
  const bound = {name, text: bind(name, query, reader.parameters)}
  const columns = await describeQuery(reader, bound)
  let counted: number | undefined
  return {
    name,
    columns,
    chunks: copyRows(reader, bound, (rows) => (counted = rows)),
    rowCount() {
      if (counted === undefined) throw new Error(`dataset ${name} has not been read to its end`)
      return counted
    },
  }
}

function bind(name: string, query: string, parameters: readonly SqlParameter[]): string {
  try {
    return bindParameters(query, parameters)
  } catch (error) {
    if (!(error instanceof PermanentFault)) throw error
    throw new PermanentFault(error.code, `dataset ${name}: ${error.message}`, {cause: error})
  }
}

/**
 * The columns of the query, and the proof that it is one query: PREPARE through the extended protocol takes exactly one statement, so
 * that what follows may put it into parentheses. Nothing is executed.
 */
async function describeQuery(reader: Reader, {name, text}: Query): Promise<Dataset['columns']> {
  const {client} = reader.connection
  // A line break before and after the text: a comment at its end must not swallow what follows, and lines can be counted.
  const prepare = {text: `prepare sx_query as\n${text}`, queryMode: 'extended'}
  await request(reader, contextOf(name, prepare.text), () => client.query(prepare))
  const select = `select * from (\n${text}\n) q limit 0`
  const described = await request(reader, contextOf(name, select), async () => {
    await client.query('deallocate sx_query')
    return client.query(select)
  })
  return datasetColumns(name, described.fields)
}

async function* copyRows(reader: Reader, {name, text}: Query, ended: (rows: number) => void): AsyncGenerator<Uint8Array> {
  const {connection} = reader
  const copy = `copy (\n${text}\n) to stdout (format text, encoding 'UTF8')`
  const context = contextOf(name, copy)
  let complete = false
  try {
    const rows = connection.client.query(createCopyOut(copy))
    for (;;) {
      const next = await request(reader, context, () => rows.chunks.next())
      if (next.done === true) break
      yield next.value
    }
    complete = true
    ended(rows.rowCount()!)
  } finally {
    // Somebody stopped in the midst: the rest of the rows would have to be read from the connection before it was of use again.
    if (!complete) connection.cut()
  }
}

function contextOf(name: string, text: string): Omit<FaultContext, 'redact'> {
  return {subject: `dataset ${name}`, statement: {text, leadingLines: 1}}
}

/** Runs a request; its failure becomes a fault, and after an abort it is the abort's reason: the connection was cut for it. */
async function request<T>({signal, redact}: Reader, context: Omit<FaultContext, 'redact'>, run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    signal.throwIfAborted()
    throw postgresFault(error, {...context, redact})
  }
}
