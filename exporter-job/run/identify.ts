// Which run this is: its slot, its time, its period. All attempts at a run agree on them, whatever pod they run in.
import {periodOf} from '../../crds/period.ts'
import {isSameRun} from '../../crds/history.ts'
import type {RunKey} from '../../crds/history.ts'
import type {FrozenExport, LocalPeriod, SlotOverride} from '../../crds/run.ts'
import {exportIdOf, manualSlot, parseSlotJobName, scheduledSlot} from '../../crds/slot.ts'
import type {LastRun, Trigger} from '../../crds/status.ts'

export interface RunIdentity {
  readonly jobName: string
  readonly slot: string
  readonly exportId: string
  readonly trigger: Trigger
  /** The slot's time; a manual run's is that of its first attempt. */
  readonly scheduledTime: Date
  readonly period: LocalPeriod
  /** Attempts that earlier pods have made. */
  readonly earlierAttempts: number
  /** When the first attempt began: spec.activeDeadline is reckoned from it. */
  readonly startedAt: Date
}

export interface RunFacts {
  readonly frozen: FrozenExport
  readonly jobName: string
  readonly jobUid: string
  /** What the operator wrote into a Job of its own making. */
  readonly override: SlotOverride | undefined
  /** What an earlier attempt, or the operator, put into history. */
  readonly known: LastRun | undefined
  readonly now: Date
}

/** The run's key in status. Everything it is made from is known before anybody is asked. */
export function keyOfRun(facts: Omit<RunFacts, 'known'>): RunKey {
  const {slot} = slotOf({...facts, known: undefined})
  return {name: facts.jobName, exportId: exportIdOf(facts.frozen.namespace, facts.frozen.name, slot)}
}

/** The run's identity, from what the operator said, else from the Job's name, else from what the first attempt fixed, else from now. */
export function identifyRun(facts: RunFacts): RunIdentity {
  const {frozen, jobName, override, now} = facts
  // An earlier Job of this name, made by a person, was another run: its time and period are not ours.
  const known = facts.known !== undefined && isSameRun(facts.known, keyOfRun(facts)) ? facts.known : undefined
  const {slot, trigger, scheduledTime} = slotOf({...facts, known})
  const period = override?.period ?? knownPeriod(known) ?? periodOf(frozen.spec.period, frozen.spec.timeZone, scheduledTime)
  // A Job that the operator made anew has its whole time again, although history remembers the first one's start.
  const startedAt = override === undefined ? instant(known?.startedAt) : undefined
  return {
    jobName,
    slot,
    exportId: exportIdOf(frozen.namespace, frozen.name, slot),
    trigger,
    scheduledTime,
    period,
    earlierAttempts: known?.attempts ?? 0,
    startedAt: startedAt ?? now,
  }
}

function slotOf({frozen, jobName, jobUid, override, known, now}: RunFacts): Pick<RunIdentity, 'slot' | 'trigger' | 'scheduledTime'> {
  if (override !== undefined) return {slot: override.slot, trigger: override.trigger, scheduledTime: instant(override.scheduledTime) ?? now}
  const scheduled = parseSlotJobName(frozen.name, jobName)
  if (scheduled !== undefined) {
    return {slot: scheduledSlot(frozen.namespace, frozen.name, scheduled), trigger: 'Schedule', scheduledTime: scheduled}
  }
  const fixed = instant(known?.scheduledTime) ?? now
  return {slot: manualSlot(jobUid), trigger: 'Manual', scheduledTime: new Date(Math.floor(fixed.getTime() / 1000) * 1000)}
}

function knownPeriod(known: LastRun | undefined): LocalPeriod | undefined {
  const {periodStart: start, periodEnd: end} = known ?? {}
  return start === undefined || end === undefined ? undefined : {start, end}
}

function instant(text: string | undefined): Date | undefined {
  const time = new Date(text ?? '')
  return Number.isNaN(time.getTime()) ? undefined : time
}
