// The operator dies, restarts, doubles: no result is lost, nothing is made twice.
import type {V1Deployment, V1Lease, V1Pod} from '@kubernetes/client-node'
import {afterAll, beforeAll, describe, expect, inject, test} from 'vitest'
import {ensureCluster} from '../cluster/index.ts'
import {eventually, kubectl, listObjects, readObject} from './kubectl.ts'
import {SLOW_QUERY} from './ledger.ts'
import {createTenant} from './tenant.ts'
import type {Tenant} from './tenant.ts'

const SLOW = {postgres: {urlSecretRef: {name: 'ledger-db', key: 'url'}, datasets: {bookings: {query: SLOW_QUERY}}}}

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
      return (status?.readyReplicas ?? 0) === replicas && status?.replicas === replicas
    })
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

  test('of two replicas one leads, and the other takes over when it goes', async () => {
    await scale(2)
    const first = await eventually('a leader', 60, leader)
    const pods = await operatorPods()
    const holder = pods.find((pod) => first.startsWith(pod.metadata!.name!))
    expect(holder).toBeDefined()
    await kubectl(['delete', 'pod', holder!.metadata!.name!, '-n', namespace, '--wait=false'])
    const second = await eventually('another leader', 60, async () => {
      const now = await leader()
      return now !== undefined && now !== first ? now : undefined
    })
    expect(second).not.toBe(first)
    await tenant.apply('after-takeover')
    await eventually('the CronJob after the takeover', 60, async () => await tenant.cronJob('after-takeover'))
  })
})
