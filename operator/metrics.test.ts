import {readFileSync} from 'node:fs'
import {beforeEach, describe, expect, test} from 'vitest'
import {parse} from 'yaml'
import type {ScheduledExport} from '../crds/scheduledexport.ts'
import {createStore} from './kube/store.ts'
import type {Store} from './kube/store.ts'
import {createMetrics} from './metrics.ts'
import type {Metrics} from './metrics.ts'
import {anExport} from './testing/objects.ts'

const DOCS = readFileSync(new URL('../docs/metrics.md', import.meta.url), 'utf8')

let metrics: Metrics
let exports: Store<ScheduledExport>
let leads: boolean

beforeEach(() => {
  metrics = createMetrics({version: '1.2.3'})
  exports = createStore<ScheduledExport>()
  leads = false
  metrics.observe({exports, queue: {depth: () => 7, oldestWaitSeconds: () => 1.5}, isLeader: () => leads})
})

/** Our series, without help, types and buckets. */
async function series(): Promise<string[]> {
  const {text} = await metrics.render()
  return text.split('\n').filter((line) => line.startsWith('scheduled_export') && !line.includes('_bucket'))
}

/** Every series of our names has been touched, so that labels show. */
function touchEverything(): void {
  const now = new Date().toISOString()
  const conditions = (['Ready', 'LastRunSucceeded'] as const).map((type) => ({
    type,
    status: 'True' as const,
    lastTransitionTime: now,
    reason: 'X',
    message: '',
  }))
  exports.put(anExport('acme', 'datev', {status: {nextRunTime: now, lastSuccessTime: now, conditions}}))
  metrics.runFinished({namespace: 'acme', name: 'datev', phase: 'Completed', trigger: 'Schedule', seconds: 12})
  metrics.reconciled('success', 0.1)
  metrics.requested({verb: 'get', resource: 'pods', code: '200', seconds: 0.01})
  metrics.restarted('pods', 'gone')
  metrics.eventDropped()
  metrics.queueHooks.onAdd?.()
  metrics.queueHooks.onRetry?.()
  metrics.queueHooks.onTake?.(1)
}

describe('docs/metrics.md', () => {
  test('names exactly the metrics that there are, with their types and labels', async () => {
    touchEverything()
    const {text} = await metrics.render()
    const types = [...text.matchAll(/^# TYPE (scheduled_export\w+) (\w+)$/gm)].map(([, name, type]) => `${name} ${type}`)
    const actual = types.map((entry) => {
      const [name = ''] = entry.split(' ')
      const line = text.split('\n').find((one) => new RegExp(`^${name}(_count)?[{ ]`).test(one)) ?? ''
      return `${entry} ${[...line.matchAll(/(\w+)="/g)].map(([, label]) => label).join(', ')}`
    })
    const documented = [...DOCS.matchAll(/^\| `(\w+)` \| (\w+) \|([^|]*)\|/gm)].map(
      ([, name, type, labels]) => `${name} ${type} ${labels?.replaceAll('`', '').trim()}`.trimEnd(),
    )
    expect(documented.toSorted()).toEqual(actual.map((entry) => entry.trimEnd()).toSorted())
  })

  test('has alerts that ask only for metrics that there are', async () => {
    touchEverything()
    const {text} = await metrics.render()
    const yaml = /```yaml\n([\s\S]*?)```/.exec(DOCS)?.[1] ?? ''
    const {groups}: {groups: {rules: {expr: string}[]}[]} = parse(yaml)
    const asked = groups.flatMap(({rules}) => rules.flatMap(({expr}) => expr.match(/scheduled_export\w+/g) ?? []))
    expect(asked.length).toBeGreaterThan(4)
    expect(asked.filter((name) => !text.includes(`# TYPE ${name} `))).toEqual([])
  })
})

describe('gauges of exports', () => {
  test('come from the cache, and go with the export', async () => {
    exports.put(anExport('acme', 'datev', {status: {nextRunTime: '2026-11-01T06:00:00+01:00', lastSuccessTime: '2026-10-01T04:00:12Z'}}))
    expect(await series()).toEqual(
      expect.arrayContaining([
        'scheduled_export_next_run_timestamp_seconds{namespace="acme",name="datev"} 1793509200',
        'scheduled_export_last_success_timestamp_seconds{namespace="acme",name="datev"} 1790827212',
        'scheduled_export_suspended{namespace="acme",name="datev"} 0',
        'scheduled_export_ready{namespace="acme",name="datev"} 0',
      ]),
    )
    exports.drop({namespace: 'acme', name: 'datev'})
    expect((await series()).filter((line) => line.includes('acme'))).toEqual([])
  })

  test('so do the counts of its runs', async () => {
    for (const name of ['datev', 'other']) exports.put(anExport('acme', name))
    for (const name of ['datev', 'other']) metrics.runFinished({namespace: 'acme', name, phase: 'Completed', trigger: 'Schedule', seconds: 12})
    metrics.runFinished({namespace: 'acme', name: 'datev', phase: 'Failed', trigger: 'Manual'})
    expect((await series()).filter((line) => line.startsWith('scheduled_export_runs_total'))).toHaveLength(3)
    exports.drop({namespace: 'acme', name: 'datev'})
    expect((await series()).filter((line) => line.startsWith('scheduled_export_runs_total'))).toEqual([
      'scheduled_export_runs_total{namespace="acme",name="other",phase="Completed",trigger="Schedule"} 1',
    ])
  })

  test('of what is not known have no series', async () => {
    exports.put(anExport('acme', 'new'))
    const names = (await series()).filter((line) => line.includes('acme')).map((line) => line.split('{')[0])
    expect(names).toEqual(['scheduled_export_suspended', 'scheduled_export_ready'])
  })
})

test('the operator\'s own gauges are read at the scrape', async () => {
  const before = await series()
  expect(before).toContain('scheduled_export_operator_queue_depth 7')
  expect(before).toContain('scheduled_export_operator_queue_longest_wait_seconds 1.5')
  expect(before).toContain('scheduled_export_operator_leader 0')
  leads = true
  expect(await series()).toContain('scheduled_export_operator_leader 1')
  expect(before).toContain(`scheduled_export_operator_build_info{version="1.2.3",node="${process.version}"} 1`)
})

test('results of reconciles are there from the start, so that the first error is an increase', async () => {
  expect(await series()).toContain('scheduled_export_operator_reconciles_total{result="error"} 0')
})
