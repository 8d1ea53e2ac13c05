// Any row either is written and reads back by value, or is refused by a named rule at its own row and column. Nothing is changed silently.
import * as fc from 'fast-check'
import {expect, test} from 'vitest'
import type {DatevFormat} from '../../../crds/formats/datev.ts'
import type {Finding} from '../findings.ts'
import {createFindings} from '../findings.ts'
import type {Picker} from '../testing/batches.ts'
import {anySeed, counted, createPicker, extentOf} from '../testing/batches.ts'
import type {Row} from '../testing/dataset.ts'
import {datasetOf} from '../testing/dataset.ts'
import {contextOf, inputOf, memorySink} from '../testing/memory-sink.ts'
import {createDatevFormat} from './format.ts'
import {RULES} from './rules.ts'
import {booking, nameAt, specOf} from './testing/booking.ts'
import {anyDate, anyNumber, anyText, digits, plain} from './testing/arbitraries.ts'
import {EVERY_COLUMN} from './testing/every-column.ts'
import type {ColumnFact} from './testing/reader.ts'
import {FACTS, readStack} from './testing/reader.ts'

const {rows: ROWS, batch: BATCH, runs: RUNS} = extentOf({batch: 250})

const CODES = ['S', 'H', '0', '1', 't', 'f', 'EUR', 'XXX', 'DE', 'EL', 'GR', 'K', 'AA', 'DE123456789', 'ATU1+*', '40', '4001', 'BEDI "x"']

/** Mostly what is right for the column, or nearly. */
function anyValue(fact: ColumnFact): fc.Arbitrary<string | null> {
  return fc.oneof(
    {weight: 8, arbitrary: fc.constant(EVERY_COLUMN[fact.position - 1]!.value)},
    {weight: 8, arbitrary: valueOf(fact)},
    {weight: 1, arbitrary: fc.constantFrom(...CODES)},
    {weight: 1, arbitrary: fc.constantFrom(null, '', '\\', '"')},
  )
}

function valueOf(fact: ColumnFact): fc.Arbitrary<string> {
  if (fact.date !== '') return anyDate()
  switch (fact.type) {
    case 'Text':
      return anyText(fact.length)
    case 'Konto':
      return fc.oneof(
        {weight: 9, arbitrary: digits(1, 5)},
        {weight: 1, arbitrary: digits(5, 10)},
        {weight: 1, arbitrary: fc.constantFrom('0', '00000', '12.0')},
      )
    default:
      return anyNumber(fact)
  }
}

/** Values that a column may have in the rows of a batch. */
interface Pool {
  readonly position: number
  readonly values: readonly (string | null)[]
}

const POOLS: readonly fc.Arbitrary<Pool>[] = FACTS.map((fact) =>
  fc.array(anyValue(fact), {minLength: 6, maxLength: 6}).map((values) => ({position: fact.position, values})),
)

/** What the rows of a batch are put together from: some columns, mostly with the ones that must be filled with them. */
const anyPools: fc.Arbitrary<readonly Pool[]> = fc
  .uniqueArray(fc.integer({min: 1, max: 125}), {minLength: 8, maxLength: 14})
  .map((positions) => [...new Set([...Object.keys(REQUIRED).map(Number), 114, ...positions.flatMap(withCompanion)])].toSorted((a, b) => a - b))
  .chain((positions) => fc.tuple(...positions.map((position) => POOLS[position - 1]!)))

function withCompanion(position: number): number[] {
  const pair = /Art|Inhalt \d/.test(FACTS[position - 1]!.heading) && position >= 21 && position <= 87
  if (pair) return [position, FACTS[position - 1]!.heading.includes('Art') ? position + 1 : position - 1]
  return [position, ...(position === 5 ? [6] : position === 6 ? [5] : position === 115 ? [116] : [])]
}

const SPECIAL_AMOUNTS = ['-119.00', '-0.01', '-7', '0', '0.00', '-0.0']
const REQUIRED = {1: 'amount', 2: 'debit_credit', 7: 'account', 8: 'contra_account', 10: 'document_date'} as const
const BASE: Row = Object.fromEntries(Object.entries(REQUIRED).map(([position, name]) => [nameAt(Number(position)), booking()[name]!]))

/** One that is right but for a few columns; some have an amount that the spec decides on, and most say that nothing is locked. */
function rowOf(pools: readonly Pool[], pick: Picker): Row {
  const row: Record<string, string | null> = {...BASE, [nameAt(114)]: '0'}
  for (let count = 1 + pick.below(4); count > 0; count--) {
    const {position, values} = pick.of(pools)
    const positions = pick.below(8) === 0 ? [position] : withCompanion(position)
    for (const each of positions) row[nameAt(each)] = each === position ? pick.of(values) : pick.of(pools.find((pool) => pool.position === each)!.values)
  }
  const special = pick.below(41)
  if (special < SPECIAL_AMOUNTS.length) row[nameAt(1)] = SPECIAL_AMOUNTS[special]!
  return row
}

/** The options that change what is written for a row. */
const SPECS: readonly DatevFormat[] = [
  specOf(),
  specOf({zeroAmount: 'Skip', negativeAmount: 'SwapSide', encoding: 'UTF8'}),
  specOf({negativeAmount: 'Generalumkehr', automaticAccounts: ['8400', '4000-4499']}),
]

