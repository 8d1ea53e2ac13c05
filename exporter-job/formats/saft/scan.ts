// A first pass over journal_lines, for sources that do not speak SQL: counts and sums, and ids that may come twice. What is wrong with a row is
// said in the second pass.
import {PermanentFault} from '../../errors.ts'
import type {Dataset} from '../../sources/types.ts'
import {fieldText, wholeRows} from '../copy-rows.ts'
import type {Cursor} from '../values/cursor.ts'
import {readDate} from '../values/dates.ts'
import type {KeyTable} from '../values/keys.ts'
import {createKeyTable} from '../values/keys.ts'
import {isEmptyField, splitRow} from '../values/rows.ts'
import {readCents} from '../values/signed.ts'
import {addCents, centsOf} from '../values/totals.ts'
import type {Sum} from '../values/totals.ts'
import type {KeySet} from './elements.ts'
import type {Movements} from './movements.ts'
import {createMovements} from './movements.ts'
import type {PartTotals} from './parts.ts'
import {emptyTotals} from './parts.ts'
import {createSieve} from './sieve.ts'
import type {Totals, TotalsRequest} from './totals.ts'
import {REFERENCES, withWhole} from './totals.ts'

interface Moved {
  readonly set: KeySet
  readonly keys: KeyTable
  readonly movements: Movements
  /** Columns of the key, and room for it. */
  readonly columns: readonly number[]
  key: Uint8Array
}

/** Reads the dataset to its end. Amounts that cannot be read count as 0. */
export async function scanLines(dataset: Dataset, {byMonth, balances, swapsSides}: TotalsRequest): Promise<Totals> {
  const indexOf = (name: string): number => dataset.columns.findIndex((column) => column.name === name)
  const at = {
    journal: indexOf('journal_id'),
    transaction: indexOf('transaction_id'),
    postingDate: indexOf('posting_date'),
    debit: indexOf('debit'),
    credit: indexOf('credit'),
  }
  const starts = new Int32Array(dataset.columns.length + 1)
  const nothing = new Uint8Array(0)
  const cursor: Cursor = {source: nothing, from: 0, to: 0, out: nothing, at: 0, number: 0}
  const months = new Map<number, PartTotals>()
  const moved = balances.flatMap((set): Moved[] => {
    const columns = (set === 'accounts' ? ['account'] : [REFERENCES[set], 'account']).map(indexOf)
    return columns.includes(-1) ? [] : [{set, keys: createKeyTable(), movements: createMovements(), columns, key: new Uint8Array(256)}]
  })
  const sieve = createSieve()
  const doubtful = createKeyTable()
  let journal = nothing
  let transaction = nothing
  let lines = 0
  let current: PartTotals | undefined

  function cents(column: number): number {
    if (column < 0) return 0
    cursor.from = starts[column]!
    cursor.to = starts[column + 1]! - 1
    return isEmptyField(cursor.source, cursor.from, cursor.to) || readCents(cursor) !== undefined ? 0 : cursor.number
  }

  function isSame(column: number, kept: Uint8Array): boolean {
    return column < 0 || Buffer.compare(fieldOf(column), kept) === 0
  }

  function fieldOf(column: number): Uint8Array {
    return column < 0 ? nothing : cursor.source.subarray(starts[column], starts[column + 1]! - 1)
  }

  function beginTransaction(): void {
    journal = Uint8Array.from(fieldOf(at.journal))
    transaction = Uint8Array.from(fieldOf(at.transaction))
    if (sieve.hasMet(transaction, 0, transaction.length)) doubtful.add(transaction, 0, transaction.length)
    const day = at.postingDate < 0 ? 0 : readDate(cursor.source, starts[at.postingDate]!, starts[at.postingDate + 1]! - 1)
    const month = byMonth ? Math.floor(day / 100) : 0
    current = months.get(month) ?? emptyTotals()
    months.set(month, current)
    current.entries++
  }

  function scanRow(source: Uint8Array): void {
    cursor.source = source
    if (current === undefined || !isSame(at.transaction, transaction) || !isSame(at.journal, journal)) beginTransaction()
    const [debit, credit] = [cents(at.debit), cents(at.credit)]
    addSide(debit, current!.S, current!.H)
    addSide(credit, current!.H, current!.S)
    for (const each of moved) addMoved(each, debit, credit)
    lines++
  }

  function addSide(amount: number, own: Sum, other: Sum): void {
    if (amount < 0 && swapsSides) addCents(other, -amount)
    else addCents(own, amount)
  }

  function addMoved(each: Moved, debit: number, credit: number): void {
    const {keys, movements, columns} = each
    if (isEmptyField(cursor.source, starts[columns[0]!]!, starts[columns[0]! + 1]! - 1)) return
    const length = joinFields(each)
    const found = keys.find(each.key, 0, length)
    const number = found < 0 ? keys.add(each.key, 0, length) : found
    movements.add(number, true, debit)
    movements.add(number, false, credit)
  }

  /** The fields of the key with a tab between them; gives their length. */
  function joinFields(each: Moved): number {
    let length = 0
    for (const column of each.columns) {
      const [from, to] = [starts[column]!, starts[column + 1]!]
      if (each.key.length < length + to - from) each.key = Buffer.concat([each.key, Buffer.alloc(to - from + each.key.length)])
      for (let index = from; index < to; index++) each.key[length++] = cursor.source[index]!
      each.key[length - 1] = TAB
    }
    return length - 1
  }

  for await (const chunk of wholeRows(dataset.chunks)) {
    for (let position = 0; position < chunk.length;) {
      const next = splitRow(chunk, position, starts)
      if (next < 0) throw new PermanentFault('InvalidRow', `${dataset.name} row ${lines + 1} does not have ${dataset.columns.length} fields`)
      if (at.transaction >= 0) scanRow(chunk)
      else lines++
      position = next
    }
  }
  return {
    lines,
    columns: dataset.columns,
    doubtful,
    byMonth: new Map([...months].map(([month, {entries, S, H}]) => [month, {entries, debit: centsOf(S), credit: centsOf(H)}])),
    moved: Object.fromEntries(moved.map(({set, keys, movements}) => [set, mapOf(keys, movements)])),
  }
}

const TAB = 0x09

function mapOf(keys: KeyTable, movements: Movements): Map<string, bigint> {
  const entries = Array.from({length: keys.size()}, (_, number) => [textOf(keys.bytes(number)), movements.net(number)] as const)
  return withWhole(new Map(entries))
}

/** The key's fields, escapes undone. */
function textOf(key: Uint8Array): string {
  return Buffer.from(key)
    .toString('latin1')
    .split('\t')
    .map((field) => fieldText(Buffer.from(field, 'latin1')) ?? '')
    .join('\t')
}
