// Runs whose Job was deleted before they had a result: started again, or told as failed (docs/decisions/0024).
import {findRun, isTerminal} from '../../crds/history.ts'
import type {ScheduledExport} from '../../crds/scheduledexport.ts'
import type {ActiveRun, LastRun} from '../../crds/status.ts'
import {slotJob} from '../desired/job.ts'
import {identityOf} from '../desired/metadata.ts'
import {isApiError} from '../kube/errors.ts'
import {JOBS, SCHEDULED_EXPORTS} from '../kube/resources.ts'
import type {CronJob, Job} from '../kube/resources.ts'
import type {KubeApi} from '../kube/types.ts'
import {MAX_RESTARTS, isRecorded, isRunOf, keyOfActive, overrideOf, triggerOf} from '../status/active.ts'
import {keyOfJob, seconds} from '../status/job-run.ts'
import type {Plan} from './decide.ts'
import type {World} from './gather.ts'

/** A slot whose Job vanished without a result is started again under the same name: the exporter finds the manifest and reports, or runs. */
export async function restartVanished(
  {vanished, active, identity, stall}: Plan,
  {world, cronJob, api}: {world: World; cronJob: CronJob | undefined; api: KubeApi},
): Promise<{failed: LastRun[]; active: ActiveRun[]}> {
  const failed: LastRun[] = []
  const after = new Map<ActiveRun, ActiveRun | undefined>()
  for (const run of vanished) {
    // The cache may lag behind the Job, or behind the exporter's last report.
    const job = await api.get(JOBS, {namespace: identity.namespace, name: run.name})
    const live = await api.get(SCHEDULED_EXPORTS, identity)
    // A later export of the same name has nothing to do with this one's runs.
    if (live?.metadata.uid !== identity.uid) continue
    const {status = {}} = live
    if (isRecorded(status, keyOfActive(run, status, identity)) || (job !== undefined && isRunOf(job, run, {status, identity}))) continue
    const failure = givenUp(run, live, {now: world.now, nameTaken: job !== undefined})
    if (failure !== undefined) {
      failed.push(failure)
      after.set(run, undefined)
      continue
    }
    const slot = overrideOf(run, status, identity)
    if (stall !== undefined || cronJob?.metadata?.uid === undefined || slot === undefined) continue
    await createOnce(slotJob(live, {cronJob, name: run.name, slot, config: world.config}), api)
    after.set(run, {...run, restarts: (run.restarts ?? 0) + 1})
  }
  return {failed, active: active.flatMap((run) => (after.has(run) ? (after.get(run) ?? []) : run))}
}

/** Another than the one that makes it may be first: the name is the run's, so that there is one. */
async function createOnce(job: Job, api: KubeApi): Promise<void> {
  try {
    await api.create(JOBS, job)
  } catch (error) {
    if (!isApiError(error, 'alreadyExists')) throw error
  }
}

/** Runs that nobody can start again, because the UID of their Job is not known: they have failed. */
export async function failLost({lost, identity}: Plan, {now}: World, api: KubeApi): Promise<LastRun[]> {
  const failed: LastRun[] = []
  for (const entry of lost) {
    const job = await api.get(JOBS, {namespace: identity.namespace, name: entry.name})
    if (job !== undefined && keyOfJob(job, identity).exportId === entry.exportId) continue
    const live = await api.get(SCHEDULED_EXPORTS, identity)
    const run = live?.metadata.uid === identity.uid ? findRun(live.status, entry) : undefined
    if (run === undefined || isTerminal(run.phase)) continue
    const {error: _error, files: _files, manifest: _manifest, ...rest} = run
    failed.push({...rest, ...deleted('while no operator looked: start it again by hand', now)})
  }
  return failed
}

/**
 * A run whose Job keeps vanishing, vanished while the export is suspended, or has a follower of the same name: it has failed. undefined
 * where it is to be started again.
 */
export function givenUp(run: ActiveRun, resource: ScheduledExport, {now, nameTaken}: {now: Date; nameTaken: boolean}): LastRun | undefined {
  const why = whyGivenUp(run.restarts ?? 0, {suspend: resource.spec.suspend, nameTaken})
  if (why === undefined) return undefined
  const status = resource.status ?? {}
  return {
    ...keyOfActive(run, status, identityOf(resource)),
    trigger: triggerOf(run, status, identityOf(resource)),
    ...(run.scheduledTime !== undefined && {scheduledTime: run.scheduledTime}),
    ...deleted(why, now),
  }
}

function deleted(why: string, now: Date): Pick<LastRun, 'phase' | 'completedAt' | 'error'> {
  const error = {code: 'JobDeleted', message: `the run's Job was deleted before it had a result, ${why}`}
  return {phase: 'Failed', completedAt: seconds(now), error}
}

function whyGivenUp(restarts: number, {suspend, nameTaken}: {suspend: boolean; nameTaken: boolean}): string | undefined {
  if (nameTaken) return 'and its name was given to another'
  if (suspend) return 'and the export is suspended'
  return restarts < MAX_RESTARTS ? undefined : `${restarts + 1} times: something keeps deleting it`
}
