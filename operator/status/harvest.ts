// The result of a run that its exporter could not report: from its last words, else from what Kubernetes says of Job and pods.
import {isTerminal} from '../../crds/history.ts'
import type {LastRun, RunError} from '../../crds/status.ts'
import type {ExportIdentity} from '../desired/metadata.ts'
import type {Job, Pod} from '../kube/resources.ts'
import {endOf} from './job-end.ts'
import {frozenIn, keyOfJob, runOfJob, seconds} from './job-run.ts'
import type {JobRun} from './job-run.ts'
import {blockageOf, causeOfDeath, lastWords, newestFirst} from './pods.ts'

const PODS_MAY_LAG_MS = 10_000

export interface HarvestContext {
  readonly identity: ExportIdentity
  /** What history has of this Job's run. */
  readonly known: LastRun | undefined
  readonly now: Date
  /** ms that a pod may be Pending. */
  readonly podPendingAfter: number
}

/**
 * The result of a Job that has ended, from its pods read live: a cache that lags would have it end without a word, and what is over stays
 * over. undefined where history has the result, or the pods' last words are still to come.
 */
export function harvest(job: Job, pods: readonly Pod[], context: HarvestContext): LastRun | undefined {
  const {known} = context
  if (known !== undefined && isTerminal(known.phase)) return undefined
  if (isAheadOfPods(job, pods, context.now)) return undefined
  const words = lastWords(pods)
  if (words !== undefined && isTerminal(words.entry.phase)) {
    const {entry, files, manifest} = words
    return {...entry, ...keyOfJob(job, context.identity), ...(files && {files}), ...(manifest && {manifest})}
  }
  return fromKubernetes(job, pods, context)
}

/**
 * Whether a Job has just ended before its pods: last words that are on their way must not be taken for none. Not for longer than a
 * moment: a pod on a lost node never says that it ended.
 */
export function isAheadOfPods(job: Job, pods: readonly Pod[], now: Date): boolean {
  const at = Date.parse(endOf(job)?.at ?? '')
  return Math.abs(now.getTime() - at) < PODS_MAY_LAG_MS && pods.some(({status}) => status?.phase === 'Running' || status?.phase === 'Pending')
}

/** A run whose pod cannot start gets an entry, with the kubelet's reason; undefined where it can, or has one that says so. */
export function blockedRun(job: Job, pods: readonly Pod[], {identity, known, now, podPendingAfter}: HarvestContext): LastRun | undefined {
  if (known !== undefined && isTerminal(known.phase)) return undefined
  const [pod] = newestFirst(pods)
  const blockage = pod === undefined ? undefined : blockageOf(pod, now, podPendingAfter)
  if (blockage === undefined) return undefined
  const error = {code: blockage.reason, message: blockage.message}
  if (known?.error?.code === error.code) return undefined
  return {...base(job, identity), ...attempts(known), phase: 'Pending', error}
}

function fromKubernetes(job: Job, pods: readonly Pod[], {identity, known, now}: HarvestContext): LastRun | undefined {
  const end = endOf(job)
  if (end === undefined) return undefined
  const completedAt = end.at ?? job.status?.completionTime ?? seconds(now)
  const entry = {...base(job, identity), ...attempts(known), completedAt}
  if (!end.failed) return {...entry, phase: 'Completed'}
  return {...entry, phase: 'Failed', error: errorOf(job, pods, {end, known})}
}

function errorOf(
  job: Job,
  pods: readonly Pod[],
  {end, known}: {end: {reason: string; message: string}; known: LastRun | undefined},
): RunError {
  const cause = causeOfDeath(pods)
  if (end.reason !== 'DeadlineExceeded') {
    return cause ?? {code: end.reason || 'JobFailed', message: end.message || 'the Job failed without a reason'}
  }
  const limit = job.spec?.activeDeadlineSeconds ?? 0
  const why = known?.phase === 'Pending' ? known.error : cause
  const because = why === undefined ? '' : ` (${why.code}: ${why.message})`
  return {code: 'DeadlineExceeded', message: `the run did not end within ${limit} s, spec.activeDeadline${because}`}
}

function base(job: Job, identity: ExportIdentity): Omit<LastRun, 'phase'> {
  const run: JobRun = runOfJob(job, identity)
  const {generation} = frozenIn(job)
  return {
    ...keyOfJob(job, identity),
    trigger: run.trigger,
    scheduledTime: run.scheduledTime,
    ...(job.status?.startTime !== undefined && {startedAt: job.status.startTime}),
    ...(generation !== undefined && {generation}),
  }
}

function attempts(known: LastRun | undefined): {attempts?: number} {
  return known?.attempts === undefined ? {} : {attempts: known.attempts}
}
