// Which side and which signs follow from the kind of document: BMD's table of five cases, and nothing beyond it.
import type {Sources} from './plan.ts'
import type {Row} from './row.ts'
import {point} from './row.ts'

/** Two letters as one number. */
const AR = 0x4152
const ER = 0x4552
const GU = 0x4755
const EG = 0x4547
const ONE = 0x31
const T = 0x74

/**
 * Sets what the kind of document says: buchcode, and the signs of betrag and steuer; zeros where it says nothing (cash, bank, opening
 * balances, credit notes with reverse charge …).
 */
export function readSigns(row: Row, sources: Sources): void {
  row.reverse = point(row, sources.reverseCharge) && isTrue(row)
  row.code = 0
  row.amountSign = 0
  row.taxSign = 0
  if (!point(row, sources.documentKind)) return
  const {source, from, to} = row.cursor
  if (to - from !== 2) return
  const kind = source[from]! * 256 + source[from + 1]!
  // The customer owes the tax of an outgoing invoice with reverse charge: there is none on it, and its signs are those of any other.
  if (kind === AR) setSigns(row, 1, 1)
  else if (kind === ER) {
    setSigns(row, 2, -1)
    if (row.reverse) row.taxSign = -1
  } else if (row.reverse) return
  else if (kind === GU) setSigns(row, 1, -1)
  else if (kind === EG) setSigns(row, 2, 1)
}

/** The tax has the other sign. */
function setSigns(row: Row, code: number, amountSign: number): void {
  row.code = code
  row.amountSign = amountSign
  row.taxSign = -amountSign
}

/** COPY writes a boolean as t or f; 1 and 0 will do. */
export function isTrue({cursor: {source, from, to}}: Row): boolean {
  return to - from === 1 && (source[from] === ONE || source[from] === T)
}

/** Whether it is one of the four ways to write a flag. */
export function isFlag({cursor: {source, from, to}}: Row): boolean {
  return to - from === 1 && FLAGS.includes(source[from]!)
}

const FLAGS = Array.from('01tf', (character) => character.charCodeAt(0))
