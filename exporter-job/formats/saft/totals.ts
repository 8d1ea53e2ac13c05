// What stands before the rows and is known only after them: how many transactions there are, debit and credit, by file; and, where the
// datasets state no closing balances, what moved on each account. One or two queries in the same snapshot, or a first pass over the rows.
import {PermanentFault} from '../../errors.ts'
import type {Dataset, DatasetColumn, SqlAccess} from '../../sources/types.ts'
import {fieldText, wholeRows} from '../copy-rows.ts'
import type {FormatInput} from '../types.ts'
import type {KeyTable} from '../values/keys.ts'
import {splitRow} from '../values/rows.ts'
import type {KeySet} from './elements.ts'
import type {ComposedId} from './profile.ts'
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
  /** Transactions in all files together, where those of each are counted apart and the source can tell. */
  readonly transactions?: number
  /** Where the rows are read twice: ids of transactions that may come twice, which the writer looks out for. */
  readonly doubtful?: Doubtful
  /** Debit minus credit by id, for the sets that were asked for; a partner's by id and account: "10000\t1500". */
  readonly moved: Readonly<Partial<Record<KeySet, ReadonlyMap<string, bigint>>>>
}

/** Ids that may come twice, and the columns that they are made of. */
export interface Doubtful {
  readonly keys: KeyTable
  readonly parts: readonly (readonly number[])[]
}

export interface TotalsRequest {
  /** By month, for files of a month each. */
  readonly byMonth: boolean
  /** Negative amounts are written on the other side. */
  readonly swapsSides: boolean
  /** Whose closing balances have to be reckoned. */
  readonly balances: readonly KeySet[]
  readonly composedId: ComposedId | undefined
}

/** Column of journal_lines that refers to each set. */
export const REFERENCES = {
  accounts: 'account',
  customers: 'customer_id',
  suppliers: 'supplier_id',
  tax_codes: 'tax_code',
  cost_centers: 'cost_center',
  projects: 'project',
} as const satisfies Record<KeySet, string>

export async function readTotals(input: FormatInput, request: TotalsRequest): Promise<Totals> {
  const {sql} = input
  if (sql === undefined) return scanLines(await input.open('journal_lines'), request)
  const columns = await columnsOf(sql)
  // Sums over texts are no business of the database's.
  const isTyped = ['debit', 'credit'].every((name) => /integer|numeric/.test(typeOf(columns, name))) && typeOf(columns, 'posting_date') === 'date'
  // Nor is an id that only the file has.
  const isComposed = columns.some(({name}) => name === request.composedId?.column)
  return isTyped && !isComposed ? askTotals(sql, request, columns) : scanLines(await input.open('journal_lines'), request)
}

function typeOf(columns: readonly DatasetColumn[], name: string): string {
  return columns.find((column) => column.name === name)?.type ?? ''
}

async function columnsOf(sql: SqlAccess): Promise<readonly DatasetColumn[]> {
  const dataset = await sql.open('journal_lines', `select * from ${sql.subquery('journal_lines')} q limit 0`)
  await rowsOf(dataset)
  return dataset.columns
}

/**
 * Sums that a database finds cheaply. A transaction is counted once however many journals name it: the writer, who counts them as they
 * come, then disagrees.
 */
async function askTotals(sql: SqlAccess, request: TotalsRequest, columns: readonly DatasetColumn[]): Promise<Totals> {
  const {byMonth, balances} = request
  const moved = new Map<KeySet, Sums>()
  for (const set of balances) if (columns.some(({name}) => name === REFERENCES[set])) moved.set(set, await askMoved(sql, set, request))
  // What all accounts add up to need not be asked again.
  const accounts = byMonth ? undefined : moved.get('accounts')
  const month = byMonth ? 'extract(year from posting_date) * 100 + extract(month from posting_date)' : '0'
  const terms = [month, 'count(*)', `count(distinct ${sql.exact('transaction_id')})`, ...(accounts === undefined ? sidesOf(request) : [])]
  const query = `select ${terms.map((term, index) => `${term} as c${index}`).join(', ')} from ${sql.subquery('journal_lines')} q`
  const rows = await rowsOf(await sql.open('totals of journal_lines', byMonth ? `${query} group by ${month}` : query))
  const announced = rows.map(([key, , entries, debit, credit]): [number, Announced] => [
    Number(key),
    {entries: Number(entries), debit: accounts?.debit ?? parseCents(debit), credit: accounts?.credit ?? parseCents(credit)},
  ])
  return {
    lines: rows.reduce((sum, [, count]) => sum + Number(count), 0),
    columns,
    byMonth: new Map(announced),
    moved: Object.fromEntries([...moved].map(([set, {byKey}]) => [set, byKey])),
    ...(byMonth && {transactions: await countTransactions(sql)}),
  }
}

/** Files of a month each count their own: a transaction that two of them name is counted twice there, and once here. */
async function countTransactions(sql: SqlAccess): Promise<number> {
  const query = `select count(distinct ${sql.exact('transaction_id')}) as c0 from ${sql.subquery('journal_lines')} q`
  const [row] = await rowsOf(await sql.open('transactions of journal_lines', query))
  return Number(row?.[0])
}

/** What stands on each side; negative amounts have gone to the other one where the spec says so. */
function sidesOf({swapsSides}: TotalsRequest): readonly [debit: string, credit: string] {
  return swapsSides ? [swapped('debit', 'credit'), swapped('credit', 'debit')] : ['sum(debit)', 'sum(credit)']
}

function swapped(own: string, other: string): string {
  return `sum(case when ${own} > 0 then ${own} else 0 end) - sum(case when ${other} < 0 then ${other} else 0 end)`
}

/** Sums by key, and over all keys. */
interface Sums {
  readonly byKey: ReadonlyMap<string, bigint>
  readonly debit: bigint
  readonly credit: bigint
}

async function askMoved(sql: SqlAccess, set: KeySet, request: TotalsRequest): Promise<Sums> {
  const column = REFERENCES[set]
  const keys = set === 'accounts' ? [column] : [column, 'account']
  const exact = keys.map((key) => sql.exact(key))
  // All that are exactly equal are one text: the least of them.
  const chosen = keys.map((key, index) => (exact[index] === key ? key : `min(${key}) as ${key}`))
  const [debit, credit] = sidesOf(request)
  const where = set === 'accounts' ? '' : `where ${column} is not null `
  const query = `select ${[...chosen, `${debit} as debit`, `${credit} as credit`].join(', ')} from ${sql.subquery('journal_lines')} q ${where}group by ${exact.join(', ')}`
  const rows = await rowsOf(await sql.open(`balances of ${set}`, query))
  const sums = rows.map((fields) => ({key: fields.slice(0, -2).join('\t'), debit: parseCents(fields.at(-2)), credit: parseCents(fields.at(-1))}))
  return {
    byKey: withWhole(new Map(sums.map((each) => [each.key, each.debit - each.credit]))),
    debit: sums.reduce((sum, each) => sum + each.debit, 0n),
    credit: sums.reduce((sum, each) => sum + each.credit, 0n),
  }
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
    for (let position = 0; position < chunk.length;) {
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
