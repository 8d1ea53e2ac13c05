// What a byte of a CSV file (RFC 4180) does, by the state the parser is in.

import {NO_CHARACTER} from '../files/encodings.ts'

// States: what the parser is in the midst of.
export const AT_START = 0
export const IN_TEXT = 1
export const IN_QUOTES = 2
export const QUOTE_SEEN = 3
export const CR_SEEN = 4

// Classes of bytes.
const PLAIN = 0
const QUOTE = 1
const DELIMITER = 2
const LINE_FEED = 3
const CARRIAGE_RETURN = 4
const ESCAPED = 5
const NUL = 6
/** NO_CHARACTER: none of the encoding. */
const UNKNOWN = 7

// Actions.
export const COPY = 0
export const ESCAPE = 1
export const OPEN = 2
export const CLOSE = 3
export const REOPEN = 4
export const END_FIELD = 5
export const END_ROW = 6
export const AWAIT_LF = 7
export const QUOTED_LF = 8
export const FAIL = 9
export const MARK_BYTE = 10

/** The action by state (rows) and class of the byte (columns, in the order of the classes above). */
const ACTIONS = Uint8Array.from([
  [COPY, OPEN, END_FIELD, END_ROW, AWAIT_LF, ESCAPE, FAIL, MARK_BYTE], // AT_START
  [COPY, FAIL, END_FIELD, END_ROW, AWAIT_LF, ESCAPE, FAIL, MARK_BYTE], // IN_TEXT
  [COPY, CLOSE, COPY, QUOTED_LF, ESCAPE, ESCAPE, FAIL, MARK_BYTE], // IN_QUOTES
  [FAIL, REOPEN, END_FIELD, END_ROW, AWAIT_LF, FAIL, FAIL, FAIL], // QUOTE_SEEN
  [FAIL, FAIL, FAIL, END_ROW, FAIL, FAIL, FAIL, FAIL], // CR_SEEN
].flat())

/** COPY's escapes: the letter after the backslash; 0 for a byte that stands for itself. */
export const ESCAPE_LETTER = new Uint8Array(256)
for (const [byte, letter] of [[0x08, 'b'], [0x09, 't'], [0x0a, 'n'], [0x0b, 'v'], [0x0c, 'f'], [0x0d, 'r'], [0x5c, '\\']] as const) {
  ESCAPE_LETTER[byte] = letter.charCodeAt(0)
}

/** As in spec.source.csv. */
export interface Dialect {
  readonly delimiter: string
  readonly quote: '"' | "'" | 'None'
}

export interface Tables {
  /** The class of each byte; 0 is a plain one. */
  readonly classes: Uint8Array
  /** The action at `state << 3 | class`. */
  readonly actions: Uint8Array
}

export function tablesOf({delimiter, quote}: Dialect): Tables {
  const classes = new Uint8Array(256).fill(PLAIN)
  ESCAPE_LETTER.forEach((letter, byte) => {
    if (letter !== 0) classes[byte] = ESCAPED
  })
  classes[0] = NUL
  classes[NO_CHARACTER] = UNKNOWN
  classes[0x0a] = LINE_FEED
  classes[0x0d] = CARRIAGE_RETURN
  if (quote !== 'None') classes[quote.charCodeAt(0)] = QUOTE
  classes[delimiter.charCodeAt(0)] = DELIMITER
  const actions = ACTIONS.slice()
  // A tab in quotes is text, also where it is the delimiter outside of them.
  if (delimiter === '\t') actions[(IN_QUOTES << 3) | DELIMITER] = ESCAPE
  return {classes, actions}
}
