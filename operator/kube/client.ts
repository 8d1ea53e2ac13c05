// The operator's verbs over the transport: live reads, POST, server-side apply, merge patch, deletion by UID.
import {OPERATOR_FIELD_MANAGER} from '../../crds/names.ts'
import {ApiError, isApiError} from './errors.ts'
import {listAll} from './list.ts'
import {apiVersionOf, collectionPath} from './resources.ts'
import type {ApiRequest, Transport} from './transport.ts'
import type {KubeApi, KubeObject, ObjectName, Resource} from './types.ts'

// The body is JSON, which is YAML too.
const APPLY = 'application/apply-patch+yaml'
const MERGE = 'application/merge-patch+json'

export interface KubeApiOptions {
  readonly transport: Transport
  /** Asked before each write: a replica that has lost the Lease must not write, whatever it was in the middle of. */
  readonly mayWrite?: () => boolean
}

export function createKubeApi(options: KubeApiOptions): KubeApi {
  const {transport, mayWrite} = options

  async function write<T>(request: ApiRequest): Promise<T> {
    if (mayWrite !== undefined && !mayWrite()) throw new Error('not the leader: nothing may be written')
    return await transport.request<T>(request)
  }

  async function get<T extends KubeObject>(resource: Resource<T>, name: ObjectName): Promise<T | undefined> {
    try {
      return await transport.request<T>({verb: 'get', resource: resource.plural, path: objectPath(resource, name)})
    } catch (error) {
      if (isApiError(error, 'notFound')) return undefined
      throw error
    }
  }

  async function list<T extends KubeObject>(resource: Resource<T>, selection: {namespace: string; labelSelector: string}): Promise<readonly T[]> {
    return (await listAll(transport, {resource, ...selection}, {trim: (object) => object})).items
  }

  async function create<T extends KubeObject>(resource: Resource<T>, object: T): Promise<T> {
    return await write<T>({
      verb: 'create',
      resource: resource.plural,
      path: collectionPath(resource, nameOf(object).namespace),
      query: {fieldManager: OPERATOR_FIELD_MANAGER},
      body: typed(resource, object),
    })
  }

  async function apply<T extends KubeObject>(resource: Resource<T>, object: T, subresource?: 'status'): Promise<T> {
    return await write<T>({
      verb: 'patch',
      resource: labelOf(resource, subresource),
      path: objectPath(resource, nameOf(object), subresource),
      query: {fieldManager: OPERATOR_FIELD_MANAGER, force: 'true'},
      body: typed(resource, object),
      contentType: APPLY,
    })
  }

  async function mergePatch<T extends KubeObject>(
    resource: Resource<T>,
    name: ObjectName,
    patch: unknown,
    subresource?: 'status',
  ): Promise<T> {
    return await write<T>({
      verb: 'patch',
      resource: labelOf(resource, subresource),
      path: objectPath(resource, name, subresource),
      query: {fieldManager: OPERATOR_FIELD_MANAGER},
      body: patch,
      contentType: MERGE,
    })
  }

  async function remove<T extends KubeObject>(resource: Resource<T>, name: ObjectName, uid: string): Promise<void> {
    const body = {apiVersion: 'v1', kind: 'DeleteOptions', propagationPolicy: 'Background', preconditions: {uid}}
    try {
      await write<unknown>({verb: 'delete', resource: resource.plural, path: objectPath(resource, name), body})
    } catch (error) {
      // A conflict is the precondition: another object has the name now, so ours is gone.
      if (!isApiError(error, 'notFound', 'conflict')) throw error
    }
  }

  return {get, list, create, apply, mergePatch, remove}
}

function objectPath<T extends KubeObject>(resource: Resource<T>, name: ObjectName, subresource?: 'status'): string {
  const path = `${collectionPath(resource, name.namespace)}/${encodeURIComponent(name.name)}`
  return subresource === undefined ? path : `${path}/${subresource}`
}

function labelOf<T extends KubeObject>(resource: Resource<T>, subresource?: 'status'): string {
  return subresource === undefined ? resource.plural : `${resource.plural}/${subresource}`
}

/** Lists leave kind and apiVersion out of their items, and apply wants them. */
function typed<T extends KubeObject>(resource: Resource<T>, object: T): T {
  return {...object, apiVersion: apiVersionOf(resource), kind: resource.kind}
}

function nameOf(object: KubeObject): ObjectName {
  const {namespace, name} = object.metadata ?? {}
  if (namespace === undefined || name === undefined) {
    throw new ApiError({class: 'invalid', message: 'the object has no namespace or no name'})
  }
  return {namespace, name}
}
