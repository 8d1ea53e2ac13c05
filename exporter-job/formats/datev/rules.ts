// Every rule that a value can break, with the sentence that says what would be right. Codes are listed in docs/errors.md.
import {codePoint, firstMissing} from '../values/characters.ts'
import {transliterations} from '../values/transliterate.ts'
import type {DatevColumn} from './types.ts'

/** What a sentence may need to know beside the column. */
export interface RuleSubject {
  /** The value as text, escapes undone. */
  readonly value: string
  readonly accountLength: number
  readonly festschreibung: boolean
  /** Whether characters that Windows-1252 lacks are written by the table of transliterations. */
  readonly transliterates: boolean
  /** Days as the user knows them: "2026-10-01 to 2026-10-31". */
  readonly period: string
  /** What a column is called in messages. */
  readonly describe: (position: number) => string
}

type Sentence = (column: DatevColumn, subject: RuleSubject) => string

/** Completes "column X: value – …". */
export const RULES = {
  MissingValue: (column) =>
    column.required ? 'must not be empty: DATEV requires it' : 'must not be empty: DATEV would lock the whole stack',
  AmountIsZero: () => 'must be greater than 0,00: DATEV refuses a posting without amount (or see spec.format.datev.zeroAmount)',
  ZeroNotAllowed: () => 'must be greater than 0: leave it empty (NULL) where there is none',
  NegativeNumber: (column) =>
    column.role === 'amount'
      ? 'must be positive: the side of the account (S or H) says which way it goes (or see spec.format.datev.negativeAmount)'
      : 'must have no sign: DATEV takes no negative number here',
  NotANumber: () => 'must be a plain decimal number with a point, such as 1234.50: no thousands separator, no exponent',
  TooManyDigits: (column) => `must have at most ${'digits' in column ? column.digits : 0} digits before the decimal point`,
  TooManyDecimals: (column) =>
    `must have at most ${'decimals' in column ? column.decimals : 0} decimals (further zeros do no harm): round it in the query`,
  NumberOutOfRange: (column) => `must lie ${column.kind === 'number' && column.range ? `from ${column.range.join(' to ')}` : 'in range'}`,
  NotAnAccount: () => 'must be an account number: digits only',
  AccountTooLong: (column, {accountLength}) =>
    column.kind === 'account' && column.accepts === 'any'
      ? `must have at most ${accountLength} digits (accountLength), or ${accountLength + 1} for a personal account`
      : `must be a general-ledger account of at most ${accountLength} digits (accountLength)`,
  AccountIsZero: () => 'must not be 0 alone: there is no such account',
  NotAPersonalAccount: (_, {accountLength}) =>
    `must start with 1 to 6 (debtor) or 7 to 9 (creditor): ${accountLength + 1} digits mean a personal account`,
  NotADebtor: () => 'must be the account of a debtor, which begins with 1 to 6',
  NotACreditor: () => 'must be the account of a creditor, which begins with 7 to 9',
  NotADate: () => 'must be a day of the years 2000 to 2099 as YYYY-MM-DD',
  DateOutsidePeriod: (_, {period}) => `must lie in the period of the run, ${period}`,
  DateOutsideFiscalYears: () => 'must lie in one of the fiscal years that spec.format.datev.fiscalYears lists',
  TextTooLong: (column) => `must have at most ${'max' in column ? column.max : 0} characters`,
  ControlCharacter: () => 'must hold no control characters',
  CharacterNotInWindows1252: (_, subject) => `must hold only characters of Windows-1252${remedy(subject)}`,
  SpreadsheetFormula: () => 'must not begin with = + - or @: a spreadsheet would run it as a formula (spec.spreadsheetFormulas)',
  InvalidUtf8: () => 'must be valid UTF-8',
  CharacterNotAllowed: () => 'must consist of A-Z a-z 0-9 $ & % * + - / _ only: no blanks, no umlauts, no points',
  NotATaxKey: () => 'must be a tax key (BU-Schlüssel) of one to four digits',
  ValueNotAllowed: (column) => `must be ${column.kind === 'choice' ? `one of ${column.values.join(', ')}` : CHOICES[column.kind === 'chars' ? column.set : ''] ?? 'one of the values that DATEV knows'}`,
  FestschreibungDiffers: (_, {festschreibung}) =>
    `must be ${festschreibung ? '1' : '0'} as spec.format.datev.festschreibung says: one locked row locks the whole stack`,
  UnknownCode: (column) => `must be ${CODES[column.kind === 'code' ? column.list : ''] ?? 'a code that DATEV knows'}`,
  InvalidVatId: () => 'must be a country of the EU (Greece is EL) and up to 13 letters and digits without blanks, or the country alone',
  TaxKeyOnAutomaticAccount: () =>
    'must be empty or begin with 40 where one of the two accounts is an automatic one (spec.format.datev.automaticAccounts): DATEV would refuse it',
  SignsMixed: () =>
    'must be negative, too, in a row with a negative amount: both are written without their sign, so which way this one goes would be lost',
  NegativeReversal: () =>
    'must be 0 or empty (a tax key: not one of Generalumkehr, 20 to 29) in a row with a negative amount: whether the two undo each other only the ledger knows; make the amount positive in the query',
  DuplicateNumber: () => 'is that of an earlier row, too: DATEV keeps what the last one says',
  ZeroAmountSkipped: () => 'was left out: DATEV takes no posting of 0,00, and spec.format.datev.zeroAmount is Skip',
  InvalidIban: () => 'must be an IBAN in capitals without blanks, with the right check digits',
  InvalidDocumentLink: () =>
    'must be a link such as BEDI "3f2504e0-4f89-11d3-9a0c-0305e82c3301": four capitals, a blank, a GUID in quotation marks',
  CompanionMissing: (column, {describe}) => `needs column ${describe(column.needs ?? 0)} to be filled too`,
} satisfies Record<string, Sentence>

