// The plan of a file's rows, compiled once: which fields it has, how each is encoded, and where what is reckoned with stands in the dataset.
import type {BmdFormat} from '../../../crds/formats/bmd.ts'
import type {ScheduledExportSpec} from '../../../crds/spec.ts'
import type {DecimalRule} from '../values/decimals.ts'
import type {PlainTextOptions} from '../values/plain-texts.ts'
import {AMOUNT_DIGITS, BOOKING_FIELDS, columnName} from './columns.ts'
import type {ResolvedColumns, Role} from './resolve.ts'
import type {RuleCode} from './rules.ts'
import type {BmdColumn, Records} from './types.ts'

/** Records as a set of bits. */
export const BIT = {booking: 1, share: 2, document: 4} as const

/** The dataset has no such column. */
export const NONE = -1

/** A field of the file. Every one has every property, so that the encoder meets one hidden class. */
export interface Field extends DecimalRule<RuleCode> {
  readonly column: BmdColumn
  readonly operation: BmdColumn['kind']
  /** Index among the dataset's columns, or NONE. */
  readonly source: number
  /** The column that is named where the field as a whole breaks a rule: source, or the first of the others. */
  readonly named: number
  /** Other columns of the dataset that fill it, too. */
  readonly others: readonly number[]
  /** Bits of the records that it may stand on. */
  readonly records: number
  /** Bits of the records that it must be filled on. */
  readonly required: number
  readonly signed: boolean
  /** It has the sign of the tax, not that of the amount. */
  readonly isTax: boolean
}

/** Columns of the dataset that are reckoned with: each an index, or NONE. */
export interface Sources {
  readonly recordKind: number
  readonly documentKind: number
  readonly reverseCharge: number
  readonly debitCredit: number
  /** bmd_buchcode */
  readonly code: number
  readonly amount: number
  readonly tax: number
  readonly baseAmount: number
  readonly baseTax: number
  readonly baseCurrency: number
  readonly currency: number
  /** With their signs. */
  readonly signedAmount: number
  readonly signedTax: number
  readonly signedForeignAmount: number
  readonly signedForeignTax: number
  readonly share: number
  readonly signedShare: number
  readonly account: number
  readonly documentNumber: number
  readonly documentDate: number
  readonly taxCode: number
  readonly taxRate: number
  readonly document: number
}

export interface RowPlan {
  /** In the order of the file. */
  readonly fields: readonly Field[]
  /** Every field there is, for what is said of one that the file does not have. */
  readonly all: ReadonlyMap<string, Field>
  readonly sources: Sources
  readonly texts: PlainTextOptions
  readonly formulas: ScheduledExportSpec['spreadsheetFormulas']
  /** Three letters, as bytes. */
  readonly ownCurrency: Uint8Array
  /** Columns that must be empty, for what they say would be lost: index, and the field that is the nearest. */
  readonly refused: readonly {readonly source: number; readonly field: Field}[]
  /** More than any valid row takes. */
  readonly maxRowBytes: number
}

export interface PlanSettings {
  readonly spec: BmdFormat
  readonly formulas: ScheduledExportSpec['spreadsheetFormulas']
}

/** Fields without which a file cannot be read. */
const ALWAYS = new Set(['satzart', 'konto', 'gkonto', 'buchdatum', 'belegnr', 'belegdatum', 'buchsymbol', 'buchcode', 'betrag'])

export function compilePlan({sources: found}: ResolvedColumns, {spec, formulas}: PlanSettings): RowPlan {
  const at = (role: Role): number => found.get(role) ?? NONE
  const sources = sourcesOf(at)
  const all = new Map(BOOKING_FIELDS.map((column) => [column.name, compileField(column, at, spec)]))
  const fields = [...all.values()].filter(
    ({column, source, others}) => ALWAYS.has(column.name) || source !== NONE || others.length > 0,
  )
  const texts = {semicolonAsComma: spec.semicolon === 'Comma', utf8: spec.encoding === 'UTF-8'}
  const refused = (['discount', 'discount_account', 'reversal'] as const)
    .filter((role) => found.has(role))
    .map((role) => ({source: at(role), field: all.get(role === 'reversal' ? 'buchsymbol' : 'skonto')!}))
  const widest = fields.reduce((sum, {max, decimals}) => sum + (texts.utf8 ? 4 : 1) * (max + decimals) + 4, 2)
  return {fields, all, sources, texts, formulas, ownCurrency: Buffer.from(spec.currency, 'latin1'), refused, maxRowBytes: widest}
}

