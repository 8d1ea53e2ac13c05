// The whole way from a dataset to files, read back by the independent reader.
import {readFileSync} from 'node:fs'
import {describe, expect, test} from 'vitest'
import type {Dataset} from '../../sources/types.ts'
import {copyText, datasetOf, datasetOfBytes} from '../testing/dataset.ts'
import type {Row} from '../testing/dataset.ts'
import {contextOf, inputOf, memorySink} from '../testing/memory-sink.ts'
import {createDatevFormat} from './format.ts'
import {booking, nameAt, specOf, write} from './testing/booking.ts'
import {EVERY_COLUMN} from './testing/every-column.ts'
import {FACTS} from './testing/reader.ts'

const GOLDEN = new URL('testing/EXTF_Buchungsstapel_202610_001.csv', import.meta.url)

const FULL: Row = Object.fromEntries(EVERY_COLUMN.map(({value}, index) => [nameAt(index + 1), value]))

/** An ordinary booking, an empty one and one that fills everything. */
const GOLDEN_ROWS: readonly Row[] = [
  Object.fromEntries([1, 2, 7, 8, 10, 14, 114].map((position) => [nameAt(position), FULL[nameAt(position)] ?? null])),
  {...FULL},
  {...FULL, [nameAt(1)]: '0.01', [nameAt(2)]: 'S', [nameAt(14)]: String.raw`back\slash "quoted"`, [nameAt(20)]: null},
]

function goldenDataset(): Dataset {
  return datasetOf(GOLDEN_ROWS, Object.keys(FULL))
}

describe('a Buchungsstapel', () => {
  test('is what the golden file holds, to the byte', async () => {
    const {sink} = await write(goldenDataset())
    expect(sink.files.map((file) => file.name)).toEqual(['EXTF_Buchungsstapel_202610_001.csv'])
    expect(sink.bytes(0).toString('latin1')).toBe(readFileSync(GOLDEN).toString('latin1'))
  })

  test('has its 125 headings', async () => {
    const {stacks} = await write(goldenDataset())
    expect(stacks[0]!.headings).toEqual(FACTS.map((fact) => fact.heading))
  })

  test.each(EVERY_COLUMN.map(({written}, index) => [index + 1, written] as const))('fills column %i: %s', async (position, written) => {
    const {stacks} = await write(goldenDataset())
    expect(stacks[0]!.rows[1]![position - 1]).toBe(written)
  })

  test('fills every column from a name of the user, too', async () => {
    const row = Object.fromEntries(Object.values(FULL).map((value, index) => [`my_${index}`, value]))
    const columns = Object.keys(row).map((from, index) => ({to: nameAt(index + 1), from}))
    const {stacks} = await write(datasetOf([row]), {spec: {columns}})
    expect(stacks[0]!.rows[0]).toEqual(EVERY_COLUMN.map(({written}) => written))
  })

  test('leaves out nothing where only the required columns are there', async () => {
    const {stacks, result} = await write(datasetOf([booking()]))
    const filled = Object.fromEntries(stacks[0]!.rows[0]!.flatMap((value, index) => (value === '' ? [] : [[index + 1, value]])))
    expect(filled).toEqual({1: '119,00', 2: 'S', 7: '10000', 8: '8400', 10: '3110', 114: '0'})
    expect(result).toMatchObject({rows: 1, totals: [{currency: 'EUR', side: 'S', count: 1, sum: '119.00'}], unusedColumns: []})
  })

  test('is locked in the header and in every row, or in none', async () => {
    const {stacks} = await write(datasetOf([booking(), booking()]), {spec: {festschreibung: true}})
    expect(stacks[0]!.header[20]).toBe('1')
    expect(stacks[0]!.rows.map((row) => row[113])).toEqual(['1', '1'])
  })
})

