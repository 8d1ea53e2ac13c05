// A whole run: attempts with backoff, each reported, until one publishes or it is clear that none will.
import {parseDuration} from '../../crds/duration.ts'
import {EXIT} from '../../crds/run.ts'
import type {FrozenExport} from '../../crds/run.ts'
import type {LastRun, RunError} from '../../crds/status.ts'
import type {Published} from '../destinations/types.ts'
import {Rejection, RunFault, TransientFault} from '../errors.ts'
import type {Redact} from '../redact.ts'
import type {Reporter} from '../report/reporter.ts'
import {backoffAfter} from './backoff.ts'
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
  /** What history knew of this run when the program started. */
  readonly known: LastRun | undefined
  /** Made anew for every attempt: a Secret's or a volume's fault may pass. */
  readonly connect: () => Promise<Adapters>
  readonly reporter: Reporter
  /** Keeps the result where the kubelet reads it, before the API server is asked to. */
  readonly lastWords: (run: LastRun) => Promise<void>
  /** Aborted by SIGTERM. */
  readonly stop: AbortSignal
  readonly now: () => Date
  /** Rejects when the signal is aborted. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>
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

/** Never rejects for a fault of the run: the outcome says what happened, and has been reported. */
export async function runExport(input: RunInput): Promise<RunOutcome> {
  const {frozen, known, stop, now} = input
  const startedAt = known?.startedAt === undefined ? now() : new Date(known.startedAt)
  const deadline = startedAt.getTime() + parseDuration(frozen.spec.activeDeadline) - DEADLINE_MARGIN_MS
  const timeout = AbortSignal.timeout(Math.max(1, Math.min(deadline - now().getTime(), 2 ** 31 - 1)))
  const signal = AbortSignal.any([stop, timeout])
  const base = {...entryOf(input), startedAt: instant(startedAt)}
  for (let attempt = (known?.attempts ?? 0) + 1; ; attempt++) {
    const outcome = await tryOnce(input, {base: {...base, attempts: attempt}, signal, timeout})
    if (outcome.kind === 'ended') return outcome
    // An attempt that was cut short does not count; one that had failed before the wait was cut short does.
    if (outcome.kind === 'interrupted') return await interrupted(input, {...outcome.run, attempts: attempt - 1}, timeout)
    if (!(await waitAgain(input, outcome, {attempt, signal}))) return await interrupted(input, outcome.run, timeout)
  }
}

type Base = Omit<LastRun, 'phase'>
interface Tried {
  readonly kind: 'ended' | 'again' | 'interrupted'
  readonly run: LastRun
  readonly published: Published | undefined
  readonly exitCode: number
}

async function tryOnce(input: RunInput, {base, signal, timeout}: {base: Base; signal: AbortSignal; timeout: AbortSignal}): Promise<Tried> {
  const {frozen, identity, reporter, log, progress} = input
  const attempt = base.attempts ?? 1
  log.info({attempt, period: identity.period, slot: identity.slot}, 'attempt started')
  await reporter.report({...base, phase: 'Processing'}, false)
  try {
    signal.throwIfAborted()
    const published = await executeAttempt({frozen, identity, adapters: await input.connect(), signal, progress})
    return await ended(input, {...base, ...resultOf(published), phase: 'Completed'}, {published, exitCode: EXIT.published})
  } catch (error) {
    if (signal.aborted) return {kind: 'interrupted', run: {...base, phase: 'Failed'}, published: undefined, exitCode: timeout.aborted ? EXIT.transient : EXIT.terminated}
    const fault = asFault(error)
    const run: LastRun = {...base, phase: fault instanceof Rejection ? 'Rejected' : 'Failed', error: describe(fault, input)}
    log.warn({attempt, code: fault.code, reason: run.error?.message, transient: fault.transient}, 'attempt failed')
    if (fault.transient && attempt < frozen.spec.retry.attempts) return {kind: 'again', run, published: undefined, exitCode: EXIT.transient}
    return await ended(input, run, {published: undefined, exitCode: fault.transient ? EXIT.transient : EXIT.permanent})
  }
}

/** Last words first: from here on nothing that fails can lose the result. */
async function ended(input: RunInput, run: LastRun, rest: {published: Published | undefined; exitCode: number}): Promise<Tried> {
  const finished = {...run, completedAt: instant(input.now())}
  await input.lastWords(finished)
  await input.reporter.report(finished, true)
  const fields = {phase: run.phase, rows: run.rows, bytes: run.bytes, attempts: run.attempts, error: run.error}
  if (run.phase === 'Completed') input.log.info(fields, 'run ended')
  else input.log.error(fields, 'run ended')
  return {kind: 'ended', run: finished, ...rest}
}

/** Whether the wait was sat out. The wait is told to history, so that a person sees why nothing happens. */
async function waitAgain(input: RunInput, {run}: Tried, {attempt, signal}: {attempt: number; signal: AbortSignal}): Promise<boolean> {
  const wait = backoffAfter(attempt, input.frozen.spec.retry)
  input.log.info({attempt, waitMs: wait}, 'waiting before the next attempt')
  const {error} = run
  await input.reporter.report({...run, phase: 'Pending', ...(error && {error})}, false)
  try {
    await input.sleep(wait, signal)
    return true
  } catch {
    return false
  }
}

/** Our own deadline ends the run; SIGTERM leaves it to the next pod. */
async function interrupted(input: RunInput, run: LastRun, timeout: AbortSignal): Promise<RunOutcome> {
  if (timeout.aborted) {
    const message = `the run did not end within spec.activeDeadline, ${input.frozen.spec.activeDeadline} (one minute is kept for reporting)`
    const error: RunError = {code: 'DeadlineExceeded', message: run.error === undefined ? message : `${message}; last fault: ${run.error.message}`}
    return await ended(input, {...run, phase: 'Failed', error}, {published: undefined, exitCode: EXIT.transient})
  }
  const left: LastRun = {...run, phase: 'Pending'}
  input.log.warn({attempts: run.attempts}, 'told to stop: the run is left to the next pod')
  await input.reporter.report(left, false)
  return {run: left, published: undefined, exitCode: EXIT.terminated}
}

function entryOf({frozen, identity}: RunInput): Base {
  return {
    name: identity.jobName,
    exportId: identity.exportId,
    trigger: identity.trigger,
    scheduledTime: instant(identity.scheduledTime),
    periodStart: identity.period.start,
    periodEnd: identity.period.end,
    generation: frozen.generation,
  }
}

/** lastRun shows at most twenty files; the manifest has them all. */
const FILES_SHOWN = 20

function resultOf({manifest, manifestRef, files}: Published): Pick<LastRun, 'rows' | 'bytes' | 'files' | 'manifest'> {
  return {rows: manifest.rows, bytes: manifest.bytes, files: files.slice(0, FILES_SHOWN), manifest: manifestRef}
}

/** A fault that no adapter named is a bug of ours or of a library: it may pass, and it is said as it is. */
function asFault(error: unknown): RunFault {
  if (error instanceof RunFault) return error
  const message = error instanceof Error ? error.message : String(error)
  return new TransientFault('Unexpected', `unexpected: ${message}`, {cause: error})
}

function describe(fault: RunFault, {redact}: RunInput): RunError {
  const {code, message} = fault.toRunError()
  return {code, message: redact(message)}
}

function instant(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`
}
