// What should be done about the world, decided purely: no request, no clock, no log.
import {z} from 'zod'
import {findRun} from '../../crds/history.ts'
import type {ScheduledExport} from '../../crds/scheduledexport.ts'
import {documentTemplates} from '../../crds/formats/datev-documents.ts'
import {sourcePaths} from '../../crds/source.ts'
import {ScheduledExportSpec} from '../../crds/spec.ts'
import type {ActiveRun, HistoryEntry, LastRun} from '../../crds/status.ts'
import {checkTemplate} from '../../crds/template.ts'
import {desiredCronJob} from '../desired/cron-job.ts'
import {isApplied, stamped} from '../desired/drift.ts'
import {identityOf} from '../desired/metadata.ts'
import type {ExportIdentity} from '../desired/metadata.ts'
import {desiredRoleBinding, desiredServiceAccount} from '../desired/runner-access.ts'
import type {CronJob, Job, Pod, RoleBinding, ServiceAccount} from '../kube/resources.ts'
import {nextRuns} from '../schedule/cron.ts'
import {activeRuns, isHarvested, lostRuns, vanishedRuns} from '../status/active.ts'
import type {RunsContext} from '../status/active.ts'
import type {Stall} from '../status/conditions.ts'
import {blockedRun} from '../status/harvest.ts'
import {endOf} from '../status/job-end.ts'
import {isMadeByCronJob, keyOfJob} from '../status/job-run.ts'
import {blockageOf, blockedFrom, newestFirst} from '../status/pods.ts'
import type {Blockage} from '../status/pods.ts'
import type {World} from './gather.ts'

/** Harvested Jobs that stay for a person to look at; the CronJob's own limits are higher, so that none goes before it was harvested. */
export const HARVESTED_JOBS_KEPT = 3
/** Looking a moment after the slot, when Kubernetes has started it. */
const AFTER_SLOT_MS = 2_000

export type CronJobPlan =
  | {readonly kind: 'none'}
  /** Of all that the spec says only this can be done. */
  | {readonly kind: 'suspend'}
  | {readonly kind: 'create'; readonly desired: CronJob}
  | {readonly kind: 'apply'; readonly desired: CronJob}

export interface Plan {
  readonly identity: ExportIdentity
  readonly stall: Stall | undefined
  readonly serviceAccount: ServiceAccount | undefined
  readonly roleBinding: RoleBinding | undefined
  readonly cronJob: CronJobPlan
  /** Jobs that have ended and of which history has no result yet. */
  readonly ended: readonly Job[]
  /** Runs that cannot start and of which history does not say so yet. */
  readonly blocked: readonly LastRun[]
  /** Runs whose Job vanished without a result. */
  readonly vanished: readonly ActiveRun[]
  /** A person's runs without Job and UID. */
  readonly lost: readonly HistoryEntry[]
  /** Jobs at work that Kubernetes' Forbid does not see. */
  readonly unlisted: readonly Job[]
  /** Finished Jobs that are not needed any more. */
  readonly obsolete: readonly Job[]
  readonly active: readonly ActiveRun[]
  readonly blockage: (Blockage & {readonly job: string}) | undefined
  readonly nextRun: Date | undefined
  readonly requeueAfterMs: number | undefined
}

/** From the world to the plan. */
export function decide(world: World): Plan {
  const {resource, cronJob, now} = world
  const identity = identityOf(resource)
  const stall = stallOf(world) ?? undefined
  const nextRun = stall === undefined ? next(world) : undefined
  const active = activeRuns(world.jobs, runsContext(resource, identity))
  return {
    identity,
    stall,
    serviceAccount: stall === undefined ? missing(world.serviceAccount, stamped(desiredServiceAccount(identity.namespace))) : undefined,
    roleBinding: stall === undefined ? missing(world.roleBinding, stamped(desiredRoleBinding(identity.namespace, world.config))) : undefined,
    cronJob: stall === undefined ? cronJobPlan(world, cronJob) : stalledPlan(world, cronJob),
    ended: ended(world, identity),
    blocked: blocked(world, identity),
    vanished: vanishedRuns(active, world.jobs, runsContext(resource, identity)),
    lost: lostRuns(world.jobs, runsContext(resource, identity)),
    unlisted: unlisted(world, identity),
    obsolete: obsolete(world, identity),
    active,
    blockage: blockage(world),
    nextRun,
    requeueAfterMs: requeueAfter([nextRun && later(nextRun, AFTER_SLOT_MS), ...blockTimes(world)], now),
  }
}

/** What the status of an export says of its runs. */
export function runsContext({status = {}, spec}: ScheduledExport, identity: ExportIdentity): RunsContext {
  return {identity, status, historyLimit: spec.historyLimit}
}

/** Why the spec must change; the API server refuses most of it already, but an older CRD may have let it in. */
function stallOf(world: World): Stall | undefined {
  const {spec} = world.resource
  const parsed = ScheduledExportSpec.safeParse(spec)
  if (!parsed.success) return {reason: 'InvalidSpec', message: z.prettifyError(parsed.error)}
  try {
    if (nextRuns(spec.schedule, spec.timeZone, world.now, 1).length === 0) {
      return {reason: 'ScheduleNeverFires', message: `spec.schedule "${spec.schedule}" never fires: no such day comes within five years`}
    }
  } catch (error) {
    return {reason: 'InvalidSchedule', message: `spec.schedule: ${messageOf(error)}`}
  }
  return attempt('InvalidPath', () => templatesOf(world).forEach(checkTemplate)) ?? attempt('SpecTooLarge', () => desiredCronJob(world.resource, world.config))
}

