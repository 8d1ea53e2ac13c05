import * as fc from 'fast-check'
import {expect, test} from 'vitest'
import {findKey, newKeys} from './keys.ts'

test('numbers any keys as a Map would', () => {
  const anyKey = fc.oneof(fc.string({maxLength: 10, unit: fc.constantFrom('0', '1', 'a', 'ä')}), fc.nat(3_000).map(String), fc.string({unit: 'binary', maxLength: 12}))
  fc.assert(
    fc.property(fc.array(anyKey, {minLength: 300, maxLength: 600}), (keys) => {
      const [numbered, known] = [newKeys(10_000), new Map<string, number>()]
      for (const key of keys) if (!known.has(key)) known.set(key, known.size)
      const found = keys.map((key) => Buffer.from(`x${key}x`)).map((bytes) => findKey(numbered, bytes, 1, bytes.length - 1))
      expect(found).toEqual(keys.map((key) => known.get(key)))
      expect(numbered.texts).toEqual([...known.keys()])
    }),
    {numRuns: 20},
  )
})

test('keys beyond the limit share a number, those before it keep theirs', () => {
  const keys = newKeys(1_000)
  const find = (key: string): number => findKey(keys, Buffer.from(key), 0, key.length)
  for (let key = 0; key < 2_000; key++) expect(find(`${key}`)).toBe(Math.min(key, 1_000))
  expect([find('a key of more than eight bytes'), find('7'), find('999'), find('1000'), keys.texts.length]).toEqual([1_000, 7, 999, 1_000, 1_000])
})
