// Stopping while a reconcile is under way.
import {afterEach, beforeEach, expect, test} from 'vitest'
import {OperatorConfig} from '../../../operator/config.ts'
import type {Lease} from '../../../operator/kube/resources.ts'
import {startOperator} from '../../../operator/operator.ts'
import type {Operator} from '../../../operator/operator.ts'
import {recordingLogger} from '../../../operator/testing/objects.ts'
import {waitFor} from '../../cluster/wait.ts'
import {applyExport, createCluster} from './cluster.ts'
import type {Cluster} from './cluster.ts'

let cluster: Cluster

beforeEach(async () => {
  cluster = await createCluster('stop')
})

afterEach(async () => {
  await cluster.close()
})

async function start(stopWithinMs: number): Promise<Operator> {
  return await startOperator({
    config: OperatorConfig.parse({
      namespaces: [cluster.namespace],
      runner: {image: 'scheduled-export/job:test'},
      leaderElection: {namespace: cluster.namespace},
      listen: {port: 0},
    }),
    loadKubeConfig: cluster.loadKubeConfig,
    instance: 'test',
    version: 'test',
    log: recordingLogger(),
    stopWithinMs,
  })
}

async function holder(): Promise<string | undefined> {
  const path = `/apis/coordination.k8s.io/v1/namespaces/${cluster.namespace}/leases/scheduled-export-operator`
  return (await cluster.kube.expect<Lease>('GET', path)).spec?.holderIdentity
}

async function untilCreating({proxy}: Cluster): Promise<void> {
  await waitFor('the CronJob is being made', () => proxy.requests({verb: 'create', resource: 'cronjobs'}).length === 1, {interval: 20})
}

test('it is finished, and only then the Lease is given back', async () => {
  const {promise: until, resolve: goOn} = Promise.withResolvers<void>()
  cluster.proxy.inject({verb: 'create', resource: 'cronjobs'}, {kind: 'hold', until})
  const operator = await start(20_000)
  await applyExport(cluster, 'datev')
  await untilCreating(cluster)
  operator.stop()
  await waitFor('the watches have ended', () => cluster.proxy.openWatches() === 0, {interval: 20})
  expect(await holder()).toContain('test_')
  goOn()
  await operator.ended
  expect(await holder()).toBe('')
  await cluster.kube.expect('GET', cluster.path('cronJob', 'datev'))
})

test('one that does not end in time ends the operator with an error, and the Lease is kept until it runs out', async () => {
  cluster.proxy.inject({verb: 'create', resource: 'cronjobs'}, {kind: 'silence'})
  const operator = await start(300)
  await applyExport(cluster, 'datev')
  await untilCreating(cluster)
  operator.stop()
  await expect(operator.ended).rejects.toThrow('did not end in time')
  expect(await holder()).toContain('test_')
})
