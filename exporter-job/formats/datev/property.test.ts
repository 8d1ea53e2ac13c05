// Any row either is written and reads back by value, or is refused by a named rule at its own row and column. Nothing is changed silently.
import * as fc from 'fast-check'
import {expect, test} from 'vitest'
import type {DatevFormat} from '../../../crds/formats/datev.ts'
import type {Finding} from '../findings.ts'
import type {Row} from '../testing/dataset.ts'
import {copyText} from '../testing/dataset.ts'
import {contextOf, memorySink} from '../testing/memory-sink.ts'
import {STACK} from './categories.ts'
import {choicesOf, createRowEncoder} from './encode.ts'
import {findingOf} from './faults.ts'
import {headerLines} from './header.ts'
import {createParts} from './parts.ts'
import {compilePlan} from './plan.ts'
import {daysOf, stackRanges} from './ranges.ts'
import {resolveColumns} from './resolve.ts'
import {RULES} from './rules.ts'
import {createSums} from './sums.ts'
import {booking, nameAt, specOf} from './testing/booking.ts'
import {anyDate, anyNumber, anyText, digits, plain} from './testing/arbitraries.ts'
import {EVERY_COLUMN} from './testing/every-column.ts'
import type {ColumnFact} from './testing/reader.ts'
import {FACTS, readStack} from './testing/reader.ts'

/** 5,000 rows in the daily loop; PROPERTY_ROWS=100000 and more for a thorough look. */
const ROWS_A_RUN = 50
const RUNS = Math.ceil(Number(process.env['PROPERTY_ROWS'] ?? 5_000) / ROWS_A_RUN)

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

const VALUES = FACTS.map(anyValue)

/** A few columns filled by chance, mostly with the one that must be filled with them. */
const anyRow: fc.Arbitrary<Row> = fc
  .tuple(fc.uniqueArray(fc.integer({min: 1, max: 125}), {minLength: 1, maxLength: 4}), fc.integer({min: 0, max: 7}))
  .map(([positions, alone]) => (alone === 0 ? positions : [...new Set(positions.flatMap(withCompanion))]))
  .chain((positions) => fc.tuple(...positions.map((position) => fc.tuple(fc.constant(nameAt(position)), VALUES[position - 1]!))))
  .map((values) => Object.fromEntries(values))

function withCompanion(position: number): number[] {
  const pair = /Art|Inhalt \d/.test(FACTS[position - 1]!.heading) && position >= 21 && position <= 87
  if (pair) return [position, FACTS[position - 1]!.heading.includes('Art') ? position + 1 : position - 1]
  return [position, ...(position === 5 ? [6] : position === 6 ? [5] : position === 115 ? [116] : [])]
}

const SPECIAL_AMOUNTS = ['-119.00', '-0.01', '-7', '0', '0.00', '-0.0']
const REQUIRED = {1: 'amount', 2: 'debit_credit', 7: 'account', 8: 'contra_account', 10: 'document_date'} as const
const BASE: Row = Object.fromEntries(Object.entries(REQUIRED).map(([position, name]) => [nameAt(Number(position)), booking()[name]!]))
const COLUMNS = FACTS.map((fact) => nameAt(fact.position))

/** Column 114 says that nothing is locked, unless the row says otherwise; some rows have an amount that the spec decides on. */
const anyCompleted: fc.Arbitrary<Row> = fc
  .tuple(anyRow, fc.integer({min: 0, max: 40}))
  .map(([row, number]) => ({...BASE, [nameAt(114)]: '0', ...row, ...(number < SPECIAL_AMOUNTS.length && {[nameAt(1)]: SPECIAL_AMOUNTS[number]!})}))

const FILLED = resolveColumns('bookings', COLUMNS.map((name) => ({name, type: 'text'})), STACK, specOf()).filled
const CONTEXT = contextOf()

/** The options that change what is written for a row. */
const SPECS: readonly DatevFormat[] = [
  specOf(),
  specOf({zeroAmount: 'Skip', negativeAmount: 'SwapSide', encoding: 'UTF8'}),
  specOf({negativeAmount: 'Generalumkehr', automaticAccounts: ['8400', '4000-4499']}),
]

