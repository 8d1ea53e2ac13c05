// Every rule that a value can break, with the sentence that says what would be right. Codes are listed in docs/errors.md.
import {codePoint, firstMissing} from '../values/characters.ts'
import type {BmdColumn} from './types.ts'

/** What a sentence may need to know beside the field. */
export interface RuleSubject {
  /** The value as text, escapes undone. */
  readonly value: string
  /** Of the books. */
  readonly currency: string
  readonly documentNumberLength: number
  /** What personal accounts of the dataset begin with. */
  readonly accountsBeginWith: string
  /** Days as the user knows them: "2026-10-01 to 2026-10-31". */
  readonly period: string
}

type Sentence = (column: BmdColumn, subject: RuleSubject) => string

const SPLIT_ORDER = 'a booking (record_kind 0), its documents (5), its shares (1), with the same account, document number and document date'

/** Completes "column X: …". */
export const RULES = {
  MissingValue: () => 'must not be empty: BMD requires it',
  NegativeNumber: ({kind}) =>
    kind === 'amount' || kind === 'tax' || kind === 'foreignAmount' || kind === 'foreignTax'
      ? 'must be positive: the kind of document says which sign it gets'
      : 'must have no sign',
  NotANumber: () => 'must be a plain decimal number with a point, such as 1234.50: no thousands separator, no exponent',
  TooManyDigits: (column) => `must have at most ${'digits' in column ? column.digits : 13} digits before the decimal point`,
  TooManyDecimals: (column) =>
    `must have at most ${'decimals' in column ? column.decimals : 'digits' in column ? 0 : 2} decimals (further zeros do no harm): round it in the query`,
  NumberOutOfRange: () => 'must lie in range',
  NotAnAccount: () => 'must be an account number: digits only',
  AccountTooLong: (column) => `must have at most ${'digits' in column ? column.digits : 0} digits`,
  AccountIsZero: () => 'must not be 0 alone: there is no such account',
  NotAPersonalAccount: (_, {accountsBeginWith}) => `must begin with ${accountsBeginWith} (spec.format.bmd.personalAccounts)`,
  NotADate: () => 'must be a day of the years 2000 to 2099 as YYYY-MM-DD',
  NotAPeriod: () => 'must be a month of the years 2000 to 2099 as YYYYMM',
  DateOutsidePeriod: (_, {period}) => `must lie in the period of the run, ${period}`,
  TextTooLong: (column, {documentNumberLength}) =>
    `must have at most ${column.kind === 'documentNumber' ? `${documentNumberLength} characters (documentNumberLength)` : `${'max' in column ? column.max : 0} characters`}`,
  ControlCharacter: () => 'must hold no control characters',
  CharacterNotInWindows1252: (_, {value}) => `must hold only characters of Windows-1252, or spec.format.bmd.encoding must be UTF-8: ${remedy(value)}`,
  InvalidUtf8: () => 'must be valid UTF-8',
  DuplicateNumber: () => 'is that of an earlier row, too: BMD keeps what the last one says',
  InvalidIban: () => 'must be an IBAN in capitals without blanks, with the right check digits',
  SemicolonInText: () => 'must hold no semicolon, which would end the field: replace it in the query, or set spec.format.bmd.semicolon to Comma',
  QuotationMarkAtStart: () => 'must not begin with a quotation mark, which an import would take for that of a quoted field',
  SpreadsheetFormula: () => 'must not begin with = + - or @, which a spreadsheet would run (spec.spreadsheetFormulas)',
  ValueNotAllowed: ({kind}) => `must be ${CHOICES[kind] ?? 'one of the values that BMD knows'}`,
  UnknownCode: () => 'must be a currency code of ISO 4217 such as EUR',
  SignNotGiven: ({kind}) => `must be given by ${GIVEN[kind] ?? 'the dataset'}: only AR, GU, ER and EG say the side and the signs, and not for a credit note with reverse charge`,
  SignDiffers: () => 'must agree with the kind of document: AR 1 and +, GU 1 and -, ER 2 and -, EG 2 and +; the tax has the other sign, but for ER with reverse charge',
  SideDiffers: () => 'must agree with the kind of document: S for AR and EG, H for GU and ER, for it speaks of account',
  TaxExceedsAmount: () => 'must not be more than the amount, which contains it',
  TaxOnReverseCharge: () => 'must be empty or 0 on an AR with reverse charge: the customer owes the tax',
  CompanionMissing: ({kind, name}) => NEEDS[kind] ?? NEEDS[name] ?? 'needs another column to be filled too',
  BaseCurrencyDiffers: (_, {currency}) => `must be ${currency}, the currency of the books (spec.format.bmd.currency)`,
  NotOnThisRecord: ({records}) => `must be empty on this row: it belongs to record_kind ${records.split('').join(' and ')}`,
  NoPlaceInBmd: ({name}) => NO_PLACE[name] ?? 'must be empty: BMD has no place for it',
  RecordWithoutBooking: () => `must follow its booking: ${SPLIT_ORDER}`,
  RecordOutOfGroup: () => `must be as in the booking's row before it: ${SPLIT_ORDER}`,
  RecordOutOfOrder: () => `must come before the shares: ${SPLIT_ORDER}`,
  SplitSumDiffers: () => 'must add up, over the shares that follow this row, to the net amount of the booking',
  DocumentTwice: () => 'must be empty on the row of the booking where several documents follow (record_kind 5)',
  DocumentAlone: () => 'must have at least two rows of record_kind 5: a single document goes into the row of the booking',
} satisfies Record<string, Sentence>

