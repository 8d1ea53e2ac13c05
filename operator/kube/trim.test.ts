import {expect, test} from 'vitest'
import type {Job, Pod} from './resources.ts'
import {trimmed, trimmedJob, trimmedPod} from './trim.ts'

const BOOKKEEPING = {
  managedFields: [{manager: 'kubectl', operation: 'Apply', fieldsV1: {}}],
  annotations: {'kubectl.kubernetes.io/last-applied-configuration': '{…}', kept: 'yes'},
}

test('book-keeping is dropped, every other annotation and label kept', () => {
  const object = trimmed({metadata: {...BOOKKEEPING, name: 'a', labels: {a: 'b'}}})
  expect(object).toEqual({metadata: {name: 'a', labels: {a: 'b'}, annotations: {kept: 'yes'}}})
})

test('the object that was given is not changed', () => {
  const object = {metadata: {...BOOKKEEPING, name: 'a'}}
  trimmed(object)
  expect(object.metadata.managedFields).toHaveLength(1)
})

test('a pod keeps metadata, node and status', () => {
  const pod: Pod = {
    metadata: {name: 'a', ...BOOKKEEPING},
    spec: {nodeName: 'node-1', containers: [{name: 'exporter', env: [{name: 'A', value: 'x'.repeat(1000)}]}], volumes: [{name: 'v'}]},
    status: {phase: 'Failed', containerStatuses: []},
  }
  expect(trimmedPod(pod)).toEqual({
    metadata: {name: 'a', annotations: {kept: 'yes'}},
    spec: {nodeName: 'node-1', containers: []},
    status: {phase: 'Failed', containerStatuses: []},
  })
})

test('a Job keeps what its containers run and say, without mounts and security settings', () => {
  const job: Job = {
    metadata: {name: 'a'},
    spec: {
      backoffLimit: 2,
      template: {
        metadata: {labels: {a: 'b'}},
        spec: {
          containers: [{name: 'exporter', image: 'i', env: [{name: 'S', value: '{}'}], securityContext: {runAsUser: 1}}],
          volumes: [{name: 'v'}],
        },
      },
    },
    status: {succeeded: 1},
  }
  expect(trimmedJob(job)).toEqual({
    metadata: {name: 'a'},
    spec: {
      backoffLimit: 2,
      template: {metadata: {labels: {a: 'b'}}, spec: {containers: [{name: 'exporter', image: 'i', env: [{name: 'S', value: '{}'}]}]}},
    },
    status: {succeeded: 1},
  })
})
