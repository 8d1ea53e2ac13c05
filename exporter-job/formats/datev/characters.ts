// Sets of characters as tables: the byte to write for each byte read, 0 where it is refused.
import type {CharacterSet} from './types.ts'

const DIGITS = '0123456789'
const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const LETTERS = UPPER + UPPER.toLowerCase()

/**
 * Document numbers: the sources agree on letters, digits and `$ % / -`; DATEV's own ledger schema adds `& * +`, its portal's
 * pattern `_`. All of them are taken: a number that DATEV knows must not fail the export.
 */
export const CHARACTER_SETS: Readonly<Record<CharacterSet, Uint8Array>> = {
  documentNumber: same(`${LETTERS}${DIGITS}$%/-&*+_`),
  side: same('SH'),
  taxation: same('IKPS'),
  digits: same(DIGITS),
  bic: same(UPPER + DIGITS),
  // COPY writes a boolean as t or f.
  flag: mapping({'0': '0', '1': '1', f: '0', t: '1'}),
}

/** What follows the country in a VAT id: Ireland's old ones hold + or *. */
export const VAT_ID_CHARACTERS = same(`${LETTERS}${DIGITS}+*`)

/** Characters of a GUID. */
export const GUID_CHARACTERS = same(`${DIGITS}ABCDEFabcdef-`)

/** A table that takes one character only, in the place of a set: a column that must agree with the header. */
export function only(character: string): Uint8Array {
  return mapping(character === '1' ? {'1': '1', t: '1'} : {'0': '0', f: '0'})
}

/** S for H, H for S. */
export const SWAPPED_SIDES = mapping({S: 'H', H: 'S'})

/** What a row that is no reversal may say of it, and what is written for that. */
export function notReversed(written: '0' | '1'): Uint8Array {
  return mapping({'0': written, f: written})
}

function same(characters: string): Uint8Array {
  return mapping(Object.fromEntries(Array.from(characters, (character) => [character, character])))
}

function mapping(pairs: Readonly<Record<string, string>>): Uint8Array {
  const table = new Uint8Array(256)
  for (const [read, written] of Object.entries(pairs)) table[read.charCodeAt(0)] = written.charCodeAt(0)
  return table
}
