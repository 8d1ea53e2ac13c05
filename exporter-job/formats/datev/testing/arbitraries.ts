// Values of any kind for property tests: right ones, nearly right ones, and what people put into databases.
import * as fc from 'fast-check'
import type {ColumnFact} from './reader.ts'

const WINDOWS_1252 = Array.from(new TextDecoder('windows-1252').decode(Uint8Array.from({length: 224}, (_, index) => index + 32)))
const PRINTABLE = WINDOWS_1252.filter((character) => character >= '\u00a0' || (character >= ' ' && character < '\u007f'))

/** Texts of any kind: of the code page, of Unicode, with control characters and escapes, at and around a length. */
export function anyText(length: number): fc.Arbitrary<string> {
  const fitting = fc.string({unit: fc.constantFrom(...PRINTABLE), minLength: 0, maxLength: length})
  const awkward = fc.constantFrom('"', '\\', ';', 'ü')
  return fc.oneof(
    {weight: 12, arbitrary: fitting},
    {weight: 1, arbitrary: fc.string({unit: awkward, minLength: Math.max(0, length - 1), maxLength: length + 1})},
    {weight: 1, arbitrary: fc.string({unit: 'binary', maxLength: 8})},
    {weight: 1, arbitrary: fc.constantFrom('\t', 'a\nb', String.raw`\N`, String.raw`\.`, 'NULL', ' ', '\u0000', '=cmd()')},
  )
}

export function digits(least: number, most: number): fc.Arbitrary<string> {
  return fc.string({unit: fc.constantFrom(...Array.from('0123456789')), minLength: least, maxLength: most})
}

/** Numbers of any kind, also with too many digits and decimals. */
export function anyNumber({length, decimals}: ColumnFact): fc.Arbitrary<string> {
  const whole = digits(1, length)
  const fraction = digits(1, Math.max(1, decimals))
  return fc.oneof(
    {weight: 6, arbitrary: whole},
    {weight: 6, arbitrary: fc.tuple(whole, fraction).map(([before, after]) => `${before}.${after}`)},
    {weight: 1, arbitrary: fc.tuple(digits(0, length + 2), digits(0, decimals + 2)).map(([before, after]) => `${before}.${after}`)},
    {weight: 2, arbitrary: fc.tuple(whole, fraction).map(([before, after]) => `-${before}.${after}`)},
    {weight: 1, arbitrary: fc.constantFrom('-1', '-0.00', '--1', '-', '0', '0.00', '00.10', '1,5', '1e3', 'NaN', 'Infinity', '+1', '1.', '.1', '٣')},
  )
}

export function anyDate(): fc.Arbitrary<string> {
  const anyDay = fc.date({min: new Date('1998-01-01'), max: new Date('2102-01-01'), noInvalidDate: true})
  const noDays = ['2026-02-29', '2026-13-01', '2026-10-00', '2026-1-01', '31.10.2026', 'infinity', '2026-10-01 BC']
  return fc.oneof(
    {weight: 12, arbitrary: fc.integer({min: 1, max: 31}).map((of) => `2026-10-${String(of).padStart(2, '0')}`)},
    {weight: 3, arbitrary: anyDay.map((date) => date.toISOString().slice(0, 10))},
    {weight: 1, arbitrary: fc.constantFrom(...noDays)},
  )
}

/** The same number in one form only, exactly: no leading zeros, no trailing ones. */
export function plain(number: string): string {
  const [whole, fraction = ''] = number.split('.')
  return `${whole!.replace(/^0+(?=\d)/, '')}.${fraction.replace(/0+$/, '')}`
}
