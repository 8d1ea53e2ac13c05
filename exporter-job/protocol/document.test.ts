import {expect, test} from 'vitest'
import {createFindings} from '../formats/findings.ts'
import type {ProtocolLine, ProtocolTable} from '../formats/protocol.ts'
import {manifestWith} from '../testing/manifest.ts'
import {protocolOf} from './document.ts'
import {wordsFor} from './words.ts'

function lines(count: number): ProtocolLine[] {
  return Array.from({length: count}, (_, index) => ({key: String(index + 1), currency: 'EUR', count: 1, debit: '1234.50', credit: '0.00'}))
}

const ENGLISH = wordsFor({format: {}})

function tablesOf(...tables: readonly ProtocolTable[]): ReturnType<typeof protocolOf>['tables'] {
  return protocolOf(manifestWith(), {protocol: {tables}, findings: createFindings(1), words: ENGLISH}).tables
}

test.each([
  {sentence: 'says how many lines the format left out', given: lines(2), more: 58_000, shown: 2, remark: '58\u202F000 more lines are left out here.'},
  {sentence: 'leaves lines out itself', given: lines(2_001), more: undefined, shown: 2_000, remark: '1 more lines are left out here.'},
  {sentence: 'counts both', given: lines(2_001), more: 5, shown: 2_000, remark: '6 more lines are left out here.'},
  {sentence: 'has no remark where all are there', given: lines(1), more: undefined, shown: 1, remark: undefined},
])('a table $sentence', ({given, more, shown, remark}) => {
  const tables = tablesOf({title: 'Account', lines: given, ...(more !== undefined && {more})})
  expect(tables).toHaveLength(1)
  expect([tables[0]!.rows.length, tables[0]!.remark]).toEqual([shown, remark])
  expect(tables[0]!.rows[0]).toEqual(['1', 'EUR', '1', '1\u202F234.50', '0.00'])
})

test('a table of which nothing is left out is added up, each currency by itself and to the last digit', () => {
  const [table] = tablesOf({
    title: 'Account',
    lines: [
      {key: '1', currency: 'EUR', count: 1, debit: '9007199254740993.01', credit: '0.00'},
      {key: '1', currency: 'USD', count: 2, debit: '0.00', credit: '-5.00'},
      {key: '2', currency: 'EUR', count: 3, debit: '0.005', credit: '1.00'},
    ],
  })
  expect(table!.rows.slice(3)).toEqual([
    ['Sum', 'EUR', '4', '9\u202F007\u202F199\u202F254\u202F740\u202F993.015', '1.00'],
    ['Sum', 'USD', '2', '0.00', '-5.00'],
  ])
})

test('a table with one line a currency needs no sum, and one that is cut has none', () => {
  const [one, cut] = tablesOf({title: 'Currency', lines: lines(1)}, {title: 'Account', lines: lines(3), more: 1})
  expect([one!.rows.length, cut!.rows.length]).toEqual([1, 3])
})

test.each([
  ['Pacific/Apia', '2026-11-01 18:00:00 (UTC+13:00)'],
  ['UTC', '2026-11-01 05:00:00 (UTC)'],
])('a run in %s is due by its clock', (timeZone, time) => {
  const {facts} = protocolOf(manifestWith({timeZone, scheduledTime: '2026-11-01T05:00:00Z'}), {protocol: {tables: []}, findings: createFindings(1), words: ENGLISH})
  expect(facts).toContainEqual(['Run', `Schedule, due ${time}`])
})

test('the table by currency names a currency once', () => {
  const [table] = tablesOf({title: 'Currency', lines: [{key: 'EUR', currency: 'EUR', count: 2, debit: '1.00', credit: '3.00'}]})
  expect(table).toMatchObject({headings: ['Currency', 'Rows', 'Debit', 'Credit'], rows: [['EUR', '2', '1.00', '3.00']], numeric: [1, 2, 3]})
})

test('notes name their rows by the key of the ledger, none hides those of another rule, and what is left out is counted', () => {
  const findings = createFindings(1)
  const note = {dataset: 'bookings', column: 'amount', right: 'was left out'}
  for (let row = 1; row <= 1_200; row++) findings.note({...note, row, rule: 'SpreadsheetFormula'})
  findings.note({...note, row: 1_201, rule: 'ZeroAmountSkipped', key: {column: 'booking_id', value: 'B-4711'}})
  const {tables} = protocolOf(manifestWith({notes: [...findings.noteCounts()]}), {protocol: {tables: []}, findings, words: ENGLISH})
  const byRow = tables.find(({title}) => title === 'Notes by row')!
  expect(byRow.rows.at(-1)).toEqual(['B-4711', 'bookings row 1201, column amount: was left out [ZeroAmountSkipped]'])
  expect([byRow.rows.length, byRow.remark]).toEqual([1_001, '200 more lines are left out here.'])
})

test('what the rows hold cannot pass for a line of the protocol: control characters are shown, long texts are cut', () => {
  const number = 'A\nRows written  9\u202e\u0000'
  const {facts, tables} = protocolOf(manifestWith(), {
    protocol: {tables: [{title: 'Account', lines: [{key: 'x\ty', currency: 'EUR', count: 1, debit: '1.00', credit: '0.00'}]}], first: {row: 1, number, date: '2026-10-31'}, last: {row: 2, number: '😀'.repeat(101), date: '2026-10-31'}},
    findings: createFindings(1),
    words: ENGLISH,
  })
  expect(facts).toContainEqual(['First document', String.raw`A\u000aRows written  9\u202e\u0000 of 2026-10-31 (row 1)`])
  expect(facts).toContainEqual(['Last document', `${'😀'.repeat(100)}… of 2026-10-31 (row 2)`])
  expect(tables[0]!.rows[0]![0]).toBe(String.raw`x\u0009y`)
})
