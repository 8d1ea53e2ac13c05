// Puts a run into status.history and status.lastRun. The operator writes there too, so each patch carries the version it was made from.
import {findRun, runStatusPatch, withRun} from '../../crds/history.ts'
import type {RunKey} from '../../crds/history.ts'
import type {LastRun, RunStatus} from '../../crds/status.ts'
import type {Clock} from '../clock.ts'
import type {Answer, ExportApi} from './api.ts'

export interface Patience {
  /** How long to go on trying. */
  readonly milliseconds: number
  /** Ends the trying early. */
  readonly stop?: AbortSignal
}

export interface Reporter {
  /** What status knows of this run; undefined where it knows nothing or cannot be read. */
  known(patience: Patience): Promise<LastRun | undefined>
  /** Puts the run in. Never rejects: the operator repairs from the termination message what could not be said. */
  report(run: LastRun, patience: Patience): Promise<void>
}

/** For a run without a cluster. */
export const silentReporter: Reporter = {known: async () => undefined, report: async () => undefined}

export interface ReporterOptions {
  readonly api: ExportApi
  /** The run that this pod is. */
  readonly run: RunKey
  /** UID of the export that the run belongs to: a later one of the same name is told nothing. */
  readonly exportUid: string | undefined
  readonly historyLimit: number
  readonly log: {info(fields: object, message: string): void; warn(fields: object, message: string): void}
  readonly clock: Clock
}

/** Of one request. */
const TIMEOUT_MS = 10_000
const FIRST_WAIT_MS = 250
const LONGEST_WAIT_MS = 10_000

interface Resource {
  readonly metadata?: {readonly resourceVersion?: string; readonly uid?: string}
  readonly status?: RunStatus
}

export function createReporter(options: ReporterOptions): Reporter {
  const {api, run: key} = options
  return {
    known: (patience) =>
      retried(options, patience, async (signal) => {
        const resource = resourceIn(await api.read(signal), options)
        return resource && findRun(resource.status, key)
      }),
    report: (run, patience) => retried(options, patience, (signal) => put(run, options, signal)),
  }
}

/** Reads, puts the run in, patches. */
async function put(run: LastRun, options: ReporterOptions, signal: AbortSignal): Promise<void> {
  const resource = resourceIn(await options.api.read(signal), options)
  if (resource === undefined) return
  const before = resource.status ?? {}
  const after = withRun(before, run, options.historyLimit)
  if (after === before) return
  const patch = {metadata: {resourceVersion: resource.metadata?.resourceVersion}, status: runStatusPatch(before, after)}
  check(await options.api.patchStatus(patch, signal))
}

/** undefined where the export has been deleted, or made anew: there is nobody to report to, and the run goes on all the same. */
function resourceIn(answer: Answer, {log, exportUid}: ReporterOptions): Resource | undefined {
  const resource = answer.code === 404 ? undefined : bodyOf(answer)
  if (resource !== undefined && (exportUid === undefined || resource.metadata?.uid === exportUid)) return resource
  log.info({}, 'the ScheduledExport is gone: nothing to report to')
  return undefined
}

function bodyOf(answer: Answer): Resource {
  check(answer)
  return typeof answer.body === 'object' && answer.body !== null ? answer.body : {}
}

function check({code, body}: Answer): void {
  if (code >= 200 && code < 300) return
  const message = typeof body === 'object' && body !== null && 'message' in body ? String(body.message) : ''
  throw new Error(`the API server answered ${code}${message === '' ? '' : `: ${message.slice(0, 500)}`}`)
}

/**
 * Tries again with growing waits, whatever the fault: a conflict, an outage, a right that is on its way (a new RoleBinding takes a
 * moment to count), a policy that is about to change.
 */
async function retried<T>(
  {log, clock}: ReporterOptions,
  {milliseconds, stop}: Patience,
  attempt: (signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  const end = clock.now().getTime() + milliseconds
  for (let wait = FIRST_WAIT_MS; ; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
    const timeout = AbortSignal.timeout(Math.min(TIMEOUT_MS, milliseconds))
    try {
      return await attempt(stop === undefined ? timeout : AbortSignal.any([timeout, stop]))
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      if (stop?.aborted === true || clock.now().getTime() + wait >= end) {
        log.warn({reason}, 'the API server could not be asked or told; the operator reads the termination message')
        return undefined
      }
      log.warn({reason, retryInMs: wait}, 'asking or telling the API server failed, trying again')
      await clock.sleep(wait, stop)
    }
  }
}
