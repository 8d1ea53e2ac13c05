// The values of a column that the spec gives a type: how they are rewritten, and what is said of one that is none.
import type {ColumnType, ValueFormat} from '../../../crds/sources/columns.ts'
import {dateRewriter} from './dates.ts'
import {numberRewriter} from './numbers.ts'
import type {Rewrite} from './numbers.ts'

/** What a value may grow by when it is rewritten: 1.1.2026 becomes 2026-01-01. */
export const MAX_GROWTH = 2

export interface TypedValue {
  readonly rewrite: Rewrite
  /** What is right, for messages, which never hold the value: "must be a number such as 1.234,56". */
  readonly expected: string
  /** Code of the rule that another value breaks, as in docs/errors.md. */
  readonly rule: 'NotANumber' | 'NotADate' | 'NotABoolean'
}

/** Undefined for text, which stays as it is. */
export function typedValue(type: ColumnType, format: ValueFormat): TypedValue | undefined {
  switch (type) {
    case 'text':
      return undefined
    case 'numeric':
      return {rewrite: numberRewriter(format), expected: `a number such as ${exampleNumber(format)} (decimalSign and thousandsSeparator of the source)`, rule: 'NotANumber'}
    case 'date':
      return {rewrite: dateRewriter(format.dateFormat), expected: `a day as ${format.dateFormat} (dateFormat of the source)`, rule: 'NotADate'}
    case 'boolean':
      return {rewrite: rewriteBoolean, expected: 'true, t or 1, or else false, f or 0', rule: 'NotABoolean'}
    default:
      return type satisfies never
  }
}

function exampleNumber({decimalSign, thousandsSeparator}: ValueFormat): string {
  return `1${thousandsSeparator ?? ''}234${decimalSign}56`
}

const BOOLEANS = new Map([
  ['true', 't'],
  ['t', 't'],
  ['1', 't'],
  ['false', 'f'],
  ['f', 'f'],
  ['0', 'f'],
])
const LONGEST_BOOLEAN = 5

function rewriteBoolean(bytes: Uint8Array, from: number, to: number): number {
  if (to - from > LONGEST_BOOLEAN) return -1
  const letter = BOOLEANS.get(String.fromCharCode(...bytes.subarray(from, to)).toLowerCase())
  if (letter === undefined) return -1
  bytes[from] = letter.charCodeAt(0)
  return from + 1
}

/** A text as COPY writes it, to compare fields of COPY text with. */
export function copyEscaped(text: string): Uint8Array {
  return Buffer.from(text.replaceAll('\\', String.raw`\\`))
}
