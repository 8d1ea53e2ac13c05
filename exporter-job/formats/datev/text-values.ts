// Codes and links: bytes of COPY's text form in, DATEV's out, or the rule that the value breaks.
import type {Cursor} from '../values/cursor.ts'
import {BLANK, MINUS, QUOTE, copy} from '../values/cursor.ts'
import {isIban} from '../values/iban.ts'
import type {CharacterRule} from '../values/texts.ts'
import {encodeCharacters, encodeText} from '../values/texts.ts'
import {GUID_CHARACTERS, VAT_ID_CHARACTERS} from './characters.ts'
import {CODE_TABLES, packLetters} from './codes.ts'
import type {Broken, RuleCode} from './rules.ts'

/** A code of the list: exactly `letters` capitals. Sets `number`, as packLetters gives it. */
export function encodeCode(cursor: Cursor, table: Uint8Array, letters: number): Broken {
  const {source, from, to} = cursor
  if (to - from !== letters) return 'UnknownCode'
  const packed = packLetters(source, from, to)
  if (table[packed] !== 1) return 'UnknownCode'
  cursor.number = packed
  copy(cursor, from, to)
  return undefined
}

/** A country of the EU and what follows in a VAT id, perhaps nothing. */
export function encodeVatId(cursor: Cursor, max: number): Broken {
  const {source, from, to} = cursor
  if (to - from < 2 || to - from > max || CODE_TABLES.euCountry[packLetters(source, from, from + 2)] !== 1) return 'InvalidVatId'
  copy(cursor, from, from + 2)
  cursor.from = from + 2
  return encodeCharacters(cursor, VAT_ID_REST)
}

const VAT_ID_REST: CharacterRule<RuleCode> = {table: VAT_ID_CHARACTERS, max: 13, refusal: 'InvalidVatId'}

/** The country of a VAT id, perhaps of nothing but a country. */
export function encodeVatCountry(cursor: Cursor): Broken {
  const {source, from, to} = cursor
  if (to - from < 2 || CODE_TABLES.euCountry[packLetters(source, from, from + 2)] !== 1) return 'InvalidVatId'
  copy(cursor, from, from + 2)
  return undefined
}

/** What follows the country; `skipped` are the letters before it. */
export function encodeVatNumber(cursor: Cursor, skipped: number): Broken {
  cursor.from = Math.min(cursor.from + skipped, cursor.to)
  return encodeCharacters(cursor, VAT_ID_REST)
}

export function encodeIban(cursor: Cursor): Broken {
  const {source, from, to} = cursor
  if (!isIban(source, from, to)) return 'InvalidIban'
  copy(cursor, from, to)
  return undefined
}

/** One of a few values. */
export function encodeChoice(cursor: Cursor, choices: readonly Uint8Array[]): Broken {
  const {source, from, to} = cursor
  const value = source.subarray(from, to)
  if (!choices.some((choice) => Buffer.compare(choice, value) === 0)) return 'ValueNotAllowed'
  copy(cursor, from, to)
  return undefined
}

/** `BEDI "<GUID>"`: 4 capitals, a blank, 36 characters in quotation marks. */
export function encodeDocumentLink(cursor: Cursor, max: number): Broken {
  const {source, from, to} = cursor
  const isLink =
    to - from === 43 &&
    packLetters(source, from, from + 4) >= 0 &&
    source[from + 4] === BLANK &&
    source[from + 5] === QUOTE &&
    source[to - 1] === QUOTE &&
    isGuid(source, from + 6)
  return isLink ? encodeText(cursor, max) : 'InvalidDocumentLink'
}

function isGuid(source: Uint8Array, from: number): boolean {
  for (let index = 0; index < 36; index++) {
    const byte = source[from + index]!
    const wantsMinus = index === 8 || index === 13 || index === 18 || index === 23
    if (GUID_CHARACTERS[byte] === 0 || (byte === MINUS) !== wantsMinus) return false
  }
  return true
}

