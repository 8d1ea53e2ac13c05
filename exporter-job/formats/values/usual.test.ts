import type {Arbitrary} from 'fast-check'
import {assert, constantFrom, date, integer, oneof, property, string, tuple} from 'fast-check'
import {describe, expect, it} from 'vitest'
import {CHARACTER_SETS} from '../datev/characters.ts'
import {CODE_TABLES} from '../datev/codes.ts'
import {encodeAccount, encodeDate, encodeTaxKey} from '../datev/number-values.ts'
import {encodeCode} from '../datev/text-values.ts'
import type {Cursor} from './cursor.ts'
import {dayLayout} from './dates.ts'
import {encodeDecimal} from './decimals.ts'
import {fieldBytes} from './rows.ts'
import {encodeCharacters, encodeText} from './texts.ts'
import type {Usual} from './usual.ts'
import {CAREFUL, USUAL, usualCharacters, writeUsual} from './usual.ts'
import {encodeUtf8Text} from './utf8-texts.ts'

type Encode = (cursor: Cursor) => string | undefined

interface Pair {
  readonly name: string
  readonly usual: Usual
  readonly careful: Encode
  readonly values: Arbitrary<string>
  /** Values that must not be left to the careful encoder: else this would be of no use, and the test could not fail. */
  readonly plain: readonly string[]
  /** The number that was read is of use. */
  readonly counts?: boolean
}

const TEXT = usualCharacters('"')
const letters = string({unit: constantFrom(...Array.from('aZ09 ;"ßÄé€„=\\-\u00a0\u0085\u0080\u{1f600}\t\u00ff\u0152')), maxLength: 14})
const digits = string({unit: constantFrom(...Array.from('0012389')), maxLength: 8})
const numbers = oneof(digits, tuple(digits, digits).map(([one, other]) => `${one}.${other}`), constantFrom('-1', '1.', '.5', '1e3', '1,5', '12.340', '0.50', '00.5'))
const dates = oneof(
  date({min: new Date('1999-12-30'), max: new Date('2100-01-03'), noInvalidDate: true}).map((day) => day.toISOString().slice(0, 10)),
  tuple(constantFrom('2024', '2025', '2100'), integer({min: 0, max: 13}), integer({min: 0, max: 32})).map(([year, month, day]) => `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`),
  constantFrom('2026-1-01', '2026/01/01', '2026-01-01 ', '20260101'),
)
const decimalRule = {max: 5, decimals: 2, least: 1, most: 9_999_999, outside: 'NumberOutOfRange'} as const

