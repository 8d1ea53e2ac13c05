// The plan of a file's rows, compiled once: for each column that the dataset fills, how to encode it and the constant bytes before it.
import type {DatevFormat} from '../../../crds/formats/datev.ts'
import {CHARACTER_SETS, SWAPPED_SIDES, notReversed, only} from './characters.ts'
import {CODE_TABLES} from './codes.ts'
import type {CharacterRule} from '../values/texts.ts'
import type {AcceptedAccount, MagnitudeRule} from './number-values.ts'
import type {ResolvedColumn} from './resolve.ts'
import type {RuleCode} from './rules.ts'
import type {Usual} from '../values/usual.ts'
import {usualOf} from './usual.ts'
import type {DatevColumn} from './types.ts'

/** Free text, by the file's encoding. */
export type TextOperation = 'text' | 'transliteratedText' | 'utf8Text'

/** How a field is encoded: one case each in the encoder's switch. */
export type Operation = TextOperation | 'characters' | 'documentNumber' | 'taxKey' | 'code' | 'decimal' | 'magnitude' | 'hundredths' | 'account' | 'personalAccount' | 'shortDate' | 'longDate' | 'vatId' | 'vatCountry' | 'vatNumber' | 'iban' | 'choice' | 'documentLink'

/** A column to fill. Every field has every property, so that the encoder meets one hidden class. */
export interface Field extends ResolvedColumn, CharacterRule<RuleCode>, MagnitudeRule {
  readonly operation: Operation
  /** Separators, quotation marks and empty columns since the field before. */
  readonly before: Uint8Array
  readonly required: boolean
  /** What stands there when the dataset's value is empty. */
  readonly whenEmpty: Uint8Array
  /** Characters, letters or digits before the comma; of an account those of a general-ledger account. */
  readonly max: number
  readonly accepts: AcceptedAccount
  /** Letters of the value that are left out at its beginning. */
  readonly skipped: number
  readonly choices: readonly Uint8Array[]
  /** Index in the dataset of a column that must be filled where this one is, or one of the constants below. */
  readonly companion: number
  /** The values that need no look at a rule. */
  readonly usual: Usual
}

/** A field before it is said what is usual for it. */
export type PlainField = Omit<Field, 'usual'>

export const NO_BYTES = new Uint8Array(0)

/** No other column must be filled. */
export const NO_COMPANION = -1
/** One must, and nothing in the dataset fills it. */
export const COMPANION_NEVER_FILLED = -2

/** How a row is laid out. */
export interface RowLayout {
  readonly fields: readonly Field[]
  /** From the last field to the end of the line. */
  readonly tail: Uint8Array
}

export interface RowPlan {
  readonly layout: RowLayout
  /** For a row with a negative amount: the same fields in the same order. undefined where such a row is refused. */
  readonly negative: RowLayout | undefined
  /** More than any valid row takes. */
  readonly maxRowBytes: number
}

const QUOTE = '"'
const NO_TABLE = new Uint8Array(256)
const COUNTRY_LETTERS = 2
/** In UTF-8. A doubled quotation mark has two. */
const MAX_CHARACTER_BYTES = 4
const ONE = Buffer.from('1')

/** What a plan is made from. */
export interface PlanInput {
  readonly columns: readonly DatevColumn[]
  readonly filled: readonly ResolvedColumn[]
  readonly spec: DatevFormat
  /** Whose accounts a dataset of business partners has. */
  readonly partner?: 'debtor' | 'creditor' | undefined
}

/** Lays out a row. Festschreibung agrees with the header, whether the dataset fills it or not. */
export function compilePlan(input: PlanInput): RowPlan {
  const {negativeAmount} = input.spec
  const layout = compileLayout(input, 'Error')
  const {fields, tail} = layout
  const widest = fields.reduce((sum, field) => sum + field.before.length + MAX_CHARACTER_BYTES * (field.max + field.decimals) + 4, tail.length)
  return {layout, negative: negativeAmount === 'Error' ? undefined : compileLayout(input, negativeAmount), maxRowBytes: widest + 1}
}

/** `negative` is what is made of a negative amount; Error for the rows that have none. */
function compileLayout(input: PlanInput, negative: DatevFormat['negativeAmount']): RowLayout {
  const fields: Field[] = []
  let constant = ''
  for (const column of input.columns) {
    if (column.position > 1) constant += ';'
    const resolved = input.filled.find((candidate) => candidate.column === column)
    if (column.quoted) constant += QUOTE
    if (resolved === undefined) constant += constantOf(column, input.spec, negative)
    else {
      const field = {...compileField(resolved, constant, input), ...negativeFacts(column, negative)}
      fields.push({...field, usual: usualOf(field)})
      constant = ''
    }
    if (column.quoted) constant += QUOTE
  }
  return {fields, tail: Buffer.from(`${constant}\r\n`, 'latin1')}
}

/** What a column holds that the dataset does not fill. */
function constantOf({role, standard}: DatevColumn, spec: DatevFormat, negative: DatevFormat['negativeAmount']): string {
  if (role === 'festschreibung') return festschreibung(spec)
  return role === 'reversal' && negative === 'Generalumkehr' ? '1' : (standard ?? '')
}

