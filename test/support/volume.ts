// Looks into the export's volume through a small pod: the way that works in any cluster. The job's image serves, for it has Node.
import {randomUUID} from 'node:crypto'
import {setTimeout as delay} from 'node:timers/promises'

/** Runs kubectl with arguments and input; its stdout, an error for any other exit code than 0. */
export type RunKubectl = (args: readonly string[], input?: string) => Promise<string>

export interface Volume {
  readonly namespace: string
  readonly claimName: string
  /** An image that has Node in it. */
  readonly image: string
}

/** Runs a Node script in a pod that has the volume at /volume; what it printed. */
export async function runOnVolume(kubectl: RunKubectl, volume: Volume, script: string): Promise<string> {
  const {namespace} = volume
  const name = `look-${randomUUID().slice(0, 8)}`
  await kubectl(['create', '-f', '-'], JSON.stringify(pod(name, volume, script)))
  try {
    for (let phase = ''; phase !== 'Succeeded'; ) {
      await delay(300)
      phase = await kubectl(['get', 'pod', name, '-n', namespace, '-o', 'jsonpath={.status.phase}'])
      if (phase === 'Failed') throw new Error(`the pod that reads the volume failed: ${await kubectl(['logs', name, '-n', namespace])}`)
    }
    return await kubectl(['logs', name, '-n', namespace])
  } finally {
    await kubectl(['delete', 'pod', name, '-n', namespace, '--wait=false'])
  }
}

function pod(name: string, {namespace, claimName, image}: Volume, script: string): object {
  const container = {
    name: 'look',
    image,
    imagePullPolicy: 'IfNotPresent',
    command: ['node', '-e', script],
    securityContext: {allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: {drop: ['ALL']}},
    volumeMounts: [{name: 'volume', mountPath: '/volume'}],
  }
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {name, namespace},
    spec: {
      restartPolicy: 'Never',
      // A pod that cannot start ends all the same, as Failed.
      activeDeadlineSeconds: 120,
      automountServiceAccountToken: false,
      securityContext: {runAsNonRoot: true, runAsUser: 65532, runAsGroup: 65532, fsGroup: 65532, seccompProfile: {type: 'RuntimeDefault'}},
      containers: [container],
      volumes: [{name: 'volume', persistentVolumeClaim: {claimName}}],
    },
  }
}
