// Which run a Job is: read from the Job itself, so that it can be told even where the exporter never said a word.
import {ENV} from '../../crds/names.ts'
import type {RunKey} from '../../crds/history.ts'
import {SlotOverride} from '../../crds/run.ts'
import type {FrozenExport} from '../../crds/run.ts'
import {exportIdOf, manualSlot, parseSlotJobName, scheduledSlot} from '../../crds/slot.ts'
import type {Trigger} from '../../crds/status.ts'
import type {ExportIdentity} from '../desired/metadata.ts'
import type {Job} from '../kube/resources.ts'

export interface JobRun {
  readonly trigger: Trigger
  /** Identity of the slot, as the exporter reckons it. */
  readonly slot: string
  /** RFC 3339, UTC, whole seconds. */
  readonly scheduledTime: string
}

/** The run that a Job is: what the operator wrote into it, else the slot of its name, else a person's run of its creation time. */
export function runOfJob(job: Job, identity: ExportIdentity): JobRun {
  const {name = '', uid = '', creationTimestamp} = job.metadata ?? {}
  const override = overrideOf(job)
  if (override !== undefined) return override
  // From the name alone, as its pod reckons it: Kubernetes' annotation with the scheduled time is on the Job only.
  const scheduled = parseSlotJobName(identity.name, name)
  if (scheduled !== undefined) {
    return {trigger: 'Schedule', slot: scheduledSlot(identity.namespace, identity.name, scheduled), scheduledTime: seconds(scheduled)}
  }
  return {trigger: 'Manual', slot: manualSlot(uid), scheduledTime: seconds(new Date(creationTimestamp ?? 0))}
}

/** The key of that Job's run in status. */
export function keyOfJob(job: Job, identity: ExportIdentity): RunKey & {exportId: string} {
  const {namespace, name} = identity
  return {name: job.metadata?.name ?? '', exportId: exportIdOf(namespace, name, runOfJob(job, identity).slot)}
}

/** Whether the CronJob controller made it: not a person, and not the operator for a slot whose first Job vanished. */
export function isMadeByCronJob(job: Job, identity: ExportIdentity): boolean {
  return overrideOf(job) === undefined && runOfJob(job, identity).trigger === 'Schedule'
}

function overrideOf(job: Job): SlotOverride | undefined {
  const value = environmentOf(job, ENV.slot)
  return value === undefined ? undefined : SlotOverride.safeParse(parseJson(value)).data
}

/** Which export, and which generation of its spec, a Job was made from; empty where it does not say. */
export function frozenIn(job: Job): Partial<Pick<FrozenExport, 'uid' | 'generation'>> {
  const frozen = parseJson(environmentOf(job, ENV.export) ?? '')
  return typeof frozen === 'object' && frozen !== null ? frozen : {}
}

function environmentOf(job: Job, name: string): string | undefined {
  return job.spec?.template.spec?.containers[0]?.env?.find((one) => one.name === name)?.value
}

/** undefined for what is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

/** RFC 3339, UTC, without milliseconds: as Kubernetes writes times. */
export function seconds(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`
}
