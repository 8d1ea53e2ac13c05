// The ledger's database as a test asks it: a connection of its own, as the superuser.
import {Client} from 'pg'
import {inject} from 'vitest'
import type {PostgresServer} from '../support/postgres.ts'

type Query = {query: PostgresServer['query']}

/** Runs `use` with a connection to the ledger. */
export async function queryLedger<T>(use: (server: Query) => Promise<T>): Promise<T> {
  const client = new Client({connectionString: inject('adminUrl')})
  await client.connect()
  try {
    return await use({query: async (sql, parameters) => (await client.query(sql, [...(parameters ?? [])])).rows as Record<string, unknown>[]})
  } finally {
    await client.end()
  }
}
