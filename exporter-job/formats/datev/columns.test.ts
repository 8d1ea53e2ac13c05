import {existsSync, readFileSync} from 'node:fs'
import {describe, expect, test} from 'vitest'
import {BUCHUNGSSTAPEL_COLUMNS} from '../../../crds/formats/datev-columns.ts'
import {BOOKING_COLUMN_NAMES} from '../../datasets/bookings.ts'
import {STACK} from './categories.ts'
import {MASTER_DATA} from './master-categories.ts'
import {BUCHUNGSSTAPEL} from './columns.ts'
import {FACTS, factsOf} from './testing/reader.ts'
import type {ColumnFact} from './testing/reader.ts'
import type {DatevColumn} from './types.ts'

const SHARED_FACTS = new URL('../../../../shared/formats/datev/datev-buchungsstapel.csv', import.meta.url)

describe('the table of columns', () => {
  test('has the 125 columns in their order', () => {
    expect(BUCHUNGSSTAPEL.map((column) => column.position)).toEqual(Array.from({length: 125}, (_, index) => index + 1))
  })

  test('of a Buchungsstapel has the committed names', () => {
    expect(BUCHUNGSSTAPEL.map((column) => column.name)).toEqual(BUCHUNGSSTAPEL_COLUMNS)
  })

  test('has each canonical column once', () => {
    const canonical = BUCHUNGSSTAPEL.flatMap((column) => column.from ?? [])
    expect(new Set(canonical).size).toBe(canonical.length)
    const unused = BOOKING_COLUMN_NAMES.filter((name) => !canonical.includes(name))
    const ofBmd = ['record_kind', 'reverse_charge', 'base_tax_amount', 'signed_amount', 'signed_tax_amount', 'cost_amount', 'document_file']
    expect(unused).toEqual(['booking_id', 'posted_on', 'document_kind', 'tax_rate', 'tax_amount', 'document_id', ...ofBmd])
  })

  test('has companions on both sides of every pair', () => {
    const pairs = BUCHUNGSSTAPEL.filter((column) => /(Art|Inhalt) \d+$/.test(column.heading))
    expect(pairs).toHaveLength(56)
    for (const column of pairs) expect(BUCHUNGSSTAPEL[column.needs! - 1]!.needs).toBe(column.position)
    expect(BUCHUNGSSTAPEL[114]!.needs).toBe(116)
  })

  test('has as many committed names as columns', () => {
    expect(BUCHUNGSSTAPEL_COLUMNS).toHaveLength(125)
  })

  test.runIf(existsSync(SHARED_FACTS))('is tested against the facts as they were collected', () => {
    const lines = readFileSync(SHARED_FACTS, 'utf8').trim().split('\n').slice(1)
    const collected = lines.map((line) => line.split(',').slice(0, 2).join(';'))
    expect(FACTS.map((fact) => `${fact.position};${fact.heading}`)).toEqual(collected)
  })
})

describe.each([STACK, ...MASTER_DATA])('the table of $file', ({file, columns, canonical}) => {
  const facts = factsOf(file === 'DebitorenKreditoren' ? 'debitoren-kreditoren' : file.toLowerCase())

  test('has as many columns as there are facts, in their order', () => {
    expect(columns.map((column) => column.position)).toEqual(facts.map((fact) => fact.position))
  })

  test.each(columns)('agrees with the facts on column $position', (column) => {
    const fact = facts[column.position - 1]!
    expect(column.heading).toBe(fact.heading)
    expect(column.quoted ?? false).toBe(fact.quoted)
    expect(column.required ?? false).toBe(fact.required)
    expect(limits(column, fact)).toEqual(limitsOf(fact))
    expect(column.kind === 'choice' ? column.values : fact.allowed.slice(0, 0)).toEqual(column.kind === 'choice' ? fact.allowed : [])
    expect(column.name).toBe(`datev_${column.position}_${slug(column.heading)}`)
  })

  test('is filled by canonical columns that there are', () => {
    expect(columns.flatMap((column) => column.from ?? []).filter((name) => !canonical.includes(name))).toEqual([])
  })
})

interface Limits {
  readonly length: number
  readonly decimals: number
  readonly date: string
}

/** What a table row says of length, decimals and date form, in the facts' terms. */
function limits(column: DatevColumn, fact: ColumnFact): Limits {
  switch (column.kind) {
    case 'amount':
    case 'number':
      // Kurs: see the note at the table.
      return {length: column.heading === 'Kurs' ? column.digits + 1 : column.digits, decimals: column.decimals, date: ''}
    case 'hundredths':
      return {length: column.digits + column.decimals, decimals: 0, date: ''}
    case 'date':
      return {length: column.form.length, decimals: 0, date: column.form}
    case 'account':
      return {length: column.accepts === 'ledger' ? 8 : 9, decimals: 0, date: ''}
    case 'text':
    case 'chars':
    case 'taxKey':
    case 'code':
    case 'vatId':
    case 'vatNumber':
    case 'iban':
    case 'documentLink':
      return {length: column.max, decimals: 0, date: ''}
    case 'vatCountry':
      return {length: 2, decimals: 0, date: ''}
    case 'choice':
      return {length: Math.max(...column.values.map(({length}) => length)), decimals: 0, date: ''}
    case 'reserved':
      return {length: fact.length, decimals: 0, date: ''}
    default:
      return column satisfies never
  }
}

function limitsOf({length, decimals, date}: ColumnFact): Limits {
  return {length, decimals, date}
}

function slug(heading: string): string {
  const letters: Readonly<Record<string, string>> = {ä: 'ae', ö: 'oe', ü: 'ue', ß: 'ss'}
  const ascii = heading.toLowerCase().replace(/[äöüß]/g, (letter) => letters[letter]!)
  return ascii.replace(/[^a-z0-9]+/g, '_').replace(/^_|_$/g, '')
}
