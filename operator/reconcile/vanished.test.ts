import {describe, expect, test} from 'vitest'
import {exportIdOf, scheduledSlot, slotJobName} from '../../crds/slot.ts'
import type {ActiveRun} from '../../crds/status.ts'
import {NAME, NAMESPACE, NOW, SLOT, scheduledExport, text} from '../testing/builders.ts'
import {givenUp} from './vanished.ts'

describe('givenUp', () => {
  const LEFT = {now: NOW, nameTaken: false}
  const gone: ActiveRun = {name: slotJobName(NAME, SLOT), uid: 'first', scheduledTime: text(SLOT)}

  test('not before three restarts', () => {
    expect([0, 1, 2].map((restarts) => givenUp({...gone, restarts}, scheduledExport(), LEFT))).toEqual([undefined, undefined, undefined])
  })

  test('after three: something keeps deleting the Job', () => {
    expect(givenUp({...gone, restarts: 3}, scheduledExport(), LEFT)).toEqual({
      name: gone.name,
      exportId: exportIdOf(NAMESPACE, NAME, scheduledSlot(NAMESPACE, NAME, SLOT)),
      trigger: 'Schedule',
      phase: 'Failed',
      scheduledTime: text(SLOT),
      completedAt: text(NOW),
      error: {code: 'JobDeleted', message: expect.stringContaining('4 times: something keeps deleting it')},
    })
  })

  test('at once where the export is suspended', () => {
    expect(givenUp(gone, scheduledExport({spec: {suspend: true}}), LEFT)).toMatchObject({phase: 'Failed', error: {code: 'JobDeleted'}})
  })
})

test('a run whose Job was made anew by a person under the same name is given up', () => {
  const gone: ActiveRun = {name: 'datev-monthly-now', uid: 'first', scheduledTime: text(SLOT)}
  expect(givenUp(gone, scheduledExport(), {now: NOW, nameTaken: true})).toMatchObject({
    name: 'datev-monthly-now',
    exportId: exportIdOf(NAMESPACE, NAME, 'first'),
    trigger: 'Manual',
    phase: 'Failed',
    error: {code: 'JobDeleted', message: expect.stringContaining('its name was given to another')},
  })
})
