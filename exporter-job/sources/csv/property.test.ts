// Any table survives the way through a CSV file, wherever its pieces end; any bytes are rows or a named fault.
import * as fc from 'fast-check'
import {expect, it} from 'vitest'
import {PermanentFault} from '../../errors.ts'
import {textPieces} from '../files/text.ts'
import type {Value} from '../testing/contract.ts'
import {readCopy} from '../testing/copy.ts'
import {createCsvParser} from './parser.ts'
import {planOf} from './plan.ts'
import type {Dialect} from './states.ts'

async function parse(pieces: readonly Uint8Array[], dialect: Dialect): Promise<string> {
  const declared = {columns: [], otherColumns: 'Keep', format: {decimalSign: '.', dateFormat: 'YYYY-MM-DD'}} as const
  const parser = createCsvParser({dialect, where: 'a.csv', planOf: (names) => planOf(names, declared, 'a.csv')})
  const text = textPieces(piecesOf(pieces), {encoding: 'UTF8', where: 'a.csv', code: 'CsvInvalid', lineNow: () => parser.line()})
  let rows = ''
  const take = (bytes: Buffer): string => (rows += bytes.toString())
  for await (const piece of text) take(parser.feed(piece))
  take(parser.end())
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
    {numRuns: 3_000},
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
  if (!(error instanceof PermanentFault) || error.code !== 'CsvInvalid') throw error
  expect(error.message).toMatch(/^a\.csv, line \d+: /)
  // Of several faults it depends on the pieces which one is noticed first.
  return 'fault'
}
