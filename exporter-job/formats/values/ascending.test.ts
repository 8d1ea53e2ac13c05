import {describe, expect, test} from 'vitest'
import {createAscending} from './ascending.ts'

function follow(keys: readonly string[]): boolean[] {
  const ascending = createAscending()
  return keys.map((key) => {
    const bytes = Buffer.from(key)
    return ascending.follows(bytes, 0, bytes.length)
  })
}

describe('keys', () => {
  test.each([
    ['numbers, as a database sorts integers', ['1', '2', '9', '10', '100'], [true, true, true, true, true]],
    ['numbers as texts, byte by byte', ['1', '10', '100', '2', '9'], [true, true, true, true, true]],
    ['texts', ['A-1', 'A-10', 'A-2', 'B', 'a'], [true, true, true, true, true]],
    ['numbers with leading zeros', ['0008', '0009', '0010'], [true, true, true]],
    ['a key that comes twice', ['1', '2', '2', '3'], [true, true, false, true]],
    ['a key that falls', ['A', 'C', 'B', 'D'], [true, true, false, true]],
    ['neither order kept all along', ['1', '2', '10', '3'], [true, true, true, false]],
    ['an order that changes in the middle', ['1', '10', '2', '3', '20'], [true, true, true, true, false]],
    ['the same number written otherwise', ['1', '01'], [true, false]],
  ] as const)('%s', (_, keys, expected) => {
    expect(follow(keys)).toEqual(expected)
  })

  test('begin anew where they are told to', () => {
    const ascending = createAscending()
    const [two, one] = [Buffer.from('2'), Buffer.from('1')]
    expect(ascending.follows(two, 0, 1)).toBe(true)
    ascending.restart()
    expect(ascending.follows(one, 0, 1)).toBe(true)
  })
})
