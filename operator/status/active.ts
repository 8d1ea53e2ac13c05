// Runs without a result: their Jobs, and those that vanished. status.active is the operator's memory of Jobs that may be deleted any time.
import {findRun, isTerminal, withRun} from '../../crds/history.ts'
import type {SlotOverride} from '../../crds/run.ts'
import {manualSlot, scheduledSlot} from '../../crds/slot.ts'
import type {ActiveRun, RunStatus, ScheduledExportStatus, Trigger} from '../../crds/status.ts'
import type {ExportIdentity} from '../desired/metadata.ts'
import type {Job} from '../kube/resources.ts'
import {endOf} from './job-end.ts'
import {runOfJob} from './job-run.ts'

/** How often a Job that vanished is made again before the run counts as failed: something keeps deleting it. */
export const MAX_RESTARTS = 3

/** What tells a run that is over from one that is not. */
export interface RunsContext {
  readonly identity: ExportIdentity
  readonly status: Pick<ScheduledExportStatus, 'history' | 'lastRun' | 'active'>
  readonly historyLimit: number
}

/** Whether history has that run's result. */
export function isRecorded(status: RunStatus, jobName: string): boolean {
  const run = findRun(status, jobName)
  return run !== undefined && isTerminal(run.phase)
}

/**
 * Whether nothing is left to be learned from that Job: history has its result, or is full of newer runs and has no place for it. The
 * latter must not count as "no result", or a short history would have finished slots started again.
 */
export function isHarvested(job: Job, {status, identity, historyLimit}: RunsContext): boolean {
  const name = job.metadata?.name ?? ''
  if (isRecorded(status, name)) return true
  if (endOf(job) === undefined || findRun(status, name) !== undefined) return false
  const {trigger, scheduledTime} = runOfJob(job, identity)
  return withRun(status, {name, trigger, scheduledTime, phase: 'Failed'}, historyLimit) === status
}

/** Jobs without a result: those that are there, and those remembered from before that are not. Stable order: by name. */
export function activeRuns(jobs: readonly Job[], context: RunsContext): ActiveRun[] {
  const {status, identity} = context
  const remembered = new Map((status.active ?? []).map((run) => [run.name, run]))
  const present = jobs
    .filter((job) => !isHarvested(job, context))
    .map((job) => remembered.get(job.metadata?.name ?? '') ?? activeRun(job, identity))
  const vanished = vanishedRuns([...remembered.values()], jobs).filter(({name}) => !isRecorded(status, name))
  return [...present, ...vanished].toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

function activeRun(job: Job, identity: ExportIdentity): ActiveRun {
  const {name = '', uid = ''} = job.metadata ?? {}
  return {name, uid, scheduledTime: runOfJob(job, identity).scheduledTime}
}

/** Active runs whose Job is not there. */
export function vanishedRuns(active: readonly ActiveRun[], jobs: readonly Job[]): ActiveRun[] {
  return active.filter(({name}) => !jobs.some((job) => job.metadata?.name === name))
}

/** What a Job that is made again stands for: the first Job's slot, with the period that its first attempt fixed. */
export function overrideOf(run: ActiveRun, status: RunStatus, identity: ExportIdentity): SlotOverride | undefined {
  const known = findRun(status, run.name)
  const scheduledTime = known?.scheduledTime ?? run.scheduledTime
  if (scheduledTime === undefined) return undefined
  const trigger = triggerOf(run, status, identity)
  const slot = trigger === 'Manual' ? manualSlot(run.uid) : scheduledSlot(identity.namespace, identity.name, new Date(scheduledTime))
  const {periodStart: start, periodEnd: end} = known ?? {}
  return {slot, trigger, scheduledTime, ...(start !== undefined && end !== undefined && {period: {start, end}})}
}

/** What started a run whose Job is not there to be asked. */
export function triggerOf(run: ActiveRun, status: RunStatus, identity: ExportIdentity): Trigger {
  return findRun(status, run.name)?.trigger ?? (isScheduled(run, identity) ? 'Schedule' : 'Manual')
}

function isScheduled({name, scheduledTime}: ActiveRun, identity: ExportIdentity): boolean {
  const minutes = Math.floor(Date.parse(scheduledTime ?? '') / 60_000)
  return name === `${identity.name}-${minutes}`
}
