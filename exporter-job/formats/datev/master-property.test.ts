// Master data: any row either is written and reads back by value, or is refused by a named rule. Nothing is changed silently.
import * as fc from 'fast-check'
import {expect, test} from 'vitest'
import type {DatasetName} from '../../../crds/datasets.ts'
import type {Finding} from '../findings.ts'
import {createFindings} from '../findings.ts'
import type {Picker} from '../testing/batches.ts'
import {anySeed, counted, createPicker, extentOf} from '../testing/batches.ts'
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

/** A quarter each: there are four. */
const {rows: ROWS, batch: BATCH, runs: RUNS} = extentOf({batch: 50, part: 1 / 4})

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

/** Values that a column may have in the rows of a batch. */
interface Pool {
  readonly fact: ColumnFact
  readonly values: readonly string[]
}

interface Pools {
  readonly required: readonly Pool[]
  readonly optional: readonly Pool[]
}

function pool(fact: ColumnFact): fc.Arbitrary<Pool> {
  return fc.array(anyValue(fact), {minLength: 6, maxLength: 6}).map((values) => ({fact, values}))
}

function anyPools(facts: readonly ColumnFact[]): fc.Arbitrary<Pools> {
  const required = facts.filter((fact) => fact.required).map((fact) => pool(fact))
  const optional = facts.filter((fact) => !fact.required && fact.type !== 'Leer').map((fact) => pool(fact))
  return fc.record({
    required: fc.tuple(...required),
    optional: fc
      .uniqueArray(fc.integer({min: 0, max: optional.length - 1}), {minLength: Math.min(10, optional.length), maxLength: 30})
      .chain((chosen) => fc.tuple(...chosen.toSorted((one, other) => one - other).map((index) => optional[index]!))),
  })
}

type NameOf = (fact: ColumnFact) => string

/** All that is required, and at most four of the others. */
function rowOf({required, optional}: Pools, pick: Picker, nameOf: NameOf): Row {
  const others = Array.from({length: pick.below(5)}, () => pick.of(optional))
  return Object.fromEntries([...required, ...others].map(({fact, values}) => [nameOf(fact), pick.of(values)]))
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

test.each(SETTINGS)(`any of ${counted(ROWS)} rows of $dataset is written as it is, or refused by rules that the findings name`, async (setting) => {
  const {category, facts} = setting
  const nameOf: NameOf = ({position}) => category.columns[position - 1]!.name
  const seen = {rows: 0, accepted: 0, rules: new Set<string>()}
  await fc.assert(
    fc.asyncProperty(anyPools(facts), anySeed, async (pools, seed) => {
      const pick = createPicker(seed)
      const given = Array.from({length: BATCH}, () => rowOf(pools, pick, nameOf))
      const {errors, written} = await write(given, [...pools.required, ...pools.optional].map(({fact}) => nameOf(fact)), setting)
      const refused = new Set(errors.map(({row}) => row))
      const accepted = given.filter((_, index) => !refused.has(index + 1))
      expect(written).toHaveLength(accepted.length)
      for (const [index, row] of accepted.entries()) requireSame(row, written[index]!, {facts, nameOf})
      for (const finding of errors) requireNamed(finding)
      for (const {rule} of errors) seen.rules.add(rule)
      seen.rows += given.length
      seen.accepted += accepted.length
    }),
    {numRuns: RUNS},
  )
  expect(seen.rows).toBeGreaterThanOrEqual(ROWS)
  expect(seen.accepted).toBeGreaterThan(seen.rows / 20)
  expect(seen.rules.size).toBeGreaterThan(4)
}, 300_000)

interface Outcome {
  readonly errors: readonly Finding[]
  readonly written: readonly (readonly string[])[]
}

async function write(given: readonly Row[], columns: readonly string[], {category, dataset, facts}: Setting): Promise<Outcome> {
  const [findings, sink] = [createFindings(10_000), memorySink()]
  const format = createDatevFormat(specOf({files: [category.file]}))
  const {datasets} = await format.write(inputOf(datasetOf(given, columns, {name: dataset})), sink, contextOf({findings}))
  expect(datasets).toEqual([{dataset, written: given.length, skipped: 0}])
  return {errors: findings.errors(), written: sink.files.length === 0 ? [] : readStack(sink.bytes(0), facts).rows}
}

function requireSame(row: Row, written: readonly string[], {facts, nameOf}: {facts: readonly ColumnFact[]; nameOf: NameOf}): void {
  for (const fact of facts) {
    const value = row[nameOf(fact)] ?? ''
    const back = written[fact.position - 1]!
    if (found(back, fact) !== expected(value, fact)) throw new Error(`${fact.heading}: ${value} was written as ${back}`)
  }
}

function requireNamed({column, rule, right}: Finding): void {
  const isNamed = /^datev_\d+_\w+ \(.+, \d+\)$/.test(column) && /^(must|needs) /.test(right) && rule in RULES
  if (!isNamed) throw new Error(`column ${column}: ${right} [${rule}] names no place or no rule`)
}
