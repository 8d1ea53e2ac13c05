import {expect, test} from 'vitest'
import type {Manifest} from '../../crds/run.ts'
import {createFindings} from '../formats/findings.ts'
import type {ProtocolLine} from '../formats/protocol.ts'
import {protocolOf} from './document.ts'

const MANIFEST: Manifest = {
  version: 1,
  export: {name: 'bmd-monthly', namespace: 'acme', generation: 1},
  exportId: '3f2504e0-4f89-51d3-9a0c-0305e82c3301',
  slot: 'acme/bmd-monthly/2026-11-02T05:00:00Z',
  trigger: 'Schedule',
  scheduledTime: '2026-11-02T05:00:00Z',
  timeZone: 'Europe/Vienna',
  period: {start: '2026-10-01', end: '2026-11-01'},
  revision: 1,
  format: 'bmd',
  rows: 1,
  bytes: 1,
  totals: [],
  files: [],
  protocol: [],
  datasets: [],
  notes: [],
  program: '0.1.0',
  snapshotTime: '2026-11-02T05:00:01Z',
  sourceSha256: '0'.repeat(64),
  controlled: false,
  unusedColumns: [],
}

function lines(count: number): ProtocolLine[] {
  return Array.from({length: count}, (_, index) => ({key: String(index + 1), currency: 'EUR', count: 1, debit: '1234.50', credit: '0.00'}))
}

test.each([
  {sentence: 'says how many lines the format left out', given: lines(2), more: 58_000, shown: 2, remark: '58\u202F000 more lines are left out here.'},
  {sentence: 'leaves lines out itself', given: lines(2_001), more: undefined, shown: 2_000, remark: '1 more lines are left out here.'},
  {sentence: 'counts both', given: lines(2_001), more: 5, shown: 2_000, remark: '6 more lines are left out here.'},
  {sentence: 'has no remark where all are there', given: lines(1), more: undefined, shown: 1, remark: undefined},
])('a table $sentence', ({given, more, shown, remark}) => {
  const table = {title: 'Account', lines: given, ...(more !== undefined && {more})}
  const {tables} = protocolOf(MANIFEST, {tables: [table]}, createFindings(1))
  expect(tables).toHaveLength(1)
  expect([tables[0]!.rows.length, tables[0]!.remark]).toEqual([shown, remark])
  expect(tables[0]!.rows[0]).toEqual(['1', 'EUR', '1', '1\u202F234.50', '0.00'])
})