const PAIRS: readonly Pair[] = [
  {
    name: 'text in Windows-1252',
    usual: {...CAREFUL, operation: USUAL.quotedText, max: 10, table: TEXT, wide: 1},
    careful: (cursor) => encodeText(cursor, 10),
    values: letters,
    plain: ['Miete', 'Größe "L"', 'é'],
  },
  {
    name: 'text in UTF-8',
    usual: {...CAREFUL, operation: USUAL.quotedText, max: 10, table: TEXT, wide: 2},
    careful: (cursor) => encodeUtf8Text(cursor, 10),
    values: letters,
    plain: ['Miete', 'Größe "L"', 'é'],
  },
  {
    name: 'characters of a set',
    usual: {...CAREFUL, operation: USUAL.characters, max: 6, table: CHARACTER_SETS.documentNumber},
    careful: (cursor) => encodeCharacters(cursor, {table: CHARACTER_SETS.documentNumber, max: 6, refusal: 'CharacterNotAllowed'}),
    values: string({unit: constantFrom(...Array.from('aZ9-/$ ;ä=')), maxLength: 8}),
    plain: ['RE-1/9'],
  },
  {
    name: 'account',
    usual: {...CAREFUL, operation: USUAL.digits, max: 5, zeros: 4},
    careful: (cursor) => encodeAccount(cursor, 4, 'any'),
    values: oneof(digits, constantFrom('12a4', '-1', '1.0')),
    plain: ['8400', '0420', '10000'],
    counts: true,
  },
  {
    name: 'tax key',
    usual: {...CAREFUL, operation: USUAL.digits, max: 4, zeros: 4},
    careful: (cursor) => encodeTaxKey(cursor, 4),
    values: digits,
    plain: ['9', '0009'],
    counts: true,
  },
  {
    name: 'decimal',
    usual: {...CAREFUL, operation: USUAL.decimal, max: 5, decimals: 2, least: 1, most: 9_999_999},
    careful: (cursor) => encodeDecimal(cursor, decimalRule),
    values: numbers,
    plain: ['12', '12.3', '12.34', '12.3400', '0.5'],
    counts: true,
  },
  {
    name: 'whole number',
    usual: {...CAREFUL, operation: USUAL.decimal, max: 3, decimals: 0, least: 0, most: 999},
    careful: (cursor) => encodeDecimal(cursor, {...decimalRule, max: 3, decimals: 0, least: 0, most: 999}),
    values: numbers,
    plain: ['12'],
    counts: true,
  },
  {
    name: 'day and month',
    usual: {...CAREFUL, operation: USUAL.date, layout: dayLayout('TTMM')},
    careful: (cursor) => encodeDate(cursor, false),
    values: dates,
    plain: ['2026-10-31', '2024-02-29'],
  },
  {
    name: 'date',
    usual: {...CAREFUL, operation: USUAL.date, layout: dayLayout('TTMMJJJJ')},
    careful: (cursor) => encodeDate(cursor, true),
    values: dates,
    plain: ['2026-10-31', '2024-02-29'],
  },
  {
    name: 'currency',
    usual: {...CAREFUL, operation: USUAL.code, table: CODE_TABLES.currency},
    careful: (cursor) => encodeCode(cursor, CODE_TABLES.currency, 3),
    values: oneof(string({unit: constantFrom(...Array.from('EURSDZ')), maxLength: 4}), constantFrom('EUR', 'eur', 'USD')),
    plain: ['EUR', 'USD'],
    counts: true,
  },
]

function cursorAt(value: string): Cursor {
  const source = fieldBytes(value)
  return {source, from: 0, to: source.length - 1, out: Buffer.alloc(200, '.'), at: 3, number: -7}
}

function written({out, at, number}: Cursor, counts: boolean): {bytes: string; number: number | undefined} {
  return {bytes: Buffer.from(out.subarray(3, at)).toString('latin1'), number: counts ? number : undefined}
}

const RUNS = Math.max(1, Math.ceil(Number(process.env['PROPERTY_ROWS'] ?? 5_000)))

describe.each(PAIRS)('A usual value: $name', ({usual, careful, values, plain, counts = false}) => {
  it('is written as its encoder would write it', () => {
    assert(
      property(values.filter((value) => value !== ''), (value) => {
        const [quick, slow] = [cursorAt(value), cursorAt(value)]
        const isUsual = writeUsual(quick, usual)
        expect(isUsual ? careful(slow) : undefined).toBeUndefined()
        expect(written(quick, counts)).toEqual(written(slow, counts))
      }),
      {numRuns: RUNS},
    )
  })

  it.each(plain)('is %j', (value) => {
    expect(writeUsual(cursorAt(value), usual)).toBe(true)
  })
})

describe('A usual text between separators', () => {
  const usual: Usual = {...CAREFUL, operation: USUAL.plainText, max: 10, table: usualCharacters(';'), wide: 1}

  it.each([' a', 'a ', '"a"', '=a', 'a;b', 'a\nb'])('is not %j', (value) => {
    expect(writeUsual(cursorAt(value), usual)).toBe(false)
  })

  it('may hold quotation marks', () => {
    const cursor = cursorAt('a "b"')
    expect(writeUsual(cursor, usual)).toBe(true)
    expect(written(cursor, false).bytes).toBe('a "b"')
  })
})