interface Outcome {
  /** Rows that were not refused. */
  readonly accepted: readonly Row[]
  readonly findings: readonly Finding[]
  /** Rows left out because the spec says so. */
  readonly skipped: readonly Row[]
  /** What was written for the accepted ones. */
  readonly written: readonly (readonly string[])[]
}

/** A row that is refused leaves no trace in the file, and the next one is written all the same. */
async function write(rows: readonly Row[], columns: readonly string[], spec: DatevFormat): Promise<Outcome> {
  const [sink, findings] = [memorySink(), createFindings(10_000)]
  await createDatevFormat(spec).write(inputOf(datasetOf(rows, columns)), sink, contextOf({findings}))
  const refused = new Set(findings.errors().map(({row}) => row))
  const left = new Set(findings.notes().filter(({rule}) => rule === 'ZeroAmountSkipped').map(({row}) => row))
  return {
    accepted: rows.filter((_, index) => !refused.has(index + 1) && !left.has(index + 1)),
    findings: findings.errors(),
    skipped: rows.filter((_, index) => left.has(index + 1)),
    written: sink.files.length === 0 ? [] : readStack(sink.bytes(0)).rows,
  }
}

function requireSame(row: Row, written: readonly string[]): void {
  for (const fact of FACTS) {
    const value = row[nameAt(fact.position)] ?? ''
    const back = written[fact.position - 1]!
    if (normalised(back, fact) !== original(value, fact)) throw new Error(`${fact.heading}: ${value} was written as ${back}`)
  }
}

const AMOUNTS = [1, 5, 13].map((position) => nameAt(position))

/** What the spec asks to be written for a row: the same, unless its amount is negative. */
function wanted(row: Row, {negativeAmount}: DatevFormat): Row {
  if (negativeAmount === 'Error' || row[nameAt(1)]?.startsWith('-') !== true) return row
  const magnitudes = AMOUNTS.map((name) => [name, row[name]?.replace(/^-/, '') ?? null] as const)
  const side = negativeAmount === 'SwapSide' ? {[nameAt(2)]: row[nameAt(2)] === 'S' ? 'H' : 'S'} : {[nameAt(118)]: '1'}
  return {...row, ...Object.fromEntries(magnitudes), ...side}
}

/** A written value in the dataset's terms: ISO dates without what the form leaves out, numbers without padding. */
function normalised(back: string, fact: ColumnFact): string {
  if (back === '') return ''
  if (fact.date === 'TTMM') return `${back.slice(2)}-${back.slice(0, 2)}`
  if (fact.date === 'TTMMJJJJ') return `${back.slice(4)}-${back.slice(2, 4)}-${back.slice(0, 2)}`
  return isNumber(fact) ? plain(back.replace(',', '.')) : back
}

const FLAGS = new Set([15, 19, 106, 114, 118])

function original(value: string, fact: ColumnFact): string {
  if (value === '') return ''
  if (fact.date === 'TTMM') return value.slice(5)
  if (FLAGS.has(fact.position)) return value.replace('t', '1').replace('f', '0')
  return isNumber(fact) ? plain(value) : value
}

function isNumber(fact: ColumnFact): boolean {
  return fact.type === 'Betrag' || (fact.type === 'Zahl' && !FLAGS.has(fact.position))
}

const ZERO = /^-?0+(\.0+)?$/

test(`any of ${counted(ROWS)} rows is written as the spec says, or refused by rules that the findings name`, async () => {
  const seen = {rows: 0, accepted: 0, negative: 0, skipped: 0, rules: new Set<string>()}
  await fc.assert(
    fc.asyncProperty(anyPools, anySeed, fc.constantFrom(...SPECS), async (pools, seed, spec) => {
      const pick = createPicker(seed)
      const given = Array.from({length: BATCH}, () => rowOf(pools, pick))
      const {accepted, findings, skipped, written} = await write(given, pools.map(({position}) => nameAt(position)), spec)
      expect(written).toHaveLength(accepted.length)
      for (const [index, row] of accepted.entries()) requireSame(wanted(row, spec), written[index]!)
      for (const row of skipped) if (!ZERO.test(row[nameAt(1)] ?? '')) throw new Error(`${JSON.stringify(row)} was left out`)
      for (const finding of findings) requireNamed(finding)
      for (const {rule} of findings) seen.rules.add(rule)
      seen.rows += given.length
      seen.accepted += accepted.length
      seen.negative += accepted.filter((row) => row[nameAt(1)]!.startsWith('-')).length
      seen.skipped += skipped.length
    }),
    {numRuns: RUNS},
  )
  expect(seen.rows).toBeGreaterThanOrEqual(ROWS)
  // A property that refuses everything, or breaks few rules, proves little.
  expect(seen.accepted).toBeGreaterThan(seen.rows / 4)
  expect(seen.negative).toBeGreaterThan(0)
  expect(seen.skipped).toBeGreaterThan(0)
  expect(seen.rules.size).toBeGreaterThan(15)
}, 300_000)

function requireNamed({dataset, column, rule, right}: Finding): void {
  const isNamed = dataset === 'bookings' && /^datev_\d+_\w+ \(.+, \d+\)$/.test(column) && /^(must|needs) /.test(right) && rule in RULES
  if (!isNamed) throw new Error(`${dataset}, column ${column}: ${right} [${rule}] names no place or no rule`)
}
