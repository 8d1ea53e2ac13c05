// One watch: from a known version until the server ends it, it breaks, or it is silent for so long that it must be dead.
import type {Clock} from '../clock.ts'
import {ApiError, errorOfStatus} from './errors.ts'
import type {StatusBody} from './errors.ts'
import {selectorOf} from './list.ts'
import type {Selection} from './list.ts'
import {collectionPath} from './resources.ts'
import type {Transport} from './transport.ts'
import type {KubeObject} from './types.ts'

export type WatchEvent<T> =
  | {readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK'; readonly object: T}
  | {readonly type: 'ERROR'; readonly object: StatusBody}

export interface WatchOptions {
  readonly resourceVersion: string
  /** What the server is asked to end it after. */
  readonly timeoutSeconds: number
  /** Ended by force after so long without a line. The server sends a bookmark about each minute. */
  readonly silenceMs: number
  readonly clock: Clock
  readonly signal: AbortSignal
}

/** Yields the events; returns when the server ends the watch; throws ApiError (gone, also for an ERROR event) or StalledWatch. */
export async function* watchOnce<T extends KubeObject>(
  transport: Transport,
  selection: Selection<T>,
  options: WatchOptions,
): AsyncGenerator<Exclude<WatchEvent<T>, {type: 'ERROR'}>, void, undefined> {
  const guard = watchdog(options)
  try {
    const lines = transport.stream({
      verb: 'watch',
      resource: selection.resource.plural,
      path: collectionPath(selection.resource, selection.namespace),
      query: {
        ...selectorOf(selection),
        watch: 'true',
        allowWatchBookmarks: 'true',
        resourceVersion: options.resourceVersion,
        timeoutSeconds: String(options.timeoutSeconds),
      },
      signal: guard.signal,
    })
    for await (const line of lines) {
      guard.heard()
      const event: WatchEvent<T> = parseEvent(line)
      if (event.type === 'ERROR') throw errorOfStatus(event.object.code ?? 500, event.object, retryAfterOf(event.object))
      yield event
    }
  } catch (error) {
    throw guard.stalled() ? new StalledWatch(options.silenceMs, error) : error
  } finally {
    guard.stop()
  }
}

/** A watch that was ended by force. */
export class StalledWatch extends Error {
  constructor(silenceMs: number, cause: unknown) {
    super(`the watch was silent for ${silenceMs / 1000} s and was ended`, {cause})
  }
}

interface Watchdog {
  readonly signal: AbortSignal
  heard(): void
  stalled(): boolean
  stop(): void
}

/** One timer for many lines: it looks when the last line came, and waits for the rest of the time. */
function watchdog({clock, silenceMs, signal}: WatchOptions): Watchdog {
  const own = new AbortController()
  let lastHeard = clock.monotonic()
  let stalled = false
  let cancel = clock.after(silenceMs, look)

  function look(): void {
    const left = lastHeard + silenceMs - clock.monotonic()
    if (left > 0) {
      cancel = clock.after(left, look)
      return
    }
    stalled = true
    own.abort()
  }
  function forward(): void {
    own.abort()
  }
  signal.addEventListener('abort', forward, {once: true})
  if (signal.aborted) forward()

  return {
    signal: own.signal,
    heard: () => {
      lastHeard = clock.monotonic()
    },
    stalled: () => stalled,
    stop: () => {
      cancel()
      signal.removeEventListener('abort', forward)
    },
  }
}

function parseEvent<T>(line: string): WatchEvent<T> {
  try {
    const event: WatchEvent<T> = JSON.parse(line)
    return event
  } catch (error) {
    throw new ApiError({class: 'network', message: 'a line of the watch is not JSON', cause: error})
  }
}

function retryAfterOf(status: StatusBody): number | undefined {
  const seconds = status.details?.retryAfterSeconds
  return seconds === undefined ? undefined : seconds * 1000
}
