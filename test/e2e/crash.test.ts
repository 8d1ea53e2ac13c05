// Pods and Jobs that die at the worst moment: exactly one published file, the same bytes, and a status that says so.
import {describe, test} from 'vitest'
import {EXIT} from '../../crds/run.ts'
import {ensureCluster} from '../cluster/index.ts'
import {apply, eventually, kubectl, tryKubectl} from './kubectl.ts'
import {LONG_QUERY, SLOW_QUERY} from './ledger.ts'
import {PUBLISHED_SET, createTenant} from './tenant.ts'
import type {Tenant} from './tenant.ts'
import {readVolume} from './volume.ts'
import type {VolumeFile} from './volume.ts'

function source(query: string): {postgres: {urlSecretRef: {name: string; key: string}; datasets: {bookings: {query: string}}}} {
  return {postgres: {urlSecretRef: {name: 'ledger-db', key: 'url'}, datasets: {bookings: {query}}}}
}

function folder(path: string): {volume: {claimName: string; path: string}} {
  return {volume: {claimName: 'exports', path}}
}

/** A file of an attempt that has not sealed its set. */
const BEING_WRITTEN = /^\.scheduled-export\/[^/]+\.open\/[^/]+\.csv$/

/** Waits until the run's pod writes (the phase Processing is told before there is so much as a connection), and gives the pod's name. */
async function writingPod(tenant: Tenant, job: string): Promise<string> {
  await eventually('a file that is being written', 60, async () => (await tenant.files()).some((file) => BEING_WRITTEN.test(file.path)))
  const pods = await tenant.pods(job)
  const running = pods.find((pod) => pod.status?.phase === 'Running' && pod.metadata?.deletionTimestamp === undefined)
  if (running === undefined) throw new Error('the pod that writes is gone: was the query slow enough?')
  return running.metadata!.name!
}

async function published(tenant: Tenant, path: string): Promise<{csv: VolumeFile[]; all: number}> {
  const files = (await tenant.files()).filter((file) => file.path.startsWith(`${path}/`))
  return {csv: files.filter((file) => file.path.endsWith('.csv')), all: files.length}
}

