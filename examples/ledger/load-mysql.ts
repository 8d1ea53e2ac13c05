// Fills a MySQL or MariaDB database with the bookings of the sample ledger.
import {readFile} from 'node:fs/promises'
import {createConnection} from 'mysql2/promise'
import type {Connection} from 'mysql2/promise'
import {FIRST_MONTH, generateLedger} from './generate.ts'
import {tables} from './load.ts'
import type {LoadOptions} from './load.ts'

const ROWS_A_STATEMENT = 500
/** Those of schema-mysql.sql, each behind what it refers to. */
const TABLES = ['accounts', 'partners', 'cost_centers', 'bookings'] as const

/** Loads the ledger; an earlier one in the same database is replaced. The number of bookings. */
export async function loadMysqlLedger(url: string, options: LoadOptions = {}): Promise<number> {
  const ledger = generateLedger(options.firstMonth ?? FIRST_MONTH)
  const schema = await readFile(new URL('schema-mysql.sql', import.meta.url), 'utf8')
  const connection = await createConnection({uri: url, multipleStatements: true})
  try {
    await connection.query('DROP VIEW IF EXISTS bookings_for_datev; DROP TABLE IF EXISTS bookings, accounts, partners, cost_centers')
    await connection.query(schema)
    await connection.beginTransaction()
    const all = tables(ledger)
    for (const table of TABLES) await insert(connection, table, all[table])
    await connection.commit()
  } finally {
    await connection.end()
  }
  return ledger.bookings.length
}

async function insert(connection: Connection, table: string, rows: readonly object[]): Promise<void> {
  // A column that a row does not have is NULL.
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  for (let from = 0; from < rows.length; from += ROWS_A_STATEMENT) {
    const some = rows.slice(from, from + ROWS_A_STATEMENT).map((row) => columns.map((column) => new Map(Object.entries(row)).get(column) ?? null))
    await connection.query('INSERT INTO ?? (??) VALUES ?', [table, columns, some])
  }
}
