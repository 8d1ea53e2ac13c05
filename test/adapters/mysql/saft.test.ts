// SAF-T from MariaDB: the database's sums stand before the rows, and keep apart what its collation takes for the same.
import {expect, test} from 'vitest'
import {createFindings} from '../../../exporter-job/formats/findings.ts'
import {createSaftFormat} from '../../../exporter-job/formats/saft/format.ts'
import {columnsOf} from '../../../exporter-job/formats/saft/testing/ledger.ts'
import {NORWEGIAN_SAMPLE} from '../../../exporter-job/formats/saft/testing/norway.ts'
import {specOf, writeAudit} from '../../../exporter-job/formats/saft/testing/write.ts'
import type {Row} from '../../../exporter-job/formats/testing/dataset.ts'
import {contextOf, memorySink} from '../../../exporter-job/formats/testing/memory-sink.ts'
import {ALIVE, place} from './source.ts'

const mysql = place()

/** Ids that differ in their case alone. */
const TRANSACTIONS: Readonly<Record<string, string>> = {2: 'a', 1: 'A', 4: 'B', 3: 'b'}
const ACCOUNTS: Readonly<Record<string, string>> = {3000: 'k1', 4300: 'K1'}

function renamed(row: Row): Row {
  const [transaction, account] = [row['transaction_id'], row['account']]
  return {
    ...row,
    ...(transaction != null && {transaction_id: TRANSACTIONS[transaction] ?? transaction}),
    ...(account != null && {account: ACCOUNTS[account] ?? account}),
  }
}

test('accounts and transactions that differ in their case alone have sums of their own', async () => {
  const datasets = Object.fromEntries(Object.entries(NORWEGIAN_SAMPLE.small).map(([name, rows]) => [name, (rows as readonly Row[]).map(renamed)]))
  const expected = await writeAudit(datasets)
  expect(expected.findings.errors()).toEqual([])
  const queries = Object.fromEntries(await Promise.all(Object.entries(datasets).map(async ([name, rows]) => [name, await load(name, rows)] as const)))
  await using snapshot = await mysql.source('', {queries}).snapshot(ALIVE)
  const [sink, findings] = [memorySink(), createFindings(100)]
  const input = {has: (name: string) => datasets[name] !== undefined, open: (name: string) => snapshot.open(name), sql: snapshot.sql}
  await createSaftFormat(specOf()).write(input, sink, contextOf({name: 'saft', findings}))
  expect(findings.errors()).toEqual([])
  expect(sink.bytes(0).toString()).toBe(expected.sink.bytes(0).toString())
})

function query(sql: string, values?: readonly string[]): Promise<unknown> {
  return mysql.server().query(sql, values)
}

/** Puts the rows into a table; gives the query that hands them out in order. */
async function load(name: string, rows: readonly Row[]): Promise<string> {
  const columns = columnsOf(rows)
  await query(`create table ${name} (i int auto_increment primary key, ${columns.map((column) => `\`${column}\` ${typeOf(column)}`).join(', ')})`)
  for (const row of rows) {
    const filled = columns.filter((column) => (row[column] ?? null) !== null)
    const values = filled.map((column) => row[column]!)
    await query(`insert into ${name} (${filled.map((column) => `\`${column}\``).join(', ')}) values (${filled.map(() => '?').join(', ')})`, values)
  }
  return `select ${columns.map((column) => `\`${column}\``).join(', ')} from ${name} order by i`
}

function typeOf(column: string): string {
  if (column === 'debit' || column === 'credit') return 'decimal(15, 2)'
  return column.endsWith('_date') ? 'date' : 'varchar(300) character set utf8mb4 collate utf8mb4_general_ci'
}
