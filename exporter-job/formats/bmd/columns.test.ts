import {existsSync, readFileSync} from 'node:fs'
import {describe, expect, test} from 'vitest'
import {BMD_COLUMNS} from '../../../crds/formats/bmd-columns.ts'
import {BOOKING_COLUMN_NAMES} from '../../datasets/bookings.ts'
import {BOOKING_FIELDS, columnName} from './columns.ts'
import {FACTS} from './testing/reader.ts'
import type {FieldFact} from './testing/reader.ts'
import type {BmdColumn} from './types.ts'

const SHARED_FACTS = new URL('../../../../shared/formats/bmd/bmd-buchungen.csv', import.meta.url)

function factOf({name}: BmdColumn): FieldFact {
  return FACTS.find((fact) => fact.name === name)!
}

describe('the table of fields', () => {
  test('has the 90 fields of the facts, text last', () => {
    const names = BOOKING_FIELDS.map(({name}) => name)
    expect(names.toSorted()).toEqual(FACTS.map(({name}) => name).toSorted())
    expect(names).toHaveLength(90)
    expect(names.at(-1)).toBe('text')
  })

  test.each(BOOKING_FIELDS.map((column) => [column.name, column] as const))('agrees with the facts on %s', (_, column) => {
    const fact = factOf(column)
    expect(column.attested ?? true).toBe(fact.ntcs)
    // satzart is always written; gkonto, buchsymbol and the like are required of bookings only.
    expect(column.name === 'satzart' || (column.required ?? '').includes('0')).toBe(fact.required)
    const {type, length} = limitsOf(column)
    expect([fact.type, column.name === 'uva-periode' ? 'period' : fact.type]).toContain(type)
    expect(length ?? '').toBe(fact.length === '' || length === undefined ? (length ?? '') : lengthOf(fact))
    expect('decimals' in column ? column.decimals : fact.decimals).toBe(fact.decimals)
  })

  test.each(BOOKING_FIELDS.map((column) => [columnName(column), column] as const))('is committed as %s', (name, column) => {
    expect(name).toBe(`bmd_${column.name.replaceAll('-', '_')}`)
  })

  test('has as many committed names as fields', () => {
    expect(BMD_COLUMNS).toHaveLength(90)
    expect(new Set(BMD_COLUMNS).size).toBe(90)
  })

  test('takes only canonical columns that there are', () => {
    const taken = BOOKING_FIELDS.flatMap(({from}) => from ?? [])
    expect(taken.filter((name) => !BOOKING_COLUMN_NAMES.includes(name))).toEqual([])
  })

  test.runIf(existsSync(SHARED_FACTS))('is tested against the facts as they were collected', () => {
    const lines = readFileSync(SHARED_FACTS, 'utf8').trim().split('\n').slice(1)
    const collected = lines.map((line) => line.split(',', 2)).map(([ntcs, bmd55]) => (ntcs === '' ? bmd55 : ntcs))
    expect(FACTS.map(({name}) => name)).toEqual(collected)
  })
})

interface Limits {
  readonly type: string
  /** undefined where the kind itself says it. */
  readonly length?: number
}

/** What a table row says, in the facts' terms. */
function limitsOf(column: BmdColumn): Limits {
  switch (column.kind) {
    case 'amount':
    case 'tax':
    case 'share':
    case 'foreignAmount':
    case 'foreignTax':
      return {type: 'decimal'}
    case 'decimal':
      return {type: 'decimal', length: column.digits}
    case 'percent':
      return {type: 'decimal', length: column.digits}
    case 'record':
    case 'side':
      return {type: 'int'}
    case 'account':
    case 'integer':
      return {type: 'int', length: column.digits}
    case 'date':
    case 'postingDate':
      return {type: 'date'}
    case 'period':
      return {type: 'period'}
    case 'currency':
      return {type: 'text'}
    case 'text':
    case 'symbol':
    case 'iban':
      return {type: 'text', length: column.max}
    case 'documentNumber':
      return {type: 'text'}
    default:
      return column satisfies never
  }
}

/** "15,2" is read as 15 digits, two of them decimals; "3,3" as three and three. */
function lengthOf({length, decimals}: FieldFact): number {
  const [size, places] = length.split(',').map(Number)
  return places === 2 ? size! - decimals : size!
}
