import {describe, expect, test} from 'vitest'
import {FrozenExport, SlotOverride} from '../../crds/run.ts'
import {NAME, NAMESPACE, operatorConfig, scheduledExport} from '../testing/builders.ts'
import {desiredCronJob} from './cron-job.ts'
import {slotJob} from './job.ts'

const NDJSON = {ndjson: {claimName: 'ledger', datasets: {bookings: {path: 'bookings.ndjson'}}}}
const HTTP = {
  http: {
    auth: {bearer: {tokenSecretRef: {name: 'api', key: 'token'}}},
    caSecretRef: {name: 'api', key: 'ca.crt'},
    datasets: {bookings: {url: 'https://api.example.com/bookings'}},
  },
}
const CSV = {csv: {claimName: 'ledger', datasets: {bookings: {path: 'bookings.csv'}}}}

function podSpec(...args: Parameters<typeof scheduledExport>) {
  return desiredCronJob(scheduledExport(...args), operatorConfig()).spec.jobTemplate.spec!.template.spec!
}

/** Beside the frozen resource and what the downward API tells. */
function environmentOf(...args: Parameters<typeof desiredCronJob>): unknown[] {
  return desiredCronJob(...args).spec.jobTemplate.spec!.template.spec!.containers[0]!.env!.slice(3)
}

describe('the CronJob of an export', () => {
  const cronJob = desiredCronJob(scheduledExport({spec: {historyLimit: 7, suspend: true}}), operatorConfig())

  test('is scheduled by Kubernetes in the export’s time zone, one run at a time', () => {
    expect(cronJob.spec).toMatchObject({schedule: '0 6 1 * *', timeZone: 'Europe/Berlin', suspend: true, concurrencyPolicy: 'Forbid'})
  })

  test('keeps more finished Jobs than history has entries, and never by age', () => {
    expect(cronJob.spec).toMatchObject({successfulJobsHistoryLimit: 12, failedJobsHistoryLimit: 12})
    expect(cronJob.spec?.jobTemplate.spec?.ttlSecondsAfterFinished).toBeUndefined()
  })

  test('goes with its export, without blocking its deletion', () => {
    const owner = {apiVersion: 'scheduledexport.dev/v1alpha1', kind: 'ScheduledExport', name: NAME, uid: 'export-uid', controller: true}
    expect(cronJob.metadata).toMatchObject({namespace: NAMESPACE, name: NAME, ownerReferences: [owner]})
    expect(cronJob.metadata?.ownerReferences?.[0]).not.toHaveProperty('blockOwnerDeletion')
  })

  test('Job and pod name their export too: no finalizers, for CronJobs do not copy them', () => {
    const {jobTemplate} = cronJob.spec
    for (const metadata of [cronJob.metadata, jobTemplate.metadata, jobTemplate.spec?.template.metadata]) {
      expect(metadata?.labels).toEqual({
        'app.kubernetes.io/name': 'scheduled-export',
        'app.kubernetes.io/managed-by': 'scheduled-export-operator',
        'scheduledexport.dev/export': NAME,
      })
      expect(metadata?.finalizers).toBeUndefined()
    }
  })
})

describe('the Job of a run', () => {
  const job = desiredCronJob(scheduledExport({spec: {retry: {attempts: 4}, activeDeadline: '90m'}}), operatorConfig()).spec.jobTemplate.spec!

  test('does not count what the cluster did, gives up at once on what the exporter found hopeless, and counts crashes', () => {
    expect(job.podFailurePolicy?.rules).toEqual([
      {action: 'Ignore', onPodConditions: [{type: 'DisruptionTarget', status: 'True'}]},
      {action: 'FailJob', onExitCodes: {containerName: 'exporter', operator: 'In', values: [2, 3]}},
    ])
    expect(job).toMatchObject({backoffLimit: 3, podReplacementPolicy: 'Failed', activeDeadlineSeconds: 5_400})
  })

  test('one attempt means no second pod', () => {
    expect(desiredCronJob(scheduledExport({spec: {retry: {attempts: 1}}}), operatorConfig()).spec?.jobTemplate.spec?.backoffLimit).toBe(0)
  })
})

