// CSV (RFC 4180) to COPY's text format, byte by byte: no string and no object a row. One table says what a byte does in a state.
import {PermanentFault} from '../../errors.ts'

/** A longer field is a quote that was never closed rather than a value. */
const MAX_FIELD_BYTES = 1 << 20
/** What one input byte can become at most: `\N` and a tab. */
export const MAX_EXPANSION = 3

// States: what the parser is in the midst of.
const AT_START = 0
const IN_TEXT = 1
const IN_QUOTES = 2
const QUOTE_SEEN = 3
const CR_SEEN = 4

// Classes of bytes. 0 is a plain one, 7 is not used.
const QUOTE = 1
const DELIMITER = 2
const LINE_FEED = 3
const CARRIAGE_RETURN = 4
const ESCAPED = 5
const NUL = 6

// Actions.
const COPY = 0
const ESCAPE = 1
const OPEN = 2
const CLOSE = 3
const REOPEN = 4
const END_FIELD = 5
const END_ROW = 6
const AWAIT_LF = 7
const QUOTED_LF = 8
const FAIL = 9

/** The action by state (rows) and class of the byte (columns, in the order of the classes above). */
const ACTIONS = Uint8Array.from([
  [COPY, OPEN, END_FIELD, END_ROW, AWAIT_LF, ESCAPE, FAIL, FAIL], // AT_START
  [COPY, FAIL, END_FIELD, END_ROW, AWAIT_LF, ESCAPE, FAIL, FAIL], // IN_TEXT
  [COPY, CLOSE, COPY, QUOTED_LF, ESCAPE, ESCAPE, FAIL, FAIL], // IN_QUOTES
  [FAIL, REOPEN, END_FIELD, END_ROW, AWAIT_LF, FAIL, FAIL, FAIL], // QUOTE_SEEN
  [FAIL, FAIL, FAIL, END_ROW, FAIL, FAIL, FAIL, FAIL], // CR_SEEN
].flat())

/** COPY's escapes: the letter after the backslash. */
const ESCAPE_LETTER = new Uint8Array(256)
for (const [byte, letter] of [[0x08, 'b'], [0x09, 't'], [0x0a, 'n'], [0x0b, 'v'], [0x0c, 'f'], [0x0d, 'r'], [0x5c, '\\']] as const) {
  ESCAPE_LETTER[byte] = letter.charCodeAt(0)
}

const TAB = 0x09
const NEWLINE = 0x0a
const RETURN = 0x0d
const QUOTE_MARK = 0x22
const LETTER_N = 0x6e
const CAPITAL_N = 0x4e
const BACKSLASH = 0x5c

export interface CsvParser {
  /** Turns bytes of the file into COPY text; `output` must hold {@link MAX_EXPANSION} times the input. Gives the bytes written. */
  feed(input: Uint8Array, output: Uint8Array): number
  /** At the file's end: the last row may lack its line end. `output` must hold three bytes. */
  end(output: Uint8Array): number
  /** Rows so far, the heading among them. */
  rows(): number
  /** The line that the next byte is on, from 1. */
  line(): number
}

/**
 * An unquoted empty field is NULL, a quoted one is an empty text. Every row has as many fields as the first one.
 * @param where names the file in messages
 * @throws PermanentFault CsvInvalid naming line and rule
 */
