import {expect, test} from 'vitest'
import {createKeyTable} from './keys.ts'

function find(table: ReturnType<typeof createKeyTable>, key: string): number {
  const bytes = Buffer.from(`<${key}>`)
  return table.find(bytes, 1, bytes.length - 1)
}

function add(table: ReturnType<typeof createKeyTable>, key: string): number {
  const bytes = Buffer.from(`<${key}>`)
  return table.add(bytes, 1, bytes.length - 1)
}

test('keys are numbered as they come, each once', () => {
  const table = createKeyTable()
  expect(['1500', '15', '1500', '', 'ø'].map((key) => add(table, key))).toEqual([0, 1, -1, 2, 3])
  expect(['1500', '15', '', 'ø', '150', '15000'].map((key) => find(table, key))).toEqual([0, 1, 2, 3, -1, -1])
  expect(Buffer.from(table.bytes(3)).toString()).toBe('ø')
  expect(table.size()).toBe(4)
})

test('there is room for many, and none is taken for another', () => {
  const table = createKeyTable()
  for (let number = 0; number < 50_000; number++) expect(add(table, `key ${number}`)).toBe(number)
  for (let number = 0; number < 50_000; number += 7) {
    if (find(table, `key ${number}`) !== number || find(table, `key ${number}x`) !== -1) throw new Error(`key ${number}`)
  }
  expect(Buffer.from(table.bytes(49_999)).toString()).toBe('key 49999')
})

test('a key that was looked for in vain is found once it is there', () => {
  const table = createKeyTable()
  expect(find(table, 'a')).toBe(-1)
  add(table, 'a')
  expect(find(table, 'a')).toBe(0)
})
