// A namespace of its own behind a fault proxy, and the operator's own connection through it.
import {KubeConfig} from '@kubernetes/client-node'
import {inject} from 'vitest'
import type {KubeObject, Resource} from '../../../operator/kube/types.ts'
import {createTransport} from '../../../operator/kube/transport.ts'
import type {Transport, TransportOptions} from '../../../operator/kube/transport.ts'
import {startFaultProxy} from '../../support/fault-proxy.ts'
import type {FaultProxy} from '../../support/fault-proxy.ts'
import {connect, createNamespace} from '../../support/kube.ts'
import type {Kube} from '../../support/kube.ts'

/** The simplest objects there are. */
export interface ConfigMap extends KubeObject {
  data?: Record<string, string>
}
export const CONFIG_MAPS: Resource<ConfigMap> = {group: '', version: 'v1', kind: 'ConfigMap', plural: 'configmaps'}

export interface World {
  /** Straight to the API server, past all faults. */
  readonly kube: Kube
  readonly proxy: FaultProxy
  readonly namespace: string
  /** The operator's transport, through the proxy. */
  transport(options?: Partial<TransportOptions>): Transport
  readonly loadKubeConfig: () => KubeConfig
  close(): Promise<void>
}

/** A world on the tests' common API server, or on another one. */
export async function createWorld(topic: string, kubeconfig: string = inject('kubeconfig')): Promise<World> {
  const kube = connect(kubeconfig)
  const proxy = await startFaultProxy(kubeconfig)
  const namespace = await createNamespace(kube, topic)
  const transports: Transport[] = []

  function loadKubeConfig(): KubeConfig {
    const config = new KubeConfig()
    config.loadFromFile(proxy.kubeconfig)
    return config
  }

  function transport(options: Partial<TransportOptions> = {}): Transport {
    const made = createTransport({load: loadKubeConfig, userAgent: 'test', timeoutMs: 5000, ...options})
    transports.push(made)
    return made
  }

  async function close(): Promise<void> {
    for (const made of transports) made.close()
    await proxy.close()
  }
  return {kube, proxy, namespace, transport, loadKubeConfig, close}
}

export async function putConfigMap(kube: Kube, namespace: string, name: string, labels: Record<string, string> = {}): Promise<void> {
  const body = {apiVersion: 'v1', kind: 'ConfigMap', metadata: {name, namespace, labels}, data: {at: String(performance.now())}}
  await kube.expect('PATCH', `/api/v1/namespaces/${namespace}/configmaps/${name}`, {
    query: {fieldManager: 'test', force: 'true'},
    body,
    contentType: 'application/apply-patch+yaml',
  })
}

export async function deleteConfigMap(kube: Kube, namespace: string, name: string): Promise<void> {
  await kube.expect('DELETE', `/api/v1/namespaces/${namespace}/configmaps/${name}`)
}
