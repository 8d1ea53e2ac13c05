// The CronJob of an export: Kubernetes is the scheduler.
import type {ScheduledExport} from '../../crds/scheduledexport.ts'
import type {OperatorConfig} from '../config.ts'
import type {CronJob} from '../kube/resources.ts'
import {jobTemplate} from './job.ts'
import {exportLabels, identityOf, ownedByExport} from './metadata.ts'

/** Finished Jobs that the CronJob controller keeps beyond historyLimit: it deletes at any sync, and a result must be harvested before. */
const HARVEST_MARGIN = 5

/** Throws a RangeError where the spec does not fit into a pod template. */
export function desiredCronJob(resource: ScheduledExport, config: OperatorConfig): CronJob {
  const identity = identityOf(resource)
  const {schedule, timeZone, suspend, historyLimit} = resource.spec
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: {
      name: identity.name,
      namespace: identity.namespace,
      labels: exportLabels(identity.name),
      ownerReferences: ownedByExport(identity),
    },
    spec: {
      schedule,
      timeZone,
      suspend,
      concurrencyPolicy: 'Forbid',
      successfulJobsHistoryLimit: historyLimit + HARVEST_MARGIN,
      failedJobsHistoryLimit: historyLimit + HARVEST_MARGIN,
      jobTemplate: jobTemplate(resource, config),
    },
  }
}
