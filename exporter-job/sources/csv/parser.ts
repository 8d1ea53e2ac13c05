// CSV (RFC 4180) to COPY's text format, byte by byte: no string and no object a row. One table says what a byte does in a state.
import {MAX_GROWTH} from '../values/rewrite.ts'
import {MARK} from '../refusals.ts'
import type {RowReader} from '../read-on.ts'
import type {CsvPlan} from './plan.ts'
import {fieldTables} from './plan.ts'
import {createCsvRefusals} from './refuse.ts'
import type {CsvRefusals, CsvRefusalsOptions} from './refuse.ts'
import * as states from './states.ts'
import type {Dialect} from './states.ts'

/** A longer row is a quote that was never closed rather than values; no format takes one. */
const MAX_ROW_BYTES = 1 << 20
/** A longer heading is none. */
const MAX_HEADING_BYTES = 64 * 1024
/** What one input byte can become at most: `\N` and a tab. */
const MAX_EXPANSION = 3
/** Beyond that: the last field's NULL and line end, and what a rewritten value grows by. */
const SLACK = 8 + MAX_GROWTH

const {AT_START, IN_TEXT, IN_QUOTES, QUOTE_SEEN, CR_SEEN} = states
const TAB = 0x09
const NEWLINE = 0x0a
const LETTER_N = 0x6e
const CAPITAL_N = 0x4e
const BACKSLASH = 0x5c

export interface CsvParser extends RowReader {
  /** Known once the heading was read. */
  plan(): CsvPlan | undefined
}

export interface CsvParserOptions extends Omit<CsvRefusalsOptions, 'line'> {
  readonly dialect: Dialect
  /** Where the file has no heading. */
  readonly plan?: CsvPlan
  /** From the names in the heading. */
  readonly planOf: (names: readonly string[]) => CsvPlan
}

/**
 * An unquoted empty field is NULL, a quoted one an empty text. Every row has as many fields as the heading. What breaks a rule is refused with
 * its line, and reading goes on: a byte that should not be there is taken for text, and a line end ends the row.
 * @throws ContentFault CsvInvalid for the heading, and for what has no end
 */
