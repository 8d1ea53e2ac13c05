// CSV (RFC 4180) to COPY's text format, byte by byte: no string and no object a row. One table says what a byte does in a state.
import {PermanentFault} from '../../errors.ts'
import {MAX_GROWTH} from '../values/rewrite.ts'
import {READ_BYTES} from '../files/pieces.ts'
import type {CsvPlan} from './plan.ts'
import * as states from './states.ts'
import type {Dialect} from './states.ts'

/** A longer field is a quote that was never closed rather than a value. */
const MAX_FIELD_BYTES = 1 << 20
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

export interface CsvParser {
  /** The rows and fields that the piece completes, as COPY text; good until the next call. */
  feed(input: Uint8Array): Buffer
  /** What is left at the file's end: the last row may lack its line end. */
  end(): Buffer
  /** Rows so far, the heading not among them. */
  rows(): number
  /** The line that the next byte is on, from 1. */
  line(): number
  /** Known once the heading was read. */
  plan(): CsvPlan | undefined
}

export interface CsvParserOptions {
  readonly dialect: Dialect
  /** Names the file in messages. */
  readonly where: string
  /** Where the file has no heading. */
  readonly plan?: CsvPlan
  /** From the names in the heading. */
  readonly planOf: (names: readonly string[]) => CsvPlan
}

/** What the plan says of each field, for the hot loop. */
interface FieldTables {
  readonly width: number
  /** 1 where a tab stands before it. */
  readonly leads: Uint8Array
  /** 1 where more than copying is to be done at its end. */
  readonly special: Uint8Array
}

/**
 * An unquoted empty field is NULL, a quoted one an empty text. Every row has as many fields as the heading.
 * @throws PermanentFault CsvInvalid naming line and rule
 */
export function createCsvParser({dialect, where, plan: given, planOf}: CsvParserOptions): CsvParser {
  const {classes, actions} = states.tablesOf(dialect)
  const quoteMark = dialect.quote.charCodeAt(0)
  let plan = given
  let tables = tablesOf(given)
  let output = Buffer.alloc(0)
  /** Where the unfinished field begins in `output`, and where the next byte goes. */
  let fieldStart = 0
  let filled = 0
  let state = AT_START
  let field = 0
  let line = 1
  let rows = 0
  let blankLine = 0
  let quoteLine = 0

  function fail(problem: string, at = line): never {
    throw new PermanentFault('CsvInvalid', `${where}, line ${at}: ${problem}`)
  }

  /** Everything of a field's end that is not mere copying; gives where the next byte goes. */
  function endField(from: number, to: number): number {
    if (plan === undefined) return to
    if (field >= tables.width) failWidth(undefined)
    const {kept, typed, name} = plan.fields[field]!
    if (!kept) return from
    const quoted = state === QUOTE_SEEN
    if ((!quoted && isNull(from, to)) || (typed !== undefined && from === to)) {
      output[from] = BACKSLASH
      output[from + 1] = CAPITAL_N
      return from + 2
    }
    if (typed === undefined) return to
    const newEnd = typed.rewrite(output, from, to)
    if (newEnd < 0) fail(`column "${name}": not ${typed.expected}`)
    return newEnd
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
    if (blankLine !== 0) fail('an empty line stands between rows: remove it', blankLine)
    if (plan === undefined) {
      readHeading(output.toString('utf8', 0, to))
      return 0
    }
    if (field !== tables.width) failWidth(field)
    rows += 1
    output[to] = NEWLINE
    return to + 1
  }

  function failWidth(fields: number | undefined): never {
    fail(`the row has ${fields ?? `more than ${tables.width}`} fields, but there are ${tables.width} columns: is a delimiter missing, or not in quotes?`)
  }

  function readHeading(heading: string): void {
    const names = heading.split('\t')
    for (const [index, name] of names.entries()) {
      if (name === String.raw`\N` || name === '') fail(`column ${index + 1} has no name`, 1)
      if (name.includes('\\')) fail(`the name of column ${index + 1} has a backslash, a tab or a line break in it`, 1)
    }
    plan = planOf(names)
    tables = tablesOf(plan)
  }

  function refuse(byte: number): never {
    if (byte === 0) fail('a NUL byte: this is no text in the encoding of the source (for UTF-16 set encoding to UTF16LE)')
    if (state === CR_SEEN) fail('a carriage return without a line feed: end lines with CRLF or LF, and put a field that has one in quotes')
    if (state === QUOTE_SEEN) fail('something follows a closing quote: double a quote that is part of the text')
    fail('a quote inside a field that does not begin with one: put the field in quotes and double the quote')
  }

  /** Room for a piece behind the unfinished field, which moves to the front. */
  function makeRoom(length: number): void {
    // Of the heading all fields are needed at its end.
    const keptFrom = plan === undefined ? 0 : fieldStart
    const kept = output.subarray(keptFrom, filled)
    const needed = kept.length + length * MAX_EXPANSION + SLACK
    if (output.length < needed) {
      const larger = Buffer.allocUnsafeSlow(needed)
      larger.set(kept)
      output = larger
    } else output.copyWithin(0, keptFrom, filled)
    filled -= keptFrom
    fieldStart -= keptFrom
  }

  function feed(input: Uint8Array): Buffer {
    makeRoom(input.length)
    const out = output
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
        default:
          state = now
          refuse(byte)
      }
    }
    ;[state, filled, fieldStart] = [now, at, start]
    checkLength()
    return plan === undefined ? output.subarray(0, 0) : output.subarray(0, fieldStart)
  }

  /** The last field of a row. */
  function finishField(from: number, to: number): number {
    const fieldEnd = endField(from, to)
    field += 1
    return fieldEnd
  }

  function checkLength(): void {
    if (plan === undefined && filled > MAX_HEADING_BYTES) fail('the heading is longer than 64 KiB: is this a CSV file with LF or CRLF line ends?', 1)
    if (filled - fieldStart <= MAX_FIELD_BYTES) return
    if (state === IN_QUOTES) fail('a field of more than 1 MiB begins here: is its closing quote missing?', quoteLine)
    fail('a field of more than 1 MiB')
  }

  function end(): Buffer {
    if (state === IN_QUOTES) fail('the quote that begins here is never closed', quoteLine)
    if (state === CR_SEEN) fail('a carriage return without a line feed at the end of the file')
    makeRoom(0)
    if (state !== AT_START || field > 0) fieldStart = endRow(finishField(fieldStart, filled))
    if (plan === undefined) fail('the file is empty: it needs a line with the names of its columns', 1)
    return output.subarray(0, fieldStart)
  }

  return {feed, end, rows: () => rows, line: () => line, plan: () => plan}
}

/** Before the heading is read every field is kept as text. */
const OF_HEADING: FieldTables = {width: Infinity, leads: new Uint8Array(READ_BYTES).fill(1), special: new Uint8Array(READ_BYTES)}

function tablesOf(plan: CsvPlan | undefined): FieldTables {
  if (plan === undefined) return OF_HEADING
  const {fields, nullText} = plan
  const first = fields.findIndex(({kept}) => kept)
  return {
    width: fields.length,
    leads: Uint8Array.from([...fields.map(({kept}, index) => (kept && index > first ? 1 : 0)), 0]),
    special: Uint8Array.from(fields, ({kept, typed}) => (!kept || typed !== undefined || nullText !== undefined ? 1 : 0)),
  }
}
