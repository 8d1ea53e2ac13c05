// IBANs (ISO 13616) as bytes.
import {ZERO, isDigit} from './cursor.ts'

const CAPITAL_A = 0x41
const SHORTEST = 5
const LONGEST = 34
/** Country and check digits: they are reckoned with last. */
const HEAD = 4

/** Whether the bytes are a country, two check digits and up to 30 capitals and digits, without blanks, and the check digits are right. */
export function isIban(source: Uint8Array, from: number, to: number): boolean {
  if (to - from < SHORTEST || to - from > LONGEST) return false
  if (!isCapital(source[from]!) || !isCapital(source[from + 1]!) || !isDigit(source[from + 2]!) || !isDigit(source[from + 3]!)) return false
  let rest = 0
  for (let count = 0; count < to - from; count++) {
    const index = from + HEAD + count
    const byte = source[index < to ? index : index - (to - from)]!
    if (isDigit(byte)) rest = (rest * 10 + byte - ZERO) % 97
    else if (isCapital(byte)) rest = (rest * 100 + byte - CAPITAL_A + 10) % 97
    else return false
  }
  return rest === 1
}

function isCapital(byte: number): boolean {
  return byte >= CAPITAL_A && byte < CAPITAL_A + 26
}
