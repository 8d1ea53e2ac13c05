// The hot loop: lines of journals and transactions, sorted, into the file of their month. What belongs to a transaction or a journal is
// taken from its first line, and must be the same in the others.
import type {Ascending} from '../values/ascending.ts'
import {createAscending} from '../values/ascending.ts'
import {readDate} from '../values/dates.ts'
import {append} from '../values/rows.ts'
import {addCents, centsOf, emptySum, sumText} from '../values/totals.ts'
import type {Sum} from '../values/totals.ts'
import {REGISTERS} from './elements.ts'
import type {Row} from './encode.ts'
import type {Part, Parts} from './parts.ts'
import type {Plan} from './plan.ts'
import {createJoined} from './joined.ts'
import {createKept} from './kept.ts'
import type {Doubtful} from './totals.ts'

/** A level as bytes: what is written when it begins, and when it ends. */
export interface LevelPlan {
  readonly open: Uint8Array
  readonly plan: Plan
  /** Between its own elements and what it holds. */
  readonly inner: Uint8Array
  readonly close: Uint8Array
}

/** Index of the columns that the order hangs on. */
export interface KeyColumns {
  readonly journal: number
  readonly transaction: number
  readonly line: number
  readonly postingDate: number
}

export interface JournalOptions {
  readonly row: Row
  readonly parts: Parts
  readonly journal: LevelPlan
  readonly transaction: LevelPlan
  readonly line: Plan
  readonly columns: KeyColumns
  /** Sets the registers of a line; false where a rule is broken. */
  readonly readAmounts: () => boolean
  /** Told of each line that was written, its registers set, with the day that its transaction is posted on. */
  readonly written: (day: number) => void
  /** Told of a transaction whose debit is not its credit. */
  readonly unbalanced: (transaction: Unbalanced) => void
  readonly brokenShape: (row: number) => Error
  /** Ids of transactions that may stand in two journals. */
  readonly doubtful: Doubtful | undefined
}

export interface Unbalanced {
  /** Its last line. */
  readonly row: number
  readonly key: Uint8Array
  readonly debit: string
  readonly credit: string
}

export interface JournalWriter {
  /** Encodes whole rows from `position` on; gives the length of `rows`, or the start of a row whose part has no room. */
  encode(rows: Uint8Array, position: number): number
  /** The part without room, and what it needs. */
  waitingFor(): Part
  readonly room: number
  /** Ends the last transaction, and the journals of all parts; each has room then. */
  end(): void
  rows(): number
}

const JOURNAL = {path: 'JournalID'}
const TRANSACTION = {path: 'TransactionID'}
const LINE = {path: 'RecordID'}
const POSTING_DATE = {path: 'GLPostingDate'}

