import {expect, test} from 'vitest'
import {cut} from './text.ts'

test.each([
  ['what fits stays', 'abc', 3, 'abc'],
  ['what does not is cut, and shows it', 'abcd', 3, 'ab…'],
  ['never half a character', 'a😀😀', 3, 'a…'],
  ['nothing stays nothing', '', 3, ''],
])('%s', (_, text, limit, expected) => {
  expect(cut(text, limit)).toBe(expected)
})
