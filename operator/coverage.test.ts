import {beforeEach, describe, expect, test} from 'vitest'
import {coverageOf} from './coverage.ts'

/** A reflector whose list comes, or is refused, when the test says so. */
function aReflector(name: string, namespace?: string) {
  const [synced, answered] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const is = {synced: false, refused: false}
  return {
    name: namespace === undefined ? name : `${name} in ${namespace}`,
    namespace,
    hasSynced: () => is.synced,
    synced: synced.promise,
    isRefused: () => is.refused,
    answered: answered.promise,
    fill() {
      Object.assign(is, {synced: true, refused: false})
      synced.resolve()
      answered.resolve()
    },
    refuse() {
      is.refused = true
      answered.resolve()
    },
  }
}

async function isSettled(settled: Promise<void>): Promise<boolean> {
  const later = new Promise<boolean>((resolve) => {
    setImmediate(() => resolve(false))
  })
  return await Promise.race([settled.then(() => true), later])
}

describe('of all namespaces', () => {
  test('everything must be in: a replica that cannot see the cluster must not lead', async () => {
    const [exports, jobs] = [aReflector('scheduledexports'), aReflector('jobs')]
    const {settled, covers, missing} = coverageOf([exports, jobs])
    exports.fill()
    jobs.refuse()
    expect([await isSettled(settled), covers('acme'), missing()]).toEqual([false, false, ['the list of jobs is not in yet']])
    jobs.fill()
    expect([await isSettled(settled), covers('acme'), missing()]).toEqual([true, true, []])
  })
})

describe('of a list of namespaces', () => {
  let acme: ReturnType<typeof aReflector>[]
  let gone: ReturnType<typeof aReflector>[]
  beforeEach(() => {
    ;[acme = [], gone = []] = ['acme', 'gone'].map((namespace) => ['scheduledexports', 'jobs'].map((name) => aReflector(name, namespace)))
  })

  test('one that is refused holds up none of the others', async () => {
    const {settled, covers, missing} = coverageOf([...acme, ...gone])
    for (const one of gone) one.refuse()
    expect([await isSettled(settled), missing().length], 'acme is still to come').toEqual([false, 4])
    for (const one of acme) one.fill()
    expect([await isSettled(settled), covers('acme'), covers('gone'), missing()]).toEqual([true, true, false, []])
  })

  test('one that has not answered is waited for', async () => {
    const {settled, missing} = coverageOf([...acme, ...gone])
    for (const one of acme) one.fill()
    expect([await isSettled(settled), missing().length]).toEqual([false, 2])
  })

  test('one that comes back is told, when it is whole', async () => {
    const told: string[] = []
    const {onCovered} = coverageOf([...acme, ...gone])
    onCovered((namespace) => told.push(namespace))
    for (const one of acme) one.fill()
    gone[0]?.fill()
    gone[1]?.refuse()
    await isSettled(new Promise(() => undefined))
    expect(told).toEqual(['acme'])
    gone[1]?.fill()
    await isSettled(new Promise(() => undefined))
    expect(told).toEqual(['acme', 'gone'])
  })

  test('all of them refused is nothing to lead', async () => {
    const {settled, missing} = coverageOf([...acme, ...gone])
    for (const one of [...acme, ...gone]) one.refuse()
    expect([await isSettled(settled), missing().length]).toEqual([false, 4])
  })
})
