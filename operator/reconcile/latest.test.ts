import {expect, test} from 'vitest'
import type {ScheduledExport} from '../../crds/scheduledexport.ts'
import {NAME, NAMESPACE, scheduledExport} from '../testing/builders.ts'
import {createLatest} from './latest.ts'

function version(resourceVersion: string, uid = 'export-uid'): ScheduledExport {
  const resource = scheduledExport({uid})
  resource.metadata.resourceVersion = resourceVersion
  return resource
}

test.each([
  ['what the cache has, when nothing was written', undefined, version('100'), '100'],
  ['what we wrote, while the cache lags', version('101'), version('100'), '101'],
  ['versions are numbers, not text', version('1000'), version('999'), '1000'],
  ['what the cache has, once it is as new', version('101'), version('101'), '101'],
  ['what the cache has, once it is newer', version('101'), version('102'), '102'],
  ['an export of that name made anew', version('101', 'another'), version('90'), '90'],
  ['versions that are not numbers decide nothing', version('b'), version('a'), 'a'],
])('%s', (_, written, cached, expected) => {
  const latest = createLatest()
  if (written !== undefined) latest.wrote(written)
  expect(latest.of(cached).metadata.resourceVersion).toBe(expected)
})

test('what the cache has caught up with is kept no longer', () => {
  const latest = createLatest()
  latest.wrote(version('101'))
  latest.of(version('101'))
  expect(latest.of(version('100')).metadata.resourceVersion).toBe('100')
})

test('what is gone is forgotten', () => {
  const latest = createLatest()
  latest.wrote(version('101'))
  latest.forget({namespace: NAMESPACE, name: NAME})
  expect(latest.of(version('100')).metadata.resourceVersion).toBe('100')
})