/** The code of a rule that a value can break. */
export type RuleCode = keyof typeof RULES

/** What an encoder of values gives back: the rule that was broken, or nothing. */
export type Broken = RuleCode | undefined

/** What would be right, for a value of that column which broke the rule. */
export function sentence(rule: RuleCode, column: DatevColumn, subject: RuleSubject): string {
  const say: Sentence = RULES[rule]
  return say(column, subject)
}

const CHOICES: Readonly<Record<string, string>> = {
  side: 'S (Soll, debit) or H (Haben, credit)',
  taxation: 'I, K, P or S',
  flag: '0 or 1 (a boolean will do)',
}

const CODES: Readonly<Record<string, string>> = {
  currency: 'a currency code of ISO 4217 such as EUR',
  country: 'a country code of ISO 3166-1 such as DE',
  euCountry: 'a country of the EU such as AT (Greece is EL)',
  advancePayment: 'one of AA, AG, AV, SR, SU, SG, SO',
}

/** What the list says of a value besides: which character it is, how many of them. */
export function detailOf(rule: RuleCode, {value, transliterates}: Pick<RuleSubject, 'value' | 'transliterates'>): string | undefined {
  switch (rule) {
    case 'TextTooLong':
      return `has ${Array.from(value).length}`
    case 'ControlCharacter':
      return holds(/[\x00-\x1f\x7f]/.exec(value)?.[0])
    case 'CharacterNotInWindows1252':
      return holds(transliterates ? firstUnlisted(value) : firstMissing(value))
    default:
      return undefined
  }
}

function remedy({value, transliterates}: RuleSubject): string {
  if (transliterates) return ' and those that have a transliteration (docs/transliteration.md): replace the others in the query'
  return firstMissing(value.normalize('NFC')) === undefined ? ': normalize(…, NFC) in the query would do' : ': replace the others in the query (or see spec.format.datev.unmappable)'
}

/** The first character that has no transliteration either. */
function firstUnlisted(value: string): string | undefined {
  const unlisted = Array.from(value.normalize('NFC')).filter((character) => !transliterations().has(character))
  return firstMissing(unlisted.join(''))
}

/** Where the value shows none, the rule still means one. */
function holds(character: string | undefined): string {
  return `holds ${character === undefined ? 'one' : codePoint(character)}`
}