export function createCsvParser(delimiter: string, where: string): CsvParser {
  const classes = classTable(delimiter)
  const actions = ACTIONS.slice()
  // A tab in quotes is text, also where it is the delimiter outside of them.
  if (delimiter === '\t') actions[(IN_QUOTES << 3) | DELIMITER] = ESCAPE
  let state = AT_START
  let line = 1
  let rows = 0
  let fields = 0
  let width = 0
  let blankLine = 0
  /** Bytes of the file in earlier calls, and where the last opening quote was. */
  let consumed = 0
  let quoteAt = 0
  let quoteLine = 0

  function fail(problem: string, at = line): never {
    throw new PermanentFault('CsvInvalid', `${where}, line ${at}: ${problem}`)
  }

  /** Ends a field that has nothing in it, as NULL. */
  function endField(output: Uint8Array, at: number): number {
    fields += 1
    if (state !== AT_START) return at
    output[at] = BACKSLASH
    output[at + 1] = CAPITAL_N
    return at + 2
  }

  /** Ends a row; a line with nothing on it is none, and may stand at the end of the file only. `blank`: nothing stood on the line. */
  function endRow(output: Uint8Array, at: number, blank: boolean): number {
    if (blank) {
      if (blankLine === 0) blankLine = line
      return at
    }
    if (blankLine !== 0) fail('an empty line stands between rows: remove it', blankLine)
    const fieldEnd = endField(output, at)
    if (width === 0) width = fields
    if (fields !== width) fail(`the row has ${fields} fields, but the heading has ${width}: is a delimiter missing, or not in quotes?`)
    fields = 0
    rows += 1
    output[fieldEnd] = NEWLINE
    return fieldEnd + 1
  }

  function refuse(byte: number): never {
    if (byte === 0) fail('a NUL byte: the file must be UTF-8 text (UTF-16 is not read)')
    if (state === CR_SEEN) fail('a carriage return without a line feed: end lines with CRLF or LF, and put a field that has one in quotes')
    if (state === QUOTE_SEEN) fail('something follows a closing quote: double a quote that is part of the text')
    fail('a quote inside a field that does not begin with one: put the field in quotes and double the quote')
  }

  function feed(input: Uint8Array, output: Uint8Array): number {
    let at = 0
    for (let i = 0; i < input.length; i++) {
      const byte = input[i]!
      switch (actions[(state << 3) | classes[byte]!]) {
        case COPY:
          if (state === AT_START) state = IN_TEXT
          output[at++] = byte
          break
        case ESCAPE:
          if (state === AT_START) state = IN_TEXT
          output[at++] = BACKSLASH
          output[at++] = ESCAPE_LETTER[byte]!
          break
        case OPEN:
          state = IN_QUOTES
          quoteAt = consumed + i
          quoteLine = line
          break
        case CLOSE:
          state = QUOTE_SEEN
          break
        case REOPEN:
          output[at++] = QUOTE_MARK
          state = IN_QUOTES
          break
        case QUOTED_LF:
          output[at++] = BACKSLASH
          output[at++] = LETTER_N
          line += 1
          break
        case END_FIELD:
          at = endField(output, at)
          output[at++] = TAB
          state = AT_START
          break
        case AWAIT_LF:
          at = endRow(output, at, state === AT_START && fields === 0)
          state = CR_SEEN
          break
        case END_ROW:
          if (state !== CR_SEEN) at = endRow(output, at, state === AT_START && fields === 0)
          state = AT_START
          line += 1
          break
        default:
          refuse(byte)
      }
    }
    consumed += input.length
    if (state === IN_QUOTES && consumed - quoteAt > MAX_FIELD_BYTES) fail('a field of more than 1 MiB begins here: is its closing quote missing?', quoteLine)
    return at
  }

  function end(output: Uint8Array): number {
    if (state === IN_QUOTES) fail('the quote that begins here is never closed', quoteLine)
    if (state === CR_SEEN) fail('a carriage return without a line feed at the end of the file')
    if (state === AT_START && fields === 0) return 0
    return endRow(output, 0, false)
  }

  return {feed, end, rows: () => rows, line: () => line}
}

function classTable(delimiter: string): Uint8Array {
  const classes = new Uint8Array(256)
  ESCAPE_LETTER.forEach((letter, byte) => {
    if (letter !== 0) classes[byte] = ESCAPED
  })
  classes[0] = NUL
  classes[QUOTE_MARK] = QUOTE
  classes[NEWLINE] = LINE_FEED
  classes[RETURN] = CARRIAGE_RETURN
  classes[delimiter.charCodeAt(0)] = DELIMITER
  return classes
}