/** The code of a rule that a value can break. */
export type RuleCode = keyof typeof RULES

/** What an encoder of values gives back: the rule that was broken, or nothing. */
export type Broken = RuleCode | undefined

/** What would be right, for a value of that field which broke the rule. */
export function sentence(rule: RuleCode, column: BmdColumn, subject: RuleSubject): string {
  const say: Sentence = RULES[rule]
  return say(column, subject)
}

const CHOICES: Readonly<Record<string, string>> = {
  record: '0 (booking), 1 (share) or 5 (further document)',
  tax: 'true or false (1 or 0)',
  side: 'S (Soll, debit) or H (Haben, credit); as bmd_buchcode 1 or 2',
}

const GIVEN: Readonly<Record<string, string>> = {
  side: 'debit_credit or bmd_buchcode',
  amount: 'signed_amount',
  tax: 'signed_tax_amount (0 where there is none)',
  foreignAmount: 'bmd_fwbetrag, with its sign',
  foreignTax: 'bmd_fwsteuer, with its sign',
}

const NEEDS: Readonly<Record<string, string>> = {
  tax: 'needs tax_key (steuercode) and tax_rate (prozent) to be filled too',
  percent: 'needs tax_amount (steuer) to be filled too, with 0 where there is no tax',
  foreignAmount: 'needs currency (waehrung) to be another one than that of the books',
  foreignTax: 'needs currency (waehrung) to be another one than that of the books, and steuer to be filled too',
}

const NO_PLACE: Readonly<Record<string, string>> = {
  skonto: 'must be empty or 0: the sign of a cash discount depends on the booking, so give it by bmd_skonto',
  buchsymbol: 'must be empty or false: BMD has no mark for it, so book the cancellation with a document kind of its own',
}

/** What the list says of a value besides: which character it is, how many of them. */
export function detailOf(rule: RuleCode, value: string): string | undefined {
  switch (rule) {
    case 'TextTooLong':
      return `has ${Array.from(value).length}`
    case 'ControlCharacter':
      return holds(/[\x00-\x1f\x7f-\x9f]/.exec(value)?.[0])
    case 'CharacterNotInWindows1252':
      return holds(firstMissing(value))
    default:
      return undefined
  }
}

function remedy(value: string): string {
  return firstMissing(value.normalize('NFC')) === undefined ? 'normalize(…, NFC) in the query would do' : 'replace the others in the query'
}

/** Where the value shows none, the rule still means one. */
function holds(character: string | undefined): string {
  return `holds ${character === undefined ? 'one' : codePoint(character)}`
}
