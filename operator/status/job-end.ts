// Whether a Job has ended: by its conditions alone, which Kubernetes sets once its pods have.
import type {Job} from '../kube/resources.ts'

export interface JobEnd {
  readonly failed: boolean
  /** Kubernetes' one word: BackoffLimitExceeded, DeadlineExceeded, PodFailurePolicy … */
  readonly reason: string
  readonly message: string
  /** RFC 3339. */
  readonly at: string | undefined
}

/** How the Job ended; undefined while it has not. */
export function endOf(job: Job): JobEnd | undefined {
  const end = job.status?.conditions?.find(({type, status}) => status === 'True' && (type === 'Complete' || type === 'Failed'))
  if (end === undefined) return undefined
  return {failed: end.type === 'Failed', reason: end.reason ?? '', message: end.message ?? '', at: end.lastTransitionTime}
}
