// The API server refuses what it can, by plain create and by server-side apply, and says what would be right.
import {beforeAll, describe, expect, inject, it} from 'vitest'
import {ScheduledExport} from '../../../crds/scheduledexport.ts'
import {APPLY, connect, createNamespace, messageOf, type Kube} from '../../support/kube.ts'
import {REFUSALS} from './refusals.ts'

const NAME = 'refused'

describe.concurrent('a bad manifest is refused', () => {
  let kube: Kube
  let namespace: string
  beforeAll(async () => {
    kube = connect(inject('kubeconfig'))
    namespace = await createNamespace(kube, 'refused')
  })

  it('in at least 40 ways', () => {
    expect(new Set(REFUSALS.map(({title}) => title)).size).toBe(REFUSALS.length)
    expect(REFUSALS.length).toBeGreaterThanOrEqual(40)
  })

  it.each(REFUSALS)('by create: $title', async ({manifest, field, remedy}) => {
    const path = await kube.pathOf({...manifest(NAME), metadata: {namespace}})
    const {status, body} = await kube.call('POST', path, {query: {fieldValidation: 'Strict'}, body: manifest(NAME)})
    expect([400, 422]).toContain(status)
    expect(messageOf(body)).toContain(field)
    expect(messageOf(body)).toContain(typeof remedy === 'string' ? remedy : remedy[0])
  })

  it.each(REFUSALS)('by server-side apply: $title', async ({manifest, field, remedy}) => {
    const body = manifest(NAME)
    const path = await kube.pathOf({...body, metadata: {name: body.metadata.name, namespace}})
    const answer = await kube.call('PATCH', path, {query: {fieldManager: 'test', force: 'true'}, body, contentType: APPLY})
    // 500 is how the server says that an applied object does not fit the schema's types.
    expect([422, 500]).toContain(answer.status)
    expect(messageOf(answer.body)).toContain(field)
    expect(messageOf(answer.body)).toContain(typeof remedy === 'string' ? remedy : remedy[1])
  })

  // The root stays open there: the programs read objects of newer versions too.
  it.each(REFUSALS.filter(({field}) => field !== 'specification'))('by the programs themselves: $title', ({manifest}) => {
    expect(ScheduledExport.safeParse(manifest(NAME)).success).toBe(false)
  })
})
