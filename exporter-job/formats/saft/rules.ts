// Every rule that a value can break, with the sentence that says what would be right. Codes are listed in docs/errors.md.
import type {Value} from './elements.ts'

/** What a rule speaks of: an element, or a thought of ours (an amount, a balance). */
export interface Subject {
  /** The element's path in the row, or what is meant. */
  readonly path: string
  readonly value?: Value | undefined
}

/** What a sentence may need to know beside. */
export interface RuleContext {
  /** Days as the user knows them: "2026-10-01 to 2026-10-31". */
  readonly period: string
  readonly bookCurrency: string
}

type Sentence = (subject: Subject, context: RuleContext) => string

/** Completes "column X: …". */
export const RULES = {
  MissingValue: () => 'must not be empty: the authority requires it',
  NotEmpty: () => 'must be empty here: the authority forbids it',
  BlankNotAllowed: () => 'must hold no blanks',
  TextTooLong: ({value}) => `must have at most ${value !== undefined && 'max' in value ? value.max : 0} characters`,
  ControlCharacter: () => 'must hold no control characters',
  CharacterNotInXml: () => 'must hold no U+FFFE and no U+FFFF: XML has no place for them',
  CharacterNotInWindows1252: () => 'must hold only characters of Windows-1252, in which the authority wants the file',
  InvalidUtf8: () => 'must be valid UTF-8',
  SpreadsheetFormula: () => 'must not begin with = + - @: spec.spreadsheetFormulas is Refuse',
  NotANumber: () => 'must be a plain decimal number with a point, such as 1234.50: no thousands separator, no exponent',
  TooManyDigits: ({value}) => `must have at most ${value?.kind === 'decimal' ? value.digits : 13} digits before the decimal point`,
  TooManyDecimals: ({value}) =>
    `must have at most ${value?.kind === 'decimal' ? value.decimals : 2} decimals (further zeros do no harm): round it in the query`,
  NegativeNumber: ({value}) =>
    value?.kind === 'decimal'
      ? 'must not be negative: it is a rate'
      : 'must not be negative: put it on the other side, or say so in spec.format.saft.negativeAmounts',
  SignDiffers: () => "must have the sign of the line's amount",
  BothSides: () => 'must be 0 or empty where the other side is filled',
  AmountMissing: () => 'must be filled, or the other side must be: a line is a debit or a credit',
  NotADate: ({value}) => (value?.kind === 'day' ? 'must be a day as YYYY-MM-DD' : 'must be a day of the years 2000 to 2099 as YYYY-MM-DD'),
  NotATime: () => 'must be a time of day as HH:MM:SS',
  DateOutsidePeriod: (_, {period}) => `must lie in the period of the run, ${period}`,
  UnknownCode: ({value}) =>
    value?.kind === 'country' ? 'must be a country code of ISO 3166-1 such as NO' : 'must be a currency code of ISO 4217 such as EUR',
  ValueNotAllowed: ({value}) => `must be ${choices(value)}`,
  CompanionMissing: ({path}, {bookCurrency}) =>
    path === 'CurrencyAmount'
      ? `must be filled where currency is another than ${bookCurrency}`
      : 'must be filled where a tax amount or a tax base is',
  CurrencyMissing: (_, {bookCurrency}) => `must be empty or the line's amount, unless currency names another one than ${bookCurrency}`,
  DuplicateId: ({path}) => `must be another one in every ${path === 'TransactionID' ? 'transaction: there are two with the same TransactionID' : 'row'}`,
  NotInMasterFiles: ({value}) => `must be in the dataset ${value?.kind === 'id' ? (value.in ?? '') : ''}`,
  NotAscending: ({path}) =>
    `must ascend from row to row: sort by journal_id, transaction_id, line_id (texts by COLLATE "C"), ${path} once only` +
    (path === 'RecordID' ? '; what has two tax codes is two lines' : ''),
  TransactionDiffers: () => 'must be the same in all lines of the transaction',
  JournalDiffers: () => 'must be the same in all lines of the journal',
  Unbalanced: () => 'debit and credit of the transaction must be equal',
  GroupNotAscending: () => 'must ascend from row to row, equal values side by side: sort by it (texts by COLLATE "C")',
  BalanceDiffers: () => 'must be what the opening balance and the lines of the period add up to',
} satisfies Record<string, Sentence>

/** The code of a rule that a value can break. */
export type RuleCode = keyof typeof RULES

/** What would be right. */
export function sentence(rule: RuleCode, subject: Subject, context: RuleContext): string {
  const say: Sentence = RULES[rule]
  return say(subject, context)
}

const MAX_CHOICES = 12

function choices(value: Value | undefined): string {
  if (value?.kind === 'pattern') return value.words
  if (value?.kind !== 'list') return 'one of the values that the authority knows'
  const {values} = value
  return values.length > MAX_CHOICES ? `one of ${values.length} codes of the authority, such as ${values[1]}` : `one of ${values.join(', ')}`
}
