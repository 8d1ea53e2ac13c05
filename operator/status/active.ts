// Runs without a result: their Jobs, and those that vanished. status.active is the operator's memory of Jobs that may be deleted any time.
import {findRun, isSameRun, isTerminal, withRun} from '../../crds/history.ts'
import type {RunKey} from '../../crds/history.ts'
import type {SlotOverride} from '../../crds/run.ts'
import {exportIdOf, manualSlot, parseSlotJobName, scheduledSlot} from '../../crds/slot.ts'
import type {ActiveRun, HistoryEntry, RunStatus, ScheduledExportStatus, Trigger} from '../../crds/status.ts'
import type {ExportIdentity} from '../desired/metadata.ts'
import type {Job} from '../kube/resources.ts'
import {endOf} from './job-end.ts'
import {keyOfJob, runOfJob} from './job-run.ts'

/** How often a Job that vanished is made again before the run counts as failed: something keeps deleting it. */
export const MAX_RESTARTS = 3
const UNKNOWN_UID = '00000000-0000-0000-0000-000000000000'

/** What tells a run that is over from one that is not. */
export interface RunsContext {
  readonly identity: ExportIdentity
  readonly status: Pick<ScheduledExportStatus, 'history' | 'lastRun' | 'active'>
  readonly historyLimit: number
}

/** Whether history has that run's result. */
export function isRecorded(status: RunStatus, key: RunKey): boolean {
  const run = findRun(status, key)
  return run !== undefined && isTerminal(run.phase)
}

/**
 * Whether nothing is left to be learned from that Job: history has its result, or is full of newer runs and has no place for it. The
 * latter must not count as "no result", or a short history would have finished slots started again.
 */
export function isHarvested(job: Job, {status, identity, historyLimit}: RunsContext): boolean {
  const key = keyOfJob(job, identity)
  if (isRecorded(status, key)) return true
  if (endOf(job) === undefined || findRun(status, key) !== undefined) return false
  const {trigger, scheduledTime} = runOfJob(job, identity)
  return withRun(status, {...key, trigger, scheduledTime, phase: 'Failed'}, historyLimit) === status
}

/**
 * Jobs without a result: those that are there, and those remembered that are not: from `active`, and from history, where a scheduled run
 * began and ended its Job while no operator looked. Stable order: by name.
 */
export function activeRuns(jobs: readonly Job[], context: RunsContext): ActiveRun[] {
  const {status, identity} = context
  const {active: remembered = []} = status
  const present = jobs
    .filter((job) => !isHarvested(job, context))
    .map((job) => activeRun(job, remembered.find((run) => isRunOf(job, run, context)), identity))
  const vanished = vanishedRuns(remembered, jobs, context).filter((run) => !isRecorded(status, keyOfActive(run, status, identity)))
  return [...present, ...vanished, ...forgottenRuns(jobs, context)].toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

/**
 * Runs that a person started, of which history has only the beginning, and whose Job is neither there nor remembered: its UID, which is
 * the slot, is lost, so that they cannot be started again.
 */
export function lostRuns(jobs: readonly Job[], context: Omit<RunsContext, 'historyLimit'>): HistoryEntry[] {
  return unremembered(jobs, context).filter(({trigger}) => trigger === 'Manual')
}

/** The like that were scheduled. The UID is of no use for them: their slot is their time. */
function forgottenRuns(jobs: readonly Job[], context: RunsContext): ActiveRun[] {
  return unremembered(jobs, context)
    .filter(({trigger}) => trigger !== 'Manual')
    .map(({name, scheduledTime}) => ({name, uid: UNKNOWN_UID, ...(scheduledTime !== undefined && {scheduledTime})}))
}

function unremembered(jobs: readonly Job[], {status, identity}: Omit<RunsContext, 'historyLimit'>): HistoryEntry[] {
  const {active = [], history = []} = status
  const keys = [...active.map((run) => keyOfActive(run, status, identity)), ...jobs.map((job) => keyOfJob(job, identity))]
  return history.filter((entry) => !isTerminal(entry.phase) && !keys.some((key) => isSameRun(key, entry)))
}

/** A run that was remembered keeps the UID of its first Job, unless nobody saw that one. */
function activeRun(job: Job, known: ActiveRun | undefined, identity: ExportIdentity): ActiveRun {
  if (known !== undefined && known.uid !== UNKNOWN_UID) return known
  const {name = '', uid = ''} = job.metadata ?? {}
  const {trigger, slot, scheduledTime} = runOfJob(job, identity)
  // A manual run's slot is the UID of its first Job, also where this one was made for it again and the first was forgotten.
  return {...known, name, uid: trigger === 'Manual' ? slot : uid, scheduledTime}
}

/** Active runs whose Job is not there; a Job of that name may be another run's by now. */
export function vanishedRuns(active: readonly ActiveRun[], jobs: readonly Job[], context: Omit<RunsContext, 'historyLimit'>): ActiveRun[] {
  return active.filter((run) => !jobs.some((job) => isRunOf(job, run, context)))
}

/** Whether that Job is that run: its first one, or one that was made for its slot again. */
export function isRunOf(job: Job, run: ActiveRun, {status, identity}: Omit<RunsContext, 'historyLimit'>): boolean {
  return run.name === job.metadata?.name && keyOfJob(job, identity).exportId === keyOfActive(run, status, identity).exportId
}

/** The key of that run in history. */
export function keyOfActive(run: ActiveRun, status: RunStatus, identity: ExportIdentity): RunKey & {exportId: string} {
  const slot = slotOf(run, triggerOf(run, status, identity), identity)
  return {name: run.name, exportId: exportIdOf(identity.namespace, identity.name, slot)}
}

function slotOf(run: ActiveRun, trigger: Trigger, {namespace, name}: ExportIdentity): string {
  const time = parseSlotJobName(name, run.name) ?? (run.scheduledTime === undefined ? undefined : new Date(run.scheduledTime))
  return trigger === 'Manual' || time === undefined ? manualSlot(run.uid) : scheduledSlot(namespace, name, time)
}

/** What a Job that is made again stands for: the first Job's slot, with the period that its first attempt fixed. */
export function overrideOf(run: ActiveRun, status: RunStatus, identity: ExportIdentity): SlotOverride | undefined {
  const known = findRun(status, keyOfActive(run, status, identity))
  const scheduledTime = known?.scheduledTime ?? run.scheduledTime
  if (scheduledTime === undefined) return undefined
  const trigger = triggerOf(run, status, identity)
  const slot = slotOf({...run, scheduledTime}, trigger, identity)
  const {periodStart: start, periodEnd: end} = known ?? {}
  return {slot, trigger, scheduledTime, ...(start !== undefined && end !== undefined && {period: {start, end}})}
}

/** What started a run whose Job is not there to be asked. */
export function triggerOf(run: ActiveRun, status: RunStatus, identity: ExportIdentity): Trigger {
  return findRun(status, {name: run.name})?.trigger ?? (parseSlotJobName(identity.name, run.name) === undefined ? 'Manual' : 'Schedule')
}
