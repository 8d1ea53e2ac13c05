import {describe, expect, test, vi} from 'vitest'
import {chooseKind} from '../../cluster/choose.ts'
import type {ClusterKind} from '../../cluster/types.ts'

interface Case {
  readonly name: string
  readonly forced?: string
  readonly running?: readonly ClusterKind[]
  readonly pullable?: boolean
  readonly chosen: ClusterKind
}

const CASES: readonly Case[] = [
  {name: 'a bare machine takes local', chosen: 'local'},
  {name: 'where the node image is to be had it is kind', pullable: true, chosen: 'kind'},
  {name: 'what runs is used, whatever could be had', running: ['local'], pullable: true, chosen: 'local'},
  {name: 'a running kind is used', running: ['kind'], chosen: 'kind'},
  {name: 'CLUSTER wins over what runs', forced: 'existing', running: ['local'], pullable: true, chosen: 'existing'},
  {name: 'CLUSTER=kind needs no official image', forced: 'kind', chosen: 'kind'},
  {name: 'CLUSTER=local ignores the engine', forced: 'local', pullable: true, chosen: 'local'},
]

describe('chooseKind', () => {
  test.each(CASES)('$name', async ({forced, running = [], pullable = false, chosen}) => {
    const canPullNode = vi.fn<() => Promise<boolean>>(async () => pullable)
    const kind = await chooseKind({forced, isRunning: async (one) => running.includes(one), canPullNode})
    expect(kind).toBe(chosen)
    // A pull takes minutes: it is tried only where its outcome matters.
    expect(canPullNode).toHaveBeenCalledTimes(forced === undefined && running.length === 0 ? 1 : 0)
  })

  test('an unknown kind is refused with the known ones', async () => {
    const nothing = {isRunning: async () => false, canPullNode: async () => false}
    await expect(chooseKind({forced: 'minikube', ...nothing})).rejects.toThrow('CLUSTER=minikube is not a kind of cluster: use existing, kind, local')
  })
})
