// Who is who in the local cluster: certificates of every part, and a kubeconfig for each that is a client.
import {join} from 'node:path'
import {writeKubeconfig} from '../kubeconfig.ts'
import {makeAuthority, makeTokenKeys, type Authority, type KeyPair} from '../pki.ts'
import {NETWORK, NODE_NAME, type Layout} from './layout.ts'

export interface Credentials {
  readonly authority: Authority
  readonly server: KeyPair
  /** With all rights: for people and tests, and what the API server shows to the kubelet. */
  readonly admin: KeyPair
  readonly tokens: {readonly privateKey: string; readonly publicKey: string}
  /** Paths of kubeconfig files. */
  readonly kubeconfigs: Readonly<Record<'controllers' | 'scheduler' | 'proxy' | 'node' | 'dns', string>>
}

/** Makes them all, in `pki` below the cluster's folder, and the kubeconfig for people at `layout.kubeconfig`. */
export async function makeCredentials(layout: Layout, apiPort: number): Promise<Credentials> {
  const folder = join(layout.folder, 'pki')
  const authority = await makeAuthority(folder)
  const names = ['IP:127.0.0.1', `IP:${NETWORK.apiService}`, `IP:${NETWORK.nodeAddress}`]
  const [server, admin, controllers, scheduler, proxy, node, tokens] = await Promise.all([
    authority.issue('server', {
      user: 'kube-apiserver',
      names: [...names, 'DNS:localhost', 'DNS:kubernetes', 'DNS:kubernetes.default', 'DNS:kubernetes.default.svc'],
    }),
    authority.issue('admin', {user: 'admin', group: 'system:masters'}),
    authority.issue('controllers', {user: 'system:kube-controller-manager'}),
    authority.issue('scheduler', {user: 'system:kube-scheduler'}),
    authority.issue('proxy', {user: 'system:kube-proxy'}),
    authority.issue('node', {
      user: `system:node:${NODE_NAME}`,
      group: 'system:nodes',
      names: [`DNS:${NODE_NAME}`, `IP:${NETWORK.nodeAddress}`],
    }),
    makeTokenKeys(folder),
  ])
  const kubeconfig = (path: string, client: KeyPair): Promise<string> =>
    writeKubeconfig(path, {name: 'scheduled-export', server: `https://127.0.0.1:${apiPort}`, authority: authority.certificate, client})
  const [, ofControllers, ofScheduler, ofProxy, ofNode] = await Promise.all([
    kubeconfig(layout.kubeconfig, admin),
    kubeconfig(join(folder, 'controllers.kubeconfig'), controllers),
    kubeconfig(join(folder, 'scheduler.kubeconfig'), scheduler),
    kubeconfig(join(folder, 'proxy.kubeconfig'), proxy),
    kubeconfig(join(folder, 'node.kubeconfig'), node),
  ])
  const kubeconfigs = {controllers: ofControllers, scheduler: ofScheduler, proxy: ofProxy, node: ofNode, dns: layout.kubeconfig}
  return {authority, server, admin, tokens, kubeconfigs}
}