function sourcesOf(at: (role: Role) => number): Sources {
  return {
    recordKind: at('bmd_satzart'),
    documentKind: at('document_kind'),
    reverseCharge: at('reverse_charge'),
    debitCredit: at('debit_credit'),
    code: at('bmd_buchcode'),
    amount: at('amount'),
    tax: at('tax_amount'),
    baseAmount: at('base_amount'),
    baseTax: at('base_tax_amount'),
    baseCurrency: at('base_currency'),
    currency: at('bmd_waehrung'),
    signedAmount: at('bmd_betrag'),
    signedTax: at('bmd_steuer'),
    signedForeignAmount: at('bmd_fwbetrag'),
    signedForeignTax: at('bmd_fwsteuer'),
    share: at('cost_amount'),
    signedShare: at('bmd_kobetrag'),
    account: at('bmd_konto'),
    documentNumber: at('bmd_belegnr'),
    documentDate: at('bmd_belegdatum'),
    taxCode: at('bmd_steuercode'),
    taxRate: at('bmd_prozent'),
    document: at('bmd_dokument'),
  }
}

/** Canonical columns that fill a field besides its own. */
function othersOf(column: BmdColumn, at: (role: Role) => number): number[] {
  const roles: Partial<Record<BmdColumn['kind'], readonly Role[]>> = {
    symbol: ['document_kind'],
    side: ['debit_credit'],
    amount: ['amount', 'base_amount'],
    tax: ['tax_amount', 'base_tax_amount'],
    share: ['cost_amount'],
    // Only where a currency is named can a booking be in a foreign one.
    ...(at('bmd_waehrung') !== NONE && {foreignAmount: ['amount'], foreignTax: ['tax_amount']}),
  }
  return (roles[column.kind] ?? []).map(at).filter((source) => source !== NONE)
}

function compileField(column: BmdColumn, at: (role: Role) => number, spec: BmdFormat): Field {
  const [source, others] = [at(columnName(column)), othersOf(column, at)]
  return {
    column,
    operation: column.kind,
    source,
    named: source === NONE ? (others[0] ?? NONE) : source,
    others,
    records: bitsOf(column.records),
    required: bitsOf(column.required),
    signed: column.kind === 'decimal' && column.signed === true,
    isTax: column.kind === 'tax' || column.kind === 'foreignTax',
    least: 0,
    most: Infinity,
    outside: 'NumberOutOfRange',
    ...sizeOf(column, spec),
  }
}

function bitsOf(records: Records | undefined): number {
  return Array.from(records ?? '').reduce((bits, record) => bits | bitOf(record), 0)
}

function bitOf(record: string): number {
  return record === '0' ? BIT.booking : record === '1' ? BIT.share : BIT.document
}

/** Characters, or digits before the comma and decimals. */
function sizeOf(column: BmdColumn, spec: BmdFormat): {readonly max: number; readonly decimals: number} {
  switch (column.kind) {
    case 'amount':
    case 'tax':
    case 'share':
    case 'foreignAmount':
    case 'foreignTax':
      return {max: AMOUNT_DIGITS, decimals: 2}
    case 'decimal':
    case 'percent':
      return {max: column.digits, decimals: column.decimals}
    case 'account':
    case 'integer':
      return {max: column.digits, decimals: 0}
    case 'text':
    case 'symbol':
    case 'iban':
      return {max: column.max, decimals: 0}
    case 'documentNumber':
      return {max: spec.documentNumberLength, decimals: 0}
    case 'record':
    case 'side':
    case 'currency':
    case 'date':
    case 'postingDate':
    case 'period':
      return {max: 10, decimals: 0}
    default:
      return column satisfies never
  }
}
