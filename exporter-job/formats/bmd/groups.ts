// A booking and what follows it: further documents (5), then shares for cost accounting (1), with the same account, document number and
// document date. They stream: nothing is put into another order, and what is kept is one booking's sums and the bytes it is known by.
import {ZERO} from '../values/cursor.ts'
import type {Sources} from './plan.ts'
import {NONE} from './plan.ts'
import type {Row} from './row.ts'
import {bytesOf, point} from './row.ts'
import type {RuleCode} from './rules.ts'

/** The field that a rule about rows is said of, by its name. */
export type GroupField = 'satzart' | 'konto' | 'belegnr' | 'belegdatum' | 'buchsymbol' | 'buchcode' | 'dokument' | 'kobetrag'

export interface Groups {
  /** Reads record_kind; false where it is none of 0, 1 and 5. */
  readKind(row: Row): boolean
  /** Before a row of kind 1 or 5: whether it belongs to the booking before it. Sets row.code. */
  follow(row: Row, broken: (name: GroupField, rule: RuleCode, source: number) => void): void
  /** After a row of kind 0; `isRight` where no value of it broke a rule. */
  begin(row: Row, number: number, isRight: boolean): void
  /** After a row of kind 1, with its amount in cents. */
  addShare(cents: number): void
  /** After a row of kind 1 that broke a rule: the shares are not added up then. */
  spoil(): void
  /** Sign of the net amount of the booking. */
  netSign(): number
  /** Before the next booking, and at the end: what is wrong with the booking as a whole. */
  finish(broken: (name: GroupField, rule: RuleCode, at: FinishedBooking) => void): void
}

/** The booking's row, which may be gone from memory. */
export interface FinishedBooking {
  readonly row: number
  readonly key: Uint8Array | undefined
}

/** More than this is no sum of any booking's shares; below it numbers are exact. */
const EXACT = 2 ** 52

/** `key` is the dataset's column that names a row in the ledger, or NONE. */
export function createGroups(sources: Sources, key: number): Groups {
  const identity = identityOf(sources)
  /** What each column of the identity held in the booking's row. */
  let known: Uint8Array[] = []
  let booking: FinishedBooking | undefined
  let isRight = false
  let code = 0
  let net = 0
  let [shares, shared, documents] = [0, 0, 0]
  let hasDocument = false

  return {
    readKind,
    follow(row, broken) {
      row.code = code
      if (booking === undefined) return broken('satzart', 'RecordWithoutBooking', sources.recordKind)
      for (const [index, {source, name, mayBeEmpty}] of identity.entries()) {
        const isFilled = point(row, source)
        if (!isFilled && mayBeEmpty) continue
        if (Buffer.compare(bytesOf(row, source), known[index]!) !== 0) broken(name, 'RecordOutOfGroup', source)
      }
      if (row.record === 1) shares++
      else if (shares > 0) broken('satzart', 'RecordOutOfOrder', sources.recordKind)
      else {
        documents++
        if (hasDocument && documents === 1) broken('dokument', 'DocumentTwice', sources.document)
      }
    },
    begin(row, number, right) {
      booking = {row: number, key: key === NONE ? undefined : Uint8Array.from(bytesOf(row, key))}
      known = identity.map(({source}) => Uint8Array.from(bytesOf(row, source)))
      isRight = right
      code = row.code
      net = netOf(row)
      shares = shared = documents = 0
      hasDocument = point(row, sources.document)
    },
    addShare(cents) {
      shared += cents
      if (Math.abs(shared) > EXACT) shared = NaN
    },
    spoil: () => void (isRight = false),
    netSign: () => Math.sign(net),
    finish(broken) {
      if (booking === undefined) return
      if (shares > 0 && isRight && shared !== net) broken('kobetrag', 'SplitSumDiffers', booking)
      if (documents === 1 && !hasDocument) broken('dokument', 'DocumentAlone', booking)
      booking = undefined
    },
  }

  function readKind(row: Row): boolean {
    if (!point(row, sources.recordKind)) return setKind(row, 0, 1)
    const {source, from, to} = row.cursor
    if (to - from !== 1) return false
    if (source[from] === ZERO) return setKind(row, 0, 1)
    if (source[from] === ZERO + 1) return setKind(row, 1, 2)
    return source[from] === ZERO + 5 && setKind(row, 5, 4)
  }
}

function setKind(row: Row, record: number, bit: number): true {
  row.record = record
  row.bit = bit
  return true
}

interface Identity {
  readonly name: GroupField
  readonly source: number
  /** A row that follows may leave it out. */
  readonly mayBeEmpty: boolean
}

function identityOf(sources: Sources): Identity[] {
  const all: Identity[] = [
    {name: 'konto', source: sources.account, mayBeEmpty: false},
    {name: 'belegnr', source: sources.documentNumber, mayBeEmpty: false},
    {name: 'belegdatum', source: sources.documentDate, mayBeEmpty: false},
    {name: 'buchsymbol', source: sources.documentKind, mayBeEmpty: true},
    {name: 'buchcode', source: sources.debitCredit, mayBeEmpty: true},
    {name: 'buchcode', source: sources.code, mayBeEmpty: true},
  ]
  return all.filter(({source}) => source !== NONE)
}

/**
 * The table's amounts are gross where the tax has the other sign, and net where it has the same one (reverse charge). Where there is no
 * tax both are the same.
 */
function netOf({amount, tax}: Row): number {
  return amount * tax < 0 ? amount + tax : amount
}
