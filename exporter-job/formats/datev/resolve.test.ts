import {describe, expect, test} from 'vitest'
import type {DatevFormat} from '../../../crds/formats/datev.ts'
import type {ColumnType} from '../../sources/types.ts'
import {STACK} from './categories.ts'
import {resolveColumns} from './resolve.ts'
import {booking, nameAt, specOf} from './testing/booking.ts'

const REQUIRED = Object.keys(booking())

function resolve(names: readonly string[], mappings: DatevFormat['columns'] = [], types: Readonly<Record<string, ColumnType>> = {}) {
  const columns = names.map((name) => ({name, type: types[name] ?? 'text'}))
  return resolveColumns('bookings', columns, STACK, specOf({columns: mappings}))
}

describe('columns of the dataset', () => {
  test('are found by canonical and by committed names, in the order of the file', () => {
    const {filled, unused} = resolve(['datev_88_stueck', 'text', ...REQUIRED.toReversed()])
    expect(filled.map(({column, name}) => [column.position, name])).toEqual([
      [1, 'amount'],
      [2, 'debit_credit'],
      [7, 'account'],
      [8, 'contra_account'],
      [10, 'document_date'],
      [14, 'text'],
      [88, 'datev_88_stueck'],
    ])
    expect(filled.at(-1)!.source).toBe(0)
    expect(unused).toEqual([])
  })

  test('that DATEV has no place for are listed', () => {
    expect(resolve([...REQUIRED, 'booking_id', 'tax_amount', 'tax_rate', 'posted_on']).unused).toEqual([
      'booking_id',
      'tax_amount',
      'tax_rate',
      'posted_on',
    ])
  })

  test('are filled by a mapping, which takes the canonical name away', () => {
    const mappings = [
      {to: 'datev_5_basis_umsatz', from: 'amount'},
      {to: 'datev_1_umsatz_ohne_soll_haben_kz', from: 'gross'},
      {to: 'datev_14_buchungstext', from: 'gross'},
    ] as const
    const {filled} = resolve(['gross', ...REQUIRED], [...mappings])
    expect(filled.map(({column, name}) => [column.position, name]).slice(0, 3)).toEqual([
      [1, 'gross'],
      [2, 'debit_credit'],
      [5, 'amount'],
    ])
    expect(filled.at(-1)).toMatchObject({name: 'gross', column: {position: 14}})
  })
})

interface Mistake {
  readonly name: string
  readonly columns: readonly string[]
  readonly mappings?: DatevFormat['columns']
  readonly types?: Readonly<Record<string, ColumnType>>
  readonly code: string
  readonly says: string
}

const MISTAKES: readonly Mistake[] = [
  {
    name: 'a name with a slip of the pen',
    columns: [...REQUIRED, 'cost_centre_1'],
    code: 'UnknownColumn',
    says: 'bookings has a column "cost_centre_1" that is not known (nearest: cost_center_1, cost_center_2',
  },
  {name: 'capitals', columns: ['Amount', ...REQUIRED.slice(1)], code: 'UnknownColumn', says: '(nearest: amount'},
  {name: 'a name like nothing', columns: [...REQUIRED, '?column?'], code: 'UnknownColumn', says: 'that is not known: leave it out'},
  {name: 'a position without its name', columns: [...REQUIRED, 'datev_88'], code: 'UnknownColumn', says: 'datev_88_stueck'},
  {
    name: 'two columns for one field',
    columns: [...REQUIRED, nameAt(1)],
    code: 'DuplicateColumn',
    says: "columns amount and datev_1_umsatz_ohne_soll_haben_kz, which both fill DATEV's Umsatz, 1",
  },
  {name: 'the same name twice', columns: [...REQUIRED, 'amount'], code: 'DuplicateColumn', says: 'has two columns amount'},
  {
    name: 'required columns missing',
    columns: ['amount', 'debit_credit', 'account'],
    code: 'MissingColumn',
    says: 'bookings lacks contra_account (Gegenkonto, 8), document_date (Belegdatum, 10): DATEV requires it in every row',
  },
  {
    name: 'a mapping from nowhere',
    columns: REQUIRED,
    mappings: [{to: 'datev_14_buchungstext', from: 'acount'}],
    code: 'MissingColumn',
    says: 'no column acount, which spec.format.datev.columns maps to datev_14_buchungstext (nearest: amount, account)',
  },
  {
    name: 'an amount that is a float',
    columns: REQUIRED,
    types: {amount: 'float'},
    code: 'ColumnTypeRefused',
    says: 'column amount (Umsatz, 1) has type float: a binary floating-point number is not exact; cast it to numeric in the query',
  },
  {
    name: 'a rate that is a float',
    columns: [...REQUIRED, 'exchange_rate'],
    types: {exchange_rate: 'float'},
    code: 'ColumnTypeRefused',
    says: 'cast it to numeric',
  },
  {
    name: 'a date with a time',
    columns: REQUIRED,
    types: {document_date: 'timestamptz'},
    code: 'ColumnTypeRefused',
    says: 'has type timestamptz: a timestamptz does not fit; cast it to date',
  },
  {name: 'an account that is a float', columns: REQUIRED, types: {account: 'float'}, code: 'ColumnTypeRefused', says: 'cast it to text'},
]

describe('a dataset that cannot become a Buchungsstapel', () => {
  test.each(MISTAKES)('$name: $code', ({columns, mappings, types, code, says}) => {
    let fault: unknown
    try {
      resolve(columns, mappings, types)
    } catch (error) {
      fault = error
    }
    expect(fault).toMatchObject({code, transient: false})
    expect(String(fault)).toContain(says)
  })
})