describe('the exporter’s pod', () => {
  test('keeps the restricted Pod Security Standard', () => {
    const spec = podSpec()
    expect(spec).toMatchObject({
      restartPolicy: 'Never',
      enableServiceLinks: false,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 65_532,
        runAsGroup: 65_532,
        fsGroup: 65_532,
        fsGroupChangePolicy: 'OnRootMismatch',
        seccompProfile: {type: 'RuntimeDefault'},
      },
    })
    expect(spec.containers.map(({securityContext}) => securityContext)).toEqual([
      {allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, runAsNonRoot: true, capabilities: {drop: ['ALL']}},
    ])
    expect(['hostNetwork', 'hostPID', 'hostIPC'].filter((key) => key in spec)).toEqual([])
  })

  test('has an account that may report, and its token', () => {
    expect(podSpec()).toMatchObject({serviceAccountName: 'scheduled-export-runner', automountServiceAccountToken: true})
  })

  test('leaves its last words in a file, and has time to', () => {
    expect(podSpec()).toMatchObject({terminationGracePeriodSeconds: 30, containers: [{terminationMessagePolicy: 'File'}]})
  })

  test('takes the whole spec along, frozen', () => {
    const resource = scheduledExport({generation: 7})
    const value = desiredCronJob(resource, operatorConfig()).spec?.jobTemplate.spec?.template.spec?.containers[0]?.env?.[0]?.value
    expect(FrozenExport.parse(JSON.parse(value ?? ''))).toEqual({namespace: NAMESPACE, name: NAME, uid: 'export-uid', generation: 7, spec: resource.spec})
  })

  test('learns Job and UID from its labels, and the password from the Secret: never from the template', () => {
    const env = podSpec().containers[0]?.env?.slice(1)
    expect(env).toEqual([
      {name: 'SCHEDULED_EXPORT_JOB_NAME', valueFrom: {fieldRef: {apiVersion: 'v1', fieldPath: "metadata.labels['batch.kubernetes.io/job-name']"}}},
      {name: 'SCHEDULED_EXPORT_JOB_UID', valueFrom: {fieldRef: {apiVersion: 'v1', fieldPath: "metadata.labels['batch.kubernetes.io/controller-uid']"}}},
      {name: 'SCHEDULED_EXPORT_POSTGRES_URL', valueFrom: {secretKeyRef: {name: 'ledger-db', key: 'url'}}},
    ])
  })

  test.each([
    ['CSV', CSV],
    ['NDJSON', NDJSON],
  ])('reads %s files read-only and writes the destination', (_what, source) => {
    const spec = podSpec({spec: {source}})
    expect(spec.volumes).toEqual([
      {name: 'destination', persistentVolumeClaim: {claimName: 'exports'}},
      {name: 'source', persistentVolumeClaim: {claimName: 'ledger'}},
    ])
    expect(spec.containers[0]?.volumeMounts).toEqual([
      {name: 'destination', mountPath: '/var/scheduled-export/destination'},
      {name: 'source', mountPath: '/var/scheduled-export/source', readOnly: true},
    ])
    expect(spec.containers[0]?.env?.some(({valueFrom}) => valueFrom?.secretKeyRef !== undefined)).toBe(false)
  })

  test('reads documents read-only, also from a claim that has something else besides', () => {
    const datasets = {bookings: {path: 'bookings.csv'}, documents: {path: 'documents.csv'}}
    const datev = {consultant: 1001, client: 456, documents: {claimName: 'ledger', path: 'invoices'}}
    const spec = podSpec({spec: {source: {csv: {claimName: 'ledger', datasets}}, format: {datev}}})
    expect(spec.volumes?.at(-1)).toEqual({name: 'documents', persistentVolumeClaim: {claimName: 'ledger'}})
    expect(spec.containers[0]?.volumeMounts?.slice(1)).toEqual([
      {name: 'source', mountPath: '/var/scheduled-export/source', readOnly: true},
      {name: 'documents', mountPath: '/var/scheduled-export/documents', readOnly: true},
    ])
  })

  test('gets an API’s token and authority from Secrets, and from the configuration what else it may reach', () => {
    const config = operatorConfig({
      pod: {allowedPrivateEndpoints: ['10.20.0.0/16']},
      namespaces: {[NAMESPACE]: {allowedPrivateEndpoints: ['*.finance.svc']}},
    })
    const secrets = [
      {name: 'SCHEDULED_EXPORT_HTTP_TOKEN', valueFrom: {secretKeyRef: {name: 'api', key: 'token'}}},
      {name: 'SCHEDULED_EXPORT_HTTP_CA', valueFrom: {secretKeyRef: {name: 'api', key: 'ca.crt'}}},
    ]
    const allowed = {name: 'SCHEDULED_EXPORT_ALLOWED_PRIVATE_ENDPOINTS', value: '["*.finance.svc"]'}
    expect(environmentOf(scheduledExport({spec: {source: HTTP}}), config)).toEqual([allowed, ...secrets])
    expect(environmentOf(scheduledExport({spec: {source: HTTP}}), operatorConfig())).toEqual(secrets)
    expect(environmentOf(scheduledExport(), config)).not.toContainEqual(allowed)
  })

  test('has requests and a memory limit, which the administrator can change one by one', () => {
    expect(podSpec().containers[0]?.resources).toEqual({requests: {cpu: '50m', memory: '128Mi'}, limits: {memory: '512Mi'}})
    const config = operatorConfig({pod: {resources: {limits: {memory: '1Gi'}}}})
    const resources = desiredCronJob(scheduledExport(), config).spec?.jobTemplate.spec?.template.spec?.containers[0]?.resources
    expect(resources).toEqual({requests: {cpu: '50m', memory: '128Mi'}, limits: {memory: '1Gi'}})
  })

  test('takes the administrator’s settings, those of the namespace first, and never loses our labels', () => {
    const config = operatorConfig({
      pod: {imagePullSecrets: [{name: 'registry'}], nodeSelector: {pool: 'batch'}, labels: {team: 'finance', 'scheduledexport.dev/export': 'another'}},
      namespaces: {[NAMESPACE]: {nodeSelector: {pool: 'acme'}, tolerations: [{key: 'acme', operator: 'Exists'}]}},
    })
    const {metadata, spec} = desiredCronJob(scheduledExport(), config).spec.jobTemplate.spec!.template
    expect(spec).toMatchObject({
      imagePullSecrets: [{name: 'registry'}],
      nodeSelector: {pool: 'acme'},
      tolerations: [{key: 'acme', operator: 'Exists'}],
    })
    expect(metadata?.labels).toMatchObject({team: 'finance', 'scheduledexport.dev/export': NAME})
  })
})

