import {expect, test} from 'vitest'
import {PermanentFault} from '../errors.ts'
import {specOf} from './datev/testing/booking.ts'
import {createFormat} from './index.ts'
import type {FormatOptions} from './index.ts'

const OPTIONS: FormatOptions = {
  documentsMount: '/mnt',
  values: {
    name: 'books',
    namespace: 'acme',
    period: {start: '2026-10-01', end: '2026-11-01'},
    scheduledTime: new Date('2026-11-01T05:00:00Z'),
    timeZone: 'Europe/Berlin',
  },
}

test('the format is the one that the spec names', async () => {
  const format = await createFormat({datev: specOf()}, OPTIONS)
  expect(format.name).toBe('datev')
})

test('a spec without a format is a mistake in the program: the schema refuses it', async () => {
  await expect(createFormat({}, OPTIONS)).rejects.toThrow('names no format')
})

test('a placeholder that is none, which an older schema let in, names its field', async () => {
  const datev = specOf({documents: {claimName: 'invoices', path: '{{ period.middle }}'}})
  await expect(createFormat({datev}, OPTIONS)).rejects.toThrow(PermanentFault)
  await expect(createFormat({datev}, OPTIONS)).rejects.toThrow('spec.format.datev.documents.path')
})
