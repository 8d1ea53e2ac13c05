// What stands before the rows and is known only after them: how many transactions there are, debit and credit, by file; and, where the
// datasets state no closing balances, what moved on each account. One or two queries in the same snapshot, or a first pass over the rows.
import {PermanentFault} from '../../errors.ts'
import type {Dataset, DatasetColumn, SqlAccess} from '../../sources/types.ts'
import {fieldText, wholeRows} from '../copy-rows.ts'
import type {FormatInput} from '../types.ts'
import {splitRow} from '../values/rows.ts'
import type {KeySet} from './elements.ts'
import {scanLines} from './scan.ts'

/** Of one file's entries. */
export interface Announced {
  readonly entries: number
  readonly debit: bigint
  readonly credit: bigint
}

export interface Totals {
  /** Lines, over all files. */
  readonly lines: number
  readonly columns: readonly DatasetColumn[]
  /** By month (202610), or under 0 for all. */
  readonly byMonth: ReadonlyMap<number, Announced>
  /** Debit minus credit by id, for the sets that were asked for; a partner's by id and account: "10000\t1500". */
  readonly moved: Readonly<Partial<Record<KeySet, ReadonlyMap<string, bigint>>>>
}

export interface TotalsRequest {
  /** By month, for files of a month each. */
  readonly byMonth: boolean
  /** Negative amounts are written on the other side. */
  readonly swapsSides: boolean
  /** Whose closing balances have to be reckoned. */
  readonly balances: readonly KeySet[]
}

/** Column of journal_lines that refers to each set. */
export const REFERENCES = {accounts: 'account', customers: 'customer_id', suppliers: 'supplier_id', tax_codes: 'tax_code'} as const satisfies Record<KeySet, string>

export async function readTotals(input: FormatInput, request: TotalsRequest): Promise<Totals> {
  const {sql} = input
  if (sql === undefined) return scanLines(await input.open('journal_lines'), request)
  const columns = await columnsOf(sql)
  // Sums over texts are no business of the database's.
  const isTyped = ['debit', 'credit'].every((name) => /integer|numeric/.test(typeOf(columns, name))) && typeOf(columns, 'posting_date') === 'date'
  return isTyped ? askTotals(sql, request, columns) : scanLines(await input.open('journal_lines'), request)
}

function typeOf(columns: readonly DatasetColumn[], name: string): string {
  return columns.find((column) => column.name === name)?.type ?? ''
}

async function columnsOf(sql: SqlAccess): Promise<readonly DatasetColumn[]> {
  const dataset = await sql.open('journal_lines', `select * from ${sql.subquery('journal_lines')} q limit 0`)
  await rowsOf(dataset)
  return dataset.columns
}

async function askTotals(sql: SqlAccess, {byMonth, balances, swapsSides}: TotalsRequest, columns: readonly DatasetColumn[]): Promise<Totals> {
  const lines = sql.subquery('journal_lines')
  // A transaction is counted once however many journals name it: the writer, who counts them as they come, then disagrees.
  const [debit, credit] = swapsSides ? [swapped('debit', 'credit'), swapped('credit', 'debit')] : ['sum(debit)', 'sum(credit)']
  const transactions =
    `select transaction_id, min(posting_date) as posted, count(*) as lines, ${debit} as debit, ${credit} as credit ` +
    `from ${lines} q group by transaction_id`
  const month = byMonth ? 'extract(year from posted) * 100 + extract(month from posted)' : '0'
  const query =
    `select month, count(*) as entries, sum(lines) as line_count, sum(debit) as debit, sum(credit) as credit ` +
    `from (select ${month} as month, lines, debit, credit from (${transactions}) t) u group by month`
  const rows = await rowsOf(await sql.open('totals of journal_lines', query))
  const moved: Partial<Record<KeySet, Map<string, bigint>>> = {}
  for (const set of balances) {
    if (columns.some(({name}) => name === REFERENCES[set])) moved[set] = await askMoved(sql, set, lines)
  }
  return {
    lines: rows.reduce((sum, [, , count]) => sum + Number(count), 0),
    columns,
    byMonth: new Map(rows.map(([key, entries, , ...sums]) => [Number(key), {entries: Number(entries), debit: parseCents(sums[0]), credit: parseCents(sums[1])}])),
    moved,
  }
}

/** What stands on a side when negative amounts have gone to the other one. */
function swapped(own: string, other: string): string {
  return `sum(case when ${own} > 0 then ${own} else 0 end) - sum(case when ${other} < 0 then ${other} else 0 end)`
}

async function askMoved(sql: SqlAccess, set: KeySet, lines: string): Promise<Map<string, bigint>> {
  const column = REFERENCES[set]
  const keys = set === 'accounts' ? column : `${column}, account`
  const query = `select ${keys}, sum(debit) as debit, sum(credit) as credit from ${lines} q where ${column} is not null group by ${keys}`
  const rows = await rowsOf(await sql.open(`balances of ${set}`, query))
  return withWhole(new Map(rows.map((fields) => [fields.slice(0, -2).join('\t'), parseCents(fields.at(-2)) - parseCents(fields.at(-1))])))
}

/** Adds, under "10000\t", what a partner has on all accounts together. */
export function withWhole(moved: ReadonlyMap<string, bigint>): Map<string, bigint> {
  const all = new Map(moved)
  for (const [key, cents] of moved) {
    const [id, account] = key.split('\t')
    if (account !== undefined) all.set(`${id}\t`, (all.get(`${id}\t`) ?? 0n) + cents)
  }
  return all
}

/** The rows of a small dataset as they are in COPY's text; NULL is empty. */
async function rowsOf(dataset: Dataset): Promise<string[][]> {
  const starts = new Int32Array(dataset.columns.length + 1)
  const rows: string[][] = []
  for await (const chunk of wholeRows(dataset.chunks)) {
    for (let position = 0; position < chunk.length; ) {
      const next = splitRow(chunk, position, starts)
      if (next < 0) throw new PermanentFault('InvalidRow', `${dataset.name}: a row has a wrong number of fields`)
      rows.push(dataset.columns.map((_, index) => fieldText(chunk.subarray(starts[index], starts[index + 1]! - 1)) ?? ''))
      position = next
    }
  }
  return rows
}

/** "1234.5" in cents. Further decimals are cut: where they are not zeros, a line is refused for them later. */
function parseCents(text: string | undefined): bigint {
  const [, sign = '', whole = '0', decimals = ''] = /^(-?)(\d+)(?:\.(\d*))?$/.exec(text ?? '') ?? []
  const value = BigInt(whole + decimals.slice(0, 2).padEnd(2, '0'))
  return sign === '-' ? -value : value
}
