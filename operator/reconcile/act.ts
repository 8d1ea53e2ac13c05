// Carries a plan out: the only place that changes anything but status.
import {KIND} from '../../crds/names.ts'
import type {ActiveRun, LastRun} from '../../crds/status.ts'
import {isApplied} from '../desired/drift.ts'
import type {ExportIdentity} from '../desired/metadata.ts'
import {isApiError} from '../kube/errors.ts'
import {CRON_JOBS, JOBS, ROLE_BINDINGS, SERVICE_ACCOUNTS} from '../kube/resources.ts'
import type {CronJob, RoleBinding} from '../kube/resources.ts'
import type {KubeApi, KubeObject, ObjectName, Resource} from '../kube/types.ts'
import type {Progress, Stall} from '../status/conditions.ts'
import {seconds} from '../status/job-run.ts'
import {wouldStartPastSlots} from './decide.ts'
import type {Plan} from './decide.ts'
import {enlist} from './enlist.ts'
import type {World} from './gather.ts'
import {failLost, restartVanished} from './vanished.ts'

/** What was done, for status, Events and the log. */
export interface Outcome {
  readonly cronJob: CronJob | undefined
  readonly change: 'created' | 'updated' | 'suspended' | 'resumed' | 'none'
  readonly stall: Stall | undefined
  /** What we wait for, where nobody has to change anything. */
  readonly progress?: Progress
  /** Vanished runs that are not started again. */
  readonly failed: readonly LastRun[]
  /** Active runs, restarts counted. */
  readonly active: readonly ActiveRun[]
}

/** An object of our name that is not ours: a person must act, or it will go by itself. */
class InTheWay extends Error {
  readonly what: {readonly stall: Stall} | {readonly progress: Progress}

  constructor(what: InTheWay['what']) {
    super()
    this.what = what
  }
}

/** Does what the plan says. Throws ApiError; everything here can be done again. */
export async function act(plan: Plan, world: World, api: KubeApi): Promise<Outcome> {
  try {
    await ensureAccess(plan, api)
    const {cronJob, change} = await ensureCronJob(plan, world, api)
    await removeObsolete(plan, api)
    await enlist(plan, cronJob, api)
    const {failed, active} = await restartVanished(plan, {world, cronJob, api})
    const lost = await failLost(plan, world, api)
    return {cronJob, change, stall: plan.stall, failed: [...failed, ...lost], active}
  } catch (error) {
    if (!(error instanceof InTheWay)) throw error
    return {cronJob: undefined, change: 'none', stall: undefined, ...error.what, failed: [], active: plan.active}
  }
}

async function ensureAccess({serviceAccount, roleBinding, identity}: Plan, api: KubeApi): Promise<void> {
  if (serviceAccount !== undefined) await ensureShared(SERVICE_ACCOUNTS, serviceAccount, api)
  if (roleBinding === undefined) return
  const live = await api.get(ROLE_BINDINGS, {namespace: identity.namespace, name: roleBinding.metadata?.name ?? ''})
  // A binding's role cannot be changed: another role means another binding.
  if (live !== undefined && isShared(live) && live.roleRef.name !== roleBinding.roleRef.name) {
    await api.remove(ROLE_BINDINGS, nameOf(live), live.metadata?.uid ?? '')
  }
  await ensureShared<RoleBinding>(ROLE_BINDINGS, roleBinding, api)
}

/** What a namespace's exports share is ours by its label; it has no owner, for it must outlive each of them. */
async function ensureShared<T extends KubeObject>(resource: Resource<T>, desired: T, api: KubeApi): Promise<void> {
  const live = await createOrGet(resource, desired, api)
  if (live === undefined || isApplied(live, desired)) return
  if (!isShared(live)) {
    const what = `${resource.kind} ${nameOf(desired).name}`
    throw new InTheWay({
      stall: {
        reason: `${resource.kind}NotOwned`,
        message: `there is a ${what} in this namespace that the operator did not make: rename or delete it`,
      },
    })
  }
  await applyOver(resource, desired, {live, api})
}

function isShared(live: KubeObject): boolean {
  return live.metadata?.labels?.['app.kubernetes.io/managed-by'] === 'scheduled-export-operator'
}

