// Master data: any row either is written and reads back by value, or is refused by a named rule. Nothing is changed silently.
import * as fc from 'fast-check'
import {expect, test} from 'vitest'
import type {DatasetName} from '../../../crds/datasets.ts'
import {createFindings} from '../findings.ts'
import {datasetOf} from '../testing/dataset.ts'
import type {Row} from '../testing/dataset.ts'
import {contextOf, inputOf, memorySink} from '../testing/memory-sink.ts'
import type {Category} from './categories.ts'
import {MASTER_DATA} from './master-categories.ts'
import {createDatevFormat} from './format.ts'
import {RULES} from './rules.ts'
import {anyDate, anyNumber, anyText, digits, plain} from './testing/arbitraries.ts'
import {specOf} from './testing/booking.ts'
import type {ColumnFact} from './testing/reader.ts'
import {factsOf, readStack} from './testing/reader.ts'

/** As in property.test.ts, for each category. */
const ROWS_A_RUN = 50
const RUNS = Math.ceil(Number(process.env['PROPERTY_ROWS'] ?? 500) / ROWS_A_RUN)

/** Texts that are codes: right for the column, or for another one. */
const CODES: readonly (readonly [heading: RegExp, values: readonly string[]])[] = [
  [/^EU-Land/, ['AT', 'EL', 'GR', 'ATU12345678', 'A']],
  [/^EU-UStID/, ['U12345678', '123456789', '', '12 34']],
  [/^Land|^Länderkennzeichen/, ['DE', 'CH', 'XX', 'de']],
  [/^IBAN/, ['DE02120300000000202051', 'NO9386011117947', 'DE0212', 'DE02 1203', 'de02120300000000202051', 'DEX2120300000000202051']],
  [/^SWIFT/, ['GENODEF1S12', 'BYLADEM1001', 'genodef1', 'A B']],
  [/^Bankleitzahl/, ['12030000', '1203', 'X']],
]

function anyValue(fact: ColumnFact): fc.Arbitrary<string> {
  const codes = CODES.find(([heading]) => heading.test(fact.heading))?.[1]
  if (codes !== undefined) return fc.constantFrom(...codes)
  if (fact.date !== '') return anyDate()
  if (fact.allowed.length > 0) return fc.oneof({weight: 6, arbitrary: fc.constantFrom(...fact.allowed)}, {weight: 1, arbitrary: fc.constantFrom('x', '-1', '17')})
  switch (fact.type) {
    case 'Konto':
      return fc.oneof({weight: 8, arbitrary: fc.constantFrom('12345', '69999', '71234', '4711')}, {weight: 1, arbitrary: digits(1, 7)})
    case 'Text':
      return anyText(fact.length)
    default:
      if (isPercent(fact)) return anyNumber({...fact, length: 2, decimals: 2})
      return fc.oneof({weight: fact.decimals === 0 ? 8 : 0, arbitrary: digits(1, fact.length)}, {weight: 1, arbitrary: anyNumber(fact)})
  }
}

/** Per cent in the dataset, hundredths in the file. */
function isPercent({heading, type}: ColumnFact): boolean {
  return type === 'Zahl' && /^Skonto \d ?%$/.test(heading)
}

function anyRow(facts: readonly ColumnFact[], nameAt: (position: number) => string): fc.Arbitrary<Row> {
  const optional = facts.filter(({required, type}) => !required && type !== 'Leer')
  const required = facts.filter((fact) => fact.required)
  return fc
    .uniqueArray(fc.constantFrom(...optional), {maxLength: 4, selector: ({position}) => position})
    .chain((chosen) => fc.tuple(...[...required, ...chosen].map((fact) => fc.tuple(fc.constant(nameAt(fact.position)), anyValue(fact)))))
    .map((values) => Object.fromEntries(values))
}

/** What the file must hold for a value, in one form only. */
function expected(value: string, fact: ColumnFact): string {
  if (value === '') return ''
  if (isPercent(fact)) return plain(`${value.split('.')[0]}${(value.split('.')[1] ?? '').padEnd(2, '0').slice(0, 2)}`)
  if (fact.heading === 'EU-Land') return value.slice(0, 2)
  return isNumber(fact) ? plain(value) : value
}

function found(written: string, fact: ColumnFact): string {
  if (written === '') return ''
  if (fact.date !== '') return `${written.slice(4)}-${written.slice(2, 4)}-${written.slice(0, 2)}`
  return isNumber(fact) ? plain(written.replace(',', '.')) : written
}

function isNumber({type, allowed}: ColumnFact): boolean {
  return type === 'Zahl' && allowed.length === 0
}

interface Setting {
  readonly category: Category
  readonly dataset: DatasetName
  readonly facts: readonly ColumnFact[]
}

const SETTINGS: readonly Setting[] = MASTER_DATA.flatMap((category) => {
  const facts = factsOf(category.file === 'DebitorenKreditoren' ? 'debitoren-kreditoren' : category.file.toLowerCase())
  return category.datasets.map((dataset) => ({category, dataset, facts}))
})

test.each(SETTINGS)('any row of $dataset is written as it is, or refused by rules that the findings name', async ({category, dataset, facts}) => {
  const nameAt = (position: number): string => category.columns[position - 1]!.name
  const columns = category.columns.filter(({kind}) => kind !== 'reserved').map(({name}) => name)
  const format = createDatevFormat(specOf({files: [category.file]}))
  const seen = {accepted: 0, rules: new Set<string>()}
  const rows = fc.array(anyRow(facts, nameAt), {minLength: ROWS_A_RUN, maxLength: ROWS_A_RUN})
  await fc.assert(
    fc.asyncProperty(rows, async (given) => {
      const [findings, sink] = [createFindings(10_000), memorySink()]
      const result = await format.write(inputOf(datasetOf(given, columns, {name: dataset})), sink, contextOf({findings}))
      expect(result.datasets).toEqual([{dataset, written: given.length, skipped: 0}])
      const refused = new Set(findings.errors().map(({row}) => row))
      const accepted = given.filter((_, index) => !refused.has(index + 1))
      const written = sink.files.length === 0 ? [] : readStack(sink.bytes(0), facts).rows
      expect(written).toHaveLength(accepted.length)
      for (const [index, row] of accepted.entries()) {
        for (const fact of facts) {
          const value = row[nameAt(fact.position)] ?? ''
          if (found(written[index]![fact.position - 1]!, fact) !== expected(value, fact)) throw new Error(`${fact.heading}: ${value}`)
        }
      }
      for (const {rule, right, column} of findings.errors()) {
        expect(RULES).toHaveProperty(rule)
        expect(right).toMatch(/^(must|needs) /)
        expect(column).toMatch(/^datev_\d+_\w+ \(.+, \d+\)$/)
        seen.rules.add(rule)
      }
      seen.accepted += accepted.length
    }),
    {numRuns: RUNS},
  )
  expect(seen.accepted).toBeGreaterThan((RUNS * ROWS_A_RUN) / 10)
  expect(seen.rules.size).toBeGreaterThan(4)
}, 300_000)
