// An operator for a list of namespaces, one of which it is refused: deleted, and its rights with it.
import {afterEach, beforeEach, expect, test} from 'vitest'
import {applyExport, createCluster, untilCronJob, untilReady} from './cluster.ts'
import type {Cluster} from './cluster.ts'

let cluster: Cluster
let other: Cluster

beforeEach(async () => {
  cluster = await createCluster('listed')
  other = await createCluster('refused')
})

afterEach(async () => {
  await cluster.close()
  await other.close()
})

test('works in the others, and in that one as soon as it may', async () => {
  const end = cluster.proxy.inject({verb: 'list', namespace: other.namespace}, {kind: 'status', code: 403, reason: 'Forbidden'})
  await cluster.operate({namespaces: [other.namespace, cluster.namespace]})
  await applyExport(other, 'datev-monthly')
  await applyExport(cluster, 'datev-monthly')
  await untilReady(cluster, 'datev-monthly')
  expect((await other.kube.call('GET', other.path('cronJob', 'datev-monthly'))).status).toBe(404)
  end()
  await untilReady(other, 'datev-monthly')
  await untilCronJob(other, 'datev-monthly')
})

test('sees no export of a namespace before it sees the Jobs there', async () => {
  const end = cluster.proxy.inject({verb: 'list', resource: 'jobs', namespace: other.namespace}, {kind: 'status', code: 403, reason: 'Forbidden'})
  await cluster.operate({namespaces: [other.namespace, cluster.namespace]})
  await applyExport(other, 'datev-monthly')
  await applyExport(cluster, 'datev-monthly')
  await untilReady(cluster, 'datev-monthly')
  expect((await other.kube.call('GET', other.path('cronJob', 'datev-monthly'))).status).toBe(404)
  end()
  await untilReady(other, 'datev-monthly')
})
