// What the protocol says of a Buchungsstapel, reckoned again from the file that was written.
import {describe, expect, test} from 'vitest'
import type {ProtocolLine} from '../protocol.ts'
import {datasetOf} from '../testing/dataset.ts'
import type {Row} from '../testing/dataset.ts'
import {booking, write} from './testing/booking.ts'
import type {Stack} from './testing/reader.ts'

const QUARTER = {period: {start: '2026-10-01', end: '2027-01-01'}}

const ROWS: readonly Row[] = [
  booking({document_date: '2026-12-24', amount: '0.10', tax_key: '9', document_number: 'A-1', currency: null}),
  booking({document_date: '2026-10-01', amount: '20.00', debit_credit: 'H', account: '0420', tax_key: null, document_number: 'A-2', currency: 'EUR'}),
  booking({document_date: '2026-10-31', amount: '9999999999.99', account: '0420', tax_key: '401', document_number: 'A-3', currency: 'USD'}),
  booking({document_date: '2026-11-15', amount: '5', debit_credit: 'H', tax_key: '', document_number: null, currency: 'EUR'}),
]

/** Sums over the rows that a reader finds, in cents, by a key of each row. */
function reckoned(stacks: readonly Stack[], keyOf: (row: readonly string[], stack: Stack) => string): ProtocolLine[] {
  const sums = new Map<string, {key: string; currency: string; count: number; debit: number; credit: number}>()
  for (const stack of stacks) {
    for (const row of stack.rows) {
      const [key, currency] = [keyOf(row, stack), row[2] === '' ? stack.header[21]! : row[2]!]
      const sum = sums.get(`${currency} ${key}`) ?? {key, currency, count: 0, debit: 0, credit: 0}
      sum.count++
      sum[row[1] === 'S' ? 'debit' : 'credit'] += Number(row[0]!.replace(',', ''))
      sums.set(`${currency} ${key}`, sum)
    }
  }
  return [...sums.entries()]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([, {debit, credit, ...line}]) => ({...line, debit: euros(debit), credit: euros(credit)}))
}

function euros(cents: number): string {
  return (cents / 100).toFixed(2)
}

describe('the protocol', () => {
  test('has sums by month, account, tax key and currency, each in its currency', async () => {
    const {result, stacks} = await write(datasetOf(ROWS), {context: QUARTER})
    const tables = Object.fromEntries(result.protocol.tables.map(({title, lines}) => [title, lines]))
    expect(Object.keys(tables)).toEqual(['Month', 'Account', 'Tax key', 'Currency'])
    expect(tables['Month']).toEqual(reckoned(stacks, (row, {header}) => `${header[14]!.slice(0, 4)}-${row[9]!.slice(2)}`))
    expect(tables['Account']).toEqual(reckoned(stacks, (row) => row[6]!))
    expect(tables['Currency']).toEqual(reckoned(stacks, (row, {header}) => (row[2] === '' ? header[21]! : row[2]!)))
    expect(tables['Tax key']).toEqual([
      {key: 'none', currency: 'EUR', count: 2, debit: '0.00', credit: '25.00'},
      {key: '9', currency: 'EUR', count: 1, debit: '0.10', credit: '0.00'},
      {key: '401', currency: 'USD', count: 1, debit: '9999999999.99', credit: '0.00'},
    ])
  })

  test('has every table add up to the sums of the files', async () => {
    const {result} = await write(datasetOf(ROWS), {context: QUARTER})
    for (const {lines} of result.protocol.tables) {
      const counted = lines.reduce((sum, {count}) => sum + count, 0)
      expect(counted).toBe(ROWS.length)
    }
  })

  test('names the first and the last document in the order of the dataset, however rows are cut into chunks', async () => {
    for (const chunkBytes of [1, 7, 60, 10_000]) {
      const {result} = await write(datasetOf(ROWS, undefined, {chunkBytes}), {context: QUARTER})
      expect(result.protocol).toMatchObject({
        first: {row: 1, number: 'A-1', date: '2026-12-24'},
        last: {row: 4, number: '', date: '2026-11-15'},
      })
    }
  })

  test('names documents also where the dataset has no number for them', async () => {
    const {result} = await write(datasetOf([booking()]))
    expect(result.protocol).toMatchObject({first: {row: 1, number: '', date: '2026-10-31'}, last: {row: 1}})
  })

  test('is no longer than anybody reads, however many accounts there are', async () => {
    const rows = Array.from({length: 4_500}, (_, index) => booking({account: String(10_000 + index % 1_500), currency: ['EUR', 'USD', 'CHF'][index % 3]!}))
    const {result} = await write(datasetOf([...rows, booking({account: '1', currency: 'EUR'})]))
    const table = result.protocol.tables.find(({title}) => title === 'Account')!
    expect([table.lines.length, table.more]).toEqual([1_501, undefined])
    const many = Array.from({length: 2_500}, (_, index) => booking({account: String(10_000 + index), currency: null}))
    const {result: longer} = await write(datasetOf([...many, booking({currency: 'USD'})]))
    const long = longer.protocol.tables.find(({title}) => title === 'Account')!
    expect([long.lines.length, long.lines[0]!.key, long.more]).toEqual([2_000, '10000', 501])
  })

  test('says nothing of a run without rows', async () => {
    const {result} = await write(datasetOf([], Object.keys(booking())))
    expect(result.protocol).toEqual({tables: []})
  })
})
