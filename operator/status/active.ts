// Runs without a result: their Jobs, and those that vanished. status.active is the operator's memory of Jobs that may be deleted any time.
import {findRun, isTerminal} from '../../crds/history.ts'
import type {SlotOverride} from '../../crds/run.ts'
import type {ActiveRun, RunStatus} from '../../crds/status.ts'
import type {ExportIdentity} from '../desired/metadata.ts'
import type {Job} from '../kube/resources.ts'
import {runOfJob} from './job-run.ts'
import {manualSlot, scheduledSlot} from '../../crds/slot.ts'

/** How often a Job that vanished is made again before the run counts as failed: something keeps deleting it. */
export const MAX_RESTARTS = 3

/** Whether history has that Job's result. */
export function isHarvested(status: RunStatus, jobName: string): boolean {
  const run = findRun(status, jobName)
  return run !== undefined && isTerminal(run.phase)
}

/** Jobs without a result: those that are there, and those remembered from before that are not. Stable order: by name. */
export function activeRuns(
  jobs: readonly Job[],
  status: RunStatus & {readonly active?: readonly ActiveRun[] | undefined},
  identity: ExportIdentity,
): ActiveRun[] {
  const remembered = new Map((status.active ?? []).map((run) => [run.name, run]))
  const present = jobs.map((job) => remembered.get(job.metadata?.name ?? '') ?? activeRun(job, identity))
  const vanished = [...remembered.values()].filter(({name}) => !jobs.some((job) => job.metadata?.name === name))
  return [...present, ...vanished].filter(({name}) => !isHarvested(status, name)).toSorted((a, b) => (a.name < b.name ? -1 : 1))
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
  const trigger = known?.trigger ?? (isScheduled(run, identity) ? 'Schedule' : 'Manual')
  const slot = trigger === 'Manual' ? manualSlot(run.uid) : scheduledSlot(identity.namespace, identity.name, new Date(scheduledTime))
  const {periodStart: start, periodEnd: end} = known ?? {}
  return {slot, trigger, scheduledTime, ...(start !== undefined && end !== undefined && {period: {start, end}})}
}

function isScheduled({name, scheduledTime}: ActiveRun, identity: ExportIdentity): boolean {
  const minutes = Math.floor(Date.parse(scheduledTime ?? '') / 60_000)
  return name === `${identity.name}-${minutes}`
}
