// How a profile says what its elements are: names in order, where each value comes from, how long it may be. Data, compiled by plan.ts.

/** The sets of ids that master files hold and journal lines refer to. */
export const KEY_SETS = ['accounts', 'customers', 'suppliers', 'tax_codes', 'cost_centers', 'projects'] as const
export type KeySet = (typeof KEY_SETS)[number]

/** The same for each of them, made anew. */
export function perKeySet<T>(make: () => T): Record<KeySet, T> {
  return Object.fromEntries(KEY_SETS.map((set) => [set, make()])) as Record<KeySet, T>
}

/**
 * Numbers that are reckoned for a row before it is written (amounts.ts, balances.ts): amounts in cents, and flags that are 1 or 0, by which
 * groups are chosen.
 */
export const REGISTERS = {
  /** Of a line, or of one of its sides: 0 or more unless negative amounts are kept. */
  amount: 0,
  isDebit: 1,
  isCredit: 2,
  isForeign: 3,
  currencyAmount: 4,
  hasTax: 5,
  taxBase: 6,
  hasTaxBase: 7,
  taxAmount: 8,
  /** Of an account or a partner: the balance before the period, on the side where it is, and 0 on the other. */
  openingDebit: 9,
  openingCredit: 10,
  opensOnDebit: 11,
  opensOnCredit: 12,
  closingDebit: 13,
  closingCredit: 14,
  closesOnDebit: 15,
  closesOnCredit: 16,
  /** Whether the dataset says anything of balances. */
  hasBalance: 17,
} as const
export type Register = keyof typeof REGISTERS

/** What a value must be, and how it is written. */
export type Value =
  /** Free text of at most `max` characters. */
  | {readonly kind: 'text'; readonly max: number}
  /** An id: `in` says in which master file it must be, `defines` which one it adds itself to. */
  | {readonly kind: 'id'; readonly max: number; readonly in?: KeySet; readonly defines?: KeySet}
  /** What the master file says of the id in the column (Section.says). */
  | {readonly kind: 'said'; readonly of: KeySet; readonly max: number}
  /** An id without blanks. */
  | {readonly kind: 'token'; readonly max: number}
  | {readonly kind: 'list'; readonly values: readonly string[]}
  /** Characters of ASCII that match the pattern, as a whole. Not for the lines of a journal: it makes a string. */
  | {readonly kind: 'pattern'; readonly pattern: RegExp; readonly words: string}
  /** ISO 3166-1, ISO 4217. */
  | {readonly kind: 'country'}
  | {readonly kind: 'currency'}
  | {readonly kind: 'date'}
  /** A day of any year: accounts and tax codes may be older than the books. Not for the lines of a journal. */
  | {readonly kind: 'day'}
  | {readonly kind: 'time'}
  /** A rate: digits before and after the point. */
  | {readonly kind: 'decimal'; readonly digits: number; readonly decimals: number}
  /** Number of the accounting period, and its fiscal year, of a date. */
  | {readonly kind: 'period'}
  | {readonly kind: 'fiscalYear'}

/** An element; without a name only what is in it is written. */
export type Element =
  | {
      readonly kind: 'leaf'
      readonly name: string
      /** The dataset's columns, the first one that is filled. The first is what the element is about, the others stand in. */
      readonly from: readonly string[]
      readonly value: Value
      /** Empty is an error. */
      readonly required: boolean
      /** Written where it is empty. */
      readonly otherwise?: string
    }
  | {readonly kind: 'amount'; readonly name: string; readonly register: Register}
  /** The column must be empty where this stands. */
  | {readonly kind: 'absent'; readonly name: string; readonly from: string}
  | {readonly kind: 'fixed'; readonly name: string; readonly constant: string}
  | {readonly kind: 'group'; readonly name: string; readonly children: readonly Element[]; readonly when?: Condition}

/** When a group is written. */
export type Condition =
  /** A flag is set; never, where the dataset lacks the column that it hangs on. */
  | {readonly flag: Register; readonly of?: string}
  /** It is not set. */
  | {readonly unless: Register}
  /** One of these columns is filled. */
  | {readonly filled: readonly string[]}
  /** A column has one of these values. */
  | {readonly column: string; readonly is: readonly string[]}

type From = string | readonly string[]

function columns(from: From): readonly string[] {
  return typeof from === 'string' ? [from] : from
}

/** May be left out. */
export function optional(name: string, from: From, value: Value): Element {
  return {kind: 'leaf', name, from: columns(from), value, required: false}
}

/** Must be there: filled by the dataset, or `otherwise` where that is said. */
export function required(name: string, from: From, value: Value, otherwise?: string): Element {
  const leaf = {kind: 'leaf', name, from: columns(from), value} as const
  return otherwise === undefined ? {...leaf, required: true} : {...leaf, required: false, otherwise}
}

export function amount(name: string, register: Register): Element {
  return {kind: 'amount', name, register}
}

/** `constant` is written as it is: markup in it is escaped. */
export function fixed(name: string, constant: string): Element {
  return {kind: 'fixed', name, constant}
}

export function group(name: string, children: readonly Element[], when?: Condition): Element {
  return {kind: 'group', name, children, ...(when !== undefined && {when})}
}

/** Says that a column must be empty; the name is for messages. */
export function absent(name: string, from: string): Element {
  return {kind: 'absent', name, from}
}

export function text(max: number): Value {
  return {kind: 'text', max}
}

/** An id that a master file must have. */
export function idIn(set: KeySet, max: number): Value {
  return {kind: 'id', max, in: set}
}

/** The id of an entry of a master file. */
export function idOf(set: KeySet, max: number): Value {
  return {kind: 'id', max, defines: set}
}

export function id(max: number): Value {
  return {kind: 'id', max}
}

/** What a master file says of an id that a line names. */
export function saidOf(set: KeySet, max: number): Value {
  return {kind: 'said', of: set, max}
}

export function token(max: number): Value {
  return {kind: 'token', max}
}

export function list(...values: readonly string[]): Value {
  return {kind: 'list', values}
}

export const DATE: Value = {kind: 'date'}
export const DAY: Value = {kind: 'day'}
export const TIME: Value = {kind: 'time'}
export const COUNTRY: Value = {kind: 'country'}
export const CURRENCY: Value = {kind: 'currency'}

/** Per cent. */
export const RATE: Value = {kind: 'decimal', digits: 4, decimals: 4}
/** Eight decimals, as SAFexchangerateType allows. */
export const EXCHANGE_RATE: Value = {kind: 'decimal', digits: 10, decimals: 8}
