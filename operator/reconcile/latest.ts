// Our own writes, until the cache has them. A pass that looked at an older state would write the same again, with another time in it.
import type {ScheduledExport} from '../../crds/scheduledexport.ts'
import {nameOf, pathOf} from '../kube/store.ts'
import type {ObjectName} from '../kube/types.ts'

export interface Latest {
  /** The newer of what the cache has and what we wrote. */
  of(cached: ScheduledExport): ScheduledExport
  /** Keeps what the API server answered to a write. */
  wrote(resource: ScheduledExport): void
  /** The export is gone. */
  forget(name: ObjectName): void
}

export function createLatest(): Latest {
  const written = new Map<string, ScheduledExport>()

  function of(cached: ScheduledExport): ScheduledExport {
    const key = pathOf(nameOf(cached))
    const ours = written.get(key)
    if (ours === undefined) return cached
    if (ours.metadata.uid === cached.metadata.uid && isNewer(ours, cached)) return ours
    written.delete(key)
    return cached
  }

  return {
    of,
    wrote: (resource) => {
      written.set(pathOf(nameOf(resource)), resource)
    },
    forget: (name) => {
      written.delete(pathOf(name))
    },
  }
}

/** Versions of one resource are whole numbers that grow (guaranteed since Kubernetes 1.35, so with every etcd before); else the cache is right. */
function isNewer(ours: ScheduledExport, cached: ScheduledExport): boolean {
  const versions = [ours, cached].map(({metadata}) => metadata.resourceVersion ?? '')
  const [a, b] = versions.map((version) => (/^[0-9]+$/.test(version) ? BigInt(version) : undefined))
  return a !== undefined && b !== undefined && a > b
}
