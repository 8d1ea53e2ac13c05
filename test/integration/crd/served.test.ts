// What kubectl shows of the resource: descriptions, columns, selectors, the status subresource.
import {beforeAll, describe, expect, inject, it} from 'vitest'
import {API_VERSION, PLURAL} from '../../../crds/names.ts'
import {apply, connect, createNamespace, MERGE, messageOf, type Kube} from '../../support/kube.ts'
import {fromPostgres} from './manifests.ts'

interface Served {
  readonly description?: string
  readonly allOf?: readonly Served[]
  readonly properties?: Readonly<Record<string, Served>>
  readonly items?: Served
}

interface Table {
  readonly columnDefinitions: readonly {readonly name: string; readonly priority: number}[]
  readonly rows: readonly {readonly cells: readonly unknown[]}[]
}

const CONDITION = {
  type: 'Ready',
  status: 'True',
  observedGeneration: 1,
  lastTransitionTime: '2026-11-01T05:00:00Z',
  reason: 'Accepted',
  message: 'the CronJob is as wanted',
}

describe('the resource as kubectl sees it', () => {
  let kube: Kube
  let namespace: string
  let collection: string
  beforeAll(async () => {
    kube = connect(inject('kubeconfig'))
    namespace = await createNamespace(kube, 'served')
    collection = `/apis/${API_VERSION}/namespaces/${namespace}/${PLURAL}`
    await apply(kube, [fromPostgres('shown'), fromPostgres('other', {'spec.suspend': true})], {namespace})
    const status = {
      nextRunTime: '2027-01-01T06:00:00+01:00',
      lastSuccessTime: '2026-12-01T05:00:09Z',
      conditions: [CONDITION],
      lastRun: {name: 'shown-1', trigger: 'Schedule', phase: 'Completed', rows: 12},
    }
    await kube.expect('PATCH', `${collection}/shown/status`, {body: {status}, contentType: MERGE})
  })

  it('has a description on every field, status included', async () => {
    const {components} = await kube.expect<{components: {schemas: Record<string, Served>}}>('GET', `/openapi/v3/apis/${API_VERSION}`)
    const {spec, status} = components.schemas['dev.scheduledexport.v1alpha1.ScheduledExport']?.properties ?? {}
    const fields = [...walk('spec', spec), ...walk('status', status)]
    expect(fields.length).toBeGreaterThan(60)
    expect(fields.filter(([, field]) => (field.description ?? '') === '').map(([path]) => path)).toEqual([])
  })

  it('has its columns, and some more with -o wide', async () => {
    const {columnDefinitions, rows} = await kube.expect<Table>('GET', collection, {accept: 'application/json;as=Table;v=v1;g=meta.k8s.io'})
    const shown = columnDefinitions.filter(({priority}) => priority === 0).map(({name}) => name)
    expect(shown).toEqual(['Name', 'Schedule', 'Time Zone', 'Suspended', 'Next Run', 'Last Result', 'Last Success', 'Age'])
    const wide = columnDefinitions.filter(({priority}) => priority === 1).map(({name}) => name)
    expect(wide).toEqual(['Period', 'Rows', 'Ready', 'Reason'])
    const cells = rows.map((row) => row.cells).find(([name]) => name === 'shown') ?? []
    expect(cells.slice(1, 6)).toEqual(['0 6 1 * *', 'Europe/Berlin', false, '2027-01-01T06:00:00+01:00', 'Completed'])
    expect(cells.slice(8)).toEqual(['PreviousMonth', 12, 'True', 'Accepted'])
  })

  it('has a short name and a status subresource', async () => {
    const {resources} = await kube.expect<{resources: {name: string; shortNames?: string[]}[]}>('GET', `/apis/${API_VERSION}`)
    expect(resources.map(({name}) => name).toSorted()).toEqual([PLURAL, `${PLURAL}/status`])
    expect(resources.find(({name}) => name === PLURAL)?.shortNames).toEqual(['sx'])
  })

  it.each([
    ['spec.suspend=true', ['other']],
    ['status.lastRun.phase=Completed', ['shown']],
  ])('selects by %s', async (fieldSelector, names) => {
    const {items} = await kube.expect<{items: {metadata: {name: string}}[]}>('GET', collection, {query: {fieldSelector}})
    expect(items.map(({metadata}) => metadata.name)).toEqual(names)
  })

  it('leaves the spec alone when status is written, and status when the spec is', async () => {
    const body = {spec: {suspend: true}, status: {effectiveSchedule: '0 6 1 * *'}}
    const byStatus = await kube.expect('PATCH', `${collection}/shown/status`, {body, contentType: MERGE})
    expect(byStatus).toMatchObject({spec: {suspend: false}, status: {effectiveSchedule: '0 6 1 * *'}})
    const bySpec = await kube.expect('PATCH', `${collection}/shown`, {body: {status: {effectiveSchedule: 'x'}}, contentType: MERGE})
    expect(bySpec).toMatchObject({status: {effectiveSchedule: '0 6 1 * *'}})
  })

  it.each([
    ['a phase that is not known', {lastRun: {name: 'a', trigger: 'Schedule', phase: 'Done'}}, 'status.lastRun.phase: Unsupported value'],
    ['51 runs', {history: Array.from({length: 51}, () => ({name: 'run', trigger: 'Schedule', phase: 'Failed'}))}, 'at most 50 items'],
    ['two conditions of a type', {conditions: [CONDITION, CONDITION]}, 'Duplicate value'],
    ['a time that is none', {lastSuccessTime: 'yesterday'}, 'must be of type date-time'],
  ])('refuses a status with %s', async (_, status, message) => {
    const answer = await kube.call('PATCH', `${collection}/shown/status`, {body: {status}, contentType: MERGE})
    expect(answer.status).toBe(422)
    expect(messageOf(answer.body)).toContain(message)
  })
})

/** Every field below, as OpenAPI serves it: a field with a default stands in an allOf of its own. */
function walk(path: string, field: Served | undefined): [string, Served][] {
  if (field === undefined) return []
  const below = field.allOf?.[0] ?? field.items ?? field
  const fields = Object.entries(below.properties ?? {}).flatMap(([name, child]) => walk(`${path}.${name}`, child))
  return [[path, field], ...fields]
}
