// The configuration files of the local cluster's parts, as text. Why each unusual setting is there stands beside it.
import {join} from 'node:path'
import {NETWORK, PAUSE_IMAGE, type Layout} from './layout.ts'

/** KubeletConfiguration; JSON is YAML. */
export function kubeletConfiguration(layout: Layout, cgroupVersion: 1 | 2): string {
  const pki = join(layout.folder, 'pki')
  return JSON.stringify({
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    authentication: {anonymous: {enabled: false}, webhook: {enabled: true}, x509: {clientCAFile: join(pki, 'ca.crt')}},
    authorization: {mode: 'Webhook'},
    tlsCertFile: join(pki, 'node.crt'),
    tlsPrivateKeyFile: join(pki, 'node.key'),
    containerRuntimeEndpoint: `unix://${layout.containerdSocket}`,
    podLogsDir: join(layout.folder, 'pod-logs'),
    volumePluginDir: join(layout.folder, 'volume-plugins'),
    healthzPort: 0,
    // Without systemd nobody else manages control groups.
    cgroupDriver: 'cgroupfs',
    ...(cgroupVersion === 1 && {failCgroupV1: false}),
    failSwapOn: false,
    clusterDomain: 'cluster.local',
    clusterDNS: [NETWORK.nodeAddress],
    // The machine's disk is not this cluster's alone: a nearly full one must not end tests or remove images.
    imageGCHighThresholdPercent: 100,
    evictionHard: {'memory.available': '100Mi', 'nodefs.available': '1%', 'imagefs.available': '1%', 'nodefs.inodesFree': '1%'},
  })
}

/** containerd's configuration, version 3; `shim` is the path of containerd-shim-runc-v2. */
export function containerdConfiguration(layout: Layout, shim: string): string {
  return `version = 3
root = "${join(layout.folder, 'containerd')}"
state = "${join(layout.folder, 'containerd-state')}"
disabled_plugins = ["io.containerd.nri.v1.nri"]
[grpc]
address = "${layout.containerdSocket}"
[plugins."io.containerd.internal.v1.opt"]
path = "${join(layout.folder, 'containerd-opt')}"
[plugins."io.containerd.cri.v1.images".pinned_images]
sandbox = "${PAUSE_IMAGE}"
[plugins."io.containerd.cri.v1.runtime"]
# Root without CAP_SYS_RESOURCE (in a virtual machine's or container's sandbox) may not lower oom_score_adj; runc would fail for every pod.
restrict_oom_score_adj = true
tolerate_missing_hugetlb_controller = true
# Below the cluster's folder they are found and unmounted with everything else.
netns_mounts_under_state_dir = true
[plugins."io.containerd.cri.v1.runtime".cni]
bin_dirs = ["/usr/lib/cni"]
conf_dir = "${join(layout.folder, 'cni')}"
[plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"
# By its path: containerd would take an older one that Docker's packages have put on the PATH, and no pod would start.
runtime_path = "${shim}"
[plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc.options]
SystemdCgroup = false
Root = "${join(layout.folder, 'runc')}"
`
}

/** How pods get their network: Debian's CNI plugins on one bridge. */
export function networkConfiguration(layout: Layout): string {
  const addresses = {
    type: 'host-local',
    dataDir: join(layout.folder, 'cni-addresses'),
    ranges: [[{subnet: NETWORK.pods}]],
    routes: [{dst: '0.0.0.0/0'}],
  }
  return JSON.stringify({
    cniVersion: '1.0.0',
    name: 'scheduled-export',
    plugins: [
      {type: 'bridge', bridge: NETWORK.bridge, isGateway: true, ipMasq: true, hairpinMode: true, ipam: addresses},
      {type: 'portmap', capabilities: {portMappings: true}},
      {type: 'firewall'},
    ],
  })
}

/** CoreDNS serves the cluster's names, and says at once that nothing else exists: tests must not depend on the outside. */
export function dnsConfiguration(kubeconfig: string): string {
  return `cluster.local:53 {
  bind ${NETWORK.nodeAddress}
  kubernetes cluster.local {
    kubeconfig ${kubeconfig}
  }
}
.:53 {
  bind ${NETWORK.nodeAddress}
  template ANY ANY {
    rcode NXDOMAIN
  }
}
`
}
