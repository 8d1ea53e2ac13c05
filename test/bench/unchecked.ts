// What the encoder's checks cost: stands in for exporter-job/formats/values/usual.ts in a program of its own (see programs.ts), which
// writes the same bytes of rows that are right without looking whether they are. For the benchmark alone.
import type {Cursor} from '../../exporter-job/formats/values/cursor.ts'
import {COMMA, POINT, QUOTE, ZERO} from '../../exporter-job/formats/values/cursor.ts'
import {writeDay} from '../../exporter-job/formats/values/dates.ts'
import type {Usual} from '../../exporter-job/formats/values/usual.ts'
import {USUAL} from '../../exporter-job/formats/values/usual.ts'

export * from '../../exporter-job/formats/values/usual.ts'

const CAPITAL_A = 0x41

/** Always true, but for what goes to its encoder anyway. */
export function writeUsual(cursor: Cursor, usual: Usual): boolean {
  switch (usual.operation) {
    case USUAL.quotedText:
    case USUAL.plainText:
      return writeText(cursor, usual)
    case USUAL.characters:
      return copy(cursor)
    case USUAL.digits:
    case USUAL.decimal:
      return writeNumber(cursor, usual)
    case USUAL.date:
      writeDay(cursor, usual.layout)
      return true
    case USUAL.code:
      return writeCode(cursor)
    case USUAL.careful:
      return false
    default:
      return usual.operation satisfies never
  }
}

/** Quotation marks are doubled and letters written as the file's encoding has them: that is no check. */
function writeText(cursor: Cursor, {operation, wide}: Usual): boolean {
  const {source, to, out} = cursor
  let {from, at} = cursor
  while (from < to) {
    const byte = source[from++]!
    if (byte === QUOTE && operation === USUAL.plainText) return false
    if (byte === QUOTE) out[at++] = QUOTE
    out[at++] = byte >= 0x80 && wide === 1 ? ((byte & 0x03) << 6) | (source[from++]! & 0x3f) : byte
  }
  cursor.at = at
  return true
}

function copy(cursor: Cursor): boolean {
  const {source, to, out} = cursor
  let {from, at} = cursor
  while (from < to) out[at++] = source[from++]!
  cursor.at = at
  return true
}

/** Zeros behind the decimals of the column are left out, missing ones are written: that is no check either. */
function writeNumber(cursor: Cursor, {decimals}: Usual): boolean {
  const {source, to, out} = cursor
  let {from, at} = cursor
  let number = 0
  for (; from < to && source[from] !== POINT; from++) {
    number = number * 10 + source[from]! - ZERO
    out[at++] = source[from]!
  }
  if (decimals > 0) out[at++] = COMMA
  from++
  for (let place = 0; place < decimals; place++, from++) {
    const digit = from < to ? source[from]! : ZERO
    number = number * 10 + digit - ZERO
    out[at++] = digit
  }
  // A sign is seen nowhere else.
  if (number < 0) return false
  cursor.number = number
  cursor.at = at
  return true
}

function writeCode(cursor: Cursor): boolean {
  const {source, from} = cursor
  cursor.number = ((source[from]! - CAPITAL_A) * 26 + source[from + 1]! - CAPITAL_A) * 26 + source[from + 2]! - CAPITAL_A
  return copy(cursor)
}
