import {beforeEach, expect, test} from 'vitest'
import {LABEL_EXPORT} from '../../crds/names.ts'
import type {ScheduledExport} from '../../crds/scheduledexport.ts'
import {createStores} from '../caches.ts'
import {createStore} from '../kube/store.ts'
import type {Store} from '../kube/store.ts'
import {aCronJob, anExport, anObject} from '../testing/objects.ts'
import {allKeys, keysOfExport, keysOfLabelled, keysOfNamespaced, nameOfKey} from './keys.ts'

let exports: Store<ScheduledExport>

beforeEach(() => {
  exports = createStore<ScheduledExport>()
  exports.put(anExport('acme', 'one'))
  exports.put(anExport('acme', 'two'))
})

test('an export concerns itself', () => {
  expect(keysOfExport({previous: undefined, current: anExport('acme', 'one')}, exports)).toEqual(['acme/one'])
})

test('the last export of a namespace takes what the namespace was given with it', () => {
  const gone = {previous: anExport('lonely', 'last'), current: undefined}
  expect(keysOfExport(gone, exports)).toEqual(['lonely/last', 'lonely/'])
  expect(keysOfExport({previous: anExport('acme', 'three'), current: undefined}, exports)).toEqual(['acme/three'])
})

test('a labelled child concerns its export, and the one that it was taken from', () => {
  const before = anObject('acme', 'job', {labels: {[LABEL_EXPORT]: 'one'}})
  const after = anObject('acme', 'job', {labels: {[LABEL_EXPORT]: 'two'}})
  expect(keysOfLabelled({previous: undefined, current: before})).toEqual(['acme/one'])
  expect(keysOfLabelled({previous: before, current: undefined})).toEqual(['acme/one'])
  expect(keysOfLabelled({previous: before, current: after})).toEqual(['acme/one', 'acme/two'])
  expect(keysOfLabelled({previous: before, current: before})).toEqual(['acme/one'])
  expect(keysOfLabelled({previous: undefined, current: anObject('acme', 'foreign')})).toEqual([])
})

test('a namespace\'s object concerns all its exports, or the namespace itself where there are none', () => {
  expect(keysOfNamespaced({previous: undefined, current: anObject('acme', 'runner')}, exports)).toEqual(['acme/one', 'acme/two'])
  expect(keysOfNamespaced({previous: anObject('empty', 'runner'), current: undefined}, exports)).toEqual(['empty/'])
})

test('everything: exports, children without an export, namespaces without an export', () => {
  const stores = createStores()
  for (const name of ['one', 'two']) stores.exports.put(anExport('acme', name))
  for (const name of ['one', 'orphan']) stores.cronJobs.put(aCronJob('acme', name))
  for (const namespace of ['acme', 'empty']) stores.serviceAccounts.put(anObject(namespace, 'runner'))
  expect([...allKeys(stores)].toSorted()).toEqual(['acme/one', 'acme/orphan', 'acme/two', 'empty/'])
})

test('a key says which object it means', () => {
  expect(nameOfKey('acme/one')).toEqual({namespace: 'acme', name: 'one'})
  expect(nameOfKey('acme/')).toEqual({namespace: 'acme', name: ''})
})
