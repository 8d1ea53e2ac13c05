import {expect, test} from 'vitest'
import {throttledProgress} from './progress.ts'

test('progress is passed on four times a second at most', () => {
  let time = 1000
  const passed: number[] = []
  const progress = throttledProgress((rows) => passed.push(rows), () => time)
  for (let rows = 1; rows <= 100; rows++) {
    time += 10
    progress(rows)
  }
  expect(passed).toEqual([25, 50, 75, 100])
})
