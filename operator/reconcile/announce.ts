// Tells people and Prometheus what happened: Events once for each thing, a count once for each run.
import {isTerminal} from '../../crds/history.ts'
import type {ScheduledExport} from '../../crds/scheduledexport.ts'
import type {HistoryEntry, Phase} from '../../crds/status.ts'
import type {Outcome} from './act.ts'
import type {Plan} from './decide.ts'
import type {EventInput, ReconcilerDeps} from './types.ts'

/** An older transition was announced by who saw it then; Kubernetes itself keeps Events for an hour. */
const NEWS_MS = 600_000
/** Events remembered, the oldest dropped first: several for each of 10,000 exports that share a slot. */
const MEMORY = 60_000

/** Remembers what was announced; deterministic Event names make it once across restarts too. */
export type Announcer = (resource: ScheduledExport, facts: {plan: Plan; outcome: Outcome}) => void

/** An announcer with a bounded memory of its own. */
export function createAnnouncer({recorder, metrics, now}: Pick<ReconcilerDeps, 'recorder' | 'metrics' | 'now'>): Announcer {
  const said = createMemory()
  const counted = createMemory()

  function once(event: EventInput): void {
    const key = `${event.regarding.metadata.uid} ${event.reason} ${event.dedupeKey}`
    if (!said.add(key)) return
    // What the recorder drops gets another chance at the next look.
    const forget = () => said.forget(key)
    if (!recorder.record(event, forget)) forget()
  }

  function announceRuns(resource: ScheduledExport): void {
    for (const run of resource.status?.history ?? []) {
      // A Job's name is free again once the Job is gone; the run's ID is not.
      const dedupeKey = run.exportId ?? run.name
      const start = Date.parse(run.startedAt ?? '')
      if (now().getTime() - start < NEWS_MS) once(eventOf(resource, {reason: 'RunStarted', message: `run ${run.name} started`, dedupeKey}))
      const end = Date.parse(run.completedAt ?? '')
      if (!isTerminal(run.phase) || !(now().getTime() - end < NEWS_MS)) continue
      once(eventOf(resource, {...endOf(run), dedupeKey}))
      const {namespace = '', name, uid} = resource.metadata
      if (!counted.add(`${uid} ${run.phase} ${dedupeKey}`)) continue
      metrics.runFinished({namespace, name, phase: run.phase, trigger: run.trigger, ...(!Number.isNaN(start) && {seconds: (end - start) / 1000})})
    }
  }

  return (resource, {plan, outcome}) => {
    const generation = String(resource.metadata.generation ?? 0)
    const {stall, change} = outcome
    if (stall !== undefined) once(eventOf(resource, {type: 'Warning', reason: 'Stalled', message: stall.message, dedupeKey: `${generation} ${stall.reason}`}))
    if (change === 'created') {
      const dedupeKey = outcome.cronJob?.metadata?.uid ?? `${generation} ${now().getTime()}`
      once(eventOf(resource, {reason: 'Created', message: `created CronJob ${plan.identity.name}`, dedupeKey}))
    }
    if (change === 'updated' || change === 'suspended' || change === 'resumed') {
      const dedupeKey = outcome.cronJob?.metadata?.resourceVersion ?? generation
      once(eventOf(resource, {...CHANGES[change], dedupeKey}))
    }
    const {blockage} = plan
    if (blockage !== undefined) {
      const message = `Job ${blockage.job} cannot start: ${blockage.reason}: ${blockage.message}`
      once(eventOf(resource, {type: 'Warning', reason: 'RunBlocked', message, dedupeKey: `${blockage.job} ${blockage.reason}`}))
    }
    announceRuns(resource)
  }
}

interface Memory {
  /** Whether it is new. */
  add(key: string): boolean
  forget(key: string): void
}

function createMemory(): Memory {
  const keys = new Set<string>()
  return {
    add: (key) => {
      if (keys.has(key)) return false
      keys.add(key)
      const [oldest] = keys.size > MEMORY ? keys : []
      if (oldest !== undefined) keys.delete(oldest)
      return true
    },
    forget: (key) => {
      keys.delete(key)
    },
  }
}

const CHANGES = {
  updated: {reason: 'Updated', message: 'brought the CronJob to what the spec says'},
  suspended: {reason: 'Suspended', message: 'no scheduled run will start until spec.suspend is false'},
  resumed: {reason: 'Resumed', message: 'scheduled runs start again; those that were due meanwhile do not'},
} as const

function eventOf(regarding: ScheduledExport, rest: Omit<EventInput, 'regarding' | 'type'> & {type?: EventInput['type']}): EventInput {
  return {type: 'Normal', ...rest, regarding}
}

function endOf(run: HistoryEntry): {type: EventInput['type']; reason: string; message: string} {
  const good = run.phase === 'Completed' || run.phase === 'Skipped'
  const what = run.error === undefined ? `${run.rows ?? 0} rows` : run.error.message
  return {type: good ? 'Normal' : 'Warning', reason: REASONS[run.phase], message: `run ${run.name}: ${what}`}
}

const REASONS: Readonly<Record<Phase, string>> = {
  Pending: 'RunPending',
  Processing: 'RunStarted',
  Completed: 'RunSucceeded',
  Failed: 'RunFailed',
  Skipped: 'RunSkipped',
  Missed: 'RunMissed',
  Rejected: 'RunRejected',
}
