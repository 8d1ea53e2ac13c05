import {describe, expect, test} from 'vitest'
import {exportIdOf, manualSlot, parseSlotJobName, scheduledSlot, slotJobName} from './slot.ts'

const NOVEMBER = new Date('2026-11-01T05:00:00Z')

test('a slot’s Job is named as the CronJob controller names it', () => {
  expect(slotJobName('datev-monthly', NOVEMBER)).toBe('datev-monthly-29891820')
  expect(slotJobName('datev-monthly', new Date('2026-11-01T05:00:59.999Z'))).toBe('datev-monthly-29891820')
})

describe('parseSlotJobName', () => {
  test('is the inverse of slotJobName', () => {
    expect(parseSlotJobName('datev-monthly', 'datev-monthly-29891820')).toEqual(NOVEMBER)
  })

  test.each([
    ['a person’s name', 'once'],
    ['a person’s numbering', 'datev-monthly-2'],
    ['a year and a month', 'datev-monthly-202610'],
    ['a random suffix', 'datev-monthly-manual-x7k2p'],
    ['another export whose name begins alike', 'datev-monthly-eu-29891820'],
    ['a leading zero', 'datev-monthly-029891820'],
    ['no number', 'datev-monthly-'],
    ['too many digits for a date', 'datev-monthly-2989182000'],
  ])('%s is no slot', (_, name) => {
    expect(parseSlotJobName('datev-monthly', name)).toBeUndefined()
  })
})

test('a scheduled slot is the export and the UTC minute', () => {
  expect(scheduledSlot('acme', 'datev-monthly', new Date('2026-11-01T05:00:07Z'))).toBe('acme/datev-monthly@2026-11-01T05:00:00Z')
})

describe('exportIdOf', () => {
  const slot = scheduledSlot('acme', 'datev-monthly', NOVEMBER)

  test('never changes for a slot', () => {
    expect(exportIdOf('acme', 'datev-monthly', slot)).toBe('f68c1e2d-48b9-5dac-af5c-780dae48e5f2')
  })

  test('is a UUID of version 5', () => {
    expect(exportIdOf('acme', 'datev-monthly', slot)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  })

  test('differs for another slot, export and namespace', () => {
    const manual = manualSlot('0f5a3c1e-0000-4000-8000-000000000001')
    const ids = [['acme', 'a', slot], ['acme', 'a', manual], ['acme', 'b', manual], ['globex', 'a', manual]] as const
    expect(new Set(ids.map(([namespace, name, of]) => exportIdOf(namespace, name, of))).size).toBe(4)
  })
})
