// What the reflectors know of one kind of object, indexed by namespace and by export; reconciles read it, nobody else writes it.
import {LABEL_EXPORT} from '../../crds/names.ts'
import type {KubeObject, Lister, ObjectName} from './types.ts'

/** previous is undefined for a new object, current for one that is gone. Never both. */
export interface Change<T extends KubeObject> {
  readonly previous: T | undefined
  readonly current: T | undefined
}

export interface Store<T extends KubeObject> extends Lister<T> {
  /** Adds or replaces one object. */
  put(object: T): void
  /** Removes one object, if it is there. */
  drop(name: ObjectName): void
  /** Makes these the only objects of a namespace (undefined: of all), in one step; what is missing from them counts as deleted. */
  replace(objects: readonly T[], namespace?: string): void
  /** Calls back after each change, never for an object that is the same version. Handlers only enqueue. */
  subscribe(handler: (change: Change<T>) => void): void
}

export function createStore<T extends KubeObject>(): Store<T> {
  const byNamespace = new Map<string, Map<string, T>>()
  const byExport = new Map<string, Map<string, T>>()
  const handlers: ((change: Change<T>) => void)[] = []

  function swap(name: ObjectName, current: T | undefined): Change<T> | undefined {
    const previous = byNamespace.get(name.namespace)?.get(name.name)
    if (previous === current || isSameVersion(previous, current)) return undefined
    if (previous !== undefined) unlink(byExport, exportKeyOf(previous), name.name)
    if (current === undefined) unlink(byNamespace, name.namespace, name.name)
    else {
      link(byNamespace, name.namespace, [name.name, current])
      link(byExport, exportKeyOf(current), [name.name, current])
    }
    return {previous, current}
  }

  function tell(changes: readonly (Change<T> | undefined)[]): void {
    for (const change of changes) {
      if (change !== undefined) for (const handler of handlers) handler(change)
    }
  }

  function replace(objects: readonly T[], namespace?: string): void {
    const seen = new Set(objects.map((object) => pathOf(nameOf(object))))
    const known = namespace === undefined ? all() : inNamespace(namespace)
    const gone = [...known].map(nameOf).filter((name) => !seen.has(pathOf(name)))
    // Handlers hear of it only when the whole list is in: none may look at a half of it.
    tell([...gone.map((name) => swap(name, undefined)), ...objects.map((object) => swap(nameOf(object), object))])
  }

  function* all(): Iterable<T> {
    for (const objects of byNamespace.values()) yield* objects.values()
  }

  function inNamespace(namespace: string): readonly T[] {
    return [...(byNamespace.get(namespace)?.values() ?? [])]
  }

  return {
    get: (name) => byNamespace.get(name.namespace)?.get(name.name),
    inNamespace,
    ofExport: (name) => [...(byExport.get(pathOf(name))?.values() ?? [])],
    all,
    put: (object) => {
      tell([swap(nameOf(object), object)])
    },
    drop: (name) => {
      tell([swap(name, undefined)])
    },
    replace,
    subscribe: (handler) => {
      handlers.push(handler)
    },
  }
}

export function nameOf(object: KubeObject): ObjectName {
  return {namespace: object.metadata?.namespace ?? '', name: object.metadata?.name ?? ''}
}

/** "namespace/name". */
export function pathOf(name: ObjectName): string {
  return `${name.namespace}/${name.name}`
}

function isSameVersion(a: KubeObject | undefined, b: KubeObject | undefined): boolean {
  const version = a?.metadata?.resourceVersion
  return version !== undefined && version === b?.metadata?.resourceVersion && a?.metadata?.uid === b?.metadata?.uid
}

function exportKeyOf(object: KubeObject): string | undefined {
  const owner = object.metadata?.labels?.[LABEL_EXPORT]
  return owner === undefined ? undefined : pathOf({namespace: nameOf(object).namespace, name: owner})
}

function link<T>(index: Map<string, Map<string, T>>, key: string | undefined, [name, object]: [string, T]): void {
  if (key === undefined) return
  const objects = index.get(key)
  if (objects === undefined) index.set(key, new Map([[name, object]]))
  else objects.set(name, object)
}

/** Empty maps are removed: a namespace that came and went must leave nothing behind. */
function unlink<T>(index: Map<string, Map<string, T>>, key: string | undefined, name: string): void {
  if (key === undefined) return
  const objects = index.get(key)
  objects?.delete(name)
  if (objects?.size === 0) index.delete(key)
}
