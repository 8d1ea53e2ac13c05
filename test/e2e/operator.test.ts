// The operator dies, restarts, doubles: no result is lost, nothing is made twice.
import type {V1Deployment, V1Lease, V1Pod} from '@kubernetes/client-node'
import {afterAll, beforeAll, describe, expect, inject, test} from 'vitest'
import {RUNNER_NAME} from '../../crds/names.ts'
import {EXIT} from '../../crds/run.ts'
import {ensureCluster} from '../cluster/index.ts'
import {eventually, kubectl, listObjects, readObject} from './kubectl.ts'
import {SLOW_QUERY} from './ledger.ts'
import {PUBLISHED_SET, createTenant} from './tenant.ts'
import type {Tenant} from './tenant.ts'

function querying(query: string) {
  return {postgres: {urlSecretRef: {name: 'ledger-db', key: 'url'}, datasets: {bookings: {query}}}}
}

const SLOW = querying(SLOW_QUERY)
/** Half a minute: time to stop the operator. */
const SLOWER_QUERY = SLOW_QUERY.replace('0.02', '0.05')

describe('the operator itself', () => {
  const namespace = inject('operatorNamespace')
  const deployment = inject('operatorDeployment')
  let tenant: Tenant
  beforeAll(async () => {
    tenant = await createTenant('operator')
  })
  afterAll(async () => {
    await scale(1)
  })

  async function scale(replicas: number): Promise<void> {
    await kubectl(['scale', 'deployment', deployment, '-n', namespace, `--replicas=${replicas}`])
    await eventually(`${replicas} operators`, 90, async () => {
      const status = (await readObject<V1Deployment>('deployment', namespace, deployment))?.status
      return (status?.readyReplicas ?? 0) === replicas && (status?.replicas ?? 0) === replicas
    })
    // A pod that is ending is not counted, and works on for a moment.
    await eventually('the end of the others', 60, async () => (await listObjects<V1Pod>('pod', namespace, inject('operatorSelector'))).length === replicas)
  }

  async function operatorPods(): Promise<V1Pod[]> {
    const pods = await listObjects<V1Pod>('pod', namespace, inject('operatorSelector'))
    return pods.filter((pod) => pod.metadata?.deletionTimestamp === undefined)
  }

  async function leader(): Promise<string | undefined> {
    const leases = await listObjects<V1Lease>('lease', namespace, '')
    return leases.map((lease) => lease.spec?.holderIdentity).find((holder) => holder !== undefined && holder !== '')
  }

  test('killed while a run goes on: the result is not lost, and there is one CronJob', async () => {
    await tenant.apply('through-restart', {source: SLOW, destination: {volume: {claimName: 'exports', path: 'restart'}}})
    const before = await eventually('the CronJob', 30, async () => await tenant.cronJob('through-restart'))
    const job = await tenant.runNow('through-restart')
    await eventually('the run', 60, async () => (await tenant.get('through-restart')).status?.history?.[0]?.phase === 'Processing')
    const [pod] = await operatorPods()
    await (await ensureCluster()).killContainer(namespace, pod!.metadata!.name!)
    const entry = await tenant.ended('through-restart', job)
    expect(entry.phase).toBe('Completed')
    await eventually('LastRunSucceeded after the restart', 90, async () => {
      const conditions = (await tenant.get('through-restart')).status?.conditions ?? []
      return conditions.some((one) => one.type === 'LastRunSucceeded' && one.status === 'True')
    })
    expect((await tenant.cronJob('through-restart'))?.metadata?.uid).toBe(before.metadata?.uid)
    expect((await tenant.jobs('through-restart')).map((one) => one.metadata?.name)).toEqual([job])
  })

  test('away while a run ends that could not report: the result comes from its last words', async () => {
    // Two minutes, so that the exporter does not go on trying to report for longer than the test waits.
    const destination = {volume: {claimName: 'exports', path: 'unseen'}}
    await tenant.apply('unseen', {source: querying(SLOWER_QUERY), destination, activeDeadline: '2m'})
    const job = await tenant.runNow('unseen')
    await eventually('the run', 60, async () => (await tenant.get('unseen')).status?.history?.[0]?.phase === 'Processing')
    await scale(0)
    // Nobody puts it back while the operator is away, so that the exporter is refused.
    await kubectl(['delete', 'rolebinding', RUNNER_NAME, '-n', tenant.namespace])
    await tenant.exited(job, EXIT.published, 180)
    expect((await tenant.get('unseen')).status?.history?.[0]?.phase).toBe('Processing')
    await scale(1)
    const entry = await tenant.ended('unseen', job)
    expect(entry).toMatchObject({phase: 'Completed', trigger: 'Manual'})
    const csv = (await tenant.files()).filter((file) => file.path.startsWith('unseen/') && file.path.endsWith('.csv'))
    const {lastRun} = (await tenant.get('unseen')).status ?? {}
    expect(lastRun?.files?.map(({sha256, bytes}) => ({sha256, bytes}))).toEqual(csv.map(({sha256, content}) => ({sha256, bytes: content.length})))
    expect(csv).toHaveLength(1)
    expect((await tenant.jobs('unseen')).map((one) => one.metadata?.name)).toEqual([job])
    await eventually('the binding', 60, async () => await readObject('rolebinding', tenant.namespace, RUNNER_NAME))
  })

  test('of two replicas one leads, and the other takes over when it goes, also while a run goes on', async () => {
    await scale(2)
    const first = await eventually('a leader', 60, leader)
    await tenant.apply('in-flight', {source: SLOW, destination: {volume: {claimName: 'exports', path: 'in-flight'}}})
    const job = await tenant.runNow('in-flight')
    await eventually('the run', 60, async () => (await tenant.get('in-flight')).status?.history?.[0]?.phase === 'Processing')
    const pods = await operatorPods()
    const holder = pods.find((pod) => first.startsWith(pod.metadata!.name!))
    expect(holder).toBeDefined()
    await kubectl(['delete', 'pod', holder!.metadata!.name!, '-n', namespace, '--wait=false'])
    const second = await eventually('another leader', 60, async () => {
      const now = await leader()
      return now !== undefined && now !== first ? now : undefined
    })
    expect(second).not.toBe(first)
    expect(await tenant.ended('in-flight', job)).toMatchObject({phase: 'Completed', attempts: 1})
    expect((await tenant.jobs('in-flight')).map((one) => one.metadata?.name)).toEqual([job])
    expect((await tenant.files()).filter((file) => file.path.startsWith('in-flight/'))).toHaveLength(PUBLISHED_SET)
    await tenant.apply('after-takeover')
    await eventually('the CronJob after the takeover', 60, async () => await tenant.cronJob('after-takeover'))
  })
})