describe('sums', () => {
  test('are by currency and side; a row without currency counts in that of the spec', async () => {
    const rows = [
      booking({currency: null, amount: '0.10'}),
      booking({currency: 'EUR', amount: '0.20'}),
      booking({currency: 'USD', amount: '9999999999.99', debit_credit: 'H'}),
      booking({currency: 'EUR', amount: '5', debit_credit: 'H'}),
      booking({currency: 'USD', amount: '9999999999.99', debit_credit: 'H'}),
    ]
    const {result} = await write(datasetOf(rows))
    expect(result.totals).toEqual([
      {currency: 'EUR', side: 'S', count: 2, sum: '0.30'},
      {currency: 'EUR', side: 'H', count: 1, sum: '5.00'},
      {currency: 'USD', side: 'H', count: 2, sum: '19999999999.98'},
    ])
  })
})

describe('the form in which rows arrive', () => {
  test('chunks may be cut at every byte', async () => {
    const rows = [booking({text: String.raw`ü€ "\N" \t;`, tax_key: null}), booking({text: '', tax_key: '9'})]
    const whole = (await write(datasetOf(rows))).sink.bytes(0)
    const columns = Object.keys(rows[0]!)
    const bytes = copyText(columns, rows)
    for (let cut = 1; cut < bytes.length; cut++) {
      const sink = memorySink()
      const dataset = {...datasetOfBytes(bytes, columns, {rowCount: 2}), chunks: inTwo(bytes, cut)}
      await createDatevFormat(specOf()).write(inputOf(dataset), sink, contextOf())
      expect(sink.bytes(0).equals(whole), `cut at byte ${cut}`).toBe(true)
    }
  })

  test.each([1, 2, 3, 7, 64])('chunks may have %i bytes', async (chunkBytes) => {
    const {sink} = await write(datasetOf(GOLDEN_ROWS, Object.keys(FULL), {chunkBytes}))
    expect(sink.bytes(0).toString('latin1')).toBe(readFileSync(GOLDEN).toString('latin1'))
  })

  test.each([
    ['one field too few', 'a\tb\n'],
    ['one field too many', `${'a\t'.repeat(5)}b\n`],
  ])('a row with %s is named', async (_, row) => {
    const bytes = Buffer.concat([copyText(Object.keys(booking()), [booking()]), Buffer.from(row)])
    const refused = write(datasetOfBytes(bytes, Object.keys(booking())))
    await expect(refused).rejects.toMatchObject({code: 'InvalidRow', message: /^bookings row 2 does not have 5 fields/})
  })

  test.each([
    ['a lonely continuation byte', [0x61, 0x80]],
    ['a sequence that is cut off', [0x61, 0xc3]],
    ['an overlong sequence of two', [0xc0, 0xaf]],
    ['an overlong sequence of three', [0xe0, 0x80, 0xaf]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['four bytes cut off', [0xf0, 0x9f, 0x8e]],
    ['a byte that UTF-8 never has', [0xff]],
  ])('%s is no text', async (_, bad) => {
    const row = copyText([...Object.keys(booking()), 'text'], [booking({text: 'X'})])
    const bytes = Buffer.concat([row.subarray(0, -2), Uint8Array.from(bad), Buffer.from('\n')])
    const refused = write(datasetOfBytes(bytes, [...Object.keys(booking()), 'text']))
    await expect(refused).rejects.toMatchObject({code: 'InvalidUtf8', message: /column text \(Buchungstext, 14\)/})
  })

  test('an escape that COPY never writes is refused', async () => {
    const bytes = Buffer.from(`${Object.values(booking()).join('\t')}\ta\\x41\n`)
    await expect(write(datasetOfBytes(bytes, [...Object.keys(booking()), 'text']))).rejects.toMatchObject({code: 'ControlCharacter'})
  })
})

async function* inTwo(bytes: Buffer, cut: number): AsyncGenerator<Uint8Array> {
  yield bytes.subarray(0, cut)
  await Promise.resolve()
  yield bytes.subarray(cut)
}
