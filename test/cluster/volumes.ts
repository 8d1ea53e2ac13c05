// Claims of tests and demo. Nothing provisions volumes on the harness's own clusters, and hostPath would ignore fsGroup: so each claim
// gets a static `local` volume that is made for it alone.
import {apply, kubectl} from './kubectl.ts'
import {waitFor} from './wait.ts'

/** User and group of the exporter's pods. */
export const POD_USER = 65532

const SIZE = '1Gi'

export interface StaticVolumes {
  readonly kubeconfig: string
  /** Makes an empty folder on the node, owned by POD_USER, and gives its path there. */
  makeFolder(name: string): Promise<string>
}

/** A claim bound to a volume of its own in a folder of the node. */
export async function makeStaticVolume(volumes: StaticVolumes, namespace: string, claimName: string): Promise<void> {
  const {kubeconfig} = volumes
  if ((await claimPhase(kubeconfig, namespace, claimName)) === 'Bound') return
  const name = `${namespace}-${claimName}`
  // One of that name is left from an earlier namespace: it is released and never binds again.
  await kubectl(kubeconfig, ['delete', 'persistentvolume', name, '--ignore-not-found', '--wait=false'])
  const isGone = async (): Promise<boolean> => (await kubectl(kubeconfig, ['get', 'pv', name, '--ignore-not-found', '-o', 'name'])) === ''
  await waitFor(`the old volume ${name} is gone`, isGone)
  const path = await volumes.makeFolder(name)
  const node = (await kubectl(kubeconfig, ['get', 'nodes', '-o', 'jsonpath={.items[0].metadata.name}'])).trim()
  await apply(kubeconfig, [staticVolume({name, namespace, claimName, path, node})])
  // A claim that the controller sees before its volume waits for the next of its rounds, up to 15 s.
  await waitFor(`volume ${name} is available`, async () => (await volumePhase(kubeconfig, name)) === 'Available')
  await apply(kubeconfig, [claim(namespace, claimName, {storageClassName: '', volumeName: name})])
  await waitFor(`claim ${namespace}/${claimName} is bound`, async () => (await claimPhase(kubeconfig, namespace, claimName)) === 'Bound')
}

/** A claim on a cluster that provisions volumes by its default StorageClass; it may stay unbound until a pod uses it. */
export async function makeProvisionedVolume(kubeconfig: string, namespace: string, claimName: string): Promise<void> {
  if ((await claimPhase(kubeconfig, namespace, claimName)) !== '') return
  await apply(kubeconfig, [claim(namespace, claimName, {})])
}

async function volumePhase(kubeconfig: string, name: string): Promise<string> {
  return (await kubectl(kubeconfig, ['get', 'persistentvolume', name, '-o', 'jsonpath={.status.phase}'])).trim()
}

async function claimPhase(kubeconfig: string, namespace: string, claimName: string): Promise<string> {
  const args = ['get', 'persistentvolumeclaim', claimName, '-n', namespace, '--ignore-not-found', '-o', 'jsonpath={.status.phase}']
  return (await kubectl(kubeconfig, args)).trim()
}

interface StaticVolume {
  readonly name: string
  readonly namespace: string
  readonly claimName: string
  readonly path: string
  readonly node: string
}

/** The PersistentVolume, reserved for its claim. */
export function staticVolume({name, namespace, claimName, path, node}: StaticVolume): object {
  const onNode = {key: 'kubernetes.io/hostname', operator: 'In', values: [node]}
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: {name},
    spec: {
      capacity: {storage: SIZE},
      accessModes: ['ReadWriteOnce'],
      persistentVolumeReclaimPolicy: 'Retain',
      storageClassName: '',
      claimRef: {apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name: claimName},
      local: {path},
      nodeAffinity: {required: {nodeSelectorTerms: [{matchExpressions: [onNode]}]}},
    },
  }
}

function claim(namespace: string, name: string, more: object): object {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {namespace, name},
    spec: {accessModes: ['ReadWriteOnce'], resources: {requests: {storage: SIZE}}, ...more},
  }
}