interface Outcome {
  /** Rows that were not refused. */
  readonly accepted: readonly Row[]
  /** The refused ones, each with what was found. */
  readonly refused: readonly (readonly Finding[])[]
  /** Rows left out because the spec says so. */
  readonly skipped: readonly Row[]
  /** What was written for them. */
  readonly written: readonly (readonly string[])[]
}

/** Encodes row by row: one that is refused leaves no trace in the file, and the next one is encoded all the same. */
async function encodeEach(rows: readonly Row[], spec: DatevFormat): Promise<Outcome> {
  const sink = memorySink()
  const plan = compilePlan({columns: STACK.columns, filled: FILLED, spec})
  const parts = createParts(stackRanges(CONTEXT.period, spec), {
    sink,
    maxRowBytes: plan.maxRowBytes,
    maxRows: rows.length,
    fileName: () => 'EXTF_test.csv',
    opening: (range) => headerLines(STACK, spec, range, CONTEXT),
  })
  const faultContext = {dataset: 'bookings', spec, period: CONTEXT.period, columns: STACK.columns, keyColumn: undefined}
  let found: Finding[] = []
  const encoder = createRowEncoder({
    plan,
    parts,
    sums: createSums('EUR'),
    columns: COLUMNS.length,
    key: undefined,
    ...choicesOf(spec),
    days: daysOf(CONTEXT.period),
    formulas: 'Report',
    noted: () => undefined,
    brokenRule: (broken) => void found.push(findingOf(broken, faultContext)),
    brokenShape: (row) => new Error(`row ${row} has a wrong shape`),
  })
  const refused: Finding[][] = []
  const accepted: Row[] = []
  const skipped: Row[] = []
  for (const row of rows) {
    const bytes = copyText(COLUMNS, [row])
    found = []
    const before = encoder.skipped()
    while (encoder.encode(bytes, 0) < bytes.length) await parts.prepare(encoder.waitingFor())
    if (encoder.skipped() > before) skipped.push(row)
    else if (found.length === 0) accepted.push(row)
    else refused.push(found)
  }
  await parts.close(false)
  return {accepted, refused, skipped, written: accepted.length === 0 ? [] : readStack(sink.bytes(0)).rows}
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

test('any row is written as the spec says, or refused by rules that the findings name', async () => {
  const seen = {accepted: 0, negative: 0, skipped: 0, rules: new Set<string>()}
  const rows = fc.array(anyCompleted, {minLength: ROWS_A_RUN, maxLength: ROWS_A_RUN})
  await fc.assert(
    fc.asyncProperty(rows, fc.constantFrom(...SPECS), async (given, spec) => {
      const {accepted, refused, skipped, written} = await encodeEach(given, spec)
      expect(accepted.length + refused.length + skipped.length).toBe(given.length)
      expect(written).toHaveLength(accepted.length)
      for (const [index, row] of accepted.entries()) requireSame(wanted(row, spec), written[index]!)
      for (const row of skipped) expect(row[nameAt(1)]).toMatch(ZERO)
      for (const {dataset, column, rule, right} of refused.flat()) {
        expect(dataset).toBe('bookings')
        expect(column).toMatch(/^datev_\d+_\w+ \(.+, \d+\)$/)
        expect(right).toMatch(/^(must|needs) /)
        expect(RULES).toHaveProperty(rule)
        seen.rules.add(rule)
      }
      seen.accepted += accepted.length
      seen.negative += accepted.filter((row) => row[nameAt(1)]!.startsWith('-')).length
      seen.skipped += skipped.length
    }),
    {numRuns: RUNS},
  )
  // A property that refuses everything, or breaks few rules, proves little.
  expect(seen.accepted).toBeGreaterThan((RUNS * ROWS_A_RUN) / 4)
  expect(seen.negative).toBeGreaterThan(0)
  expect(seen.skipped).toBeGreaterThan(0)
  expect(seen.rules.size).toBeGreaterThan(15)
}, 300_000)
