import * as fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import type {ColumnType, ValueFormat} from '../../../crds/sources/columns.ts'
import {typedValue} from './rewrite.ts'

const ISO: ValueFormat = {decimalSign: '.', dateFormat: 'YYYY-MM-DD'}
const GERMAN: ValueFormat = {decimalSign: ',', thousandsSeparator: '.', dateFormat: 'DD.MM.YYYY'}

function pad(value: number, length: number): string {
  return String(value).padStart(length, '0')
}

/** The text as COPY has it; undefined where it is refused. */
function rewritten(type: ColumnType, text: string, format: ValueFormat): string | undefined {
  const bytes = Buffer.alloc(Buffer.byteLength(text) + 2)
  const length = bytes.write(text)
  const end = typedValue(type, format)!.rewrite(bytes, 0, length)
  return end < 0 ? undefined : bytes.toString('utf8', 0, end)
}

describe('numbers', () => {
  it.each([
    ['0', '0'],
    ['12.50', '12.50'],
    ['-12.5', '-12.5'],
    ['+12.5', '12.5'],
    ['12.5-', '-12.5'],
    ['  12.5 ', '12.5'],
    ['007.10', '7.10'],
    ['.5', '0.5'],
    ['-.5', '-0.5'],
    ['-0.00', '0.00'],
    ['0.30000000000000000000000000004', '0.30000000000000000000000000004'],
    ['123456789012345678901234567890', '123456789012345678901234567890'],
  ])('with a point: %s is %s', (text, expected) => {
    expect(rewritten('numeric', text, ISO)).toBe(expected)
  })

  it.each(['1,5', '1.', '.', '', ' ', '-', '1e3', '0x10', '1.2.3', '--1', '-1-', '1 000', 'NaN', 'Infinity', '１', '1.5 EUR', '1_000'])(
    'with a point: %j is refused',
    (text) => {
      expect(rewritten('numeric', text, ISO)).toBeUndefined()
    },
  )

  it.each([
    ['1,5', '1.5'],
    ['1.234,56', '1234.56'],
    ['1234,56', '1234.56'],
    ['12.345.678,90-', '-12345678.90'],
    ['123.456', '123456'],
    ['-0,01', '-0.01'],
    [',5', '0.5'],
  ])('as in Germany: %s is %s', (text, expected) => {
    expect(rewritten('numeric', text, GERMAN)).toBe(expected)
  })

  it.each(['1.5', '1.23,4', '1234.567,00', '.123', '1..234', '1.234.56', '1,234.56', '1.2345', '1.234,', '1,000,00'])('as in Germany: %j is refused', (text) => {
    expect(rewritten('numeric', text, GERMAN)).toBeUndefined()
  })

  it.each([
    [' ', '1\u00a0234,5', '1234.5'],
    [' ', '1\u202f234\u00a0567,5', '1234567.5'],
    [' ', ' 1 234,5 ', '1234.5'],
    ["'", '1’234,5', '1234.5'],
    ["'", "1'234,5", '1234.5'],
  ] as const)('groups with %j: %s is %s', (thousandsSeparator, text, expected) => {
    expect(rewritten('numeric', text, {...GERMAN, thousandsSeparator})).toBe(expected)
  })

  it.each([
    ['0,123', ',', '.'],
    ['-0,500', ',', '.'],
    ['00,123.50', ',', '.'],
    ['0.123', '.', ','],
    ['0.123.456,00', '.', ','],
  ] as const)('no group of thousands begins with a zero: %s is a number of the other notation, and refused', (text, thousandsSeparator, decimalSign) => {
    expect(rewritten('numeric', text, {decimalSign, thousandsSeparator, dateFormat: 'YYYY-MM-DD'})).toBeUndefined()
  })

  it('a point that only looks like a decimal sign is never taken for one', () => {
    expect(rewritten('numeric', '1.234', {decimalSign: ',', dateFormat: 'YYYY-MM-DD'})).toBeUndefined()
    expect(rewritten('numeric', '1.234', GERMAN)).toBe('1234')
  })

  it('keep their value exactly, whatever they are written like', () => {
    const parts = fc.record({negative: fc.boolean(), whole: fc.bigInt({min: 0n, max: 10n ** 30n}), decimals: fc.stringMatching(/^\d{0,30}$/), grouped: fc.boolean()})
    fc.assert(
      fc.property(parts, ({negative, whole, decimals, grouped}) => {
        const digits = grouped ? String(whole).replaceAll(/\B(?=(\d{3})+$)/g, '.') : String(whole)
        const fraction = decimals === '' ? '' : `,${decimals}`
        const zero = whole === 0n && /^0*$/.test(decimals)
        const expected = `${negative && !zero ? '-' : ''}${whole}${fraction.replace(',', '.')}`
        expect(rewritten('numeric', `${negative ? '-' : ''}${digits}${fraction}`, GERMAN)).toBe(expected)
      }),
      {numRuns: 2_000},
    )
  })

  it('are refused or read as JavaScript reads them, whatever the text', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[-+.,\d ]{0,8}$/), (text) => {
        const value = rewritten('numeric', text, ISO)
        if (value === undefined) return
        expect(value).toMatch(/^-?(0|[1-9]\d*)(\.\d+)?$/)
        const plain = text.trim().replace(/^(.*)-$/, '-$1')
        expect(Number(value) === Number(plain)).toBe(true)
      }),
      {numRuns: 5_000},
    )
  })
})

