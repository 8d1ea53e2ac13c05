// Makes Kubernetes' own concurrency policy see Jobs that the CronJob controller did not make (docs/decisions/0029).
import {isApiError} from '../kube/errors.ts'
import {CRON_JOBS} from '../kube/resources.ts'
import type {CronJob, Job} from '../kube/resources.ts'
import type {KubeApi} from '../kube/types.ts'
import {isListed} from './decide.ts'
import type {Plan} from './decide.ts'

/** The controller takes a Job out of the list by itself, once it has ended or is gone. */
export async function enlist({unlisted, identity}: Plan, cronJob: CronJob | undefined, api: KubeApi): Promise<void> {
  if (unlisted.length === 0 || cronJob === undefined) return
  const live = await api.get(CRON_JOBS, identity)
  if (live === undefined || live.metadata?.uid !== cronJob.metadata?.uid) return
  const missing = unlisted.filter((job) => !isListed(job, live))
  if (missing.length === 0) return
  const {uid, resourceVersion} = live.metadata ?? {}
  const active = [...(live.status?.active ?? []), ...missing.map(referenceTo)]
  try {
    await api.mergePatch(CRON_JOBS, identity, {metadata: {uid, resourceVersion}, status: {active}}, 'status')
  } catch (error) {
    // The controller wrote in between: its change brings us back.
    if (!isApiError(error, 'conflict', 'notFound')) throw error
  }
}

function referenceTo({metadata = {}}: Job) {
  const {namespace, name, uid} = metadata
  return {apiVersion: 'batch/v1', kind: 'Job', namespace, name, uid}
}
