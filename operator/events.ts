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

/** More than that waiting means that the API server takes no events: the newest are dropped. */
const MAX_WAITING = 1000
/** Names known to be written: a reconcile says the same again and again, and that must cost no request. */
const MAX_KNOWN = 20_000
const MAX_ATTEMPTS = 8
/** Of the API server, in bytes. */
const MAX_NOTE_BYTES = 1024

export function createRecorder(options: RecorderOptions): Recorder {
  const waiting: Event[] = []
  const known = new Set<string>()
  const stopping = new AbortController()
  let writing: Promise<void> | undefined

  function record(input: EventInput): void {
    try {
      const event = eventOf(input, options)
      const id = idOf(event)
      if (known.has(id)) return
      if (waiting.length >= MAX_WAITING) {
        options.onDropped?.()
        return
      }
      remember(known, id)
      waiting.push(event)
      writing ??= drain()
    } catch (error) {
      options.log.error({reason: input.reason, error: messageOf(error)}, 'an event could not be made')
    }
  }

  async function drain(): Promise<void> {
    for (let event = waiting.shift(); event !== undefined; event = waiting.shift()) {
      // Dropped, it gets another chance when it is recorded again.
      if (!(await write(options, event, stopping.signal))) known.delete(idOf(event))
    }
    writing = undefined
  }

  function giveUp(): void {
    waiting.length = 0
    stopping.abort()
  }

  async function stop(signal: AbortSignal): Promise<void> {
    if (signal.aborted) giveUp()
    signal.addEventListener('abort', giveUp, {once: true})
    await writing
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
      if (policyOf(error).retry !== 'backoff' || attempt === MAX_ATTEMPTS) {
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
