// The plan of a file's rows, compiled once: for each column that the dataset fills, how to encode it and the constant bytes before it.
import type {DatevFormat} from '../../../crds/formats/datev.ts'
import {CHARACTER_SETS, SWAPPED_SIDES, notReversed, only} from './characters.ts'
import {CODE_TABLES} from './codes.ts'
import {BUCHUNGSSTAPEL, POSITION} from './columns.ts'
import type {DecimalRule} from '../values/decimals.ts'
import type {CharacterRule} from '../values/texts.ts'
import type {ResolvedColumn} from './resolve.ts'
import type {RuleCode} from './rules.ts'
import type {DatevColumn} from './types.ts'

/** Free text, by the file's encoding. */
export type TextOperation = 'text' | 'transliteratedText' | 'utf8Text'

/** How a field is encoded: one case each in the encoder's switch. */
export type Operation = TextOperation | 'characters' | 'documentNumber' | 'taxKey' | 'code' | 'decimal' | 'magnitude' | 'account' | 'shortDate' | 'longDate' | 'vatId' | 'documentLink'

/** A column to fill. Every field has every property, so that the encoder meets one hidden class. */
export interface Field extends ResolvedColumn, CharacterRule<RuleCode>, DecimalRule<RuleCode> {
  readonly operation: Operation
  /** Separators, quotation marks and empty columns since the field before. */
  readonly before: Uint8Array
  readonly required: boolean
  /** What stands there when the dataset's value is empty. */
  readonly whenEmpty: Uint8Array
  /** Characters, letters or digits before the comma; of an account those of a general-ledger account. */
  readonly max: number
  readonly accepts: 'any' | 'ledger' | 'ledgerOrZero'
  /** Index in the dataset of a column that must be filled where this one is, or one of the constants below. */
  readonly companion: number
}

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
/** In UTF-8. A doubled quotation mark has two. */
const MAX_CHARACTER_BYTES = 4
const ONE = Buffer.from('1')

/** Lays out a row of the 125 columns. Column 114 agrees with the header, whether the dataset fills it or not. */
export function compilePlan(filled: readonly ResolvedColumn[], spec: DatevFormat): RowPlan {
  const {negativeAmount} = spec
  const layout = compileLayout(filled, spec, 'Error')
  const {fields, tail} = layout
  const widest = fields.reduce((sum, field) => sum + field.before.length + MAX_CHARACTER_BYTES * (field.max + field.decimals) + 4, tail.length)
  return {layout, negative: negativeAmount === 'Error' ? undefined : compileLayout(filled, spec, negativeAmount), maxRowBytes: widest + 1}
}

/** `negative` is what is made of a negative amount; Error for the rows that have none. */
function compileLayout(filled: readonly ResolvedColumn[], spec: DatevFormat, negative: DatevFormat['negativeAmount']): RowLayout {
  const fields: Field[] = []
  let constant = ''
  for (const column of BUCHUNGSSTAPEL) {
    if (column.position > 1) constant += ';'
    const resolved = filled.find((candidate) => candidate.column === column)
    if (column.quoted) constant += QUOTE
    if (resolved === undefined) constant += constantOf(column, spec, negative)
    else {
      fields.push({...compileField(resolved, constant, {spec, filled}), ...negativeFacts(column, negative)})
      constant = ''
    }
    if (column.quoted) constant += QUOTE
  }
  return {fields, tail: Buffer.from(`${constant}\r\n`, 'latin1')}
}

/** What a column holds that the dataset does not fill. */
function constantOf({position}: DatevColumn, spec: DatevFormat, negative: DatevFormat['negativeAmount']): string {
  if (position === POSITION.festschreibung) return festschreibung(spec)
  return position === POSITION.reversal && negative === 'Generalumkehr' ? '1' : ''
}

/** What is different about a column in a row with a negative amount. */
function negativeFacts(column: DatevColumn, negative: DatevFormat['negativeAmount']): Partial<Field> {
  if (negative === 'Error') return {}
  if (column.kind === 'amount') return {operation: 'magnitude'}
  if (column.position === POSITION.side && negative === 'SwapSide') return {table: SWAPPED_SIDES}
  if (column.position !== POSITION.reversal) return {}
  // Whether the two of them undo each other only the ledger knows.
  const written = negative === 'Generalumkehr' ? '1' : '0'
  return {table: notReversed(written), refusal: 'NegativeReversal', whenEmpty: negative === 'Generalumkehr' ? ONE : NO_BYTES}
}

/** Header field 21 and column 114. */
export function festschreibung(spec: DatevFormat): '0' | '1' {
  return spec.festschreibung ? '1' : '0'
}

interface Surroundings {
  readonly spec: DatevFormat
  readonly filled: readonly ResolvedColumn[]
}

function compileField(resolved: ResolvedColumn, before: string, {spec, filled}: Surroundings): Field {
  const {column} = resolved
  return {
    ...resolved,
    before: Buffer.from(before, 'latin1'),
    // An empty Festschreibung would lock the stack: where the dataset has the column, it must say something.
    required: column.required === true || column.position === POSITION.festschreibung,
    whenEmpty: NO_BYTES,
    companion: companionOf(column, filled),
    ...PLAIN_FIELD,
    ...operationOf(column, spec),
  }
}

type OperationFacts = CharacterRule<RuleCode> & DecimalRule<RuleCode> & Pick<Field, 'operation' | 'accepts'>

const PLAIN_FIELD: OperationFacts = {
  operation: 'text',
  max: 0,
  decimals: 0,
  least: 0,
  most: Infinity,
  outside: 'NumberOutOfRange',
  table: NO_TABLE,
  refusal: 'CharacterNotAllowed',
  accepts: 'any',
}

function operationOf(column: DatevColumn, spec: DatevFormat): Partial<OperationFacts> {
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
      return {operation: 'account', max: spec.accountLength, accepts: column.accepts}
    case 'amount': {
      const outside = column.position === POSITION.amount ? 'AmountIsZero' : 'ZeroNotAllowed'
      return {operation: 'decimal', max: column.digits, decimals: column.decimals, least: 1, outside}
    }
    case 'number':
      return {operation: 'decimal', max: column.digits, decimals: column.decimals, ...bounds(column)}
    default:
      return column satisfies never
  }
}

function textOperation({encoding, unmappable}: DatevFormat): TextOperation {
  if (encoding === 'UTF8') return 'utf8Text'
  return unmappable === 'Transliterate' ? 'transliteratedText' : 'text'
}

function characters(column: DatevColumn & {kind: 'chars'}, spec: DatevFormat): Partial<OperationFacts> {
  const facts = {operation: 'characters', max: column.max, table: CHARACTER_SETS[column.set]} as const
  if (column.position === POSITION.festschreibung) {
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