async function ensureCronJob(plan: Plan, world: World, api: KubeApi): Promise<{cronJob: CronJob | undefined; change: Outcome['change']}> {
  const {cronJob: what, identity} = plan
  if (what.kind === 'none') return {cronJob: world.cronJob, change: 'none'}
  if (what.kind === 'suspend') return await suspend(identity, api)
  const live = what.kind === 'create' ? await createOrGet(CRON_JOBS, what.desired, api) : await api.get(CRON_JOBS, identity)
  if (live === undefined && what.kind === 'create') return {cronJob: what.desired, change: 'created'}
  // Deleted since the cache saw it: the deletion's own event brings us back.
  if (live === undefined) return {cronJob: undefined, change: 'none'}
  if (!isOwned(live, identity)) throw inTheWay(live, identity)
  // The cache was behind: nothing to write.
  if (isApplied(live, what.desired)) return {cronJob: live, change: 'none'}
  // Before the new schedule stands, so that no sync in between starts a past slot.
  if (wouldStartPastSlots(live, what.desired)) await forgetPastSlots(live, world.now, api)
  return {cronJob: await applyOver(CRON_JOBS, what.desired, {live, api}), change: changeOf(live, what.desired)}
}

async function suspend(identity: ExportIdentity, api: KubeApi): Promise<{cronJob: CronJob | undefined; change: Outcome['change']}> {
  const live = await api.get(CRON_JOBS, identity)
  if (live === undefined || !isOwned(live, identity) || live.spec.suspend === true) return {cronJob: live, change: 'none'}
  const patch = {metadata: {uid: live.metadata?.uid}, spec: {suspend: true}}
  return {cronJob: await api.mergePatch(CRON_JOBS, nameOf(live), patch), change: 'suspended'}
}

function changeOf({spec: live}: CronJob, {spec: desired}: CronJob): Outcome['change'] {
  if ((live.suspend ?? false) === (desired.suspend ?? false)) return 'updated'
  return desired.suspend === true ? 'suspended' : 'resumed'
}

async function forgetPastSlots(live: CronJob, now: Date, api: KubeApi): Promise<void> {
  await api.mergePatch(CRON_JOBS, nameOf(live), {metadata: {uid: live.metadata?.uid}, status: {lastScheduleTime: seconds(now)}}, 'status')
}

function isOwned({metadata}: CronJob, {uid}: ExportIdentity): boolean {
  return metadata?.ownerReferences?.some((owner) => owner.uid === uid) === true
}

function inTheWay({metadata}: CronJob, {name}: ExportIdentity): InTheWay {
  const ofPredecessor = metadata?.ownerReferences?.some((owner) => owner.kind === KIND && owner.name === name) === true
  if (ofPredecessor) {
    const message = `waiting for the garbage collector: the CronJob ${name} of a deleted export of the same name is still there`
    return new InTheWay({progress: {reason: 'WaitingForGarbageCollection', message}})
  }
  const message = `there is a CronJob ${name} that belongs to something else: rename or delete it, or rename this export`
  return new InTheWay({stall: {reason: 'CronJobNotOwned', message}})
}

/** Creates it; where it is there already, undefined is not what comes back but what is there, read live. */
async function createOrGet<T extends KubeObject>(resource: Resource<T>, desired: T, api: KubeApi): Promise<T | undefined> {
  try {
    await api.create(resource, desired)
    return undefined
  } catch (error) {
    if (!isApiError(error, 'alreadyExists')) throw error
    return await api.get(resource, nameOf(desired))
  }
}

/**
 * Server-side apply over what is there. The fields of our own POST belong to us as an "Update", and an apply would not remove one
 * that is no longer wanted: once, they are made the fields of an "Apply".
 */
async function applyOver<T extends KubeObject>(resource: Resource<T>, desired: T, {live, api}: {live: T; api: KubeApi}): Promise<T> {
  const {uid, managedFields = []} = live.metadata ?? {}
  const posted = managedFields.findIndex(
    (field) => field.manager === 'scheduled-export-operator' && field.operation === 'Update' && field.subresource === undefined,
  )
  if (posted >= 0 && !managedFields.some((field) => field.manager === 'scheduled-export-operator' && field.operation === 'Apply')) {
    const adopted = managedFields.map((field, index) => (index === posted ? {...field, operation: 'Apply'} : field))
    await api.mergePatch(resource, nameOf(live), {metadata: {uid, managedFields: adopted}})
  }
  return await api.apply(resource, {...desired, metadata: {...desired.metadata, uid}})
}

async function removeObsolete({obsolete}: Plan, api: KubeApi): Promise<void> {
  for (const job of obsolete) await api.remove(JOBS, nameOf(job), job.metadata?.uid ?? '')
}

function nameOf({metadata}: KubeObject): ObjectName {
  return {namespace: metadata?.namespace ?? '', name: metadata?.name ?? ''}
}