export function createJournalWriter(options: JournalOptions): JournalWriter {
  const {row, parts, journal, transaction, line, columns, doubtful} = options
  const {cursor, registers, starts} = row
  const journals = createKept(row, [...new Set([columns.journal, ...journal.plan.columns])])
  const transactions = createKept(row, [...new Set([columns.transaction, columns.postingDate, ...transaction.plan.columns])])
  const order = {journal: createAscending(), transaction: createAscending(), line: createAscending()}
  const sums = {debit: emptySum(), credit: emptySum()}
  const room = roomFor(options)
  const ids = createJoined(doubtful?.parts ?? [])
  const met = new Set<number>()
  let part = parts.all[0]!
  let journalNumber = 0
  let isOpen = false
  /** No line of the transaction was refused: only then do its sums say anything. */
  let isRight = true
  let day = 0
  let rows = 0

  function encode(source: Uint8Array, position: number): number {
    while (position < source.length) {
      const next = row.take(source, position)
      if (next < 0) throw options.brokenShape(rows + 1)
      const isContinued = isOpen && journals.isSame() && transactions.isSame()
      if (!isContinued) {
        const to = partOfRow()
        // Both have room, or nothing has happened yet: the row is met again.
        if (!parts.isReady(part, room)) return position
        if (!parts.isReady(to, room)) {
          waiting = to
          return position
        }
        endTransaction()
        part = to
        beginTransaction()
      } else {
        if (!parts.isReady(part, room)) return position
        compareLevels()
      }
      writeLine()
      rows++
      position = next
    }
    return position
  }

  let waiting: Part | undefined

  function waitingFor(): Part {
    const found = waiting ?? part
    waiting = undefined
    return found
  }

  /** A date outside of the period is refused when the transaction begins; its lines are checked all the same. */
  function partOfRow(): Part {
    row.point(columns.postingDate)
    day = readDate(cursor.source, cursor.from, cursor.to)
    return parts.find(day) ?? part
  }

  function beginTransaction(): void {
    const isSameJournal = journalNumber > 0 && journals.isSame()
    if (!isSameJournal) {
      journalNumber++
      requireOrder(order.journal, columns.journal, JOURNAL)
      order.transaction.restart()
      journals.keep()
    } else journals.compare('JournalDiffers')
    if (requireOrder(order.transaction, columns.transaction, TRANSACTION)) requireNew()
    order.line.restart()
    transactions.keep()
    if (day !== 0 && parts.find(day) === undefined) row.refuse('DateOutsidePeriod', columns.postingDate, POSTING_DATE)
    cursor.out = part.out
    cursor.at = part.at
    if (part.journal !== journalNumber) {
      if (part.journal !== 0) append(cursor, journal.close)
      part.journal = journalNumber
      writeLevel(journal)
    }
    writeLevel(transaction)
    part.at = cursor.at
    part.written.entries++
    isOpen = true
    isRight = true
  }

  function writeLevel({open, plan, inner}: LevelPlan): void {
    append(cursor, open)
    row.write(plan)
    append(cursor, inner)
  }

  function endTransaction(): void {
    if (!isOpen) return
    isOpen = false
    cursor.out = part.out
    cursor.at = part.at
    append(cursor, transaction.close)
    part.at = cursor.at
    if (isRight && !isSame(sums.debit, sums.credit))
      options.unbalanced({row: rows, key: transactions.key(), debit: sumText(sums.debit), credit: sumText(sums.credit)})
    empty(sums.debit)
    empty(sums.credit)
  }

  function compareLevels(): void {
    journals.compare('JournalDiffers')
    transactions.compare('TransactionDiffers')
  }

  function requireOrder(ascending: Ascending, column: number, subject: {path: string}): boolean {
    return ascending.follows(cursor.source, starts[column]!, starts[column + 1]! - 1) || row.refuse('NotAscending', column, subject)
  }

  /** In one journal transaction_ids ascend; what may come twice all the same is seen here. */
  function requireNew(): void {
    if (doubtful === undefined || doubtful.keys.size() === 0) return
    const id = doubtful.keys.find(ids.bytes, 0, ids.join(cursor.source, starts))
    if (id < 0) return
    if (met.has(id)) row.refuse('DuplicateId', doubtful.parts.at(-1)![0]!, TRANSACTION)
    met.add(id)
  }

  function writeLine(): void {
    cursor.out = part.out
    cursor.at = part.at
    requireOrder(order.line, columns.line, LINE)
    const hasAmounts = options.readAmounts()
    if (!row.write(line) || !hasAmounts) {
      isRight = false
      return
    }
    part.at = cursor.at
    part.rows++
    const cents = registers[REGISTERS.amount]!
    const isDebit = registers[REGISTERS.isDebit] === 1
    addCents(isDebit ? sums.debit : sums.credit, cents)
    addCents(isDebit ? part.written.S : part.written.H, cents)
    options.written(day)
  }

  function end(): void {
    endTransaction()
    for (const each of parts.all) {
      if (each.journal === 0) continue
      cursor.out = each.out
      cursor.at = each.at
      append(cursor, journal.close)
      each.at = cursor.at
    }
  }

  return {encode, waitingFor, room, end, rows: () => rows}
}

/** More than one row can take, with the ends of what was open before it and the ends of itself. */
function roomFor({journal, transaction, line}: JournalOptions): number {
  const constants = [journal, transaction].reduce(
    (sum, {open, inner, close, plan}) => sum + open.length + inner.length + 2 * close.length + plan.maxBytes,
    0,
  )
  return constants + line.maxBytes + 1024
}

function isSame(debit: Sum, credit: Sum): boolean {
  return debit.low === credit.low && debit.carried === credit.carried ? true : centsOf(debit) === centsOf(credit)
}

function empty(sum: Sum): void {
  sum.low = 0
  sum.carried = 0n
  sum.count = 0
}
