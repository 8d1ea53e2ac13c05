import {expect, test} from 'vitest'
import {createUniqueKeys} from './unique.ts'

function repeated(keys: readonly string[], most?: number): string[] {
  const unique = createUniqueKeys(most)
  return keys.filter((key) => {
    const bytes = Buffer.from(`x${key}x`)
    return !unique.isNew(bytes, 1, bytes.length - 1)
  })
}

test('a key that comes again is found, wherever the first one was', () => {
  expect(repeated(['1', '2', '12', '1', '3', '2', '2', ''])).toEqual(['1', '2', '2'])
})

test('beyond the first ones, a key is found right behind its like, and one of the first ones anywhere', () => {
  expect(repeated(['1', '2', '3', '3', '4', '3', '2', '4', '4', '4'], 2)).toEqual(['3', '2', '4', '4'])
})
