// The spine: one manifest becomes a CronJob, its pod writes a DATEV file, and the resource says so.
import {readFile} from 'node:fs/promises'
import type {CoreV1Event} from '@kubernetes/client-node'
import {beforeAll, describe, expect, inject, test} from 'vitest'
import {parse} from 'yaml'
import {OPERATOR_FIELD_MANAGER} from '../../crds/names.ts'
import type {Manifest} from '../../crds/run.ts'
import type {ScheduledExport} from '../../crds/scheduledexport.ts'
import {apply, eventually, kubectl, listObjects, tryKubectl} from './kubectl.ts'
import {leaksOf} from './leaks.ts'
import {ledgerTotals} from './ledger.ts'
import {queryLedger} from './database.ts'
import {PUBLISHED_SET, createTenant, manifest} from './tenant.ts'
import type {Tenant} from './tenant.ts'

/** Not the name of the example, which is applied in the same namespace. */
const NAME = 'monthly'

/** examples/datev-monthly.yaml as it is, but for the namespace. */
async function exampleIn(namespace: string): Promise<ScheduledExport> {
  const text = await readFile(new URL('../../examples/datev-monthly.yaml', import.meta.url), 'utf8')
  const example = parse(text) as ScheduledExport
  return {...example, metadata: {...example.metadata, namespace}}
}

/** Rows of a Buchungsstapel and the sum of their amounts, read by its own rules: two lines of heading, lines ended by CRLF, amount first. */
function countAndSum(content: Buffer): {rows: number; cents: bigint} {
  const lines = content.toString('latin1').split('\r\n')
  if (lines.pop() !== '') throw new Error('the last line has no end')
  const cents = lines.slice(2).map((line) => BigInt(line.slice(0, line.indexOf(';')).replace(',', '')))
  return {rows: cents.length, cents: cents.reduce((sum, value) => sum + value, 0n)}
}

