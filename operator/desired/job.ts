// The Job of a run: how Kubernetes starts its pod again, and when it gives up.
import type {V1JobSpec, V1JobTemplateSpec} from '@kubernetes/client-node'
import {parseDuration} from '../../crds/duration.ts'
import {CONTAINER_NAME} from '../../crds/names.ts'
import {EXIT} from '../../crds/run.ts'
import type {SlotOverride} from '../../crds/run.ts'
import type {ScheduledExport} from '../../crds/scheduledexport.ts'
import type {OperatorConfig} from '../config.ts'
import type {CronJob, Job, Wire} from '../kube/resources.ts'
import {exportLabels, identityOf, ownedByCronJob} from './metadata.ts'
import {podTemplate} from './pod-template.ts'

/** What a CronJob copies into each of its Jobs: labels and annotations, no finalizers. */
export function jobTemplate(resource: ScheduledExport, config: OperatorConfig): Wire<V1JobTemplateSpec> {
  return {metadata: {labels: exportLabels(resource.metadata.name)}, spec: jobSpec(resource, config)}
}

/** A Job of the operator's own under the name of one that vanished without a result; `slot` says for what it stands. */
export function slotJob(
  resource: ScheduledExport,
  {cronJob, name, slot, config}: {cronJob: CronJob; name: string; slot: SlotOverride; config: OperatorConfig},
): Job {
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name,
      namespace: identityOf(resource).namespace,
      labels: exportLabels(resource.metadata.name),
      ownerReferences: ownedByCronJob(cronJob),
    },
    spec: jobSpec(resource, config, slot),
  }
}

function jobSpec(resource: ScheduledExport, config: OperatorConfig, slot?: SlotOverride): Wire<V1JobSpec> {
  const {retry, activeDeadline} = resource.spec
  return {
    // Counts pods that crashed; what the exporter itself retries stays inside one pod and ends with exit code 2 or 3.
    backoffLimit: retry.attempts - 1,
    // Always set: an image that cannot be pulled would never end, and under Forbid hold up every later slot.
    activeDeadlineSeconds: Math.floor(parseDuration(activeDeadline) / 1000),
    // The only one that a podFailurePolicy allows.
    podReplacementPolicy: 'Failed',
    podFailurePolicy: {
      rules: [
        {action: 'Ignore', onPodConditions: [{type: 'DisruptionTarget', status: 'True'}]},
        {action: 'FailJob', onExitCodes: {containerName: CONTAINER_NAME, operator: 'In', values: [EXIT.permanent, EXIT.transient]}},
      ],
    },
    template: podTemplate(resource, config, slot),
  }
}
