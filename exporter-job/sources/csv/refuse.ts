// What a CSV file's bytes can be wrong in, in words, with the line.
import type {Refusals} from '../../formats/findings.ts'
import {ContentFault, createRowRefusals} from '../refusals.ts'
import type {RowRefusals, Wrong} from '../refusals.ts'
import type {CsvField, CsvPlan, FileName} from './plan.ts'
import {CR_SEEN, QUOTE_SEEN} from './states.ts'

export interface CsvRefusalsOptions {
  readonly where: FileName
  readonly refusals: Refusals
  /** What would be right where a byte is NO_CHARACTER. */
  readonly rightEncoding: string
  /** The line that the next byte is on. */
  readonly line: () => number
}

export interface CsvRefusals {
  /** The columns are known: from now on rows can be refused. */
  begin(plan: CsvPlan): void
  /** Undefined until then. */
  rows(): RowRefusals | undefined
  /** @throws ContentFault CsvInvalid */
  fail(problem: string, line?: number): never
  /** A value that is not of its column's type. */
  value(field: CsvField, value: Uint8Array): void
  /** A byte that may not stand there; `rows` are whole. @throws ContentFault in the heading, FindingsFull */
  byte(byte: number, state: number, rows: number): void
  /** A byte that is none of the encoding; undefined where the field is of no column. */
  unknownByte(field: CsvField | undefined): void
  width(fields: number, columns: number): void
  emptyLine(line: number): void
  /** A carriage return that ended the row before, and the file. */
  lastReturn(rows: number): void
}

export function createCsvRefusals({where: {dataset, file}, refusals, rightEncoding, line}: CsvRefusalsOptions): CsvRefusals {
  let rows: RowRefusals | undefined

  function fail(problem: string, at = line()): never {
    throw new ContentFault('CsvInvalid', {dataset, place: `${file}, line ${at}`}, problem)
  }

  function wrong(right: string, rule = 'CsvInvalid', at = line()): Wrong {
    return {rule, right, place: `${file}, line ${at}`}
  }

  function refuseRow(problem: string): void {
    if (rows === undefined) fail(problem)
    rows.row(wrong(problem))
  }

  function refuseReturn(problem: string, number: number): void {
    // The heading was ended by it.
    if (number === 0) fail(problem)
    rows!.ended(number, wrong(problem))
  }

  return {
    begin: ({columns}) => void (rows = createRowRefusals(dataset, columns, refusals)),
    rows: () => rows,
    fail,
    value: ({column, typed}, value) => rows!.value(column, wrong(`must be ${typed!.expected}`, typed!.rule), value),
    byte(byte, state, number) {
      if (byte === 0) refuseRow('a NUL byte: this is no text in the encoding of the source (for UTF-16 set encoding to UTF16LE)')
      else if (state === CR_SEEN) refuseReturn('a carriage return without a line feed: end lines with CRLF or LF, and put a field that has one in quotes', number)
      else if (state === QUOTE_SEEN) refuseRow('something follows a closing quote: double a quote that is part of the text')
      else refuseRow('a quote inside a field that does not begin with one: put the field in quotes and double the quote')
    },
    unknownByte(field) {
      if (rows === undefined) fail(rightEncoding)
      const problem = wrong(rightEncoding, 'NotInEncoding')
      if (field?.kept === true) rows.value(field.column, problem)
      else rows.beside(problem)
    },
    width: (fields, columns) => refuseRow(`the row has ${fields} fields, but there are ${columns} columns: is a delimiter missing, or not in quotes?`),
    emptyLine: (at) => rows!.beside(wrong('an empty line stands between rows: remove it', 'CsvInvalid', at)),
    lastReturn: (number) => refuseReturn('a carriage return without a line feed at the end of the file', number),
  }
}