/** What is different about a column in a row with a negative amount. */
function negativeFacts(column: DatevColumn, negative: DatevFormat['negativeAmount']): Partial<PlainField> {
  if (negative === 'Error') return {}
  if (column.kind === 'amount') return {operation: 'magnitude', isNegative: true}
  if (column.role === 'side' && negative === 'SwapSide') return {table: SWAPPED_SIDES}
  if (column.role !== 'reversal') return {}
  // Whether the two of them undo each other only the ledger knows.
  const written = negative === 'Generalumkehr' ? '1' : '0'
  return {table: notReversed(written), refusal: 'NegativeReversal', whenEmpty: negative === 'Generalumkehr' ? ONE : NO_BYTES}
}

/** Header field 21 and column 114. */
export function festschreibung(spec: DatevFormat): '0' | '1' {
  return spec.festschreibung ? '1' : '0'
}

function compileField(resolved: ResolvedColumn, before: string, input: PlanInput): PlainField {
  const {column} = resolved
  return {
    ...resolved,
    before: Buffer.from(before, 'latin1'),
    // An empty Festschreibung would lock the stack: where the dataset has the column, it must say something.
    required: column.required === true || column.role === 'festschreibung',
    whenEmpty: NO_BYTES,
    companion: companionOf(column, input.filled),
    ...PLAIN_FIELD,
    ...operationOf(column, input),
    ...(column.kind === 'vatNumber' && resolved.name === column.from && {skipped: COUNTRY_LETTERS}),
  }
}

type OperationFacts = CharacterRule<RuleCode> & MagnitudeRule & Pick<Field, 'operation' | 'accepts' | 'skipped' | 'choices'>

const PLAIN_FIELD: OperationFacts = {
  operation: 'text',
  max: 0,
  decimals: 0,
  least: 0,
  most: Infinity,
  outside: 'NumberOutOfRange',
  isNegative: false,
  table: NO_TABLE,
  refusal: 'CharacterNotAllowed',
  accepts: 'any',
  skipped: 0,
  choices: [],
}

function operationOf(column: DatevColumn, {spec, partner}: PlanInput): Partial<OperationFacts> {
  switch (column.kind) {
    case 'text':
      return {operation: textOperation(spec), max: column.max}
    case 'documentLink':
      return {operation: 'documentLink', max: column.max}
    case 'vatId':
      return {operation: 'vatId', max: column.max}
    case 'code':
      return {operation: 'code', max: column.max, table: CODE_TABLES[column.list]}
    case 'taxKey':
      return {operation: 'taxKey', max: column.max}
    case 'chars':
      return characters(column, spec)
    case 'date':
      return {operation: column.form === 'TTMM' ? 'shortDate' : 'longDate', max: column.form.length}
    case 'account':
      if (column.accepts === 'personal') return {operation: 'personalAccount', max: spec.accountLength, accepts: partner ?? 'personal'}
      return {operation: 'account', max: spec.accountLength, accepts: column.accepts}
    case 'amount': {
      const outside = column.role === 'amount' ? 'AmountIsZero' : 'ZeroNotAllowed'
      return {operation: 'decimal', max: column.digits, decimals: column.decimals, least: 1, outside}
    }
    case 'number':
      return {operation: 'decimal', max: column.digits, decimals: column.decimals, ...bounds(column)}
    case 'choice':
      return choice(column.values)
    case 'vatCountry':
      return {operation: 'vatCountry', max: 2}
    case 'vatNumber':
    case 'iban':
      return {operation: column.kind, max: column.max}
    case 'hundredths':
      return {operation: 'hundredths', max: column.digits, decimals: column.decimals}
    case 'reserved':
      return {}
    default:
      return column satisfies never
  }
}

/** 0 and 1 are a flag, for which a boolean will do. */
function choice(values: readonly string[]): Partial<OperationFacts> {
  if (values.join('') === '01') return {operation: 'characters', max: 1, table: CHARACTER_SETS.flag, refusal: 'ValueNotAllowed'}
  return {operation: 'choice', max: Math.max(...values.map(({length}) => length)), choices: values.map((value) => Buffer.from(value))}
}

function textOperation({encoding, unmappable}: DatevFormat): TextOperation {
  if (encoding === 'UTF8') return 'utf8Text'
  return unmappable === 'Transliterate' ? 'transliteratedText' : 'text'
}

function characters(column: DatevColumn & {kind: 'chars'}, spec: DatevFormat): Partial<OperationFacts> {
  const facts = {operation: 'characters', max: column.max, table: CHARACTER_SETS[column.set]} as const
  if (column.role === 'festschreibung') {
    return {...facts, table: only(festschreibung(spec)), refusal: 'FestschreibungDiffers'}
  }
  if (column.set === 'documentNumber') return {...facts, operation: 'documentNumber'}
  return {...facts, refusal: 'ValueNotAllowed'}
}

function bounds(column: DatevColumn & {kind: 'number'}): Partial<OperationFacts> {
  if (column.zero === 'refused') return {least: 1, outside: 'ZeroNotAllowed'}
  return column.range === undefined ? {} : {least: column.range[0], most: column.range[1]}
}

function companionOf(column: DatevColumn, filled: readonly ResolvedColumn[]): number {
  if (column.needs === undefined) return NO_COMPANION
  return filled.find((candidate) => candidate.column.position === column.needs)?.source ?? COMPANION_NEVER_FILLED
}
