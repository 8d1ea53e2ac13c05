import {describe, expect, test} from 'vitest'
import {MAX_ROW_BYTES, fieldText, wholeRows} from './copy-rows.ts'
import {datasetOfBytes} from './testing/dataset.ts'

async function collect(bytes: Uint8Array, chunkBytes: number): Promise<string[]> {
  const {chunks} = datasetOfBytes(bytes, ['a'], {chunkBytes})
  const given: string[] = []
  for await (const rows of wholeRows(chunks)) given.push(Buffer.from(rows).toString('latin1'))
  return given
}

async function* failing(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('one\ntwo\nth')
  await Promise.resolve()
  throw new Error('the source is gone')
}

describe('whole rows', () => {
  const bytes = Buffer.from('first\nthe second\n\nlast\n')

  test.each(Array.from({length: bytes.length}, (_, index) => [index + 1]))('come from chunks of %i bytes', async (size) => {
    const given = await collect(bytes, size)
    expect(given.join('')).toBe(bytes.toString())
    expect(given.every((rows) => rows.endsWith('\n'))).toBe(true)
  })

  test('are gathered, and cut only between rows', async () => {
    const row = `${'x'.repeat(999)}\n`
    const given = await collect(Buffer.from(row.repeat(2_000)), 8_192)
    expect(given.join('')).toBe(row.repeat(2_000))
    expect(given.every((rows) => rows.endsWith('\n'))).toBe(true)
    expect(given.length).toBeGreaterThan(6)
    expect(given.length).toBeLessThan(10)
  })

  test('may be as long as the limit', async () => {
    const long = Buffer.concat([Buffer.from('first\n'), Buffer.alloc(MAX_ROW_BYTES - 1, 'x'), Buffer.from('\nlast\n')])
    const given = await collect(long, 65_536)
    expect(given.join('')).toBe(long.toString('latin1'))
  })

  test('no chunks are no rows', async () => {
    expect(await collect(Buffer.alloc(0), 10)).toEqual([])
  })

  test('before a failure are handed on, then it is thrown', async () => {
    const given: string[] = []
    const reading = (async () => {
      for await (const rows of wholeRows(failing())) given.push(Buffer.from(rows).toString())
    })()
    await expect(reading).rejects.toThrow('the source is gone')
    expect(given).toEqual(['one\ntwo\n'])
  })

  test('a row without end is an error', async () => {
    await expect(collect(Buffer.from('one\ntwo'), 3)).rejects.toMatchObject({code: 'InvalidRow', message: /ends in the middle of a row/})
  })

  test.each([
    ['that never ends', Buffer.alloc(MAX_ROW_BYTES * 3, 'x')],
    ['that ends late', Buffer.concat([Buffer.alloc(MAX_ROW_BYTES * 2, 'x'), Buffer.from('\n')])],
  ])('a row %s does not fill the memory', async (_, long) => {
    await expect(collect(long, 65_536)).rejects.toMatchObject({code: 'InvalidRow', message: /longer than/})
  })

  test('releases the source when the reader stops early', async () => {
    let released = false
    async function* source(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) {
          await Promise.resolve()
          yield Buffer.from('row\n')
        }
      } finally {
        released = true
      }
    }
    for await (const rows of wholeRows(source())) {
      expect(rows.length % 4).toBe(0)
      break
    }
    expect(released).toBe(true)
  })
})

test('fields are shown with their escapes undone', () => {
  expect(fieldText(Buffer.from(String.raw`\N`))).toBeUndefined()
  expect(fieldText(Buffer.from(String.raw`a\tb\\n\v`))).toBe('a\tb\\n\v')
})
