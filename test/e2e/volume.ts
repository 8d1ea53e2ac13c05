// Reads a volume back by a pod of its own, as a user without access to the node would.
import {createHash} from 'node:crypto'
import {inject} from 'vitest'
import {eventually, kubectl, readObject} from './kubectl.ts'
import type {V1Pod} from '@kubernetes/client-node'

export interface VolumeFile {
  /** Relative to the volume. */
  readonly path: string
  readonly content: Buffer
  readonly sha256: string
}

const LIST = `
const {readdirSync, readFileSync} = require('node:fs')
const files = readdirSync('/volume', {recursive: true, withFileTypes: true}).filter((f) => f.isFile())
for (const f of files) { const p = f.parentPath + '/' + f.name; console.log(JSON.stringify([p.slice(8), readFileSync(p).toString('base64')])) }`

let counter = 0

/** Every file on the claim's volume, sorted by path. */
export async function readVolume(namespace: string, claimName: string): Promise<VolumeFile[]> {
  const name = `reader-${Date.now().toString(36)}${counter++}`
  await kubectl(['create', '-f', '-'], JSON.stringify(readerPod(namespace, name, claimName)))
  await eventually(`reader pod ${name}`, 60, async () => {
    const phase = (await readObject<V1Pod>('pod', namespace, name))?.status?.phase
    if (phase === 'Failed') throw new Error(await kubectl(['logs', name, '-n', namespace]))
    return phase === 'Succeeded'
  })
  const lines = (await kubectl(['logs', name, '-n', namespace])).split('\n').filter((line) => line !== '')
  await kubectl(['delete', 'pod', name, '-n', namespace, '--wait=false'])
  return lines.map(parseLine).toSorted((a, b) => (a.path < b.path ? -1 : 1))
}

function parseLine(line: string): VolumeFile {
  const [path, encoded] = JSON.parse(line) as [string, string]
  const content = Buffer.from(encoded, 'base64')
  return {path, content, sha256: createHash('sha256').update(content).digest('hex')}
}

function readerPod(namespace: string, name: string, claimName: string): unknown {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {name, namespace},
    spec: {
      restartPolicy: 'Never',
      automountServiceAccountToken: false,
      securityContext: {runAsNonRoot: true, runAsUser: 65532, runAsGroup: 65532, fsGroup: 65532, seccompProfile: {type: 'RuntimeDefault'}},
      containers: [
        {
          name: 'reader',
          image: inject('jobImage'),
          imagePullPolicy: 'IfNotPresent',
          command: ['node', '-e', LIST],
          securityContext: {allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: {drop: ['ALL']}},
          volumeMounts: [{name: 'volume', mountPath: '/volume', readOnly: true}],
        },
      ],
      volumes: [{name: 'volume', persistentVolumeClaim: {claimName}}],
    },
  }
}
