// Events about exports. An event's name is made from what it says: writing it a second time, also after a restart, finds it there.
import {createHash} from 'node:crypto'
import {API_VERSION, KIND, OPERATOR_FIELD_MANAGER} from '../crds/names.ts'
import {sleep} from './clock.ts'
import type {Clock} from './clock.ts'
import {createBackoff} from './kube/backoff.ts'
import {isApiError, messageOf, policyOf} from './kube/errors.ts'
import {EVENTS} from './kube/resources.ts'
import type {Event} from './kube/resources.ts'
import type {KubeApi} from './kube/types.ts'
import type {EventInput, EventRecorder, Logger} from './reconcile/types.ts'

export interface RecorderOptions {
  readonly api: Pick<KubeApi, 'create'>
  /** Which replica: the pod's name. */
  readonly instance: string
  readonly clock: Clock
  readonly log: Logger
  readonly onDropped?: () => void
  readonly random?: () => number
}

export interface Recorder extends EventRecorder {
  /** Stops once everything recorded is written, or the signal aborts. */
  stop(signal: AbortSignal): Promise<void>
}

/** Start and end of 10,000 runs of one slot. More than that waiting means that the API server takes no events: the newest are dropped. */
const MAX_WAITING = 20_000
/** Names known to be written: a reconcile says the same again and again, and that must cost no request. */
const MAX_KNOWN = 40_000
/** Written at a time; the events of one export one after the other, so that they stand in their order. */
const LANES = 4
const MAX_ATTEMPTS = 8
/** Of the API server, in bytes. */
const MAX_NOTE_BYTES = 1024

interface Waiting {
  readonly event: Event
  readonly onDropped: (() => void) | undefined
}

interface Lane {
  readonly waiting: Queue<Waiting>
  writing: Promise<void> | undefined
}

export function createRecorder(options: RecorderOptions): Recorder {
  const lanes = Array.from({length: LANES}, (): Lane => ({waiting: createFifo(), writing: undefined}))
  const known = new Set<string>()
  const stopping = new AbortController()

  function record(input: EventInput, onDropped?: () => void): boolean {
    try {
      const event = eventOf(input, options)
      const id = idOf(event)
      if (known.has(id)) return true
      if (lanes.reduce((sum, {waiting}) => sum + waiting.size(), 0) >= MAX_WAITING) {
        options.onDropped?.()
        return false
      }
      remember(known, id)
      const lane = laneOf(input.regarding.metadata.uid ?? '')
      lane.waiting.push({event, onDropped})
      lane.writing ??= drain(lane)
      return true
    } catch (error) {
      options.log.error({reason: input.reason, error: messageOf(error)}, 'an event could not be made')
      // Again, it would be no better.
      return true
    }
  }

  function laneOf(uid: string): Lane {
    return lanes[createHash('sha256').update(uid).digest().readUInt8() % LANES]!
  }

  async function drain(lane: Lane): Promise<void> {
    for (let next = lane.waiting.shift(); next !== undefined; next = lane.waiting.shift()) {
      if (await write(options, next.event, stopping.signal)) continue
      // Dropped, it gets another chance when it is recorded again.
      known.delete(idOf(next.event))
      next.onDropped?.()
    }
    lane.writing = undefined
  }

  function giveUp(): void {
    for (const {waiting} of lanes) waiting.clear()
    stopping.abort()
  }

  async function stop(signal: AbortSignal): Promise<void> {
    if (signal.aborted) giveUp()
    signal.addEventListener('abort', giveUp, {once: true})
    await Promise.all(lanes.flatMap(({writing}) => writing ?? []))
    signal.removeEventListener('abort', giveUp)
  }

  return {record, stop}
}

/** Whether the event is there now. */
async function write(options: RecorderOptions, event: Event, signal: AbortSignal): Promise<boolean> {
  const {api, clock, log, onDropped, random = Math.random} = options
  const backoff = createBackoff({initialMs: 500, maxMs: 30_000, random})
  for (let attempt = 1; !signal.aborted; attempt++) {
    try {
      await api.create(EVENTS, event)
      return true
    } catch (error) {
      // The same event, written before: by us, by the leader before us, or by a request whose answer was lost.
      if (isApiError(error, 'alreadyExists')) return true
      // Nor does one wait for a right: other namespaces' events stand behind it.
      if (policyOf(error).retry !== 'backoff' || isApiError(error, 'forbidden') || attempt === MAX_ATTEMPTS) {
        onDropped?.()
        log.warn({event: event.reason, namespace: event.metadata?.namespace, error: messageOf(error)}, 'an event could not be written')
        return false
      }
      await sleep(clock, backoff.next(isApiError(error) ? error.retryAfterMs : undefined), signal)
    }
  }
  return false
}

function eventOf(input: EventInput, {instance, clock}: RecorderOptions): Event {
  const {regarding, reason, type, message, dedupeKey} = input
  const {namespace = '', name, uid = ''} = regarding.metadata
  const digest = createHash('sha256').update(JSON.stringify([uid, reason, dedupeKey])).digest('hex')
  return {
    // As client-go names them: the object, a dot, hexadecimal digits.
    metadata: {namespace, name: `${name}.${digest.slice(0, 16)}`},
    eventTime: new Date(clock.now()).toISOString().replace('Z', '000Z'),
    reportingController: OPERATOR_FIELD_MANAGER,
    reportingInstance: instance.slice(0, 128),
    action: 'Reconcile',
    reason,
    type,
    note: cutToBytes(message, MAX_NOTE_BYTES),
    regarding: {apiVersion: API_VERSION, kind: KIND, namespace, name, uid},
  }
}

interface Queue<T> {
  push(item: T): void
  shift(): T | undefined
  size(): number
  clear(): void
}

/** An array's own shift moves all the others: with 20,000 that is felt. */
function createFifo<T>(): Queue<T> {
  const items = new Set<T>()
  return {
    push: (item) => items.add(item),
    shift: () => {
      for (const item of items) {
        items.delete(item)
        return item
      }
      return undefined
    },
    size: () => items.size,
    clear: () => {
      items.clear()
    },
  }
}

function idOf(event: Event): string {
  return `${event.metadata?.namespace}/${event.metadata?.name}`
}

function remember(known: Set<string>, id: string): void {
  known.add(id)
  if (known.size <= MAX_KNOWN) return
  const [oldest] = known
  if (oldest !== undefined) known.delete(oldest)
}

/** At most so many bytes of UTF-8, never half a character. */
function cutToBytes(text: string, limit: number): string {
  if (Buffer.byteLength(text) <= limit) return text
  const room = limit - Buffer.byteLength('…')
  let cut = text.slice(0, room)
  while (Buffer.byteLength(cut) > room) cut = cut.slice(0, -1)
  // A surrogate pair may have been cut in two.
  return `${cut.replace(/[\uD800-\uDBFF]$/, '')}…`
}
