// The database is away: three attempts with the spec's backoff, then Failed with the reason; it comes back, and the next run completes.
import {beforeAll, describe, expect, test} from 'vitest'
import {EXIT} from '../../crds/run.ts'
import {ensureCluster} from '../cluster/index.ts'
import {startPostgres} from '../support/postgres.ts'
import {kubectl} from './kubectl.ts'
import {leaksOf} from './leaks.ts'
import {seedLedger} from './ledger.ts'
import {PUBLISHED_SET, createTenant} from './tenant.ts'
import type {Tenant} from './tenant.ts'

const NAME = 'resilient'

/** Times at which attempts began, from the exporter's own log lines. */
function attemptTimes(log: string): number[] {
  const records = log.split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as {msg?: string; time?: string | number})
  return records.filter((record) => record.msg === 'attempt started').map((record) => new Date(record.time!).getTime())
}

describe('a database that is down', () => {
  let tenant: Tenant
  beforeAll(async () => {
    tenant = await createTenant('dbdown')
  })

  test('fails after three attempts with backoff, leaves nothing, and the next run completes once it is back', async () => {
    const cluster = await ensureCluster()
    const first = await startPostgres({listen: cluster.hostAddress})
    const url = await seedLedger(first)
    await first.stop()
    await tenant.database(url)
    await tenant.apply(NAME, {retry: {attempts: 3, backoff: {initial: '2s', factor: 2, max: '1m'}}})

    const job = await tenant.runNow(NAME)
    const failed = await tenant.ended(NAME, job)
    expect(failed).toMatchObject({phase: 'Failed', attempts: 3, error: {code: 'ConnectionRefused'}})
    expect(failed.error?.message).toContain(String(first.port))
    const pods = await tenant.pods(job)
    expect(pods).toHaveLength(1)
    await tenant.exited(job, EXIT.transient)
    const times = attemptTimes(await kubectl(['logs', pods[0]!.metadata!.name!, '-n', tenant.namespace]))
    expect(times).toHaveLength(3)
    expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(2000)
    expect(times[2]! - times[1]!).toBeGreaterThanOrEqual(4000)
    expect(await tenant.files()).toEqual([])
    // A refused connection is where a URL is most easily quoted.
    expect(await leaksOf(tenant, NAME, new URL(url).password)).toEqual([])
    const status = (await tenant.get(NAME)).status
    expect(status?.conditions?.find((one) => one.type === 'Ready')?.status).toBe('True')

    const second = await startPostgres({listen: cluster.hostAddress, port: first.port})
    try {
      await tenant.database(await seedLedger(second))
      const entry = await tenant.ended(NAME, await tenant.runNow(NAME))
      expect(entry).toMatchObject({phase: 'Completed', attempts: 1})
      expect(await tenant.files()).toHaveLength(PUBLISHED_SET)
    } finally {
      await second.stop()
    }
  })
})
