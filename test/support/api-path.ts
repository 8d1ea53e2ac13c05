// What a request to an API server asks for, told from its method and path.

export interface AskedFor {
  /** get, list, watch, create, update, patch, delete, deletecollection */
  readonly verb: string
  /** Plural, with "/status" and the like for a subresource; the path itself where it is no resource (/readyz). */
  readonly resource: string
  readonly namespace: string | undefined
  readonly name: string | undefined
}

/** Reads "/apis/batch/v1/namespaces/n/jobs/a/status?…" and the like. */
export function askedFor(method: string, url: URL): AskedFor {
  const segments = url.pathname.split('/').filter((part) => part !== '')
  const rest = segments[0] === 'api' ? segments.slice(2) : segments[0] === 'apis' ? segments.slice(3) : []
  const [namespace, path] = rest[0] === 'namespaces' && rest.length > 2 ? [rest[1], rest.slice(2)] : [undefined, rest]
  const [plural, name, subresource] = path
  if (plural === undefined) return {verb: method.toLowerCase(), resource: url.pathname, namespace: undefined, name: undefined}
  const resource = subresource === undefined ? plural : `${plural}/${subresource}`
  return {verb: verbOf(method, url, name), resource, namespace, name}
}

function verbOf(method: string, url: URL, name: string | undefined): string {
  switch (method) {
    case 'GET': {
      const watch = url.searchParams.get('watch')
      if (watch === 'true' || watch === '1') return 'watch'
      return name === undefined ? 'list' : 'get'
    }
    case 'POST':
      return 'create'
    case 'PUT':
      return 'update'
    case 'PATCH':
      return 'patch'
    case 'DELETE':
      return name === undefined ? 'deletecollection' : 'delete'
    default:
      return method.toLowerCase()
  }
}
