// A whole list, page by page.
import {isApiError} from './errors.ts'
import {collectionPath} from './resources.ts'
import type {ApiRequest, Transport} from './transport.ts'
import type {KubeObject, Resource} from './types.ts'

export interface Selection<T extends KubeObject> {
  readonly resource: Resource<T>
  /** Left out: all namespaces. */
  readonly namespace?: string
  readonly labelSelector?: string
}

export interface ListResult<T> {
  readonly items: readonly T[]
  /** The version that the list shows; a watch goes on from it. */
  readonly resourceVersion: string
}

interface Page<T> {
  readonly metadata?: {readonly resourceVersion?: string; readonly continue?: string}
  readonly items?: readonly T[] | null
}

const PAGE_SIZE = 250

/**
 * Lists everything selected, as of now: no resourceVersion is sent, so that the answer is never older than what an earlier
 * leader saw and did. (Version "0" would be answered from one API server's cache, however old, and unpaged by older servers.)
 */
export async function listAll<T extends KubeObject>(
  transport: Transport,
  selection: Selection<T>,
  options: {trim: (object: T) => T; signal?: AbortSignal},
): Promise<ListResult<T>> {
  const items: T[] = []
  let limit: number | undefined = PAGE_SIZE
  let from: string | undefined
  for (;;) {
    try {
      const page: Page<T> = await transport.request<Page<T>>({...listRequest(selection, limit, from), ...(options.signal && {signal: options.signal})})
      for (const item of page.items ?? []) items.push(options.trim(item))
      from = page.metadata?.continue || undefined
      if (from === undefined) return {items, resourceVersion: page.metadata?.resourceVersion ?? ''}
    } catch (error) {
      // The pages' common version was compacted away while we read. One unpaged answer cannot suffer that.
      if (from === undefined || !isApiError(error, 'gone')) throw error
      items.length = 0
      from = undefined
      limit = undefined
    }
  }
}

function listRequest<T extends KubeObject>(selection: Selection<T>, limit: number | undefined, from: string | undefined): ApiRequest {
  return {
    verb: 'list',
    resource: selection.resource.plural,
    path: collectionPath(selection.resource, selection.namespace),
    query: {
      ...selectorOf(selection),
      ...(limit !== undefined && {limit: String(limit)}),
      ...(from !== undefined && {continue: from}),
    },
  }
}

export function selectorOf<T extends KubeObject>(selection: Selection<T>): Record<string, string> {
  return selection.labelSelector === undefined ? {} : {labelSelector: selection.labelSelector}
}
