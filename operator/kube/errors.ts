// Errors of the API server. The class of an error carries its policy: callers switch over it and never compare messages.

/** What kind of answer it was; `network` means that there was none, `terminating` that the namespace is being deleted. */
export type ErrorClass =
  | 'conflict'
  | 'alreadyExists'
  | 'notFound'
  | 'gone'
  | 'invalid'
  | 'unauthorized'
  | 'forbidden'
  | 'terminating'
  | 'tooManyRequests'
  | 'serverError'
  | 'network'

/** The parts of a metav1.Status that matter. */
export interface StatusBody {
  readonly kind?: string
  readonly code?: number
  readonly reason?: string
  readonly message?: string
  readonly details?: {readonly causes?: readonly {readonly reason?: string; readonly field?: string}[]; readonly retryAfterSeconds?: number}
}

export interface ApiErrorInit {
  readonly class: ErrorClass
  readonly message: string
  /** HTTP status; undefined without an answer. */
  readonly code?: number
  /** The Status' reason, such as AlreadyExists. */
  readonly reason?: string
  /** What the server's Retry-After asks for, ms. */
  readonly retryAfterMs?: number
  readonly cause?: unknown
}

/** A request that did not succeed. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly class: ErrorClass
  readonly code: number | undefined
  readonly reason: string | undefined
  readonly retryAfterMs: number | undefined

  constructor(init: ApiErrorInit) {
    super(init.message, init.cause === undefined ? undefined : {cause: init.cause})
    this.class = init.class
    this.code = init.code
    this.reason = init.reason
    this.retryAfterMs = init.retryAfterMs
  }
}

/** How to go on after an error of each class: the one place that says so. */
export interface RetryPolicy {
  /** now: read again and retry; backoff: the same request may succeed later; never: only a change of the world helps. */
  readonly retry: 'now' | 'backoff' | 'never'
  /** At what level it is worth a log line. */
  readonly level: 'debug' | 'warn' | 'error'
}

/** The policy of an error's class. An error that is not an ApiError is a fault of ours: logged as such, retried with backoff. */
export function policyOf(error: unknown): RetryPolicy {
  if (!(error instanceof ApiError)) return {retry: 'backoff', level: 'error'}
  switch (error.class) {
    case 'conflict':
    case 'alreadyExists':
    case 'notFound':
    case 'gone':
      return {retry: 'now', level: 'debug'}
    case 'tooManyRequests':
    case 'serverError':
    case 'network':
      return {retry: 'backoff', level: 'warn'}
    case 'unauthorized':
    case 'forbidden':
      return {retry: 'backoff', level: 'error'}
    case 'terminating':
      return {retry: 'never', level: 'debug'}
    case 'invalid':
      return {retry: 'never', level: 'error'}
    default:
      return error.class satisfies never
  }
}

/** Whether an error is an ApiError of one of these classes. */
export function isApiError(error: unknown, ...classes: readonly ErrorClass[]): error is ApiError {
  return error instanceof ApiError && (classes.length === 0 || classes.includes(error.class))
}

/** The error for an HTTP answer (or a Status in a watch); body is the Status where the server sent one. */
export function errorOfStatus(code: number, body: StatusBody | undefined, retryAfterMs?: number): ApiError {
  const kind = classOf(code, body)
  const what = body?.message ?? body?.reason ?? `the API server answered ${code}`
  return new ApiError({
    class: kind,
    message: what,
    code,
    ...(body?.reason !== undefined && {reason: body.reason}),
    ...(retryAfterMs !== undefined && {retryAfterMs}),
  })
}

/** The error for a request that got no (whole) answer. */
export function networkError(cause: unknown): ApiError {
  return new ApiError({class: 'network', message: `no answer from the API server: ${messageOf(cause)}`, cause})
}

function classOf(code: number, body: StatusBody | undefined): ErrorClass {
  switch (code) {
    case 401:
      return 'unauthorized'
    case 403:
      return body?.details?.causes?.some((cause) => cause.reason === 'NamespaceTerminating') ? 'terminating' : 'forbidden'
    case 404:
      return 'notFound'
    case 409:
      return body?.reason === 'AlreadyExists' ? 'alreadyExists' : 'conflict'
    case 410:
      return 'gone'
    case 408:
    case 429:
      return 'tooManyRequests'
    case 422:
      // An apply that carries the UID of an object that another one has followed: the field cannot change. Without a follower it is a 409.
      return body?.details?.causes?.some((cause) => cause.field === 'metadata.uid') ? 'conflict' : 'invalid'
    default:
      return code >= 500 ? 'serverError' : 'invalid'
  }
}

/** Milliseconds of a Retry-After header (seconds, or an HTTP date); undefined where it says nothing usable. */
export function parseRetryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined || value.trim() === '') return undefined
  const seconds = Number(value)
  const wait = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(value) - now
  return Number.isFinite(wait) ? Math.max(0, wait) : undefined
}

/** The message of whatever was thrown; a code (ECONNRESET) where there is no message. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.message !== '') return error.message
  return 'code' in error ? String(error.code) : error.name
}
