// Personal accounts: any row either is written and reads back by value, or is refused by a named rule at its own column. What is right is said
// here by regular expressions, not by the encoder's tables.
import * as fc from 'fast-check'
import {expect, test} from 'vitest'
import {createFindings} from '../findings.ts'
import type {Finding} from '../findings.ts'
import type {Picker} from '../testing/batches.ts'
import {anySeed, counted, createPicker, extentOf} from '../testing/batches.ts'
import {datasetOf} from '../testing/dataset.ts'
import type {Row} from '../testing/dataset.ts'
import {contextOf, inputOf, memorySink} from '../testing/memory-sink.ts'
import {createBmdFormat} from './format.ts'
import {RULES} from './rules.ts'
import {specOf} from './testing/booking.ts'

const {rows: ROWS, batch: BATCH, runs: RUNS} = extentOf({batch: 50, part: 1 / 4})

/** The profile Standard: characters of each column. */
const LENGTHS = {account: 9, name: 50, street: 50, postal_code: 12, city: 50, country: 3, telephone: 30, email: 100, vat_id: 15, iban: 34, bic: 12} as const
type Column = keyof typeof LENGTHS
const COLUMNS = Object.keys(LENGTHS) as Column[]

const WINDOWS_1252 = new Set(new TextDecoder('windows-1252').decode(Uint8Array.from({length: 256}, (_, byte) => byte)).replaceAll(/[\x00-\x1f\x7f-\x9f]/g, ''))

function anyValue(column: Column): fc.Arbitrary<string | null> {
  const awkward = fc.constantFrom(null, '', ' ', '"', 'a"b', 'a;b', 'a\nb', '\u0000', '\u0085', 'Ł', '😀', '=1', '+43 1', String.raw`\N`, '\\', 'x'.repeat(LENGTHS[column]), 'ü'.repeat(LENGTHS[column] + 1))
  return fc.oneof({weight: 12, arbitrary: rightValue(column)}, {weight: 1, arbitrary: awkward}, {weight: 1, arbitrary: fc.string({unit: 'binary', maxLength: 6})})
}

function rightValue(column: Column): fc.Arbitrary<string> {
  switch (column) {
    case 'account':
      return fc.stringMatching(/^2\d{3,8}$/)
    case 'iban':
      return fc.constantFrom('AT611904300234573201', 'DE89370400440532013000', 'NO9386011117947', 'AT611904300234573202', 'DE89 3704 0044 0532 0130 00')
    default:
      return fc.string({unit: fc.constantFrom(...Array.from('abcÄß€ .-/&\'"\\0123')), minLength: 1, maxLength: LENGTHS[column]})
  }
}

/** By the definition: the head goes to the end, letters become numbers, and the rest of a division by 97 is 1. */
function isIban(text: string): boolean {
  if (!/^[A-Z]{2}\d\d[A-Z0-9]{1,30}$/.test(text)) return false
  const digits = Array.from(text.slice(4) + text.slice(0, 4), (character) => parseInt(character, 36)).join('')
  return BigInt(digits) % 97n === 1n
}

function isRight(column: Column, value: string): boolean {
  if (value === '') return column !== 'account' && column !== 'name'
  if (column === 'account') return /^2\d{0,8}$/.test(value)
  if (column === 'iban' && !isIban(value)) return false
  const characters = Array.from(value)
  return characters.length <= LENGTHS[column] && !value.startsWith('"') && characters.every((character) => character !== ';' && WINDOWS_1252.has(character))
}

type Pools = Readonly<Record<Column, readonly (string | null)[]>>

const anyPools = fc.record(Object.fromEntries(COLUMNS.map((column) => [column, fc.array(anyValue(column), {minLength: 6, maxLength: 6})]))) as fc.Arbitrary<Pools>

/** Right but for at most three columns, which have whatever there is. */
function rowOf(pools: Pools, pick: Picker): Row {
  const row: Record<Column, string | null> = {account: '200001', name: 'A', street: null, postal_code: null, city: null, country: null, telephone: null, email: null, vat_id: null, iban: null, bic: null}
  for (let count = pick.below(4); count > 0; count--) {
    const column = pick.of(COLUMNS)
    row[column] = pick.of(pools[column])
  }
  return row
}

async function write(rows: readonly Row[]): Promise<{errors: readonly Finding[]; lines: readonly string[]}> {
  const [sink, findings] = [memorySink(), createFindings(10_000)]
  await createBmdFormat(specOf({files: ['Personenkonten']})).write(inputOf(datasetOf(rows, COLUMNS, {name: 'customers'})), sink, contextOf({findings}))
  const text = sink.files.length === 0 ? '\r\n' : new TextDecoder('windows-1252').decode(sink.bytes(0))
  return {errors: findings.errors(), lines: text.split('\r\n').slice(1, -1)}
}

test(`any of ${counted(ROWS)} rows is written as it is, or refused by rules that the findings name`, async () => {
  const seen = {rows: 0, good: 0, rules: new Set<string>()}
  await fc.assert(
    fc.asyncProperty(anyPools, anySeed, async (pools, seed) => {
      const pick = createPicker(seed)
      const rows = Array.from({length: BATCH}, () => rowOf(pools, pick))
      const wrong = rows.map((row) => COLUMNS.filter((column) => !isRight(column, row[column] ?? '')))
      const good = rows.filter((_, index) => wrong[index]!.length === 0)
      const {errors, lines} = await write(rows)
      expect(errors.map(({row, column}) => `${row} ${column.split(' ')[0]}`)).toEqual(wrong.flatMap((columns, index) => columns.map((column) => `${index + 1} ${column}`)))
      expect(lines.map((line) => line.split(';'))).toEqual(good.map((row) => COLUMNS.map((column) => row[column] ?? '')))
      for (const {rule} of errors) seen.rules.add(rule)
      seen.rows += rows.length
      seen.good += good.length
    }),
    {numRuns: RUNS},
  )
  expect([...seen.rules].filter((rule) => !(rule in RULES))).toEqual([])
  expect(seen.rows).toBeGreaterThanOrEqual(ROWS)
  // A property that refuses everything, or breaks few rules, proves little.
  expect(seen.good).toBeGreaterThan(seen.rows / 4)
  expect(seen.rules.size).toBeGreaterThan(6)
}, 300_000)
