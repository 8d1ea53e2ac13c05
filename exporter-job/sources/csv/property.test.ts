// Any table survives the way through a CSV file, wherever its pieces end; any bytes are rows or a named fault.
import * as fc from 'fast-check'
import {expect, it} from 'vitest'
import type {Column} from '../../../crds/sources/columns.ts'
import {PermanentFault} from '../../errors.ts'
import {createFindings} from '../../formats/findings.ts'
import type {Refusal, Refusals} from '../../formats/findings.ts'
import {rightEncoding} from '../files/encodings.ts'
import {textPieces} from '../files/text.ts'
import {readOn} from '../read-on.ts'
import {REFUSE_AT_ONCE} from '../refusals.ts'
import type {Value} from '../testing/contract.ts'
import {readCopy} from '../testing/copy.ts'
import {createCsvParser} from './parser.ts'
import {planOf} from './plan.ts'
import type {Dialect} from './states.ts'

const WHERE = {dataset: 'bookings', file: 'a.csv'}

/** By default the first refusal is thrown. */
async function parse(pieces: readonly Uint8Array[], dialect: Dialect, {refusals = REFUSE_AT_ONCE, columns = []}: {refusals?: Refusals; columns?: readonly Column[]} = {}): Promise<string> {
  const declared = {columns, otherColumns: 'Keep', format: {decimalSign: '.', dateFormat: 'YYYY-MM-DD'}} as const
  const parser = createCsvParser({dialect, where: WHERE, refusals, rightEncoding: rightEncoding('UTF8'), planOf: (names) => planOf(names, declared, WHERE)})
  let rows = ''
  for await (const piece of readOn(textPieces(piecesOf(pieces), 'UTF8'), parser, new AbortController().signal)) rows += piece.toString()
  expect(readCopy(rows)).toHaveLength(parser.rows())
  return rows
}

async function* piecesOf(pieces: readonly Uint8Array[]): AsyncGenerator<Buffer, void, undefined> {
  for (const piece of pieces) yield Buffer.from(piece)
}

/** The same bytes, cut at the given places. */
function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const at = [...new Set(places.map((place) => place % (bytes.length + 1)))].toSorted((one, other) => one - other)
  return [0, ...at].map((start, index) => bytes.subarray(start, at[index] ?? bytes.length))
}

const places = fc.array(fc.nat(), {maxLength: 8})
const dialects = fc.record({delimiter: fc.constantFrom(',', ';', '\t', '|'), quote: fc.constantFrom('"' as const, "'" as const)})
const text = fc.string({unit: fc.constantFrom('a', '1', ' ', ',', ';', '\t', '|', '"', "'", '\\', 'N', '\n', '\r', '\r\n', 'ä', '€', '😀', '\u000b', '\u00a0', '\ufeff'), maxLength: 8})
const tables = fc
  .integer({min: 1, max: 4})
  .chain((width) => fc.array(fc.array(fc.option(text, {nil: undefined}), {minLength: width, maxLength: width}), {minLength: 1, maxLength: 5}))

/** RFC 4180, by a writer that knows nothing of the parser: NULL is nothing, a text is quoted where it must be or at will. */
function write(rows: readonly (readonly Value[])[], {delimiter, quote}: Dialect, choice: {quoteAll: boolean; lineEnd: string}): string {
  const heading = rows[0]!.map((_, index) => `c${index}`)
  const field = (value: Value): string => {
    if (value === undefined) return ''
    const must = choice.quoteAll || value === '' || [delimiter, quote, '\n', '\r'].some((special) => value.includes(special))
    return must ? quote + value.replaceAll(quote, quote + quote) + quote : value
  }
  return [heading, ...rows].map((row) => row.map(field).join(delimiter) + choice.lineEnd).join('')
}

/** A row of one empty field is an empty line, which no CSV file can tell from none. */
function isWritable(rows: readonly (readonly Value[])[]): boolean {
  return rows.every((row) => row.length > 1 || row[0] !== undefined)
}

it('every table reads back by value, in every dialect and wherever pieces end', async () => {
  const choices = fc.record({quoteAll: fc.boolean(), lineEnd: fc.constantFrom('\n', '\r\n')})
  await fc.assert(
    fc.asyncProperty(tables.filter(isWritable), dialects, choices, places, async (rows, dialect, choice, at) => {
      const bytes = Buffer.from(write(rows, dialect, choice))
      expect(readCopy(await parse(cut(bytes, at), dialect))).toEqual(rows)
    }),
    {numRuns: 2_000},
  )
})

it('any bytes are rows of one width, the same wherever pieces end, or a named fault with a line', async () => {
  const noise = fc.array(fc.constantFrom(...Buffer.from('a1,;"\'\\\n\r\t'), 0, 0x80, 0xc3, 0xa4, 0xef, 0xbb, 0xbf), {maxLength: 24})
  await fc.assert(
    fc.asyncProperty(noise, dialects, places, async (more, dialect, at) => {
      const bytes = Uint8Array.from([...Buffer.from(`a${dialect.delimiter}b\n`), ...more])
      const outcomes: string[] = await Promise.all([[bytes], cut(bytes, at)].map((pieces) => parse(pieces, dialect).catch(faultOf)))
      expect(outcomes[1]).toEqual(outcomes[0])
      expect(rowsOf(outcomes[0]!).filter((row) => row.length !== 2)).toEqual([])
    }),
    {numRuns: 1_000},
  )
})