function templatesOf({resource: {spec}}: World): string[] {
  const documents = spec.format.datev?.documents
  const templates = [spec.destination.volume?.path, ...sourcePaths(spec.source), ...(documents === undefined ? [] : documentTemplates(documents))]
  return templates.filter((template) => template !== undefined)
}

function attempt(reason: string, check: () => unknown): Stall | undefined {
  try {
    check()
    return undefined
  } catch (error) {
    if (error instanceof RangeError) return {reason, message: error.message}
    throw error
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function missing<T extends ServiceAccount | RoleBinding>(live: T | undefined, desired: T): T | undefined {
  return live !== undefined && isApplied(live, desired) ? undefined : desired
}

function cronJobPlan({resource, config}: World, live: CronJob | undefined): CronJobPlan {
  const desired = stamped(desiredCronJob(resource, config))
  if (live === undefined) return {kind: 'create', desired}
  if (isApplied(live, desired)) return {kind: 'none'}
  return {kind: 'apply', desired}
}

/** A spec that cannot be carried out leaves the CronJob as it was, but whoever suspends the export wants no run to start. */
function stalledPlan({resource}: World, live: CronJob | undefined): CronJobPlan {
  return resource.spec.suspend && live !== undefined && live.spec.suspend !== true ? {kind: 'suspend'} : {kind: 'none'}
}

/**
 * A changed schedule or a lifted suspend starts past slots natively: any later sync looks back to lastScheduleTime under the new
 * schedule (kubernetes#130838, docs/decisions/0021).
 */
export function wouldStartPastSlots({spec: live}: CronJob, {spec: desired}: CronJob): boolean {
  const resumed = live?.suspend === true && desired?.suspend !== true
  return resumed || live?.schedule !== desired?.schedule || live?.timeZone !== desired?.timeZone
}

function next({resource, cronJob, now}: World): Date | undefined {
  const {schedule, timeZone, suspend} = resource.spec
  if (suspend) return undefined
  const last = Date.parse(cronJob?.status?.lastScheduleTime ?? '') || 0
  return nextRuns(schedule, timeZone, new Date(Math.max(now.getTime(), last)), 1)[0]
}

function ended({resource, jobs}: World, identity: ExportIdentity): Job[] {
  const context = runsContext(resource, identity)
  return jobs.filter((job) => endOf(job) !== undefined && !isHarvested(job, context))
}

function blocked({resource, jobs, pods, now, config}: World, identity: ExportIdentity): LastRun[] {
  const status = resource.status ?? {}
  return jobs.flatMap((job) => {
    const known = findRun(status, keyOfJob(job, identity))
    const context = {identity, known, now, podPendingAfter: config.podPendingAfter}
    return endOf(job) === undefined ? (blockedRun(job, podsOf(job, pods), context) ?? []) : []
  })
}

/** Those of a person and our own; the CronJob controller lists what it makes itself, a moment after it has made it. */
function unlisted({jobs, cronJob}: World, identity: ExportIdentity): Job[] {
  return jobs.filter((job) => endOf(job) === undefined && !isMadeByCronJob(job, identity) && !isListed(job, cronJob))
}

/** Whether the CronJob controller counts that Job when it forbids a second one. */
export function isListed({metadata}: Job, cronJob: CronJob | undefined): boolean {
  return cronJob?.status?.active?.some(({uid}) => uid === metadata?.uid) === true
}

function obsolete({resource, jobs}: World, identity: ExportIdentity): Job[] {
  const context = runsContext(resource, identity)
  const done = jobs.filter((job) => endOf(job) !== undefined && isHarvested(job, context))
  const newest = done.toSorted((a, b) => createdAt(b) - createdAt(a))
  return newest.slice(HARVESTED_JOBS_KEPT)
}

function blockage({jobs, pods, now, config}: World): Plan['blockage'] {
  for (const job of jobs.filter((one) => endOf(one) === undefined)) {
    const [pod] = newestFirst(podsOf(job, pods))
    const found = pod === undefined ? undefined : blockageOf(pod, now, config.podPendingAfter)
    if (found !== undefined) return {...found, job: job.metadata?.name ?? ''}
  }
  return undefined
}

function blockTimes({pods, config}: World): (Date | undefined)[] {
  return pods.map((pod) => blockedFrom(pod, config.podPendingAfter))
}

function later(time: Date, milliseconds: number): Date {
  return new Date(time.getTime() + milliseconds)
}

/** Pods of exactly that Job: one of its name made again has others. */
export function podsOf(job: Job, pods: readonly Pod[]): Pod[] {
  return pods.filter((pod) => pod.metadata?.ownerReferences?.some(({uid}) => uid === job.metadata?.uid) === true)
}

function createdAt(job: Job): number {
  return Date.parse(job.metadata?.creationTimestamp ?? '') || 0
}

/** Milliseconds to the earliest of these times that is still to come. */
function requeueAfter(times: readonly (Date | undefined)[], now: Date): number | undefined {
  const waits = times.flatMap((time) => (time === undefined ? [] : [time.getTime() - now.getTime()])).filter((wait) => wait > 0)
  return waits.length === 0 ? undefined : Math.min(...waits)
}
