// Brings one export to what its spec says: gather, decide, act, report. Nothing is remembered from one pass to the next but our own writes.
import {API_VERSION, KIND, RUNNER_NAME} from '../../crds/names.ts'
import type {ScheduledExport} from '../../crds/scheduledexport.ts'
import {isApiError} from '../kube/errors.ts'
import {ROLE_BINDINGS, SCHEDULED_EXPORTS, SERVICE_ACCOUNTS} from '../kube/resources.ts'
import type {ObjectName} from '../kube/types.ts'
import {activeRuns} from '../status/active.ts'
import type {Facts} from '../status/conditions.ts'
import {isUpToDate, operatorStatus} from '../status/status.ts'
import {act} from './act.ts'
import type {Outcome} from './act.ts'
import {createAnnouncer} from './announce.ts'
import {decide, runsContext} from './decide.ts'
import type {Plan} from './decide.ts'
import {harvestEnded} from './ended.ts'
import type {Harvest} from './ended.ts'
import {gather, hasExports} from './gather.ts'
import type {World} from './gather.ts'
import {createLatest} from './latest.ts'
import {writeRuns} from './runs.ts'
import type {ReconcileResult, Reconciler, ReconcilerDeps} from './types.ts'

/** The reconciler of all exports; it may run for several keys at once, never twice at once for the same key. */
export function createReconciler(deps: ReconcilerDeps): Reconciler {
  const announce = createAnnouncer(deps)
  const latest = createLatest()
  return async (key) => {
    const world = gather(key, deps, latest)
    if (world === undefined) {
      latest.forget(key)
      return await cleanUp(key, deps)
    }
    const plan = decide(world)
    const outcome = await actOrSay(plan, world, deps)
    const ended = await harvestEnded(plan, world, deps.api)
    const resource = await writeRuns(deps.api, world.resource, [...plan.blocked, ...ended.runs, ...outcome.failed])
    latest.wrote(await writeStatus({...world, resource}, {plan, outcome}, deps))
    announce(resource, {plan, outcome})
    if (outcome.refused !== undefined) throw outcome.refused
    return requeue(plan, outcome, ended)
  }
}

/** What stands in our way may have no label that we watch: its going is seen by looking again. */
const IN_THE_WAY_MS = 60_000

function requeue({requeueAfterMs, stall}: Plan, outcome: Outcome, {lookAgainAfterMs}: Harvest): ReconcileResult {
  const inTheWay = outcome.progress !== undefined || (outcome.stall !== undefined && stall === undefined)
  const waits = [requeueAfterMs, lookAgainAfterMs, inTheWay ? IN_THE_WAY_MS : undefined].filter((wait) => wait !== undefined)
  return waits.length === 0 ? {} : {requeueAfterMs: Math.min(...waits)}
}

type Done = Outcome & {readonly refused?: Error}

/** What the API server refuses for a reason that a person must see (a quota, a policy, a missing right) goes into status before the retry. */
async function actOrSay(plan: Plan, world: World, {api}: ReconcilerDeps): Promise<Done> {
  try {
    return await act(plan, world, api)
  } catch (error) {
    if (!isApiError(error, 'forbidden', 'invalid')) throw error
    return {cronJob: world.cronJob, change: 'none', stall: plan.stall, failed: [], active: plan.active, refused: error}
  }
}

async function writeStatus(world: World, {plan, outcome}: {plan: Plan; outcome: Done}, {api}: ReconcilerDeps): Promise<ScheduledExport> {
  const {resource, now} = world
  const context = runsContext(resource, plan.identity)
  const wanted = operatorStatus({
    resource,
    runs: resource.status ?? {},
    cronJob: outcome.cronJob,
    jobs: world.jobs,
    // Once more, for the runs just written have a result now.
    active: activeRuns(world.jobs, {...context, status: {...context.status, active: [...outcome.active]}}),
    nextRun: outcome.cronJob === undefined ? undefined : plan.nextRun,
    facts: factsOf(resource, plan, outcome),
    now,
  })
  if (isUpToDate(resource.status, wanted)) return resource
  const {namespace, name, uid} = plan.identity
  // By its version: the API server ignores the UID here, and the status of this export must not go to a later one of the same name.
  const {resourceVersion} = resource.metadata
  return await api.apply(SCHEDULED_EXPORTS, statusObject({namespace, name, uid, resourceVersion}, wanted), 'status')
}

function factsOf(resource: ScheduledExport, {blockage}: Plan, {stall, progress: waiting, refused}: Done): Omit<Facts, 'lastEnded'> {
  const progress = refused === undefined ? waiting : {reason: 'Refused', message: `the API server refused: ${refused.message}`}
  return {stall, progress, suspended: resource.spec.suspend, blockage}
}

/** An apply of status carries no spec: the type wants one, the API server does not. */
function statusObject(metadata: ScheduledExport['metadata'], status: ScheduledExport['status']): ScheduledExport {
  const object: Omit<ScheduledExport, 'spec'> = {apiVersion: API_VERSION, kind: KIND, metadata, status}
  return object as ScheduledExport
}

/** With a namespace's last export its exporters' account and binding go. */
async function cleanUp({namespace}: ObjectName, {api, caches}: ReconcilerDeps): Promise<Record<string, never>> {
  if (hasExports(namespace, caches)) return {}
  const runner = {namespace, name: RUNNER_NAME}
  const binding = caches.roleBindings.get(runner)
  if (binding?.metadata?.uid !== undefined) await api.remove(ROLE_BINDINGS, runner, binding.metadata.uid)
  const account = caches.serviceAccounts.get(runner)
  if (account?.metadata?.uid !== undefined) await api.remove(SERVICE_ACCOUNTS, runner, account.metadata.uid)
  return {}
}
