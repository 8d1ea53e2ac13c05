import {expect, test} from 'vitest'
import {createVirtualClock} from '../testing/virtual-clock.ts'
import {createRateLimiter} from './rate-limit.ts'

test('a burst passes at once, the rest at the rate and in order', async () => {
  const clock = createVirtualClock()
  const limiter = createRateLimiter({clock, perSecond: 10, burst: 3})
  const passed: number[] = []
  const all = [1, 2, 3, 4, 5].map(async (caller) => {
    await limiter.take()
    passed.push(caller)
  })
  await clock.settle()
  expect(passed).toEqual([1, 2, 3])
  await clock.advance(99)
  expect(passed).toEqual([1, 2, 3])
  await clock.advance(1)
  expect(passed).toEqual([1, 2, 3, 4])
  await clock.advance(100)
  expect(passed).toEqual([1, 2, 3, 4, 5])
  await Promise.all(all)
})

test('an idle bucket fills up to its burst and no further', async () => {
  const clock = createVirtualClock()
  const limiter = createRateLimiter({clock, perSecond: 10, burst: 2})
  await limiter.take()
  await limiter.take()
  await clock.advance(60_000)
  let passed = 0
  const all = [1, 2, 3].map(async () => {
    await limiter.take()
    passed += 1
  })
  await clock.settle()
  expect(passed).toBe(2)
  await clock.advance(100)
  await Promise.all(all)
  expect(passed).toBe(3)
})
