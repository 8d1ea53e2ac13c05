import {expect, test} from 'vitest'
import {addCents, emptySum, listTotals, sumText} from './totals.ts'

test('sums stay exact far beyond what a number holds', () => {
  const sum = emptySum()
  for (let row = 0; row < 20_000; row++) addCents(sum, 999_999_999_999)
  expect(sumText(sum)).toBe('199999999999800.00')
  expect(sum.count).toBe(20_000)
})

test('every cent counts next to a great sum', () => {
  const sum = emptySum()
  for (let row = 0; row < 9_100; row++) addCents(sum, 999_999_999_999)
  for (let row = 0; row < 101; row++) addCents(sum, 1)
  expect(sumText(sum)).toBe(((9_100n * 999_999_999_999n + 101n) / 100n).toString() + '.01')
})

test('small sums have their two decimals', () => {
  const sum = emptySum()
  addCents(sum, 7)
  expect(sumText(sum)).toBe('0.07')
  expect(sumText(emptySum())).toBe('0.00')
})

test('totals are listed by currency, debit before credit, sides without rows left out', () => {
  const one = emptySum()
  addCents(one, 100)
  const sums = new Map([
    ['USD', {S: one, H: emptySum()}],
    ['EUR', {S: one, H: one}],
  ])
  expect(listTotals(sums)).toEqual([
    {currency: 'EUR', side: 'S', count: 1, sum: '1.00'},
    {currency: 'EUR', side: 'H', count: 1, sum: '1.00'},
    {currency: 'USD', side: 'S', count: 1, sum: '1.00'},
  ])
})
