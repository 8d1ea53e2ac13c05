// What the encoders of values share: where they stand, what they give back. They are called some ten million times a run, so they make
// no string and no object. A separator stands at `to`: it ends every run of digits.
/** Where the encoder stands: what is read, what is written. */
export interface Cursor {
  source: Uint8Array
  /** The value's first byte. */
  from: number
  /** The byte after its last. */
  to: number
  out: Uint8Array
  /** Where the next byte goes. */
  at: number
  /** The number read last, in units of its last decimal (1234.5 with two decimals is 123450). */
  number: number
}

/**
 * A rule that a value of any format can break; a format has more of its own. What an encoder of values gives back is the rule that was
 * broken, or undefined: then `at` stands behind what was written.
 */
export type ValueRule =
  | 'NegativeNumber'
  | 'NotANumber'
  | 'TooManyDigits'
  | 'TooManyDecimals'
  | 'TextTooLong'
  | 'ControlCharacter'
  | 'CharacterNotInWindows1252'
  | 'InvalidUtf8'

export const ZERO = 0x30
export const QUOTE = 0x22
export const BACKSLASH = 0x5c
export const SEMICOLON = 0x3b
export const COMMA = 0x2c
export const POINT = 0x2e
export const MINUS = 0x2d
export const BLANK = 0x20

/** Writes bytes of the source as they are. */
export function copy(cursor: Cursor, from: number, to: number): void {
  const {source, out} = cursor
  let {at} = cursor
  for (let index = from; index < to; index++) out[at++] = source[index]!
  cursor.at = at
}

export function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= ZERO + 9
}
