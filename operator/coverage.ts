// Which namespaces the operator sees whole. Of a list of them one may be gone, with the operator's rights in it: the others must not wait.
import type {Reflector} from './kube/reflector.ts'

type Watched = Pick<Reflector, 'name' | 'namespace' | 'hasSynced' | 'synced' | 'isRefused' | 'answered'>

export interface Coverage {
  /** Resolves when all caches are filled; of a list of namespaces those that are not refused, and at least one. */
  readonly settled: Promise<void>
  /** Whether everything in that namespace is known: no reconcile may begin before. */
  readonly covers: (namespace: string) => boolean
  /** Calls back for each namespace of a list as soon as everything in it is known. */
  readonly onCovered: (callback: (namespace: string) => void) => void
  /** What is not known yet, in words; a namespace that is refused counts only where there is no other. */
  readonly missing: () => string[]
}

export function coverageOf(reflectors: readonly Watched[]): Coverage {
  const groups = Map.groupBy(reflectors, ({namespace}) => namespace)
  const whole = [...groups].map(([namespace, group]) => ({namespace, group, synced: Promise.all(group.map(({synced}) => synced))}))

  async function settle(): Promise<void> {
    await Promise.all(reflectors.map((one) => (one.namespace === undefined ? one.synced : one.answered)))
    await Promise.any(whole.map(({synced}) => synced))
  }

  function isWhole(group: readonly Watched[]): boolean {
    return group.every((one) => one.hasSynced())
  }

  return {
    settled: settle(),
    covers: (namespace) => isWhole(groups.get(undefined) ?? groups.get(namespace) ?? []),
    onCovered: (callback) => {
      for (const {namespace, synced} of whole) if (namespace !== undefined) void tell(namespace, synced, callback)
    },
    missing: () => {
      const noneIsWhole = !whole.some(({group}) => isWhole(group))
      const awaited = reflectors.filter((one) => !one.hasSynced() && (noneIsWhole || one.namespace === undefined || !one.isRefused()))
      return awaited.map(({name}) => `the list of ${name} is not in yet`)
    },
  }
}

async function tell(namespace: string, synced: Promise<unknown>, callback: (namespace: string) => void): Promise<void> {
  await synced
  callback(namespace)
}
