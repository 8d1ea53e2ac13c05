// A pod that cannot start: a condition with the kubelet's reason soon, and a Failed entry at the deadline.
import {beforeAll, describe, expect, test} from 'vitest'
import type {V1Job} from '@kubernetes/client-node'
import type {ScheduledExportSpecInput} from '../../crds/spec.ts'
import {eventually} from './kubectl.ts'
import {createTenant, manifest} from './tenant.ts'
import type {Tenant} from './tenant.ts'

interface Blocked {
  readonly name: string
  readonly spec: (usual: ScheduledExportSpecInput) => Partial<ScheduledExportSpecInput>
  readonly change?: (job: V1Job) => void
  readonly reason: RegExp
  readonly message: RegExp
}

const CASES: readonly Blocked[] = [
  {
    name: 'no-image',
    spec: () => ({}),
    change: (job) => {
      job.spec!.template.spec!.containers[0]!.image = 'localhost:1/none:1'
    },
    reason: /^(ErrImagePull|ImagePullBackOff)$/,
    message: /localhost:1\/none:1/,
  },
  {
    name: 'no-secret',
    spec: (usual) => ({source: {postgres: {...usual.source.postgres!, urlSecretRef: {name: 'not-there', key: 'url'}}}}),
    reason: /^CreateContainerConfigError$/,
    message: /secret "not-there" not found/,
  },
  {
    name: 'no-claim',
    spec: () => ({destination: {volume: {claimName: 'not-there', path: ''}}}),
    reason: /^Unschedulable$/,
    message: /persistentvolumeclaim "not-there" not found/,
  },
]

describe('a pod that cannot start', () => {
  let tenant: Tenant
  beforeAll(async () => {
    tenant = await createTenant('blocked')
  })

  test.concurrent.each(CASES)('$name: RunBlocked says why, and the deadline makes it Failed', async (blocked) => {
    const usual = (manifest(tenant.namespace, blocked.name, {}) as {spec: ScheduledExportSpecInput}).spec
    await tenant.apply(blocked.name, {...blocked.spec(usual), activeDeadline: '2m'})
    const job = await tenant.runNow(blocked.name, blocked.change)
    const condition = await eventually('RunBlocked', 110, async () => {
      const found = (await tenant.get(blocked.name)).status?.conditions?.find((one) => one.type === 'RunBlocked')
      return found?.status === 'True' ? found : undefined
    })
    expect(condition.reason).toMatch(blocked.reason)
    expect(condition.message).toMatch(blocked.message)
    const entry = await tenant.ended(blocked.name, job, 180)
    expect(entry).toMatchObject({phase: 'Failed', error: {code: 'DeadlineExceeded'}})
    expect(entry.error?.message).toMatch(blocked.message)
    await eventually('the end of RunBlocked', 30, async () => {
      const conditions = (await tenant.get(blocked.name)).status?.conditions ?? []
      return conditions.every((one) => one.type !== 'RunBlocked' || one.status !== 'True')
    })
  })
})
