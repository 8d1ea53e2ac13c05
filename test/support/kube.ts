// Small helpers for tests that talk to a real API server: plain requests with their answers, apply, namespaces of their own, waiting.
import {readFile} from 'node:fs/promises'
import {request as httpsRequest, type RequestOptions} from 'node:https'
import {KubeConfig, type KubernetesObject, type V1Namespace} from '@kubernetes/client-node'
import {parseAllDocuments} from 'yaml'
import {waitFor} from '../cluster/wait.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

export interface Call {
  readonly query?: Readonly<Record<string, string>>
  readonly body?: unknown
  /** Of the body; JSON where not said. */
  readonly contentType?: string
  readonly accept?: string
}

/** What the API server said. For an error `body` is its Status object. */
export interface Answer<T = KubernetesObject> {
  readonly status: number
  readonly body: T
}

/** A connection to an API server as one user. */
export interface Kube {
  readonly config: KubeConfig
  /** Any request; an HTTP error is an answer, not an exception. */
  call<T = KubernetesObject>(method: Method, path: string, options?: Call): Promise<Answer<T>>
  /** As {@link call}, but an HTTP error is thrown with the server's message. */
  expect<T = KubernetesObject>(method: Method, path: string, options?: Call): Promise<T>
  /** The same server, as whoever the token belongs to. */
  withToken(token: string): Kube
  /** Path of the object (or, without a name, of its collection) by its apiVersion, kind and namespace. */
  pathOf(object: KubernetesObject, subresource?: string): Promise<string>
}

export const APPLY = 'application/apply-patch+yaml'
export const MERGE = 'application/merge-patch+json'

/** Connects as the kubeconfig's current user: `connect(inject('kubeconfig'))`. */
export function connect(kubeconfig: string): Kube {
  const config = new KubeConfig()
  config.loadFromFile(kubeconfig)
  return kubeOf(config)
}

