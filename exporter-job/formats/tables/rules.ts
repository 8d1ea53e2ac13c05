// Every rule that a value in a table can break, with the sentence that says what would be right. Codes are listed in docs/errors.md.
import {codePoint, firstMissing} from '../values/characters.ts'

/** Completes "column X:". None of them holds anything of the value. */
export const RULES = {
  MissingValue: "must not be empty: it is part of the table's key",
  DuplicateKey: 'must not be in two rows: it is the key of the table, by which others point at a row',
  NotANumber: 'must be a plain decimal number with a point, such as 1234.50: no thousands separator, no exponent',
  NotADate: 'must be a day of the years 0001 to 9999 as YYYY-MM-DD',
  NotATimestamp: 'must be a day and a time of the years 0001 to 9999 as YYYY-MM-DD HH:MM:SS, perhaps with a fraction and an offset such as +01:00',
  NotABoolean: 'must be a boolean, or one of true, false, 1 and 0',
  ValueNotAllowed: 'must be S (Soll, debit) or H (Haben, credit)',
  ControlCharacter: 'must hold no control characters',
  LineBreak: 'must hold no line break: remove it in the query, or set lineBreaks to Space',
  CharacterNotInWindows1252: 'must hold only characters of Windows-1252: replace the others in the query, or choose another encoding',
  InvalidUtf8: 'must be valid UTF-8',
  InvalidEscape: "must be escaped as in PostgreSQL's COPY format, which is the source's task",
  SpreadsheetFormula: 'must not begin with = + - @ or a tab: a spreadsheet would run it (spec.spreadsheetFormulas)',
} as const satisfies Readonly<Record<string, string>>

/** The code of a rule that a value can break. */
export type RuleCode = keyof typeof RULES

/** What is reported without failing. */
export const NOTES = {
  SpreadsheetFormula: 'begins with = + - @ or a tab: a spreadsheet would run it (spec.spreadsheetFormulas)',
  LineBreakReplaced: 'held a line break, which became a blank',
} as const satisfies Readonly<Record<string, string>>

export type NoteCode = keyof typeof NOTES

/** What the list says of a value besides: which character it is. */
export function detailOf(rule: RuleCode, value: string): string | undefined {
  switch (rule) {
    case 'ControlCharacter':
      return holds(/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/.exec(value)?.[0])
    case 'CharacterNotInWindows1252':
      return holds(firstMissing(value))
    default:
      return undefined
  }
}

/** "holds U+0141"; the character itself too, where it can be seen. */
function holds(character: string | undefined): string | undefined {
  return character === undefined ? undefined : `holds ${codePoint(character)}`
}
