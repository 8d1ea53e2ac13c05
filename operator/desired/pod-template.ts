// The exporter's pod. It is fixed: who may write a ScheduledExport chooses data, not containers.
import type {V1EnvVar, V1PodTemplateSpec, V1ResourceRequirements, V1Volume, V1VolumeMount} from '@kubernetes/client-node'
import {CONTAINER_NAME, DESTINATION_MOUNT, DOCUMENTS_MOUNT, ENV, LABEL_JOB_NAME, LABEL_JOB_UID, RUNNER_NAME, SOURCE_MOUNT} from '../../crds/names.ts'
import type {SlotOverride} from '../../crds/run.ts'
import type {ScheduledExport} from '../../crds/scheduledexport.ts'
import {SECRET_ENV, secretRefs} from '../../crds/secrets.ts'
import {runnerPodOf} from '../config.ts'
import type {OperatorConfig, RunnerPod} from '../config.ts'
import type {Wire} from '../kube/resources.ts'
import {freeze} from './frozen.ts'
import {exportLabels, identityOf} from './metadata.ts'

export type PodTemplate = Wire<V1PodTemplateSpec>

/** The user and group of the exporter; volumes are given to that group. */
const NON_ROOT = 65_532
/** Time to discard what was staged and to report after SIGTERM. */
const GRACE_SECONDS = 30
/** Memory does not grow with rows: 160 MiB was the most that a run was seen to take. No CPU limit: throttling only makes runs longer. */
const RESOURCES: Wire<V1ResourceRequirements> = {requests: {cpu: '50m', memory: '128Mi'}, limits: {memory: '512Mi'}}

/** The pod template of a run of this export; `slot` where the Job stands for a slot of another Job. */
export function podTemplate(resource: ScheduledExport, config: OperatorConfig, slot?: SlotOverride): PodTemplate {
  const {namespace, name} = identityOf(resource)
  const settings = runnerPodOf(config, namespace)
  return {
    metadata: {
      labels: {...settings.labels, ...exportLabels(name)},
      ...(settings.annotations && {annotations: settings.annotations}),
    },
    spec: {
      restartPolicy: 'Never',
      serviceAccountName: RUNNER_NAME,
      automountServiceAccountToken: true,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: GRACE_SECONDS,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: NON_ROOT,
        runAsGroup: NON_ROOT,
        fsGroup: NON_ROOT,
        // A volume of years of exports is not walked at every start.
        fsGroupChangePolicy: 'OnRootMismatch',
        seccompProfile: {type: 'RuntimeDefault'},
      },
      ...scheduling(settings),
      containers: [container(resource, config, slot)],
      volumes: mounts(resource).map(({volume}) => volume),
    },
  }
}

function scheduling({imagePullSecrets, nodeSelector, tolerations, priorityClassName}: RunnerPod): Partial<NonNullable<PodTemplate['spec']>> {
  return {
    ...(imagePullSecrets && {imagePullSecrets}),
    ...(nodeSelector && {nodeSelector}),
    ...(tolerations && {tolerations: tolerations as NonNullable<NonNullable<PodTemplate['spec']>['tolerations']>}),
    ...(priorityClassName !== undefined && {priorityClassName}),
  }
}

function container(
  resource: ScheduledExport,
  config: OperatorConfig,
  slot: SlotOverride | undefined,
): NonNullable<PodTemplate['spec']>['containers'][number] {
  const {resources} = runnerPodOf(config, identityOf(resource).namespace)
  return {
    name: CONTAINER_NAME,
    image: config.runner.image,
    imagePullPolicy: config.runner.imagePullPolicy,
    env: environment(resource, config, slot),
    resources: {
      requests: {...RESOURCES.requests, ...resources?.requests},
      limits: {...RESOURCES.limits, ...resources?.limits},
    },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      capabilities: {drop: ['ALL']},
    },
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    volumeMounts: mounts(resource).map(({mount}) => mount),
  }
}

function environment(resource: ScheduledExport, config: OperatorConfig, slot: SlotOverride | undefined): Wire<V1EnvVar>[] {
  const {allowedPrivateEndpoints: endpoints} = runnerPodOf(config, identityOf(resource).namespace)
  return [
    {name: ENV.export, value: freeze(resource)},
    {name: ENV.jobName, valueFrom: {fieldRef: {apiVersion: 'v1', fieldPath: `metadata.labels['${LABEL_JOB_NAME}']`}}},
    {name: ENV.jobUid, valueFrom: {fieldRef: {apiVersion: 'v1', fieldPath: `metadata.labels['${LABEL_JOB_UID}']`}}},
    ...(resource.spec.source.http === undefined || endpoints === undefined ? [] : [{name: ENV.allowedPrivateEndpoints, value: JSON.stringify(endpoints)}]),
    ...(slot === undefined ? [] : [{name: ENV.slot, value: JSON.stringify(slot)}]),
    // A missing Secret keeps the container from starting, and the kubelet says so in the pod's status; a mounted one would say it in Events only.
    ...secretRefs(resource.spec).map(([name, ref]) => ({name: SECRET_ENV[name], valueFrom: {secretKeyRef: {...ref}}})),
  ]
}

interface Mount {
  readonly volume: Wire<V1Volume>
  readonly mount: Wire<V1VolumeMount>
}

function mounts({spec}: ScheduledExport): Mount[] {
  const {volume} = spec.destination
  const files = spec.source.csv ?? spec.source.ndjson
  const documents = spec.format.datev?.documents
  return [
    ...(volume === undefined ? [] : [claim('destination', {claimName: volume.claimName, mountPath: DESTINATION_MOUNT, readOnly: false})]),
    ...(files === undefined ? [] : [claim('source', {claimName: files.claimName, mountPath: SOURCE_MOUNT, readOnly: true})]),
    ...(documents === undefined ? [] : [claim('documents', {claimName: documents.claimName, mountPath: DOCUMENTS_MOUNT, readOnly: true})]),
  ]
}

function claim(name: string, {claimName, mountPath, readOnly}: {claimName: string; mountPath: string; readOnly: boolean}): Mount {
  // The same claim may be mounted twice; a read-only claim source would make the pod unschedulable beside a writable one, the mount is enough.
  return {volume: {name, persistentVolumeClaim: {claimName}}, mount: {name, mountPath, ...(readOnly && {readOnly})}}
}
