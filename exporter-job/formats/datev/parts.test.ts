import {describe, expect, test} from 'vitest'
import {PermanentFault} from '../../errors.ts'
import {FindingsFull, createFindings} from '../findings.ts'
import {copyText, datasetOf, datasetOfBytes} from '../testing/dataset.ts'
import {contextOf, inputOf, memorySink} from '../testing/memory-sink.ts'
import {createDatevFormat} from './format.ts'
import {booking, nameAt, specOf, write} from './testing/booking.ts'

const QUARTER = {period: {start: '2026-10-01', end: '2027-01-01'}}

describe('files', () => {
  test('are none where no fiscal year has a day of the period, which is said before the first row', async () => {
    const fiscalYears = [{start: '2025-01-01', end: '2025-12-31'}]
    await expect(write(datasetOf([booking({amount: '0'})]), {spec: {fiscalYears}})).rejects.toMatchObject({
      code: 'DateOutsideFiscalYears',
      message: expect.stringContaining('the period from 2026-10-01 to 2026-10-31 has no day in any of the fiscal years') as string,
    })
  })

  test('are one a month, rows in the order of the source', async () => {
    const days = ['2026-12-31', '2026-10-01', '2026-11-15', '2026-10-31', '2026-12-01', '2026-10-15']
    const rows = days.map((document_date, index) => booking({document_date, text: `row ${index}`}))
    const {stacks, sink} = await write(datasetOf(rows), {context: QUARTER})
    expect(sink.files.map(({name, rows: count, closed}) => [name, count, closed])).toEqual([
      ['EXTF_Buchungsstapel_202612_001.csv', 2, true],
      ['EXTF_Buchungsstapel_202610_001.csv', 3, true],
      ['EXTF_Buchungsstapel_202611_001.csv', 1, true],
    ])
    expect(stacks.map(({header}) => header.slice(14, 16))).toEqual([
      ['20261201', '20261231'],
      ['20261001', '20261031'],
      ['20261101', '20261130'],
    ])
    expect(stacks.map((stack) => stack.rows.map((row) => row[13]))).toEqual([['row 0', 'row 4'], ['row 1', 'row 3', 'row 5'], ['row 2']])
  })

  test('are numbered when they are full, each month by itself', async () => {
    const rows = Array.from({length: 10}, (_, index) =>
      booking({document_date: index % 2 === 0 ? '2026-10-05' : '2026-11-05', text: `row ${index}`}),
    )
    const {stacks, sink} = await write(datasetOf(rows), {context: QUARTER, maxRowsPerFile: 2})
    expect(sink.files.map((file) => [file.name.slice(20, -4), file.rows])).toEqual([
      ['202610_001', 2],
      ['202611_001', 2],
      ['202610_002', 2],
      ['202611_002', 2],
      ['202610_003', 1],
      ['202611_003', 1],
    ])
    expect(stacks.flatMap((stack) => stack.rows.map((row) => row[13])).toSorted(byText)).toEqual(rows.map((row) => row['text']))
  })

  test('hold 99,999 postings at most', async () => {
    const row = copyText(Object.keys(booking()), [booking()])
    const bytes = Buffer.concat(Array<Buffer>(100_001).fill(row))
    const dataset = datasetOfBytes(bytes, Object.keys(booking()), {rowCount: 100_001, chunkBytes: 65_536})
    const sink = memorySink()
    const result = await createDatevFormat(specOf()).write(inputOf(dataset), sink, contextOf())
    expect(sink.files.map((file) => file.rows)).toEqual([99_999, 2])
    expect(sink.files.map((_, index) => linesOf(sink.bytes(index)))).toEqual([99_999 + 2, 2 + 2])
    expect(result).toMatchObject({rows: 100_001, totals: [{sum: '11900119.00', count: 100_001}]})
  })

  test('are full with exactly as many rows as fit', async () => {
    const {sink} = await write(datasetOf([booking(), booking()]), {maxRowsPerFile: 2})
    expect(sink.files.map((file) => file.rows)).toEqual([2])
  })

  test('carry the revision, and their days where they are no whole month', async () => {
    const period = {start: '2026-10-05', end: '2026-10-12'}
    const {sink, stacks} = await write(datasetOf([booking({document_date: '2026-10-11'})]), {context: {period, revisionSuffix: '-r2'}})
    expect(sink.files.map((file) => file.name)).toEqual(['EXTF_Buchungsstapel_20261005-20261011_001-r2.csv'])
    expect(stacks[0]!.header.slice(14, 16)).toEqual(['20261005', '20261011'])
  })

  test('are cut where a fiscal year begins inside a month', async () => {
    const rows = ['2026-10-05', '2026-10-06'].map((document_date) => booking({document_date}))
    const {stacks} = await write(datasetOf(rows), {spec: {fiscalYearStart: '10-06'}})
    expect(stacks.map(({header}) => [header[12], header[14], header[15]])).toEqual([
      ['20251006', '20261001', '20261005'],
      ['20261006', '20261006', '20261031'],
    ])
  })

  test('are refused days of no fiscal year that the spec lists', async () => {
    const fiscalYears = [{start: '2026-01-01', end: '2026-10-15'}]
    const {stacks} = await write(datasetOf([booking({document_date: '2026-10-15'})]), {spec: {fiscalYears}})
    expect([12, 14, 15].map((field) => stacks[0]!.header[field])).toEqual(['20260101', '20261001', '20261015'])
    const rows = [booking({document_date: '2026-10-16'}), booking({document_date: '2026-11-01'})]
    await expect(write(datasetOf(rows), {spec: {fiscalYears}})).rejects.toMatchObject({
      findings: [{row: 1, rule: 'DateOutsideFiscalYears'}, {row: 2, rule: 'DateOutsidePeriod'}],
    })
  })

  test('are there for every range without rows, where that is asked for', async () => {
    const {sink, stacks, result} = await write(datasetOf([booking({document_date: '2026-11-02'})]), {context: {...QUARTER, emptyFile: true}})
    expect(sink.files.map(({name, rows, closed}) => [name.slice(20, -4), rows, closed])).toEqual([
      ['202611_001', 1, true],
      ['202610_001', 0, true],
      ['202612_001', 0, true],
    ])
    expect(stacks.map(({header, headings, rows}) => [header[14], headings.length, rows.length])).toEqual([
      ['20261101', 125, 1],
      ['20261001', 125, 0],
      ['20261201', 125, 0],
    ])
    expect(result.rows).toBe(1)
  })

  test('are none where there are no rows: DATEV imports no empty stack', async () => {
    const {sink, result} = await write(datasetOf([], Object.keys(booking())))
    expect(sink.files).toEqual([])
    expect(result).toMatchObject({rows: 0, totals: [], unusedColumns: [], datasets: [{dataset: 'bookings', written: 0, skipped: 0}]})
  })
})

