// How a DATEV column is described: the facts of the format as data. The tables (columns.ts) are made of these.

/** Characters that a column takes; see characters.ts. */
export type CharacterSet = 'documentNumber' | 'flag' | 'side' | 'taxation' | 'digits' | 'bic'

/** Codes that a column takes; see codes.ts. */
export type CodeList = 'currency' | 'country' | 'euCountry' | 'advancePayment'

/** A column that the encoder of bookings treats in a way of its own. */
export type Role =
  | 'amount'
  | 'side'
  | 'currency'
  | 'account'
  | 'contraAccount'
  | 'taxKey'
  | 'documentDate'
  | 'documentNumber'
  | 'festschreibung'
  | 'reversal'

interface ColumnFacts {
  /** Place in the row, from 1. */
  readonly position: number
  /** The committed name, datev_<position>_<heading>. */
  readonly name: string
  /** As line 2 of the file has it. */
  readonly heading: string
  /** Stands in quotation marks, also when it is empty. */
  readonly quoted?: true
  readonly required?: true
  /** Position of a column that must be filled where this one is. */
  readonly needs?: number
  /** The dataset's canonical column that fills it. */
  readonly from?: string
  readonly role?: Role
  /** Written in every row where nothing fills the column. */
  readonly standard?: string
}

/** A positive amount, never 0, written with all its decimals. */
export interface AmountColumn extends ColumnFacts {
  readonly kind: 'amount'
  /** At most that many digits before the decimal comma. */
  readonly digits: number
  readonly decimals: number
}

/** A number without sign, written with all its decimals. */
export interface NumberColumn extends ColumnFacts {
  readonly kind: 'number'
  readonly digits: number
  readonly decimals: number
  readonly zero?: 'refused'
  /** Both inclusive. */
  readonly range?: readonly [least: number, most: number]
}

/** An account: one digit longer than the spec's accountLength means a personal account. */
export interface AccountColumn extends ColumnFacts {
  readonly kind: 'account'
  readonly accepts: 'any' | 'ledger' | 'ledgerOrZero' | 'personal'
}

export interface DateColumn extends ColumnFacts {
  readonly kind: 'date'
  /** TT day, MM month, JJJJ year. */
  readonly form: 'TTMM' | 'TTMMJJJJ'
}

/** Free text of Windows-1252, at most `max` characters. */
export interface TextColumn extends ColumnFacts {
  readonly kind: 'text'
  readonly max: number
}

/** One to `max` digits, never padded. */
export interface TaxKeyColumn extends ColumnFacts {
  readonly kind: 'taxKey'
  readonly max: number
}

/** At most `max` characters of a set. */
export interface CharactersColumn extends ColumnFacts {
  readonly kind: 'chars'
  readonly max: number
  readonly set: CharacterSet
}

/** A code of exactly `max` capital letters. */
export interface CodeColumn extends ColumnFacts {
  readonly kind: 'code'
  readonly max: number
  readonly list: CodeList
}

/** A country of the EU and the rest of a VAT id. */
export interface VatIdColumn extends ColumnFacts {
  readonly kind: 'vatId'
  readonly max: number
}

/** Beleglink: a store's code and a GUID in quotation marks. */
export interface DocumentLinkColumn extends ColumnFacts {
  readonly kind: 'documentLink'
  readonly max: number
}

/** One of a few values. */
export interface ChoiceColumn extends ColumnFacts {
  readonly kind: 'choice'
  readonly values: readonly string[]
}

/** The country of a VAT id. */
export interface VatCountryColumn extends ColumnFacts {
  readonly kind: 'vatCountry'
}

/** What follows the country in a VAT id: all of the value, or that of the dataset's column `from` without its country. */
export interface VatNumberColumn extends ColumnFacts {
  readonly kind: 'vatNumber'
  readonly max: number
}

export interface IbanColumn extends ColumnFacts {
  readonly kind: 'iban'
  readonly max: number
}

/** Per cent in the dataset (2.5), whole hundredths of it in the file (250). */
export interface HundredthsColumn extends ColumnFacts {
  readonly kind: 'hundredths'
  readonly digits: number
  readonly decimals: number
}

/** A Leerfeld: nothing may fill it. */
export interface ReservedColumn extends ColumnFacts {
  readonly kind: 'reserved'
}

export type DatevColumn =
  | ChoiceColumn
  | VatCountryColumn
  | VatNumberColumn
  | IbanColumn
  | HundredthsColumn
  | ReservedColumn
  | AmountColumn
  | NumberColumn
  | AccountColumn
  | DateColumn
  | TextColumn
  | TaxKeyColumn
  | CharactersColumn
  | CodeColumn
  | VatIdColumn
  | DocumentLinkColumn
