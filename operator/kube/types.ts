// The few verbs the operator uses, typed; the rest of the operator knows the client library only by its object types.
import type {V1ObjectMeta} from '@kubernetes/client-node'
import type {Wire} from './resources.ts'

/** metadata as on the wire; a field may also be there and undefined, as zod's types have it. */
export type ObjectMeta = {[K in keyof V1ObjectMeta]?: Wire<V1ObjectMeta[K]> | undefined}

/** Any object of the API as the operator handles it. */
export interface KubeObject {
  apiVersion?: string
  kind?: string
  metadata?: ObjectMeta
}

/** A kind of object and where the API server has it. T is what its objects look like: JSON as on the wire, so times are strings. */
export interface Resource<T extends KubeObject> {
  /** '' for the core group, else as in "apps". */
  readonly group: string
  readonly version: string
  readonly kind: string
  readonly plural: string
  /** Carries T only. */
  readonly example?: T
}

export interface ObjectName {
  readonly namespace: string
  readonly name: string
}

/** Requests to the API server. Every method throws ApiError (errors.ts), whose policy says what to do. */
export interface KubeApi {
  /** Live read; undefined where there is none. */
  get<T extends KubeObject>(resource: Resource<T>, name: ObjectName): Promise<T | undefined>
  /** Live list of a namespace's objects with those labels; for what a cache that lags must not decide. */
  list<T extends KubeObject>(resource: Resource<T>, selection: {readonly namespace: string; readonly labelSelector: string}): Promise<readonly T[]>
  /** POST; the object carries its namespace and name. */
  create<T extends KubeObject>(resource: Resource<T>, object: T): Promise<T>
  /**
   * Server-side apply by our field manager, forced. The object carries metadata.uid, so that a foreign one is never adopted (conflict).
   * Only for the status of a custom resource does the API server ignore the UID: there metadata.resourceVersion does what it should.
   */
  apply<T extends KubeObject>(resource: Resource<T>, object: T, subresource?: 'status'): Promise<T>
  /** JSON merge patch; with metadata.resourceVersion in the patch a concurrent change is a 409. */
  mergePatch<T extends KubeObject>(resource: Resource<T>, name: ObjectName, patch: unknown, subresource?: 'status'): Promise<T>
  /** Background deletion of exactly that object; gone already is success. */
  remove<T extends KubeObject>(resource: Resource<T>, name: ObjectName, uid: string): Promise<void>
}

/** A read-only view of the objects a reflector keeps. Objects are shared: never change them. */
export interface Lister<T extends KubeObject> {
  get(name: ObjectName): T | undefined
  /** All objects of a namespace. */
  inNamespace(namespace: string): readonly T[]
  /** Objects whose label scheduledexport.dev/export is that export's name (CronJobs, Jobs, pods). */
  ofExport(name: ObjectName): readonly T[]
  all(): Iterable<T>
}
