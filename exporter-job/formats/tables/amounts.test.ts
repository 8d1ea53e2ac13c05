import * as fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {addAmount, countOf, isZero, newAmount, newSums, readAmount, sumText} from './amounts.ts'

function sumOf(...amounts: readonly string[]): string {
  const [sums, amount] = [newSums(), newAmount()]
  for (const text of amounts) {
    expect(readAmount(amount, Buffer.from(`${text}\t`), 0, text.length)).toBe(true)
    addAmount(sums, 3, amount)
  }
  expect(countOf(sums, 3)).toBe(amounts.length)
  return sumText(sums, 3)
}

test.each([
  ['one cent', ['0.01'], '0.01'],
  ['whole numbers', ['5', '07', '-2'], '10.00'],
  ['one decimal', ['0.1', '0.2'], '0.30'],
  ['a negative sum below one', ['0.10', '-0.99'], '-0.89'],
  ['zeros behind the cents', ['1234.5000000000', '0.000'], '1234.50'],
  ['three decimals', ['1.005', '1.005'], '2.010'],
  ['a cent beside a sum that no number holds', ['9999999999999999999.99', '0.01', '-0.01'], '9999999999999999999.99'],
  ['many great amounts', Array.from({length: 900}, () => '9999999999999.99'), '8999999999999991.00'],
  ['many great negative amounts', Array.from({length: 900}, () => '-9999999999999.99'), '-8999999999999991.00'],
])('%s add up exactly', (_, amounts, expected) => {
  expect(sumOf(...amounts)).toBe(expected)
})

test.each(['', '-', '1.', '.5', '1,5', '1e3', 'NaN', '+1', '1.2.3', '1.x', '1.2x', 'x', '--1', '1 ', '12345678901234567890.', '1.0000x'])('%j is no amount', (text) => {
  expect(readAmount(newAmount(), Buffer.from(`${text}\t`), 0, text.length)).toBe(false)
})

describe('any amounts', () => {
  const anyAmount = fc.tuple(fc.bigInt({min: -(10n ** 16n), max: 10n ** 16n}), fc.stringMatching(/^(\.[0-9]{1,6})?$/)).map((parts) => parts.join(''))

  test('add up as whole numbers of millionths do', () => {
    fc.assert(
      fc.property(fc.array(anyAmount, {minLength: 1, maxLength: 50}), (amounts) => {
        const units = amounts.reduce((sum, text) => sum + millionths(text), 0n)
        expect(millionths(sumOf(...amounts))).toBe(units)
      }),
    )
  })

  test('are zero where all their digits are', () => {
    for (const text of ['0', '-0', '0.00', '00', '0.0000000', '-0.000001', '0.001', '1']) {
      const amount = newAmount()
      readAmount(amount, Buffer.from(`${text}\t`), 0, text.length)
      expect([text, isZero(amount)]).toEqual([text, Number(text) === 0])
    }
  })
})

function millionths(text: string): bigint {
  const [whole = '', fraction = ''] = text.split('.')
  const digits = BigInt(`${whole.replace('-', '')}${fraction.padEnd(6, '0')}`)
  return text.startsWith('-') ? -digits : digits
}

test('a sum that nothing was added to is 0.00', () => {
  expect([sumText(newSums(), 7), countOf(newSums(), 7)]).toEqual(['0.00', 0])
})
