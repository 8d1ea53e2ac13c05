import * as fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {createVirtualClock} from '../testing/virtual-clock.ts'
import {createQueue} from './queue.ts'
import type {Queue} from './queue.ts'

function setUp(backoff: {initialBackoffMs?: number; maxBackoffMs?: number} = {}) {
  const clock = createVirtualClock()
  return {clock, queue: createQueue({clock, ...backoff})}
}

/** Takes what is there now, without giving it back. */
async function drain(queue: Queue): Promise<string[]> {
  const keys: string[] = []
  while (queue.depth() > 0) keys.push((await queue.take()) ?? 'none')
  return keys
}

describe('deduplication', () => {
  test('a key that waits is not added again', async () => {
    const {queue} = setUp()
    for (const key of ['a', 'b', 'a', 'a']) queue.add(key)
    expect(await drain(queue)).toEqual(['a', 'b'])
  })

  test('a key added while it is worked on runs once more afterwards, and not at the same time', async () => {
    const {queue} = setUp()
    queue.add('a')
    expect(await queue.take()).toBe('a')
    queue.add('a')
    queue.add('a')
    expect(queue.depth()).toBe(0)
    queue.done('a')
    expect(await drain(queue)).toEqual(['a'])
    queue.done('a')
    expect(queue.depth()).toBe(0)
  })

  test('a key that was done is taken again when it is added later', async () => {
    const {queue} = setUp()
    queue.add('a')
    expect(await queue.take()).toBe('a')
    queue.done('a')
    queue.add('a')
    expect(await drain(queue)).toEqual(['a'])
  })
})

describe('order', () => {
  test('a busy key goes behind those that wait', async () => {
    const {queue} = setUp()
    for (const key of ['busy', 'x', 'y']) queue.add(key)
    const order: string[] = []
    for (let round = 0; round < 4; round++) {
      const key = (await queue.take()) ?? 'none'
      order.push(key)
      if (key === 'busy') queue.add('busy')
      queue.done(key)
    }
    expect(order).toEqual(['busy', 'x', 'y', 'busy'])
  })

  test('takers that wait are served in their order', async () => {
    const {queue} = setUp()
    const [first, second] = [queue.take(), queue.take()]
    queue.add('a')
    queue.add('b')
    expect(await Promise.all([first, second])).toEqual(['a', 'b'])
  })

  test('the head\'s waiting time is known', async () => {
    const {clock, queue} = setUp()
    queue.add('a')
    await clock.advance(3000)
    queue.add('b')
    expect(queue.oldestWaitSeconds()).toBe(3)
    await queue.take()
    expect(queue.oldestWaitSeconds()).toBe(0)
  })
})

describe('delays', () => {
  test('a key comes when its time has come', async () => {
    const {clock, queue} = setUp()
    queue.addAfter('a', 5000)
    await clock.advance(4999)
    expect(queue.depth()).toBe(0)
    await clock.advance(1)
    expect(await drain(queue)).toEqual(['a'])
  })

  test.each([
    {waits: [9000, 5000], comesAt: 5000, why: 'an earlier time replaces a later one'},
    {waits: [5000, 9000], comesAt: 5000, why: 'a later time does not replace an earlier one'},
  ])('$why, and the key comes once', async ({waits, comesAt}) => {
    const {clock, queue} = setUp()
    for (const wait of waits) queue.addAfter('a', wait)
    await clock.advance(comesAt)
    expect(await drain(queue)).toEqual(['a'])
    queue.done('a')
    await clock.advance(10_000)
    expect(queue.depth()).toBe(0)
    expect(clock.pending()).toBe(0)
  })

  test('a wait that is over, or never was, means now', async () => {
    const {queue} = setUp()
    queue.addAfter('a', 0)
    queue.addAfter('b', -5)
    expect(await drain(queue)).toEqual(['a', 'b'])
  })
})

/** Fails so often and says how long the key was away each time. */
async function failures(count: number, {clock, queue}: ReturnType<typeof setUp>): Promise<number[]> {
  const waits: number[] = []
  for (let round = 0; round < count; round++) {
    queue.addAfterFailure('a')
    const from = clock.monotonic()
    while (queue.depth() === 0) await clock.advance(100)
    waits.push(clock.monotonic() - from)
    await queue.take()
    queue.done('a')
  }
  return waits
}

describe('backoff', () => {
  test('waits double up to the cap', async () => {
    const parts = setUp({initialBackoffMs: 200, maxBackoffMs: 1000})
    expect(await failures(5, parts)).toEqual([200, 400, 800, 1000, 1000])
  })

  test('a success makes the next failure the first', async () => {
    const parts = setUp({initialBackoffMs: 200, maxBackoffMs: 1000})
    await failures(3, parts)
    parts.queue.forget('a')
    expect(await failures(2, parts)).toEqual([200, 400])
  })

  test('one key\'s failures do not delay another', async () => {
    const parts = setUp({initialBackoffMs: 200})
    await failures(6, parts)
    parts.queue.addAfterFailure('b')
    await parts.clock.advance(200)
    expect(await drain(parts.queue)).toEqual(['b'])
  })

  test('the wait that the server asks for is kept', async () => {
    const {clock, queue} = setUp({initialBackoffMs: 200})
    queue.addAfterFailure('a', 7000)
    await clock.advance(6999)
    expect(queue.depth()).toBe(0)
    await clock.advance(1)
    expect(queue.depth()).toBe(1)
  })

  test('a change of the world does not wait for the backoff', async () => {
    const {queue} = setUp()
    queue.addAfterFailure('a')
    queue.add('a')
    expect(await drain(queue)).toEqual(['a'])
  })
})

test('shutting down wakes those who wait, drops what waits and takes nothing more', async () => {
  const {clock, queue} = setUp()
  const taker = queue.take()
  queue.addAfter('later', 1000)
  queue.shutDown()
  expect(await taker).toBeUndefined()
  queue.add('a')
  await clock.advance(5000)
  expect(queue.depth()).toBe(0)
  expect(clock.pending()).toBe(0)
  expect(await queue.take()).toBeUndefined()
})

test('whatever happens: no key is worked on twice at once, and none that was added is lost', async () => {
  const step = fc.record({what: fc.constantFrom('add', 'take', 'done', 'fail', 'wait'), key: fc.constantFrom('a', 'b', 'c')})
  await fc.assert(
    fc.asyncProperty(fc.array(step, {maxLength: 60}), async (steps) => {
      const {clock, queue} = setUp()
      const working = new Set<string>()
      const owed = new Set<string>()
      const takenTwice: string[] = []
      for (const {what, key} of steps) {
        if (what === 'add') owed.add(key)
        if (what === 'add') queue.add(key)
        if (what === 'fail') owed.add(key)
        if (what === 'fail') queue.addAfterFailure(key)
        if (what === 'wait') await clock.advance(150)
        if (what === 'done' && working.delete(key)) queue.done(key)
        if (what === 'take' && queue.depth() > 0) {
          const taken = (await queue.take()) ?? 'none'
          if (working.has(taken)) takenTwice.push(taken)
          working.add(taken)
          owed.delete(taken)
        }
      }
      expect(takenTwice).toEqual([])
      for (const key of working) queue.done(key)
      await clock.advance(1e9)
      const left = await drain(queue)
      expect([...owed].filter((key) => !left.includes(key))).toEqual([])
    }),
    {numRuns: 200},
  )
})
