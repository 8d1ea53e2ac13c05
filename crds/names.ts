// Every name that two programs must agree on: the API group, labels, annotations, environment variables.

export const GROUP = 'scheduledexport.dev'
export const VERSION = 'v1alpha1'
export const API_VERSION = `${GROUP}/${VERSION}`
export const KIND = 'ScheduledExport'
export const PLURAL = 'scheduledexports'

/** A pod name must hold the whole Job name: 46 + "-" + 10 (minutes or random) + "-" + 5, and Kubernetes cuts at 63. */
export const MAX_NAME_LENGTH = 46

/** Field manager of everything the operator applies. */
export const OPERATOR_FIELD_MANAGER = 'scheduled-export-operator'
/** Field manager of an exporter's status report. */
export const RUNNER_FIELD_MANAGER = 'scheduled-export-runner'
/** Name of the ServiceAccount and RoleBinding in each namespace that has an export, and by default of the chart's ClusterRole. */
export const RUNNER_NAME = 'scheduled-export-runner'

export const LABEL_MANAGED_BY = 'app.kubernetes.io/managed-by'
export const MANAGED_BY = 'scheduled-export-operator'
export const LABEL_NAME = 'app.kubernetes.io/name'
export const APP_NAME = 'scheduled-export'
/** On CronJob, Job and pod: the name of the ScheduledExport in the same namespace. */
export const LABEL_EXPORT = `${GROUP}/export`

/** Set by Kubernetes on a Job and its pods. */
export const LABEL_JOB_NAME = 'batch.kubernetes.io/job-name'
export const LABEL_JOB_UID = 'batch.kubernetes.io/controller-uid'

/** The exporter's environment, read in one place: exporter-job/environment.ts. Secrets have theirs in secrets.ts. */
export const ENV = {
  /** The frozen resource, JSON ({@link file://./run.ts} FrozenExport). */
  export: 'SCHEDULED_EXPORT',
  /** Name of the pod's Job, by downward API. */
  jobName: 'SCHEDULED_EXPORT_JOB_NAME',
  /** UID of the pod's Job, by downward API. */
  jobUid: 'SCHEDULED_EXPORT_JOB_UID',
  /** Only in Jobs that the operator makes: slot and period, JSON (run.ts SlotOverride). */
  slot: 'SCHEDULED_EXPORT_SLOT',
  /** From the operator's configuration, never from a spec: which private addresses an http source may reach, JSON list. */
  allowedPrivateEndpoints: 'SCHEDULED_EXPORT_ALLOWED_PRIVATE_ENDPOINTS',
} as const

/** Name of the exporter's container, and of the folder names of its mounts. */
export const CONTAINER_NAME = 'exporter'
/** Where the destination's volume is mounted. */
export const DESTINATION_MOUNT = '/var/scheduled-export/destination'
/** Where a source's volume is mounted, read-only. */
export const SOURCE_MOUNT = '/var/scheduled-export/source'
/** Where the volume with documents is mounted, read-only. */
export const DOCUMENTS_MOUNT = '/var/scheduled-export/documents'
