import {describe, expect, test} from 'vitest'
import type {Job, Pod} from '../kube/resources.ts'
import type {KubeApi, KubeObject, Resource} from '../kube/types.ts'
import {FILE, MANIFEST, NOW, SLOT, complete, ended, failed, job, lastWordsOf, operatorConfig, pod, run, scheduledExport} from '../testing/builders.ts'
import {decide} from './decide.ts'
import {harvestEnded} from './ended.ts'
import type {Harvest} from './ended.ts'

interface Found extends Harvest {
  readonly asked: readonly string[]
}

/** Harvests Jobs of which the cache has these pods, and the API server those. */
async function harvestOf(jobs: readonly Job[], live: readonly Pod[], {cached = [], history = []}: {cached?: Pod[]; history?: ReturnType<typeof run>[]} = {}): Promise<Found> {
  const asked: string[] = []
  const api: Pick<KubeApi, 'list'> = {
    list: <T extends KubeObject>({plural}: Resource<T>, {labelSelector}: {labelSelector: string}) => {
      asked.push(`${plural} ${labelSelector}`)
      return Promise.resolve(live as readonly KubeObject[] as readonly T[])
    },
  }
  const resource = scheduledExport({status: {history}})
  const world = {resource, cronJob: undefined, serviceAccount: undefined, roleBinding: undefined, jobs, pods: cached, now: NOW, config: operatorConfig()}
  return {...(await harvestEnded(decide(world), world, api)), asked}
}

describe('a Job that has ended', () => {
  const of = job({status: complete()})
  const words = pod(of, {status: ended(0, lastWordsOf(run(), {files: [FILE], manifest: MANIFEST}))})

  test('is told by the last words of its pod, although the cache does not have them yet', async () => {
    const {runs, asked} = await harvestOf([of], [words], {cached: [pod(of, {status: {phase: 'Running'}})]})
    expect(runs).toEqual([{...run(), files: [FILE], manifest: MANIFEST}])
    expect(asked).toEqual([`pods batch.kubernetes.io/job-name=${of.metadata?.name}`])
    expect((await harvestOf([of], [words])).runs, 'the cache knows no pod').toEqual(runs)
  })

  test('costs no request where its exporter reported', async () => {
    expect(await harvestOf([of], [words], {history: [run()]})).toEqual({runs: [], asked: [], lookAgainAfterMs: undefined})
  })

  test('is looked at again where its pod still ends', async () => {
    const just = job({status: failed('DeadlineExceeded', NOW)})
    expect(await harvestOf([just], [pod(just, {status: {phase: 'Running'}})])).toMatchObject({runs: [], lookAgainAfterMs: 2_000})
  })

  test('has pods of its own UID only: one of that name made again has others', async () => {
    const [first, second] = [job({uid: 'first'}), job({uid: 'second', status: failed('BackoffLimitExceeded', SLOT)})]
    const {runs} = await harvestOf([second], [pod(first, {status: ended(0, lastWordsOf(run()))})])
    expect(runs).toMatchObject([{phase: 'Failed'}])
  })
})