it('any bytes are rows of one width and refusals, the same wherever pieces end, and nothing is thrown once there is a row', async () => {
  const noise = fc.array(fc.constantFrom(...Buffer.from('a1,;"\'\\\n\r\t'), 0, 0x80, 0xc3, 0xa4, 0xef, 0xbb, 0xbf, 0xff), {maxLength: 30})
  const columns = [{name: 'a', type: 'numeric'}] as const
  await fc.assert(
    fc.asyncProperty(noise, dialects, places, async (more, dialect, at) => {
      const bytes = Uint8Array.from([...Buffer.from(`a${dialect.delimiter}b\n1${dialect.delimiter}x\n`), ...more])
      const outcomes = await Promise.all([[bytes], cut(bytes, at)].map((pieces) => collect(pieces, dialect, columns)))
      expect(outcomes[1]).toEqual(outcomes[0])
      const {rows, refusals} = outcomes[0]!
      expect(rows.filter((row) => row.length !== 2)).toEqual([])
      // Only what ends the file early is of a row that is not there.
      expect(refusals.slice(0, -1).filter(({row}) => row < 1 || row > rows.length)).toEqual([])
      for (const [index, [amount]] of rows.entries()) {
        const isRefused = refusals.some(({row, column}) => row === index + 1 && (column === 'a' || column === ''))
        expect(isRefused || amount === undefined || /^\d+$/.test(amount)).toBe(true)
      }
    }),
    {numRuns: 3_000},
  )
})

async function collect(pieces: readonly Uint8Array[], dialect: Dialect, columns: readonly Column[]): Promise<{rows: Value[][]; refusals: Refusal[]}> {
  const refusals: Refusal[] = []
  const rows = await parse(pieces, dialect, {refusals: {refuse: (refusal) => void refusals.push(refusal)}, columns})
  return {rows: readCopy(rows), refusals}
}

const TYPED: readonly Column[] = [
  {name: 'booking_id', type: 'text'},
  {name: 'amount', type: 'numeric'},
  {name: 'day', type: 'date'},
  {name: 'reversal', type: 'boolean'},
]
const GOOD = ['', '1.50', '2026-10-31', 't']
const BAD = ['', '1,50', '2026-02-29', 'vielleicht']
const RULES = ['', 'NotANumber', 'NotADate', 'NotABoolean']

it('a file with wrong cells anywhere gives those findings, in order, and no more than were asked for', async () => {
  const wrongCells = fc.array(fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()), {minLength: 1, maxLength: 60})
  await fc.assert(
    fc.asyncProperty(wrongCells, places, fc.integer({min: 1, max: 40}), async (wrong, at, maxErrors) => {
      const lines = wrong.map((cells, row) => [`"B\n${row}"`, ...cells.map((isWrong, index) => (isWrong ? `"${BAD[index + 1]}"` : GOOD[index + 1]))].join(','))
      const bytes = Buffer.from(['booking_id,amount,day,reversal', ...lines].join('\n'))
      const findings = createFindings(maxErrors)
      const rows = readCopy(await parse(cut(bytes, at), {delimiter: ',', quote: '"'}, {refusals: findings, columns: TYPED}))
      const expected = wrong.flatMap((cells, row) =>
        cells.flatMap((isWrong, index) =>
          isWrong
            ? [{row: row + 1, key: {column: 'booking_id', value: `B\n${row}`}, column: TYPED[index + 1]!.name, rule: RULES[index + 1], value: BAD[index + 1], place: `a.csv, line ${2 * row + 3}`}]
            : [],
        ),
      )
      expect(findings.errors()).toMatchObject(expected.slice(0, maxErrors))
      expect(findings.errors()).toHaveLength(Math.min(expected.length, maxErrors))
      // The row in which there were enough is the last one.
      expect(rows).toHaveLength(expected.length < maxErrors ? wrong.length : expected[maxErrors - 1]!.row)
    }),
    {numRuns: 400},
  )
})

it('a file that is cut off at any byte gives no row that the whole one does not have, but for its last', async () => {
  const whole = Buffer.from('a,b\n1,"x\n""y"""\n"ä, €",\n3,😀\n')
  const rows = readCopy(await parse([whole], {delimiter: ',', quote: '"'}))
  for (let length = 4; length < whole.length; length++) {
    const read = await parse([whole.subarray(0, length)], {delimiter: ',', quote: '"'}).catch(faultOf)
    expect(rows.slice(0, -1)).toEqual(expect.arrayContaining(rowsOf(read).slice(0, -1)))
  }
})

/** None of a file with a fault. */
function rowsOf(outcome: string): Value[][] {
  return outcome === 'fault' ? [] : readCopy(outcome)
}

/** A fault that the program foresaw; any other is a mistake of the program. */
function faultOf(error: unknown): 'fault' {
  if (!(error instanceof PermanentFault) || !['CsvInvalid', 'NotInEncoding'].includes(error.code)) throw error
  expect(error.message).toMatch(/a\.csv, line \d+\)?(, column [ab])?: /)
  // Of several faults it depends on the pieces which one is noticed first.
  return 'fault'
}
