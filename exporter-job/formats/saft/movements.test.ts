import {expect, test} from 'vitest'
import {sumText} from '../values/totals.ts'
import {createMovements} from './movements.ts'

test('each key has its own sums', () => {
  const movements = createMovements()
  movements.add(0, true, 100)
  movements.add(5_000, false, 250)
  movements.add(5_000, true, 50)
  movements.add(0, true, -30)
  expect([movements.net(0), movements.net(5_000), movements.net(1), movements.net(9_999)]).toEqual([70n, -200n, 0n, 0n])
  expect(movements.sums(1)).toBeUndefined()
  expect(movements.sums(9_999)).toBeUndefined()
  expect(movements.sums(5_000)).toMatchObject({S: {count: 1}, H: {count: 1}})
})

test('sums stay exact beyond what a number holds', () => {
  const movements = createMovements()
  for (let row = 0; row < 20_000; row++) movements.add(7, row % 2 === 0, row % 2 === 0 ? 999_999_999_999_999 : 1)
  expect(movements.net(7)).toBe(10_000n * 999_999_999_999_999n - 10_000n)
  expect(sumText(movements.sums(7)!.S)).toBe('99999999999999900.00')
})