function kubeOf(config: KubeConfig): Kube {
  const server = config.getCurrentCluster()?.server
  if (server === undefined) throw new Error('the kubeconfig names no cluster')
  const credentials = credentialsOf(config)
  const resources = new Map<string, Promise<ApiResource[]>>()

  async function call<T>(method: Method, path: string, options: Call = {}): Promise<Answer<T>> {
    const url = new URL(path, server)
    for (const [key, value] of Object.entries(options.query ?? {})) url.searchParams.set(key, value)
    return await send<T>(url, {...(await credentials), method}, options)
  }
  async function expect<T>(method: Method, path: string, options?: Call): Promise<T> {
    const {status, body} = await call<T>(method, path, options)
    if (status >= 300) throw new Error(`${method} ${path}: ${status} ${messageOf(body)}`)
    return body
  }
  async function pathOf(object: KubernetesObject, subresource?: string): Promise<string> {
    const {apiVersion = '', kind = ''} = object
    const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`
    const list = resources.get(root) ?? expect<{resources: ApiResource[]}>('GET', root).then((found) => found.resources)
    resources.set(root, list)
    const resource = (await list).find((one) => one.kind === kind && !one.name.includes('/'))
    if (resource === undefined) throw new Error(`the server has no ${kind} in ${apiVersion}`)
    const {namespace, name} = object.metadata ?? {}
    const scope = resource.namespaced ? `/namespaces/${namespace ?? 'default'}` : ''
    return [`${root}${scope}/${resource.name}`, name, subresource].filter((part) => part !== undefined).join('/')
  }
  return {config, call, expect, pathOf, withToken: (token) => kubeOf(asToken(config, token))}
}

interface ApiResource {
  readonly name: string
  readonly kind: string
  readonly namespaced: boolean
}

async function credentialsOf(config: KubeConfig): Promise<RequestOptions> {
  const options: RequestOptions = {}
  await config.applyToHTTPSOptions(options)
  return options
}

function asToken(config: KubeConfig, token: string): KubeConfig {
  const cluster = config.getCurrentCluster()
  if (cluster === null) throw new Error('the kubeconfig names no cluster')
  const other = new KubeConfig()
  other.loadFromClusterAndUser(cluster, {name: 'token', token})
  return other
}

async function send<T>(url: URL, options: RequestOptions, call: Call): Promise<Answer<T>> {
  const headers: Record<string, string> = {accept: call.accept ?? 'application/json'}
  if (call.body !== undefined) headers['content-type'] = call.contentType ?? 'application/json'
  return await new Promise((resolve, reject) => {
    const request = httpsRequest(url, options, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', reject)
      response.on('end', () => resolve({status: response.statusCode ?? 0, body: JSON.parse(Buffer.concat(chunks).toString() || '{}')}))
    })
    for (const [name, value] of Object.entries(headers)) request.setHeader(name, value)
    request.on('error', reject)
    request.end(call.body === undefined ? undefined : typeof call.body === 'string' ? call.body : JSON.stringify(call.body))
  })
}

/** The message of a Status; '' for any other object. */
export function messageOf(body: unknown): string {
  return typeof body === 'object' && body !== null && 'message' in body ? String(body.message) : ''
}

/** All objects of a YAML text. */
export function objectsOf(yaml: string): KubernetesObject[] {
  return parseAllDocuments(yaml).flatMap((document) => {
    const object: KubernetesObject | null = document.toJS()
    return object === null ? [] : [object]
  })
}

export interface ApplyOptions {
  readonly namespace?: string
  /** 'test' where not said. */
  readonly fieldManager?: string
}

/** Applies every object (server-side, forced) and gives what the server then has. One without a namespace goes to `namespace`. */
export async function apply(kube: Kube, objects: readonly KubernetesObject[], options: ApplyOptions = {}): Promise<KubernetesObject[]> {
  const {namespace, fieldManager = 'test'} = options
  const applied: KubernetesObject[] = []
  for (const object of objects) {
    const placed = {...object, metadata: Object.assign(namespace === undefined ? {} : {namespace}, object.metadata)}
    const call = {query: {fieldManager, force: 'true'}, body: placed, contentType: APPLY}
    applied.push(await kube.expect('PATCH', await kube.pathOf(placed), call))
  }
  return applied
}

/** As {@link apply}, from a YAML file. */
export async function applyFile(kube: Kube, path: string | URL, options: ApplyOptions = {}): Promise<KubernetesObject[]> {
  return await apply(kube, objectsOf(await readFile(path, 'utf8')), options)
}

let counter = 0

/** Makes a namespace that no other test has; its name. Without controllers nothing ever removes one, so nothing here does. */
export async function createNamespace(kube: Kube, topic: string): Promise<string> {
  const name = `it-${topic}-${process.pid}-${Date.now().toString(36)}${(counter += 1)}`
  const namespace: V1Namespace = {apiVersion: 'v1', kind: 'Namespace', metadata: {name}}
  await kube.expect('POST', '/api/v1/namespaces', {body: namespace})
  return name
}

/** Polls an object until it is as wanted, and gives it. */
export async function untilObject<T>(kube: Kube, path: string, wanted: (object: T) => boolean, seconds = 30): Promise<T> {
  let last: unknown
  const look = async () => {
    const {status, body} = await kube.call<T>('GET', path)
    last = body
    return status === 200 && wanted(body) ? body : undefined
  }
  return await waitFor(`${path} is as wanted`, look, {seconds, hint: () => `last seen: ${JSON.stringify(last)}`})
}

interface WithConditions {
  readonly status?: {readonly conditions?: readonly {readonly type: string; readonly status: string; readonly reason?: string}[]}
}

/** Polls an object until a condition has that status; `condition` as in "Ready=True". */
export async function untilCondition<T extends WithConditions>(kube: Kube, path: string, condition: string, seconds = 30): Promise<T> {
  const holds = (object: T) => object.status?.conditions?.some(({type, status}) => `${type}=${status}` === condition) ?? false
  return await untilObject<T>(kube, path, holds, seconds)
}
