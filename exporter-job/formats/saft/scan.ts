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
import type {Joined} from './joined.ts'
import {createJoined} from './joined.ts'
import type {Movements} from './movements.ts'
import {createMovements} from './movements.ts'
import type {PartTotals} from './parts.ts'
import {emptyTotals} from './parts.ts'
import type {ComposedId} from './profile.ts'
import {createSieve} from './sieve.ts'
import type {Totals, TotalsRequest} from './totals.ts'
import {REFERENCES, withWhole} from './totals.ts'

interface Moved {
  readonly set: KeySet
  readonly keys: KeyTable
  readonly movements: Movements
  readonly joined: Joined
  /** Column of the id. */
  readonly id: number
}

/** Reads the dataset to its end. Amounts that cannot be read count as 0. */
export async function scanLines(dataset: Dataset, {byMonth, balances, swapsSides, composedId}: TotalsRequest): Promise<Totals> {
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
    return columns.includes(-1) ? [] : [{set, keys: createKeyTable(), movements: createMovements(), joined: createJoined(columns.map((column) => [column])), id: columns[0]!}]
  })
  const sieve = createSieve()
  const doubtful = {keys: createKeyTable(), parts: partsOf(composedId, indexOf)}
  const ids = createJoined(doubtful.parts)
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
    const length = ids.join(cursor.source, starts)
    if (sieve.hasMet(ids.bytes, 0, length)) doubtful.keys.add(ids.bytes, 0, length)
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

  function addMoved({keys, movements, joined, id}: Moved, debit: number, credit: number): void {
    if (isEmptyField(cursor.source, starts[id]!, starts[id + 1]! - 1)) return
    const length = joined.join(cursor.source, starts)
    const found = keys.find(joined.bytes, 0, length)
    const number = found < 0 ? keys.add(joined.bytes, 0, length) : found
    movements.add(number, true, debit)
    movements.add(number, false, credit)
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

/** The columns that tell transactions apart. */
function partsOf(id: ComposedId | undefined, indexOf: (name: string) => number): number[][] {
  const parts = id === undefined || indexOf(id.column) < 0 ? [['transaction_id']] : id.parts
  return parts.map((names) => names.map(indexOf).filter((column) => column >= 0)).filter((columns) => columns.length > 0)
}

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
