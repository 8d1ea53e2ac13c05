import {describe, expect, test} from 'vitest'
import type {BmdFormat} from '../../../crds/formats/bmd.ts'
import type {ColumnType, DatasetColumn} from '../../sources/types.ts'
import {resolveColumns} from './resolve.ts'
import {booking} from './testing/booking.ts'

const REQUIRED = Object.keys(booking())

function resolve(names: readonly string[], types: Readonly<Record<string, ColumnType>> = {}, mappings: BmdFormat['columns'] = []) {
  const columns: DatasetColumn[] = names.map((name) => ({name, type: types[name] ?? 'text'}))
  return resolveColumns('bookings', columns, mappings)
}

describe('columns are found', () => {
  test('by canonical name, by own name and by mapping', () => {
    const {sources, unused} = resolve([...REQUIRED, 'bmd_filiale', 'my text', 'order_number'], {}, [{from: 'my text', to: 'bmd_text'}])
    expect(sources.get('bmd_konto')).toBe(REQUIRED.indexOf('account'))
    expect([sources.get('bmd_filiale'), sources.get('bmd_text')]).toEqual([REQUIRED.length, REQUIRED.length + 1])
    expect(unused).toEqual(['order_number'])
  })

  test('signed amounts, in place of those whose sign the kind of document says or beside them', () => {
    expect(resolve([...REQUIRED, 'signed_amount']).sources.get('bmd_betrag')).toBe(REQUIRED.length)
    expect(resolve([...REQUIRED.filter((name) => name !== 'amount'), 'signed_amount']).sources.has('amount')).toBe(false)
  })
})

describe('is refused:', () => {
  test.each([
    {sentence: 'a name that nobody knows', names: [...REQUIRED, 'bmd_texts'], code: 'UnknownColumn', says: '(nearest: bmd_text'},
    {sentence: 'two columns for one field', names: [...REQUIRED, 'bmd_konto'], code: 'DuplicateColumn', says: 'columns account and bmd_konto'},
    {sentence: 'two signed amounts', names: [...REQUIRED, 'signed_amount', 'bmd_betrag'], code: 'DuplicateColumn', says: 'bmd_betrag'},
    {sentence: 'the same name twice', names: [...REQUIRED, 'account'], code: 'DuplicateColumn', says: 'two columns account'},
    {sentence: 'no document number', names: REQUIRED.filter((name) => name !== 'document_number'), code: 'MissingColumn', says: 'document_number (belegnr)'},
    {sentence: 'no amount', names: REQUIRED.filter((name) => name !== 'amount'), code: 'MissingColumn', says: 'amount or signed_amount'},
  ])('$sentence', ({names, code, says}) => {
    expect(() => resolve(names)).toThrow(expect.objectContaining({code, message: expect.stringContaining(says) as string}))
  })

  test('a mapping from a column that is not there', () => {
    const mapping = {from: 'texts', to: 'bmd_text'} as const
    expect(() => resolve([...REQUIRED, 'text'], {}, [mapping])).toThrow('bookings has no column texts, which spec.format.bmd.columns maps to bmd_text (nearest: text)')
  })

  test.each([
    ['amount', 'float', 'numeric'],
    ['signed_amount', 'float', 'numeric'],
    ['tax_rate', 'date', 'numeric'],
    ['document_date', 'timestamptz', 'date'],
    ['posted_on', 'timestamp', 'date'],
    ['account', 'float', 'integer'],
    ['record_kind', 'boolean', 'integer'],
    ['text', 'float', 'text'],
    ['base_amount', 'boolean', 'numeric'],
  ] as const)('%s of type %s: cast it to %s', (name, type, wanted) => {
    expect(() => resolve([...new Set([...REQUIRED, name])], {[name]: type})).toThrow(expect.objectContaining({code: 'ColumnTypeRefused', message: expect.stringContaining(`cast it to ${wanted}`) as string}))
  })
})
