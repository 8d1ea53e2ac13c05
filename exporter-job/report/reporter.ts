// Puts a run into status.history and status.lastRun. The operator writes there too, so each patch carries the version it was made from.
import {setTimeout as delay} from 'node:timers/promises'
import {findRun, runStatusPatch, withRun} from '../../crds/history.ts'
import type {LastRun, RunStatus} from '../../crds/status.ts'
import type {Answer, ExportApi} from './api.ts'

export interface Reporter {
  /** What status knows of this Job's run; undefined where it knows nothing or cannot be read. */
  known(): Promise<LastRun | undefined>
  /** Puts the run in. `lasting` tries for minutes (the result), else for seconds (an API outage does not hold up a run). Never rejects. */
  report(run: LastRun, lasting: boolean): Promise<void>
}

/** For a run without a cluster. */
export const silentReporter: Reporter = {known: async () => undefined, report: async () => undefined}

export interface ReporterOptions {
  readonly api: ExportApi
  readonly jobName: string
  readonly historyLimit: number
  readonly log: {warn(fields: object, message: string): void}
  readonly now: () => number
  readonly sleep?: (milliseconds: number) => Promise<void>
}

/** How long to go on trying, ms; the operator repairs from the termination message what could not be said in that time. */
const PATIENCE = {lasting: 180_000, brief: 5_000}
const FIRST_WAIT = 250
const LONGEST_WAIT = 10_000

interface Resource {
  readonly metadata?: {readonly resourceVersion?: string}
  readonly status?: RunStatus
}

export function createReporter(options: ReporterOptions): Reporter {
  return {
    async known() {
      const resource = await retried(options, PATIENCE.brief, async () => asResource(await options.api.read()))
      return resource === undefined ? undefined : findRun(resource.status, options.jobName)
    },
    async report(run, lasting) {
      await retried(options, lasting ? PATIENCE.lasting : PATIENCE.brief, async () => await put(run, options))
    },
  }
}

/** Reads, puts the run in, patches. */
async function put(run: LastRun, {api, historyLimit}: ReporterOptions): Promise<true | undefined> {
  const resource = asResource(await api.read())
  if (resource === undefined) return undefined
  const before = resource.status ?? {}
  const after = withRun(before, run, historyLimit)
  if (after === before) return true
  const answer = await api.patchStatus({
    metadata: {resourceVersion: resource.metadata?.resourceVersion},
    status: runStatusPatch(before, after),
  })
  check(answer)
  return true
}

/** undefined where the export has been deleted: there is nobody to report to. */
function asResource(answer: Answer): Resource | undefined {
  if (answer.code === 404) return undefined
  check(answer)
  return answer.body as Resource
}

function check({code, body}: Answer): void {
  if (code >= 200 && code < 300) return
  const message = typeof body === 'object' && body !== null && 'message' in body ? String(body.message) : ''
  throw new Error(`the API server answered ${code}${message === '' ? '' : `: ${message}`}`)
}

/** Tries again with growing waits, whatever the fault: a conflict, an outage, a policy that is about to change. */
async function retried<T>(options: ReporterOptions, patience: number, attempt: () => Promise<T>): Promise<T | undefined> {
  const {log, now, sleep = delay} = options
  const end = now() + patience
  for (let wait = FIRST_WAIT; ; wait = Math.min(wait * 2, LONGEST_WAIT)) {
    try {
      return await attempt()
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      if (now() + wait >= end) {
        log.warn({reason}, 'the run could not be reported to the API server; the operator reads the termination message')
        return undefined
      }
      log.warn({reason, retryInMs: wait}, 'reporting to the API server failed, trying again')
      await sleep(wait)
    }
  }
}