function linesOf(bytes: Buffer): number {
  return bytes.reduce((lines, byte) => lines + (byte === 0x0a ? 1 : 0), 0)
}

function byText(one = '', other = ''): number {
  return one.localeCompare(other)
}

describe('a destination', () => {
  test('gets every byte once, however large the rows are', async () => {
    const positions = Array.from({length: 16}, (_, index) => 21 + index)
    const infos = Object.fromEntries(positions.map((position) => [nameAt(position), '"'.repeat(position % 2 === 0 ? 210 : 20)]))
    const rows = Array.from({length: 500}, (_, index) => booking({text: `row ${index}`, ...infos}))
    const {stacks, sink} = await write(datasetOf(rows, undefined, {chunkBytes: 10_000}))
    expect(sink.files[0]!.chunks.length).toBeGreaterThan(3)
    expect(stacks[0]!.rows.map((row) => row[13])).toEqual(rows.map((row) => row['text']))
    expect(stacks[0]!.rows.every((row) => row[35] === '"'.repeat(210))).toBe(true)
  })

  test('that fails fails the run, and nothing is written on', async () => {
    const sink = memorySink()
    const full = new PermanentFault('NoSpace', 'the volume is full')
    const failing = {
      create: async (name: string) => ({...(await sink.create(name)), write: () => Promise.reject(full)}),
    }
    const rows = Array.from({length: 5_000}, () => booking())
    const written = createDatevFormat(specOf()).write(inputOf(datasetOf(rows)), failing, contextOf())
    await expect(written).rejects.toBe(full)
    expect(sink.files.every((file) => !file.closed)).toBe(true)
  })

  test('closes a full file while the next one is filled, and has nothing under way when a bad row ends the pass', async () => {
    const events: string[] = []
    const slow = {
      create(name: string) {
        events.push(`create ${name.slice(27, 30)}`)
        return Promise.resolve({
          write: () => Promise.resolve(),
          async close() {
            for (let turn = 0; turn < 500; turn++) await Promise.resolve()
            events.push(`closed ${name.slice(27, 30)}`)
          },
        })
      },
    }
    const rows = [...Array.from({length: 5}, () => booking()), booking({amount: '0'})]
    const format = createDatevFormat(specOf(), {limits: {maxRowsPerFile: 2}})
    const written = format.write(inputOf(datasetOf(rows)), slow, contextOf({findings: createFindings(1)}))
    await expect(written).rejects.toBeInstanceOf(FindingsFull)
    expect(events).toEqual(['create 001', 'create 002', 'closed 001', 'create 003', 'closed 002'])
  })

  test('that cannot close a file fails the run', async () => {
    const fault = new PermanentFault('NoSpace', 'the volume is full')
    const failing = {create: () => Promise.resolve({write: () => Promise.resolve(), close: () => Promise.reject(fault)})}
    for (const count of [1, 3, 7]) {
      const rows = Array.from({length: count}, () => booking())
      const format = createDatevFormat(specOf(), {limits: {maxRowsPerFile: 2}})
      await expect(format.write(inputOf(datasetOf(rows)), failing, contextOf())).rejects.toBe(fault)
    }
  })
})
