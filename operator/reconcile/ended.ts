// Results of Jobs that have ended and whose exporters did not report: from their pods, read live.
import {findRun} from '../../crds/history.ts'
import {LABEL_JOB_NAME} from '../../crds/names.ts'
import type {LastRun} from '../../crds/status.ts'
import {PODS} from '../kube/resources.ts'
import type {Job, Pod} from '../kube/resources.ts'
import type {KubeApi} from '../kube/types.ts'
import {harvest, isAheadOfPods} from '../status/harvest.ts'
import {keyOfJob} from '../status/job-run.ts'
import {podsOf} from './decide.ts'
import type {Plan} from './decide.ts'
import type {World} from './gather.ts'

/** When to look again at pods that are behind their Job, although their own change brings us back too. */
const LAG_MS = 2_000

export interface Harvest {
  readonly runs: readonly LastRun[]
  /** ms; undefined where nothing is to come. */
  readonly lookAgainAfterMs: number | undefined
}

/** One list of pods for each Job; a run that its exporter reported itself costs none. */
export async function harvestEnded({ended, identity}: Plan, {resource, now, config}: World, api: Pick<KubeApi, 'list'>): Promise<Harvest> {
  const runs: LastRun[] = []
  let behind = false
  for (const job of ended) {
    const pods = await livePods(job, api)
    behind ||= isAheadOfPods(job, pods, now)
    const known = findRun(resource.status, keyOfJob(job, identity))
    const run = harvest(job, pods, {identity, known, now, podPendingAfter: config.podPendingAfter})
    if (run !== undefined) runs.push(run)
  }
  return {runs, lookAgainAfterMs: behind ? LAG_MS : undefined}
}

async function livePods(job: Job, api: Pick<KubeApi, 'list'>): Promise<Pod[]> {
  const {namespace = '', name = ''} = job.metadata ?? {}
  return podsOf(job, await api.list(PODS, {namespace, labelSelector: `${LABEL_JOB_NAME}=${name}`}))
}