describe('a run that is disturbed', () => {
  test.concurrent('killed while writing: retried, one file, byte-identical to an undisturbed run of the same slot', async ({expect}) => {
    const tenant = await createTenant('crash')
    await tenant.apply('killed', {source: source(SLOW_QUERY), destination: folder('killed')})
    const job = await tenant.runNow('killed')
    const pod = await writingPod(tenant, job)
    await (await ensureCluster()).killContainer(tenant.namespace, pod)
    const entry = await tenant.ended('killed', job, 180)
    expect(entry).toMatchObject({phase: 'Completed', attempts: 2})
    const disturbed = await published(tenant, 'killed')
    expect(disturbed.csv).toHaveLength(1)
    expect(disturbed.all).toBe(PUBLISHED_SET)

    // The same slot again, on a volume that knows nothing of it and without any disturbance: a slot override stands for the first Job.
    await (await ensureCluster()).makeVolume(tenant.namespace, 'undisturbed')
    await tenant.apply('killed', {source: source(LONG_QUERY), destination: {volume: {claimName: 'undisturbed', path: 'killed'}}})
    await eventually('the new volume in the CronJob', 30, async () => JSON.stringify(await tenant.cronJob('killed')).includes('undisturbed'))
    const uid = (await tenant.jobs('killed')).find((one) => one.metadata?.name === job)!.metadata!.uid!
    const slot = {slot: uid, trigger: 'Manual', scheduledTime: entry.scheduledTime, period: {start: entry.periodStart, end: entry.periodEnd}}
    const again = await tenant.runNow('killed', (copy) => {
      copy.spec!.template.spec!.containers[0]!.env!.push({name: 'SCHEDULED_EXPORT_SLOT', value: JSON.stringify(slot)})
    })
    expect(await tenant.ended('killed', again)).toMatchObject({phase: 'Completed', attempts: 1})
    const calm = (await readVolume(tenant.namespace, 'undisturbed')).filter((file) => file.path.endsWith('.csv'))
    expect(calm.map((file) => file.sha256)).toEqual(disturbed.csv.map((file) => file.sha256))
  })

  test.concurrent('killed after publishing and before reporting: Completed with the right checksum, nothing written twice', async ({expect, onTestFinished}) => {
    const tenant = await createTenant('crash')
    await tenant.apply('unreported', {destination: folder('unreported')})
    const release = await refuseReports(tenant.namespace)
    onTestFinished(release)
    const job = await tenant.runNow('unreported')
    const before = await eventually('the published file', 90, async () => {
      const found = await published(tenant, 'unreported')
      return found.all === PUBLISHED_SET ? found : undefined
    })
    const pod = (await tenant.pods(job))[0]!.metadata!.name!
    await (await ensureCluster()).killContainer(tenant.namespace, pod)
    await release()
    const entry = await tenant.ended('unreported', job)
    expect(entry.phase).toBe('Completed')
    expect(await published(tenant, 'unreported')).toEqual(before)
    const lastRun = (await tenant.get('unreported')).status?.lastRun
    expect(lastRun?.files?.map((file) => file.sha256)).toEqual(before.csv.map((file) => file.sha256))
  })

  test.concurrent('its Job deleted by hand after publishing and before it was harvested: Completed, and the files are not written again', async ({expect, onTestFinished}) => {
    const tenant = await createTenant('crash')
    await tenant.apply('vanished', {destination: folder('vanished')})
    const release = await refuseReports(tenant.namespace)
    onTestFinished(release)
    const job = await tenant.runNow('vanished')
    const before = await eventually('the published file', 90, async () => {
      const found = await published(tenant, 'vanished')
      return found.all === PUBLISHED_SET ? found : undefined
    })
    await kubectl(['delete', 'job', job, '-n', tenant.namespace, '--cascade=foreground', '--wait=true'])
    await release()
    const entry = await tenant.ended('vanished', job, 180)
    expect(entry).toMatchObject({phase: 'Completed', trigger: 'Manual'})
    // Inode and time of change among it: the same files, not others with the same bytes.
    expect(await published(tenant, 'vanished')).toEqual(before)
    const lastRun = (await tenant.get('vanished')).status?.lastRun
    expect(lastRun?.files?.map((file) => file.sha256)).toEqual(before.csv.map((file) => file.sha256))
  })

  test.concurrent('its Job deleted by hand while it writes: the slot runs again under the same name', async ({expect}) => {
    const tenant = await createTenant('crash')
    await tenant.apply('deleted', {source: source(SLOW_QUERY), destination: folder('deleted')})
    const job = await tenant.runNow('deleted')
    await writingPod(tenant, job)
    await kubectl(['delete', 'job', job, '-n', tenant.namespace, '--cascade=foreground', '--wait=true'])
    const entry = await tenant.ended('deleted', job, 180)
    expect(entry).toMatchObject({phase: 'Completed', trigger: 'Manual'})
    const {csv, all} = await published(tenant, 'deleted')
    expect(all).toBe(PUBLISHED_SET)
    const lastRun = (await tenant.get('deleted')).status?.lastRun
    expect(lastRun?.files?.map((file) => file.sha256)).toEqual(csv.map((file) => file.sha256))
  })

  test.concurrent('evicted: run again, and the attempt is not counted', async ({expect}) => {
    const tenant = await createTenant('crash')
    await tenant.apply('evicted', {source: source(SLOW_QUERY), destination: folder('evicted'), retry: {attempts: 1}})
    const job = await tenant.runNow('evicted')
    const pod = await writingPod(tenant, job)
    const eviction = {apiVersion: 'policy/v1', kind: 'Eviction', metadata: {name: pod, namespace: tenant.namespace}}
    const path = `/api/v1/namespaces/${tenant.namespace}/pods/${pod}/eviction`
    await kubectl(['create', '--raw', path, '-f', '-'], JSON.stringify(eviction))
    const entry = await tenant.ended('evicted', job, 180)
    expect(entry).toMatchObject({phase: 'Completed', attempts: 1})
    await tenant.exited(job, EXIT.published)
    expect((await published(tenant, 'evicted')).all).toBe(PUBLISHED_SET)
  })
})

/** Stands for an exporter where it is asked whether the policy is in force; the chart's own policy does not look at it. */
const PROBE_USER = 'e2e-probe'

/** Refuses every status report of that namespace's exporters, until the function it gives back is called. */
async function refuseReports(namespace: string): Promise<() => Promise<void>> {
  const name = `refuse-${namespace}`
  const user = 'request.userInfo.username'
  const policy = {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    metadata: {name},
    spec: {
      failurePolicy: 'Fail',
      matchConstraints: {
        namespaceSelector: {matchLabels: {'kubernetes.io/metadata.name': namespace}},
        resourceRules: [{apiGroups: ['scheduledexport.dev'], apiVersions: ['*'], operations: ['UPDATE'], resources: ['scheduledexports/status']}],
      },
      matchConditions: [{name: 'runner', expression: `${user}.endsWith(':scheduled-export-runner') || ${user} == '${PROBE_USER}'`}],
      validations: [{expression: 'false', message: 'refused by a test'}],
    },
  }
  const binding = {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: {name},
    spec: {policyName: name, validationActions: ['Deny']},
  }
  const release = async (): Promise<void> => {
    const kinds = 'validatingadmissionpolicybinding,validatingadmissionpolicy'
    await kubectl(['delete', kinds, name, '--ignore-not-found'])
    await eventually('the end of the refusing policy', 60, async () => !(await refuses(namespace)))
  }
  await apply(policy, binding)
  await eventually('the refusing policy', 60, async () => await refuses(namespace))
  return release
}

/** Whether a report would be refused by the test's policy. */
async function refuses(namespace: string): Promise<boolean> {
  const [name] = (await kubectl(['get', 'sx', '-n', namespace, '-o', 'name'])).trim().split('\n')
  const patch = ['patch', name!, '-n', namespace, '--subresource=status', '--type=merge', '-p', '{"status":{"observedGeneration":0}}']
  const result = await tryKubectl([...patch, '--dry-run=server', `--as=${PROBE_USER}`, '--as-group=system:masters'])
  return result.stderr.includes('refused by a test')
}
