// MySQL and MariaDB: every dataset in one consistent snapshot, read only, rows as the bytes that the server sends.
import {connect} from './mysql/connection.ts'
import {openDataset} from './mysql/dataset.ts'
import {mysqlFault} from './mysql/faults.ts'
import {withoutEnd} from './mysql/parameters.ts'
import {begin} from './mysql/session.ts'
import {REFUSE_AT_ONCE} from './refusals.ts'
import type {SqlSourceOptions} from './sql/options.ts'
import {sqlSnapshot} from './sql/snapshot.ts'
import type {Source} from './types.ts'

/** A source whose snapshot is a transaction. An abort cuts the connection at once; so does a dataset that is not read to its end. */
export function createMysqlSource(options: SqlSourceOptions): Source {
  const {queries, redact, parameters} = options
  return {
    async snapshot(signal, refusals = REFUSE_AT_ONCE) {
      const connection = await connect(options, signal)
      try {
        const takenAt = await begin(connection, options)
        const reader = {connection, signal, redact, parameters, refusals}
        return sqlSnapshot({
          source: 'mysql',
          queries,
          takenAt,
          signal,
          open: (name, query) => openDataset(reader, name, query),
          withoutEnd,
          exact: (column) => `cast(${column} as binary)`,
          dispose: async () => connection[Symbol.asyncDispose](),
        })
      } catch (error) {
        await connection[Symbol.asyncDispose]()
        signal.throwIfAborted()
        throw mysqlFault(error, {redact})
      }
    },
  }
}
