// The operator's part of status, from what was found. History and lastRun are not in it: two programs write those.
import {isDeepStrictEqual} from 'node:util'
import {isSameRun, isTerminal} from '../../crds/history.ts'
import type {ScheduledExport} from '../../crds/scheduledexport.ts'
import type {ActiveRun, HistoryEntry, LastRun, OperatorStatus, RunStatus, ScheduledExportStatus} from '../../crds/status.ts'
import {formatLocal} from '../../crds/zone.ts'
import {identityOf} from '../desired/metadata.ts'
import type {CronJob, Job} from '../kube/resources.ts'
import {conditionsOf} from './conditions.ts'
import type {Facts} from './conditions.ts'
import {runOfJob} from './job-run.ts'

export interface StatusInput {
  readonly resource: ScheduledExport
  readonly runs: RunStatus
  readonly cronJob: CronJob | undefined
  readonly jobs: readonly Job[]
  readonly active: readonly ActiveRun[]
  /** The next scheduled run; undefined where there is none. */
  readonly nextRun: Date | undefined
  readonly facts: Omit<Facts, 'lastEnded'>
  readonly now: Date
}

/** What the operator applies to the status subresource. */
export function operatorStatus(input: StatusInput): OperatorStatus {
  const {resource, runs, cronJob, active, nextRun, facts, now} = input
  const generation = resource.metadata.generation ?? 0
  const lastEnded = newestEnded(runs)
  const lastScheduleTime = lastSlot(input)
  const lastSuccessTime = lastSuccess(runs) ?? resource.status?.lastSuccessTime
  return {
    observedGeneration: generation,
    conditions: conditionsOf({...facts, lastEnded}, resource.status?.conditions ?? [], {generation, now}),
    ...(cronJob?.spec !== undefined && {effectiveSchedule: cronJob.spec.schedule}),
    ...(nextRun !== undefined && {nextRunTime: formatLocal(nextRun, resource.spec.timeZone)}),
    ...(lastScheduleTime !== undefined && {lastScheduleTime}),
    ...(lastSuccessTime !== undefined && {lastSuccessTime}),
    ...(active.length > 0 && {active: [...active]}),
  }
}

/** From Jobs and history, not from the CronJob: its lastScheduleTime is moved by us where past slots must not start. */
function lastSlot({resource, runs, jobs}: StatusInput): string | undefined {
  const identity = identityOf(resource)
  const started: Pick<HistoryEntry, 'trigger' | 'scheduledTime'>[] = jobs.map((job) => runOfJob(job, identity))
  const slots = started.concat(runs.history ?? []).flatMap(({trigger, scheduledTime}) => (trigger === 'Schedule' ? [scheduledTime] : []))
  return [...slots, resource.status?.lastScheduleTime].filter((time) => time !== undefined).toSorted().at(-1)
}

function newestEnded({history, lastRun}: RunStatus): LastRun | undefined {
  const newest = history?.find(({phase}) => isTerminal(phase))
  return lastRun !== undefined && newest !== undefined && isSameRun(lastRun, newest) ? lastRun : newest
}

/** The latest completion in history; older ones may have left it, so the status before is kept where there is none. */
function lastSuccess({history}: RunStatus): string | undefined {
  const times = (history ?? []).flatMap(({phase, completedAt}) => (phase === 'Completed' && completedAt !== undefined ? [completedAt] : []))
  return times.toSorted().at(-1)
}

/** Whether the API server has this already: an unchanged world is never written. */
export function isUpToDate(status: ScheduledExportStatus | undefined, wanted: OperatorStatus): boolean {
  const {history: _history, lastRun: _lastRun, ...current} = status ?? {}
  return isDeepStrictEqual(canonical(current), canonical(wanted))
}

/** As JSON has it; conditions are a map by type, whatever their order. */
function canonical(status: OperatorStatus): unknown {
  const conditions = (status.conditions ?? []).toSorted((a, b) => (a.type < b.type ? -1 : 1))
  return JSON.parse(JSON.stringify({...status, conditions})) as unknown
}
