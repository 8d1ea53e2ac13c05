import {expect, test} from 'vitest'
import {createNumberedSums, linesOf} from './protocol.ts'

test('sums by number are exact, however many numbers there are and in whatever order they come', () => {
  const sums = createNumberedSums()
  const expected = new Map<number, {count: number; debit: bigint; credit: bigint}>()
  for (let row = 0; row < 50_000; row++) {
    const key = (row * 7_919) % 4_001
    const cents = (row * 104_729) % 1_000_003
    const isDebit = row % 3 === 0
    sums.add(key, isDebit, cents)
    const {count, debit, credit} = expected.get(key) ?? {count: 0, debit: 0n, credit: 0n}
    expected.set(key, {count: count + 1, debit: debit + (isDebit ? BigInt(cents) : 0n), credit: credit + (isDebit ? 0n : BigInt(cents))})
  }
  const found = sums.entries().map(({key, S, H}) => [key, {count: S.count + H.count, debit: S.carried + BigInt(S.low), credit: H.carried + BigInt(H.low)}])
  expect(found).toEqual([...expected].toSorted(([one], [other]) => one - other))
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