describe('dates', () => {
  it.each([
    ['YYYY-MM-DD', '2026-10-31', '2026-10-31'],
    ['YYYY-MM-DD', ' 2026-10-31 ', '2026-10-31'],
    ['DD.MM.YYYY', '31.10.2026', '2026-10-31'],
    ['DD.MM.YYYY', '1.2.2026', '2026-02-01'],
    ['DD/MM/YYYY', '02/03/2026', '2026-03-02'],
    ['MM/DD/YYYY', '02/03/2026', '2026-02-03'],
    ['YYYY/MM/DD', '2026/2/3', '2026-02-03'],
    ['YYYYMMDD', '20261031', '2026-10-31'],
    ['DDMMYYYY', '31102026', '2026-10-31'],
    ['DD.MM.YYYY', '29.02.2024', '2024-02-29'],
    ['DD.MM.YYYY', '29.02.2000', '2000-02-29'],
  ] as const)('as %s: %s is %s', (dateFormat, text, expected) => {
    expect(rewritten('date', text, {...ISO, dateFormat})).toBe(expected)
  })

  it.each([
    ['YYYY-MM-DD', '2026-1-31'],
    ['YYYY-MM-DD', '2026-10-31T00:00:00Z'],
    ['YYYY-MM-DD', '31.10.2026'],
    ['YYYY-MM-DD', '0000-01-01'],
    ['DD.MM.YYYY', '31.10.26'],
    ['DD.MM.YYYY', '29.02.2026'],
    ['DD.MM.YYYY', '29.02.1900'],
    ['DD.MM.YYYY', '31.04.2026'],
    ['DD.MM.YYYY', '00.04.2026'],
    ['DD.MM.YYYY', '10/31/2026'],
    ['DD.MM.YYYY', '31.10.2026 00:00'],
    ['DD.MM.YYYY', ''],
    ['DD/MM/YYYY', '10/31/2026'],
    ['YYYYMMDD', '2026103'],
    ['YYYYMMDD', '202610310'],
    ['YYYYMMDD', '20261301'],
  ] as const)('as %s: %j is refused', (dateFormat, text) => {
    expect(rewritten('date', text, {...ISO, dateFormat})).toBeUndefined()
  })

  it('take every day of a century, and no other', () => {
    fc.assert(
      fc.property(fc.integer({min: 1, max: 9999}), fc.integer({min: 0, max: 13}), fc.integer({min: 0, max: 32}), (year, month, day) => {
        const iso = `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`
        const time = new Date(`${iso}T00:00:00Z`)
        const exists = !Number.isNaN(time.getTime()) && time.toISOString().startsWith(iso)
        expect(rewritten('date', `${pad(day, 2)}.${pad(month, 2)}.${pad(year, 4)}`, GERMAN)).toBe(exists ? iso : undefined)
      }),
      {numRuns: 3_000},
    )
  })
})

describe('booleans', () => {
  it.each([
    ['true', 't'],
    ['TRUE', 't'],
    ['t', 't'],
    ['1', 't'],
    ['False', 'f'],
    ['0', 'f'],
    ['ja', undefined],
    ['', undefined],
    ['truefalse', undefined],
  ])('%j is %s', (text, expected) => {
    expect(rewritten('boolean', text, ISO)).toBe(expected)
  })
})
