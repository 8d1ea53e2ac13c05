// What JSON lines are wrong in is said of all of them, each row in its place.
import {describe, expect, it} from 'vitest'
import type {Column} from '../../../crds/sources/columns.ts'
import {createFindings} from '../../formats/findings.ts'
import type {Finding} from '../../formats/findings.ts'
import {textPieces} from '../files/text.ts'
import {readOn} from '../read-on.ts'
import {createLineReader} from './lines.ts'
import {createJsonRows} from './rows.ts'

const GERMAN = {decimalSign: ',', dateFormat: 'DD.MM.YYYY', nullText: '-'} as const

async function read(text: string | Uint8Array, columns: readonly Column[] = [], maxErrors = 100): Promise<{rows: string; findings: readonly Finding[]}> {
  const findings = createFindings(maxErrors)
  const lines = createLineReader({dataset: 'bookings', file: 'b.ndjson'}, (place) =>
    createJsonRows({columns, otherKeys: 'Refuse', format: GERMAN}, {dataset: 'bookings', place, refusals: findings}),
  )
  async function* pieces(): AsyncGenerator<Buffer, void, undefined> {
    yield Buffer.from(text)
  }
  let rows = ''
  for await (const piece of readOn(textPieces(pieces(), 'UTF8'), lines, new AbortController().signal)) rows += piece.toString()
  expect(rows.split('\n')).toHaveLength(lines.rows() + 1)
  return {rows, findings: findings.errors()}
}

describe('a value that its column cannot have', () => {
  const columns: readonly Column[] = [
    {name: 'amount', from: 'sum.value', type: 'numeric'},
    {name: 'document_date', from: 'day', type: 'date'},
    {name: 'reversal', from: 'reversal', type: 'boolean'},
    {name: 'booking_id', from: 'id', type: 'text'},
  ]

  it('is said with row, key, both names of the column, value and line, whatever the order of keys', async () => {
    const text = '{"id":"B1","sum":{"value":"1.5"},"day":"31.10.2026","reversal":true}\n{"reversal":2,"day":20261031,"sum":{"value":true},"id":"B2"}\n{"sum":{"value":1.5},"id":"B3"}\n'
    const {rows, findings} = await read(text, columns)
    expect(findings).toEqual([
      {
        dataset: 'bookings',
        row: 1,
        key: {column: 'booking_id', value: 'B1'},
        column: 'amount (sum.value)',
        rule: 'NotANumber',
        right: 'must be a number such as 1234,56 (decimalSign and thousandsSeparator of the source)',
        value: '1.5',
        place: 'b.ndjson, line 1',
      },
      expect.objectContaining({row: 2, column: 'reversal', rule: 'NotABoolean', value: '2', key: {column: 'booking_id', value: 'B2'}, place: 'b.ndjson, line 2'}),
      expect.objectContaining({row: 2, column: 'document_date (day)', rule: 'NotADate', value: '20261031'}),
      expect.objectContaining({row: 2, column: 'amount (sum.value)', rule: 'NotANumber', value: 'true'}),
    ])
    expect(rows).toBe('?\t2026-10-31\tt\tB1\n?\t?\t?\tB2\n1.5\t\\N\t\\N\tB3\n')
  })

  it('ends the reading where there are as many as were asked for', async () => {
    const {rows, findings} = await read('{"sum":{"value":"x"}}\n{"id":"B2"}\n{"day":"y"}\n{"day":"z"}\n', columns, 2)
    expect(findings.map(({row}) => row)).toEqual([1, 3])
    expect(rows.split('\n')).toHaveLength(4)
  })
})

it('a byte that is no UTF-8 is said of its column', async () => {
  const {rows, findings} = await read(Buffer.from('{"a":"x","b":"y"}\n{"a":"M\xfcller \\u00e4","b":"y"}\n{"a":1,"\xfc":2}\n', 'latin1'))
  expect(findings).toMatchObject([
    {row: 2, column: 'a', rule: 'NotInEncoding', value: 'M?ller ä', place: 'b.ndjson, line 2'},
    {row: 3, column: '', rule: 'JsonInvalid'},
  ])
  expect(rows).toBe('x\ty\nM?ller ä\ty\n?\t?\n')
})

describe('a line that is no row', () => {
  it.each([
    ['no object', '[1]', /a row must be a JSON object/],
    ['cut off', '{"a":"x', /the object is cut off/],
    ['two objects', '{"a":1} {"a":2}', /something follows the object/],
    ['a key that nobody knows', '{"a":1,"c":2}', /key "c": it is neither in columns nor in the first object/],
    ['an array', '{"a":[1],"b":2}', /key "a": an array is no field/],
    ['a leading zero', '{"a":01}', /key "a": expected a comma/],
  ])('is said with its line, and reading goes on: %s', async (_what, line, right) => {
    const {rows, findings} = await read(`{"a":1,"b":2}\n${line}\n{"b":4,"a":3}\n${line}\n{"a":5,"b":6}`)
    expect(findings).toEqual([2, 4].map((row) => ({dataset: 'bookings', row, column: '', rule: 'JsonInvalid', right: expect.stringMatching(right), place: `b.ndjson, line ${row}`})))
    expect(rows).toBe('1\t2\n?\t?\n3\t4\n?\t?\n5\t6\n')
  })

  it('may be an empty one, of which the row behind it is told', async () => {
    const {rows, findings} = await read('{"a":1}\n\n{"a":2}\n\n')
    expect(findings).toMatchObject([{row: 2, column: '', right: expect.stringMatching(/an empty line/), place: 'b.ndjson, line 2'}])
    expect(rows).toBe('1\n2\n')
  })

  it('ends the reading where nobody can tell its end', async () => {
    const {rows, findings} = await read(`{"a":1}\n{"a":"${'x'.repeat(1 << 20)}`)
    expect(findings).toMatchObject([{row: 2, right: 'the line is longer than 1 MiB', place: 'b.ndjson, line 2'}])
    expect(rows).toBe('1\n')
  })
})
