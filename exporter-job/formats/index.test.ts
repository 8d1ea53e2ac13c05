import {expect, test} from 'vitest'
import {specOf} from './datev/testing/booking.ts'
import {createFormat} from './index.ts'

test('the format is the one that the spec names', async () => {
  const format = await createFormat({datev: specOf()})
  expect(format.name).toBe('datev')
})

test('a spec without a format is a mistake in the program: the schema refuses it', async () => {
  await expect(createFormat({})).rejects.toThrow('names no format')
})
