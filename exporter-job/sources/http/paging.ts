// How one page leads to the next.
import type {IncomingHttpHeaders} from 'node:http'
import type {HttpSource} from '../../../crds/sources/http.ts'
import {PermanentFault} from '../../errors.ts'
import {nextLink} from './link.ts'

/** A page that was read to its end. */
export interface PageRead {
  readonly url: URL
  readonly headers: IncomingHttpHeaders
  readonly cursor: string | null | undefined
  readonly rows: number
  /** Of its rows as COPY text; undefined where some of them could not be read. */
  readonly checksum: number | undefined
}

export interface Paging {
  readonly first: URL
  /** Undefined after the last page. @throws PermanentFault HttpPagingBroken, which would lose or repeat rows */
  next(page: PageRead): URL | undefined
}

/** `url`: with the query parameters of the spec; `where` names the dataset. */
export function createPaging(pagination: HttpSource['pagination'], url: URL, where: string): Paging {
  const following = followerOf(pagination, url, where)
  const seen = new Set([following.first.href])
  return {
    first: following.first,
    next(page) {
      const next = following.next(page)
      if (next === undefined) return undefined
      if (seen.has(next.href)) throw broken(where, 'a page leads to one that was read already')
      seen.add(next.href)
      return next
    },
  }
}

function followerOf(pagination: HttpSource['pagination'], url: URL, where: string): Paging {
  if (pagination?.link !== undefined) return {first: url, next: ({headers, url: at}) => linked([headers.link ?? []].flat().join(', '), at, url, where)}
  if (pagination?.cursor !== undefined) return byCursor(pagination.cursor, url, where)
  if (pagination?.pageNumber !== undefined) return byNumber(pagination.pageNumber, url, where)
  return {first: url, next: () => undefined}
}

/** Credentials go to the API that the spec names, and to no other. */
function linked(header: string, at: URL, first: URL, where: string): URL | undefined {
  const target = nextOf(header, where)
  if (target === undefined) return undefined
  if (!URL.canParse(target, at.href)) throw broken(where, 'the Link header has no address')
  const next = new URL(target, at.href)
  next.hash = ''
  if (next.origin !== first.origin) throw broken(where, `the Link header leads to another host (${next.origin}), which is not followed`)
  return next
}

/** A header that cannot be read may be that of a page with another one behind it. */
function nextOf(header: string, where: string): string | undefined {
  try {
    return nextLink(header)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw broken(where, 'the Link header is not of the form <address>; rel="next" (RFC 8288)')
  }
}

function byCursor({path, parameter, absent}: {path: string; parameter: string; absent: 'Fail' | 'End'}, url: URL, where: string): Paging {
  return {
    first: url,
    next({cursor}) {
      if (cursor === undefined && absent === 'Fail') {
        throw broken(where, `the body has no key ${JSON.stringify(path)}: correct the cursor's path, or set absent to End where the API leaves it out on the last page`)
      }
      return cursor === undefined || cursor === null || cursor === '' ? undefined : withParameter(url, parameter, cursor)
    },
  }
}

function byNumber({parameter, first}: {parameter: string; first: number}, url: URL, where: string): Paging {
  let number = first
  let last: number | undefined
  return {
    first: withParameter(url, parameter, String(number)),
    // A page that is merely shorter than others ends nothing: an API may cap pages as it likes.
    next({rows, checksum}) {
      if (rows === 0) return undefined
      if (checksum !== undefined && checksum === last) throw broken(where, `two pages have the same rows: does the API know the parameter ${parameter}?`)
      last = checksum
      number += 1
      return withParameter(url, parameter, String(number))
    },
  }
}

function withParameter(url: URL, name: string, value: string): URL {
  const next = new URL(url.href)
  next.searchParams.set(name, value)
  return next
}

function broken(where: string, problem: string): PermanentFault {
  return new PermanentFault('HttpPagingBroken', `${where}: ${problem}`)
}
