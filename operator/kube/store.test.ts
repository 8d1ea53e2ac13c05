import {beforeEach, describe, expect, test} from 'vitest'
import {LABEL_EXPORT} from '../../crds/names.ts'
import {anObject} from '../testing/objects.ts'
import {createStore, nameOf, pathOf} from './store.ts'
import type {Store} from './store.ts'
import type {KubeObject} from './types.ts'

let store: Store<KubeObject>
let changes: string[]

beforeEach(() => {
  store = createStore<KubeObject>()
  changes = []
  store.subscribe(({previous, current}) => {
    const kind = previous === undefined ? 'added' : current === undefined ? 'deleted' : 'changed'
    changes.push(`${kind} ${pathOf(nameOf(current ?? previous ?? {}))}`)
  })
})

function names(objects: Iterable<KubeObject>): string[] {
  return [...objects].map((object) => pathOf(nameOf(object)))
}

function labelled(name: string, owner: string): KubeObject {
  return anObject('n', name, {labels: {[LABEL_EXPORT]: owner}})
}

describe('what handlers hear', () => {
  test('an object is added, changed, deleted', () => {
    store.put(anObject('n', 'a'))
    store.put(anObject('n', 'a'))
    store.drop({namespace: 'n', name: 'a'})
    expect(changes).toEqual(['added n/a', 'changed n/a', 'deleted n/a'])
    expect(names(store.all())).toEqual([])
  })

  test('the same version again is no change', () => {
    store.put(anObject('n', 'a', {resourceVersion: '7'}))
    store.put(anObject('n', 'a', {resourceVersion: '7'}))
    store.replace([anObject('n', 'a', {resourceVersion: '7'})])
    expect(changes).toEqual(['added n/a'])
  })

  test('another object under the same name is a change even at the same version', () => {
    store.put(anObject('n', 'a', {resourceVersion: '7', uid: 'first'}))
    store.put(anObject('n', 'a', {resourceVersion: '7', uid: 'second'}))
    expect(changes).toEqual(['added n/a', 'changed n/a'])
    expect(store.get({namespace: 'n', name: 'a'})?.metadata?.uid).toBe('second')
  })

  test('dropping what is not there is no change', () => {
    store.drop({namespace: 'n', name: 'a'})
    expect(changes).toEqual([])
  })
})

describe('a list replaces the store', () => {
  test('what is missing from it counts as deleted', () => {
    store.put(anObject('n', 'stays', {resourceVersion: '7'}))
    store.put(anObject('n', 'goes'))
    changes.length = 0
    store.replace([anObject('n', 'stays', {resourceVersion: '7'}), anObject('n', 'comes')])
    expect(changes).toEqual(['deleted n/goes', 'added n/comes'])
    expect(names(store.all())).toEqual(['n/stays', 'n/comes'])
  })

  test('in one step: a handler sees the whole new list', () => {
    store.put(anObject('n', 'goes'))
    const seen: string[][] = []
    store.subscribe(() => seen.push(names(store.all())))
    store.replace([anObject('n', 'a'), anObject('n', 'b')])
    expect(seen).toEqual([
      ['n/a', 'n/b'],
      ['n/a', 'n/b'],
      ['n/a', 'n/b'],
    ])
  })

  test('the list of one namespace leaves the others alone', () => {
    store.put(anObject('one', 'a'))
    store.put(anObject('two', 'a'))
    store.replace([], 'one')
    expect(names(store.all())).toEqual(['two/a'])
  })
})

describe('indexes', () => {
  test('objects are found by namespace', () => {
    for (const object of [anObject('one', 'a'), anObject('two', 'b'), anObject('one', 'c')]) store.put(object)
    expect(names(store.inNamespace('one'))).toEqual(['one/a', 'one/c'])
    expect(store.inNamespace('three')).toEqual([])
  })

  test('objects are found by the export that their label names, in its namespace only', () => {
    store.put(labelled('job-1', 'x'))
    store.put(labelled('job-2', 'x'))
    store.put(labelled('job-3', 'y'))
    expect(names(store.ofExport({namespace: 'n', name: 'x'}))).toEqual(['n/job-1', 'n/job-2'])
    expect(store.ofExport({namespace: 'other', name: 'x'})).toEqual([])
  })

  test('a changed label moves the object', () => {
    store.put(labelled('job-1', 'x'))
    store.put(labelled('job-1', 'y'))
    expect(names(store.ofExport({namespace: 'n', name: 'x'}))).toEqual([])
    expect(names(store.ofExport({namespace: 'n', name: 'y'}))).toEqual(['n/job-1'])
  })
})
