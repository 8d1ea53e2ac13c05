import * as fc from 'fast-check'
import {expect, test} from 'vitest'
import {createNumberedSums, linesOf} from './protocol.ts'

test('sums by number are those of a plain table, however many numbers there are', () => {
  const entry = fc.record({key: fc.integer({min: 0, max: 2 ** 31 - 2}), isDebit: fc.boolean(), cents: fc.integer({min: 0, max: 999_999_999_999})})
  fc.assert(
    fc.property(fc.array(entry, {maxLength: 3_000, size: 'max'}), (entries) => {
      const sums = createNumberedSums()
      const expected = new Map<number, {count: number; S: bigint; H: bigint}>()
      for (const {key, isDebit, cents} of entries) {
        sums.add(key, isDebit, cents)
        const known = expected.get(key) ?? {count: 0, S: 0n, H: 0n}
        known.count++
        known[isDebit ? 'S' : 'H'] += BigInt(cents)
        expected.set(key, known)
      }
      const lines = linesOf(sums, 'EUR', String)
      expect(lines.map(({key}) => Number(key))).toEqual([...expected.keys()].toSorted((a, b) => a - b))
      for (const {key, count, debit, credit} of lines) {
        expect({count, S: BigInt(debit.replace('.', '')), H: BigInt(credit.replace('.', ''))}).toEqual(expected.get(Number(key)))
      }
    }),
    {numRuns: 30},
  )
})

test('sums stay exact beyond what a number holds', () => {
  const sums = createNumberedSums()
  for (let index = 0; index < 20_000; index++) sums.add(8400, true, 999_999_999_999)
  expect(linesOf(sums, 'EUR', String)).toEqual([{key: '8400', currency: 'EUR', count: 20_000, debit: '199999999999800.00', credit: '0.00'}])
})

test('sums stay exact beyond what a number holds, each side by itself', () => {
  const sums = createNumberedSums()
  for (let row = 0; row < 20_000; row++) {
    sums.add(2_147_483_646, true, 999_999_999_999)
    sums.add(0, false, 1)
  }
  expect(linesOf(sums, 'EUR', String)).toEqual([
    {key: '0', currency: 'EUR', count: 20_000, debit: '0.00', credit: '200.00'},
    {key: '2147483646', currency: 'EUR', count: 20_000, debit: '199999999999800.00', credit: '0.00'},
  ])
})

test('nothing added is nothing listed', () => {
  expect(createNumberedSums().entries()).toEqual([])
})