describe('a spec that does not fit', () => {
  test('says how large it is and what helps', () => {
    const resource = scheduledExport()
    resource.spec.source.postgres!.datasets.bookings!.query = `SELECT '${'ü'.repeat(60_000)}'`
    expect(() => desiredCronJob(resource, operatorConfig())).toThrow(RangeError)
    expect(() => desiredCronJob(resource, operatorConfig())).toThrow(/at most 102400 fit into a pod: shorten the queries/)
  })
})

test('a slot’s second Job has its name, its slot and the CronJob as owner', () => {
  const cronJob = desiredCronJob(scheduledExport(), operatorConfig())
  cronJob.metadata = {...cronJob.metadata, uid: 'cron-job-uid'}
  const slot: SlotOverride = {slot: 'acme/datev-monthly@2026-11-01T05:00:00Z', trigger: 'Schedule', scheduledTime: '2026-11-01T05:00:00Z'}
  const job = slotJob(scheduledExport(), {cronJob, name: `${NAME}-29891820`, slot, config: operatorConfig()})
  expect(job.metadata).toMatchObject({
    namespace: NAMESPACE,
    name: `${NAME}-29891820`,
    ownerReferences: [{apiVersion: 'batch/v1', kind: 'CronJob', name: NAME, uid: 'cron-job-uid', controller: true}],
  })
  const value = job.spec?.template.spec?.containers[0]?.env?.find(({name}) => name === 'SCHEDULED_EXPORT_SLOT')?.value
  expect(SlotOverride.parse(JSON.parse(value ?? ''))).toEqual(slot)
})
