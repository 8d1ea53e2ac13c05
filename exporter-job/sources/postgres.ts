// PostgreSQL: every dataset in one REPEATABLE READ, READ ONLY transaction, rows as bytes from COPY.
import {connect} from './postgres/connection.ts'
import {openDataset} from './postgres/dataset.ts'
import {postgresFault} from './postgres/faults.ts'
import {withoutEnd} from './postgres/parameters.ts'
import {begin} from './postgres/transaction.ts'
import type {SqlSourceOptions} from './sql/options.ts'
import {sqlSnapshot} from './sql/snapshot.ts'
import type {Source} from './types.ts'

/** A source whose snapshot is a transaction. An abort cuts the connection at once; so does a dataset that is not read to its end. */
export function createPostgresSource(options: SqlSourceOptions): Source {
  const {queries, redact, parameters} = options
  return {
    async snapshot(signal) {
      const connection = await connect(options, signal)
      try {
        const takenAt = await begin(connection.client, options)
        const reader = {connection, signal, redact, parameters}
        return sqlSnapshot({
          source: 'postgres',
          queries,
          takenAt,
          signal,
          open: (name, query) => openDataset(reader, name, query),
          withoutEnd,
          exact: (column) => column,
          dispose: async () => connection[Symbol.asyncDispose](),
        })
      } catch (error) {
        connection.cut()
        await connection[Symbol.asyncDispose]()
        signal.throwIfAborted()
        throw postgresFault(error, options)
      }
    },
  }
}