describe('from YAML to file', () => {
  let tenant: Tenant
  beforeAll(async () => {
    tenant = await createTenant('run')
    await tenant.apply(NAME)
  })

  test('a ScheduledExport becomes a CronJob with time zone, owner reference and our field manager', async () => {
    const cronJob = await eventually('the CronJob', 30, async () => await tenant.cronJob(NAME))
    expect(cronJob.spec).toMatchObject({schedule: '0 6 1 1 *', timeZone: 'Europe/Berlin', suspend: false, concurrencyPolicy: 'Forbid'})
    const owner = cronJob.metadata?.ownerReferences?.[0]
    expect(owner).toMatchObject({kind: 'ScheduledExport', name: NAME, controller: true})
    expect(owner?.blockOwnerDeletion ?? false).toBe(false)
    const text = await kubectl(['get', 'cronjob', NAME, '-n', tenant.namespace, '-o', 'json', '--show-managed-fields'])
    const managers = (JSON.parse(text) as typeof cronJob).metadata?.managedFields?.map((field) => field.manager)
    expect(managers).toContain(OPERATOR_FIELD_MANAGER)
  })

  test('kubectl get sx shows the next run', async () => {
    const next = await eventually('the next run', 30, async () => (await tenant.get(NAME)).status?.nextRunTime)
    const table = await kubectl(['get', 'sx', '-n', tenant.namespace])
    expect(table).toMatch(/NAME +SCHEDULE +TIME ZONE +SUSPENDED +NEXT RUN +LAST RESULT +LAST SUCCESS +AGE/)
    expect(table).toContain(next)
    expect(next).toMatch(/^\d{4}-01-01T06:00:00\+01:00$/)
  })

  test('a server-side dry run of the same manifest changes nothing', async () => {
    const text = JSON.stringify(manifest(tenant.namespace, NAME, {}))
    const diff = await tryKubectl(['diff', '--server-side', '--force-conflicts', '-f', '-'], text)
    expect(diff).toMatchObject({code: 0, stdout: ''})
  })

  test('the example of the README becomes a CronJob too, and applying it again changes nothing', async () => {
    const example = await exampleIn(tenant.namespace)
    const {name} = example.metadata
    await apply(example)
    const cronJob = await eventually('the CronJob of the example', 30, async () => await tenant.cronJob(name))
    expect(cronJob.spec).toMatchObject({schedule: '0 6 1 * *', timeZone: 'Europe/Berlin', suspend: false})
    const owner = cronJob.metadata?.ownerReferences?.[0]
    expect(owner).toMatchObject({kind: 'ScheduledExport', name, uid: (await tenant.get(name)).metadata.uid, controller: true})
    const next = await eventually('its next run', 30, async () => (await tenant.get(name)).status?.nextRunTime)
    expect(next).toMatch(/^\d{4}-\d{2}-01T06:00:00\+0[12]:00$/)
    expect(await kubectl(['get', 'sx', name, '-n', tenant.namespace])).toContain(next)
    const dryRun = await kubectl(['apply', '--server-side', '--force-conflicts', '--dry-run=server', '-o', 'json', '-f', '-'], JSON.stringify(example))
    expect((JSON.parse(dryRun) as ScheduledExport).metadata.generation).toBe(1)
    expect(await tryKubectl(['diff', '--server-side', '--force-conflicts', '-f', '-'], JSON.stringify(example))).toMatchObject({code: 0, stdout: ''})
    await kubectl(['delete', 'sx', name, '-n', tenant.namespace])
  })

  test('a run puts a file on the volume whose count, sum and checksum the status and the database confirm', async () => {
    const job = await tenant.runNow(NAME)
    const entry = await tenant.ended(NAME, job)
    expect(entry).toMatchObject({phase: 'Completed', trigger: 'Manual', attempts: 1})
    const totals = await queryLedger(async (server) => await ledgerTotals(server, entry.periodStart!, entry.periodEnd!))
    expect(totals.rows).toBeGreaterThan(300)
    expect(entry.rows).toBe(totals.rows)

    const files = await tenant.files()
    const csv = files.find((file) => file.path.endsWith('.csv'))!
    expect(files.map((file) => file.path)).toHaveLength(PUBLISHED_SET)
    expect(csv.path).toBe(`datev/EXTF_Buchungsstapel_${entry.periodStart!.slice(0, 7).replace('-', '')}_001.csv`)
    expect(countAndSum(csv.content)).toEqual({rows: totals.rows, cents: BigInt(totals.sum.replace('.', ''))})
    expect(csv.content.includes(Buffer.from('B\xfcromaterial ""Gr\xf6\xdfe', 'latin1'))).toBe(true)

    const status = (await tenant.get(NAME)).status!
    expect(status.lastRun).toMatchObject({name: job, phase: 'Completed', exportId: entry.exportId, bytes: csv.content.length})
    expect(status.lastRun?.files).toEqual([
      {name: csv.path.slice('datev/'.length), uri: `volume://exports/${csv.path}`, bytes: csv.content.length, rows: totals.rows, sha256: csv.sha256},
    ])
    const proof = files.find((file) => file.path.endsWith('.manifest.json'))!
    expect(status.lastRun?.manifest).toEqual({uri: `volume://exports/${proof.path}`, sha256: proof.sha256})
    const manifestOnVolume = JSON.parse(proof.content.toString()) as Manifest
    expect(manifestOnVolume).toMatchObject({exportId: entry.exportId, rows: totals.rows, trigger: 'Manual', revision: 1})
  })

  test('conditions and Events tell the same', async () => {
    const conditions = await eventually('LastRunSucceeded', 30, async () => {
      const all = (await tenant.get(NAME)).status?.conditions
      return all?.some((one) => one.type === 'LastRunSucceeded' && one.status === 'True') ? all : undefined
    })
    expect(conditions.find((one) => one.type === 'Ready')?.status).toBe('True')
    expect(conditions.filter((one) => one.type === 'Stalled' || one.type === 'RunBlocked')).toEqual([])
    const reasons = await eventually('the Events', 30, async () => {
      const events = await listObjects<CoreV1Event>('event', tenant.namespace)
      const found = events.filter((event) => event.involvedObject.name === NAME && event.involvedObject.kind === 'ScheduledExport')
      const names = found.map((event) => event.reason)
      return ['Created', 'RunStarted', 'RunSucceeded'].every((reason) => names.includes(reason)) ? names : undefined
    })
    expect(reasons).not.toContain('RunFailed')
  })

  test('the same period is not exported again by accident', async () => {
    const entry = await tenant.ended(NAME, await tenant.runNow(NAME))
    expect(entry).toMatchObject({phase: 'Rejected', error: {code: 'AlreadyPublished'}})
    expect(await tenant.files()).toHaveLength(PUBLISHED_SET)
  })

  test('a schedule tick does it without any hand', async () => {
    await tenant.apply('every-minute', {schedule: '* * * * *', destination: {volume: {claimName: 'exports', path: 'tick'}}})
    const entry = await eventually('a scheduled run', 150, async () => {
      const history = (await tenant.get('every-minute')).status?.history ?? []
      return history.find((one) => one.trigger === 'Schedule' && one.phase === 'Completed')
    })
    await tenant.apply('every-minute', {schedule: '* * * * *', suspend: true, destination: {volume: {claimName: 'exports', path: 'tick'}}})
    expect(entry.name).toBe(`every-minute-${Date.parse(entry.scheduledTime!) / 60_000}`)
    const all = await tenant.files()
    const written = all.filter((file) => file.path.startsWith('tick/') && file.path.endsWith('.csv'))
    expect(written).toHaveLength(1)
    const totals = await queryLedger(async (server) => await ledgerTotals(server, entry.periodStart!, entry.periodEnd!))
    expect(entry.rows).toBe(totals.rows)
    expect(countAndSum(written[0]!.content)).toEqual({rows: totals.rows, cents: BigInt(totals.sum.replace('.', ''))})
    // Not lastRun: a later tick, rejected since the period is published, may have taken it.
    const proof = all.find((file) => file.path.startsWith('tick/') && file.path.endsWith('.manifest.json'))!
    const proved = JSON.parse(proof.content.toString()) as Manifest
    expect(proved).toMatchObject({exportId: entry.exportId, trigger: 'Schedule', rows: totals.rows})
    expect(proved.files.map((file) => file.sha256)).toEqual([written[0]!.sha256])
  })

  test('no credential of the database appears in status, Events, logs or files', async () => {
    const secret = new URL(inject('ledgerUrl')).password
    expect(await leaksOf(tenant, NAME, secret)).toEqual([])
  })
})
