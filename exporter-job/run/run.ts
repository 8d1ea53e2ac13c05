// A whole run: attempts with backoff, each reported, until one publishes or it is clear that none will.
import {parseDuration} from '../../crds/duration.ts'
import {EXIT} from '../../crds/run.ts'
import type {FrozenExport} from '../../crds/run.ts'
import type {LastRun} from '../../crds/status.ts'
import type {Clock} from '../clock.ts'
import {rfc3339} from '../clock.ts'
import type {Published} from '../destinations/types.ts'
import {Rejection, RunFault, TransientFault} from '../errors.ts'
import type {Redact} from '../redact.ts'
import type {Reporter} from '../report/reporter.ts'
import {backoffAfter} from './backoff.ts'
import {startDeadline} from './deadline.ts'
import type {Deadline} from './deadline.ts'
import {executeAttempt} from './execute.ts'
import type {Adapters} from './execute.ts'
import type {RunIdentity} from './identify.ts'

export interface RunLog {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

export interface RunInput {
  readonly frozen: FrozenExport
  readonly identity: RunIdentity
  /** Made anew for every attempt: a Secret's or a volume's fault may pass. */
  readonly connect: () => Promise<Adapters>
  readonly reporter: Reporter
  /** Keeps the result where the kubelet reads it, before the API server is told. */
  readonly lastWords: (run: LastRun) => Promise<void>
  /** Aborted by SIGTERM. */
  readonly stop: AbortSignal
  readonly clock: Clock
  readonly programVersion: string
  readonly progress: (rows: number) => void
  readonly redact: Redact
  readonly log: RunLog
}

export interface RunOutcome {
  readonly run: LastRun
  readonly published: Published | undefined
  readonly exitCode: number
}

/** The Job's own deadline deletes the pod and its last words: ours comes first. */
const DEADLINE_MARGIN_MS = 60_000
/** An outage of the API server does not hold up a run. */
const BRIEFLY_MS = 5_000
/** The result is worth waiting for; but it must be out before the Job's deadline. */
const LASTINGLY_MS = 300_000
const LAST_MOMENTS_MS = 10_000

/** Never rejects for a fault of the run: the outcome says what happened, and has been reported. */
export async function runExport(input: RunInput): Promise<RunOutcome> {
  const {identity, frozen, clock} = input
  const end = identity.startedAt.getTime() + parseDuration(frozen.spec.activeDeadline)
  using deadline = startDeadline(clock, new Date(end - DEADLINE_MARGIN_MS))
  const outcome = await attempts(input, deadline)
  return outcome.exitCode === EXIT.terminated ? handedOver(input, outcome) : ended(input, outcome, end)
}

/** At least one attempt is made, also where earlier pods have used them up: the files may be published, and only the report missing. */
async function attempts(input: RunInput, deadline: Deadline): Promise<RunOutcome> {
  const {frozen, identity, stop, clock, log} = input
  const signal = AbortSignal.any([stop, deadline.signal])
  for (let attempt = identity.earlierAttempts + 1; ; attempt++) {
    const base = {...entryOf(input), attempts: attempt}
    log.info({attempt, period: identity.period, slot: identity.slot}, 'attempt started')
    await input.reporter.report({...base, phase: 'Processing'}, {milliseconds: BRIEFLY_MS})
    const result = await attemptOnce(input, signal)
    if (!(result instanceof RunFault)) return published(base, result)
    // An attempt that was cut short from outside does not count.
    if (result.code === STOPPED) return outcomeOf({...base, attempts: attempt - 1, phase: 'Pending'}, EXIT.terminated)
    const failed = failedRun(base, result, input)
    log.warn({attempt, code: result.code, reason: failed.error?.message, transient: result.transient, ...causeOf(result)}, 'attempt failed')
    if (deadline.signal.aborted) return deadlineExceeded(input, failed)
    if (!result.transient || attempt >= frozen.spec.retry.attempts) return outcomeOf(failed, result.transient ? EXIT.transient : EXIT.permanent)
    const wait = backoffAfter(attempt, frozen.spec.retry)
    log.info({attempt, waitMs: wait}, 'waiting before the next attempt')
    // Told to history too, so that a person sees why nothing happens.
    await input.reporter.report({...failed, phase: 'Pending'}, {milliseconds: BRIEFLY_MS})
    await clock.sleep(wait, signal)
    if (deadline.signal.aborted) return deadlineExceeded(input, failed)
    if (stop.aborted) return outcomeOf({...failed, phase: 'Pending'}, EXIT.terminated)
  }
}

const STOPPED = 'Stopped'

async function attemptOnce(input: RunInput, signal: AbortSignal): Promise<Published | RunFault> {
  const {frozen, identity, programVersion, progress, stop} = input
  try {
    signal.throwIfAborted()
    return await executeAttempt({frozen, identity, adapters: await input.connect(), programVersion, signal, progress})
  } catch (error) {
    if (stop.aborted) return new TransientFault(STOPPED, 'told to stop', {cause: error})
    return asFault(error)
  }
}

/** A fault that no adapter named is a bug of ours or of a library: it may pass, and it is said as it is. */
function asFault(error: unknown): RunFault {
  if (error instanceof RunFault) return error
  const message = error instanceof Error ? error.message : String(error)
  return new TransientFault('Unexpected', `unexpected: ${message}`, {cause: error})
}

/** Of an error that nobody foresaw the log has the stack. The cause of any other may quote rows, which are nobody's business. */
function causeOf(fault: RunFault): {err?: unknown} {
  return fault.code === 'Unexpected' ? {err: fault.cause} : {}
}

function failedRun(base: Base, fault: RunFault, {redact}: RunInput): LastRun {
  const {code, message} = fault.toRunError()
  return {...base, phase: fault instanceof Rejection ? 'Rejected' : 'Failed', error: {code, message: redact(message)}}
}

function deadlineExceeded({frozen}: RunInput, {error, ...failed}: LastRun): RunOutcome {
  const last = error === undefined || error.code === 'DeadlineExceeded' ? '' : `; last fault: ${error.code}: ${error.message}`
  const message = `the run did not end within spec.activeDeadline, ${frozen.spec.activeDeadline}, of which the last minute is kept for reporting${last}`
  return outcomeOf({...failed, phase: 'Failed', error: {code: 'DeadlineExceeded', message: message.slice(0, 2048)}}, EXIT.transient)
}

function outcomeOf(run: LastRun, exitCode: number): RunOutcome {
  return {run, published: undefined, exitCode}
}

/** lastRun shows at most twenty files; the manifest has them all. */
const FILES_SHOWN = 20

function published(base: Base, result: Published): RunOutcome {
  const {manifest, manifestRef, files} = result
  const {rows, bytes} = manifest
  const run: LastRun = {...base, phase: 'Completed', rows, bytes, files: files.slice(0, FILES_SHOWN), manifest: manifestRef}
  return {run, published: result, exitCode: EXIT.published}
}

/** Last words first: from here on nothing that fails can lose the result. */
async function ended(input: RunInput, outcome: RunOutcome, end: number): Promise<RunOutcome> {
  const {reporter, clock, log, stop} = input
  const run = {...outcome.run, completedAt: rfc3339(clock.now())}
  await input.lastWords(run)
  const {phase, rows, bytes, attempts: made, error} = run
  log[phase === 'Completed' ? 'info' : 'error']({phase, rows, bytes, attempts: made, error}, 'run ended')
  const left = end - clock.now().getTime() - LAST_MOMENTS_MS
  const lastingly = {milliseconds: Math.max(BRIEFLY_MS, Math.min(left, LASTINGLY_MS)), stop}
  await reporter.report(run, stop.aborted ? {milliseconds: BRIEFLY_MS} : lastingly)
  return {...outcome, run}
}

/** The run is left to the next pod. No last words: the operator takes them for a result. */
async function handedOver({reporter, log}: RunInput, outcome: RunOutcome): Promise<RunOutcome> {
  log.warn({attempts: outcome.run.attempts}, 'told to stop: the run is left to the next pod')
  await reporter.report(outcome.run, {milliseconds: BRIEFLY_MS})
  return outcome
}

type Base = Omit<LastRun, 'phase'>

function entryOf({frozen, identity}: RunInput): Base {
  return {
    name: identity.jobName,
    exportId: identity.exportId,
    trigger: identity.trigger,
    scheduledTime: rfc3339(identity.scheduledTime),
    startedAt: rfc3339(identity.startedAt),
    periodStart: identity.period.start,
    periodEnd: identity.period.end,
    generation: frozen.generation,
  }
}
