// Conditions, by the convention that Flux and Argo CD read (kstatus): Reconciling and Stalled are there only while they are True.
import {isTerminal} from '../../crds/history.ts'
import {MAX_CONDITION_MESSAGE, MAX_CONDITION_REASON} from '../../crds/status.ts'
import type {Condition, ConditionType, LastRun} from '../../crds/status.ts'
import {cut} from '../../crds/text.ts'
import {seconds} from './job-run.ts'
import {IMAGE_PULL} from './pods.ts'
import type {Blockage} from './pods.ts'

/** Why the operator cannot do what the spec says until a person changes something. */
export interface Stall {
  /** One CamelCase word: InvalidSpec, ScheduleNeverFires, CronJobNotOwned … */
  readonly reason: string
  readonly message: string
}

/** Why the CronJob is not as wanted yet although the spec is fine. */
export type Progress = Stall

export interface Facts {
  readonly stall: Stall | undefined
  /** undefined when the CronJob is as wanted. */
  readonly progress: Progress | undefined
  readonly suspended: boolean
  /** The newest run that has ended. */
  readonly lastEnded: LastRun | undefined
  readonly blockage: (Blockage & {readonly job: string}) | undefined
}

interface Wanted {
  readonly type: ConditionType
  readonly status: Condition['status']
  readonly reason: string
  readonly message: string
}

/** The conditions of an export; a condition that says the same as before keeps its transition time. */
export function conditionsOf(facts: Facts, previous: readonly Condition[], {generation, now}: {generation: number; now: Date}): Condition[] {
  return wanted(facts).map((fresh) => {
    const before = previous.find(({type}) => type === fresh.type)
    const want = isSamePull(before, fresh) ? {...fresh, message: before.message} : fresh
    const lastTransitionTime = before?.status === want.status ? before.lastTransitionTime : seconds(now)
    const [reason, message] = [cut(want.reason, MAX_CONDITION_REASON) || 'Unknown', cut(want.message, MAX_CONDITION_MESSAGE)]
    return {...want, observedGeneration: generation, lastTransitionTime, reason, message}
  })
}

/** The message of a failing image pull changes with every attempt: the first one stays, or status would be written every minute. */
function isSamePull(before: Condition | undefined, {type, reason, message}: Wanted): before is Condition {
  return type === 'RunBlocked' && reason === IMAGE_PULL && before?.reason === IMAGE_PULL && subject(before.message) === subject(message)
}

/** "Job x" of "Job x: message". */
function subject(message: string): string {
  return message.slice(0, message.indexOf(':'))
}

function wanted(facts: Facts): Wanted[] {
  return [ready(facts), ...abnormal(facts), ...lastRun(facts.lastEnded), ...blocked(facts)]
}

function ready({stall, progress, suspended}: Facts): Wanted {
  if (stall !== undefined) return {type: 'Ready', status: 'False', ...stall}
  if (progress !== undefined) return {type: 'Ready', status: 'False', ...progress}
  return suspended
    ? {type: 'Ready', status: 'True', reason: 'Suspended', message: 'no scheduled run will start until spec.suspend is false'}
    : {type: 'Ready', status: 'True', reason: 'Scheduled', message: 'the CronJob is as the spec says'}
}

function abnormal({stall, progress}: Facts): Wanted[] {
  if (stall !== undefined) return [{type: 'Stalled', status: 'True', ...stall}]
  if (progress !== undefined) return [{type: 'Reconciling', status: 'True', ...progress}]
  return []
}

/** A failed run never makes Ready false: a roll-out of manifests did not fail because a database was down. */
function lastRun(run: LastRun | undefined): Wanted[] {
  if (run === undefined || !isTerminal(run.phase)) return []
  const succeeded = run.phase === 'Completed' || run.phase === 'Skipped'
  const message = run.error === undefined ? `run ${run.name}: ${run.phase}` : `run ${run.name}: ${run.error.message}`
  return [{type: 'LastRunSucceeded', status: succeeded ? 'True' : 'False', reason: run.error?.code ?? run.phase, message}]
}

function blocked({blockage}: Facts): Wanted[] {
  if (blockage === undefined) return []
  return [{type: 'RunBlocked', status: 'True', reason: blockage.reason, message: `Job ${blockage.job}: ${blockage.message}`}]
}
