// An API server of so many exports, as far as reflectors see one.
import type {ScheduledExport} from '../../crds/scheduledexport.ts'
import type {ApiRequest, Transport} from '../../operator/kube/transport.ts'
import type {KubeObject} from '../../operator/kube/types.ts'
import {exportOf, objectsOf as belongingTo} from './operator-objects.ts'
import type {Shape} from './operator-objects.ts'

const PAGE = 250

/** Lists page by page, each page parsed from text as from the wire; watches that say nothing. */
export function createFakeTransport(shape: Shape & {readonly exports: number}): Transport {
  function page({resource, query}: ApiRequest): object {
    const from = Number(query?.['continue'] ?? 0)
    const upTo = Math.min(from + PAGE, shape.exports)
    const items: KubeObject[] = []
    for (let index = from; index < upTo; index++) items.push(...objectsOf(resource, exportOf(index, shape), shape))
    return {metadata: {resourceVersion: '1', continue: upTo < shape.exports ? String(upTo) : ''}, items}
  }
  return {
    request: <T>(request: ApiRequest) => Promise.resolve(JSON.parse(JSON.stringify(page(request))) as T),
    // oxlint-disable-next-line require-yield
    async *stream({signal}) {
      await new Promise((resolve) => signal?.addEventListener('abort', resolve))
    },
    close: () => undefined,
  }
}

function objectsOf(resource: string, one: ScheduledExport, shape: Shape): readonly KubeObject[] {
  if (resource === 'scheduledexports') return [one]
  return belongingTo(one, shape)[resource] ?? []
}