export function createCsvParser({dialect, plan: given, planOf, ...options}: CsvParserOptions): CsvParser {
  const {classes, actions} = states.tablesOf(dialect)
  const quoteMark = dialect.quote.charCodeAt(0)
  let plan = given
  let tables = fieldTables(given)
  let line = 1
  const refusals: CsvRefusals = createCsvRefusals({...options, line: () => line})
  if (given !== undefined) refusals.begin(given)
  let output = Buffer.alloc(0)
  /** Where the unfinished row and its unfinished field begin in `output`, and where the next byte goes. */
  let rowStart = 0
  /** How far rows were taken. */
  let taken = 0
  let fieldStart = 0
  let filled = 0
  let state = AT_START
  let field = 0
  let rows = 0
  let blankLine = 0
  let quoteLine = 0

  /** Everything of a field's end that is not mere copying; gives where the next byte goes. */
  function endField(from: number, to: number): number {
    if (plan === undefined || field >= tables.width) return to
    const {kept, typed} = plan.fields[field]!
    if (!kept) return from
    const quoted = state === QUOTE_SEEN
    if ((!quoted && isNull(from, to)) || (typed !== undefined && from === to)) {
      output[from] = BACKSLASH
      output[from + 1] = CAPITAL_N
      return from + 2
    }
    if (typed === undefined) return to
    const newEnd = typed.rewrite(output, from, to)
    if (newEnd >= 0) return newEnd
    refusals.value(plan.fields[field]!, output.subarray(from, to))
    output[from] = MARK
    return from + 1
  }

  function isNull(from: number, to: number): boolean {
    const text = plan?.nullText
    if (from === to) return true
    if (text === undefined || text.length !== to - from) return false
    for (let index = 0; index < text.length; index++) if (output[from + index] !== text[index]) return false
    return true
  }

  /** Ends a row whose last field is ended; gives where the next byte goes. */
  function endRow(to: number): number {
    if (plan === undefined) {
      if (blankLine !== 0) refusals.fail('an empty line stands before the heading: remove it', blankLine)
      readHeading(output.toString('utf8', 0, to))
      return 0
    }
    if (blankLine !== 0) refusals.emptyLine(blankLine)
    blankLine = 0
    if (to - rowStart >= MAX_ROW_BYTES) refusals.fail('a row of more than 1 MiB')
    let at = to
    output[at++] = NEWLINE
    rows += 1
    if (field !== tables.width) {
      refusals.width(field, tables.width)
      at = writeMarks(plan.columns.length)
    }
    const from = rowStart
    rowStart = at
    const refused = refusals.rows()!
    if (refused.any()) refused.endRow(rows, output.subarray(from, at))
    return at
  }

  /** A row of marks in the place of one that has too few fields or too many. */
  function writeMarks(length: number): number {
    const larger = Buffer.allocUnsafeSlow(output.length + 2 * length)
    larger.set(output.subarray(0, rowStart))
    output = larger
    let at = rowStart
    for (let index = 0; index < length; index++) {
      output[at++] = MARK
      output[at++] = index + 1 < length ? TAB : NEWLINE
    }
    return at
  }

  function readHeading(heading: string): void {
    const names = heading.split('\t')
    for (const [index, name] of names.entries()) {
      if (name === String.raw`\N` || name === '') refusals.fail(`column ${index + 1} has no name`, 1)
      if (name.includes('\\')) refusals.fail(`the name of column ${index + 1} has a backslash, a tab or a line break in it`, 1)
    }
    plan = planOf(names)
    tables = fieldTables(plan)
    refusals.begin(plan)
  }

  /** Room for a piece behind the unfinished row, which moves to the front. */
  function makeRoom(length: number): void {
    const kept = output.subarray(rowStart, filled)
    const needed = kept.length + length * MAX_EXPANSION + SLACK
    if (output.length < needed) {
      const larger = Buffer.allocUnsafeSlow(needed)
      larger.set(kept)
      output = larger
    } else output.copyWithin(0, rowStart, filled)
    filled -= rowStart
    fieldStart -= rowStart
    rowStart = 0
    taken = 0
  }

  function feed(input: Uint8Array): void {
    makeRoom(input.length)
    let out = output
    let {leads, special, width} = tables
    let [now, at, start] = [state, filled, fieldStart]
    for (let index = 0; index < input.length; index++) {
      const byte = input[index]!
      switch (actions[(now << 3) | classes[byte]!]) {
        case states.COPY:
          if (now === AT_START) now = IN_TEXT
          out[at++] = byte
          // Most bytes are plain and follow plain ones.
          while (index + 1 < input.length && classes[input[index + 1]!] === 0) out[at++] = input[++index]!
          break
        case states.ESCAPE:
          if (now === AT_START) now = IN_TEXT
          out[at++] = BACKSLASH
          out[at++] = states.ESCAPE_LETTER[byte]!
          break
        case states.OPEN:
          now = IN_QUOTES
          quoteLine = line
          break
        case states.CLOSE:
          now = QUOTE_SEEN
          break
        case states.REOPEN:
          out[at++] = quoteMark
          now = IN_QUOTES
          break
        case states.QUOTED_LF:
          out[at++] = BACKSLASH
          out[at++] = LETTER_N
          line += 1
          break
        case states.END_FIELD:
          if (now === AT_START || field >= width || special[field] !== 0) {
            state = now
            at = endField(start, at)
          }
          field += 1
          if (leads[field] !== 0) out[at++] = TAB
          start = at
          now = AT_START
          break
        case states.AWAIT_LF:
        case states.END_ROW:
          if (now !== CR_SEEN) {
            if (now === AT_START && field === 0) {
              if (blankLine === 0) blankLine = line
            } else {
              state = now
              at = endRow(finishField(start, at))
              out = output
              if (leads !== tables.leads) ({leads, special, width} = tables)
              start = at
              field = 0
            }
          }
          if (byte === NEWLINE) {
            now = AT_START
            line += 1
          } else now = CR_SEEN
          break
        case states.MARK_BYTE:
          refusals.unknownByte(plan?.fields[field])
          out[at++] = MARK
          if (now === AT_START) now = IN_TEXT
          break
        default:
          refusals.byte(byte, now, rows)
          if (now === CR_SEEN || now === QUOTE_SEEN) {
            // The byte begins a row, or is text: it is met again.
            now = now === CR_SEEN ? AT_START : IN_TEXT
            index -= 1
          } else {
            if (now === AT_START) now = IN_TEXT
            out[at++] = byte === 0 ? MARK : byte
          }
      }
    }
    ;[state, filled, fieldStart] = [now, at, start]
    checkLength()
  }

  /** The last field of a row. */
  function finishField(from: number, to: number): number {
    const fieldEnd = endField(from, to)
    field += 1
    return fieldEnd
  }

  function checkLength(): void {
    if (plan === undefined && filled > MAX_HEADING_BYTES) refusals.fail('the heading is longer than 64 KiB: is this a CSV file with LF or CRLF line ends?', 1)
    if (filled - rowStart <= MAX_ROW_BYTES) return
    if (state === IN_QUOTES) refusals.fail('a field in a row of more than 1 MiB begins here: is its closing quote missing?', quoteLine)
    refusals.fail('a row of more than 1 MiB')
  }

  function end(): void {
    if (state === IN_QUOTES) refusals.fail('the quote that begins here is never closed', quoteLine)
    makeRoom(0)
    if (state === CR_SEEN) refusals.lastReturn(rows)
    else if (state !== AT_START || field > 0) endRow(finishField(fieldStart, filled))
    if (plan === undefined) refusals.fail('the file is empty: it needs a line with the names of its columns', 1)
  }

  return {
    feed,
    end,
    take() {
      const whole = output.subarray(taken, rowStart)
      taken = rowStart
      return whole
    },
    rows: () => rows,
    refused: () => refusals.rows(),
    plan: () => plan,
  }
}
