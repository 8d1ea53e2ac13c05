// PostgreSQL: every dataset in one REPEATABLE READ, READ ONLY transaction, rows as bytes from COPY.
import {PermanentFault} from '../errors.ts'
import {connect} from './postgres/connection.ts'
import type {ConnectionOptions} from './postgres/connection.ts'
import {openDataset} from './postgres/dataset.ts'
import type {Reader} from './postgres/dataset.ts'
import {postgresFault} from './postgres/faults.ts'
import {withoutEnd} from './postgres/parameters.ts'
import {begin} from './postgres/transaction.ts'
import type {TransactionOptions} from './postgres/transaction.ts'
import type {Dataset, Snapshot, Source} from './types.ts'

export interface PostgresOptions extends ConnectionOptions, TransactionOptions {
  /** One SELECT for each dataset. */
  readonly queries: Readonly<Record<string, string>>
}

/** A source whose snapshot is a transaction. An abort cuts the connection at once; so does a dataset that is not read to its end. */
export function createPostgresSource(options: PostgresOptions): Source {
  return {
    async snapshot(signal) {
      const connection = await connect(options, signal)
      try {
        const takenAt = await begin(connection.client, options)
        return openSnapshot({connection, signal, redact: options.redact}, options.queries, takenAt)
      } catch (error) {
        connection.cut()
        await connection[Symbol.asyncDispose]()
        signal.throwIfAborted()
        throw postgresFault(error, options)
      }
    },
  }
}

function openSnapshot(reader: Reader, queries: PostgresOptions['queries'], takenAt: string): Snapshot {
  function queryOf(name: string): string {
    const query = Object.hasOwn(queries, name) ? queries[name] : undefined
    if (query === undefined) throw new PermanentFault('DatasetMissing', `spec.source.postgres.datasets has no query for ${name}`)
    return query
  }
  async function open(name: string, query: string): Promise<Dataset> {
    reader.signal.throwIfAborted()
    return openDataset(reader, name, query)
  }
  return {
    takenAt,
    open: async (name) => open(name, queryOf(name)),
    sql: {
      // Without what may stand behind the statement: a semicolon, a comment to the end of the line.
      subquery: (dataset) => `(\n${withoutEnd(queryOf(dataset))}\n)`,
      open,
    },
    [Symbol.asyncDispose]: () => reader.connection[Symbol.asyncDispose](),
  }
}
