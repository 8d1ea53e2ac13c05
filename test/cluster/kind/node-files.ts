// The files that make a Debian tree a node of kind, as text. Only for nodes made here: the official image has its own.

export const REGISTRY = 'localhost/k8s'
export const POD_NETWORK = '10.244.0.0/24'

/** A file by its path in the node. */
export interface NodeFile {
  readonly text: string
  readonly executable?: boolean
}

/** All files of ours; `version` as in "v1.36.3", `pauseImage` as kubeadm expects it. */
export function nodeFiles(version: string, pauseImage: string): Readonly<Record<string, NodeFile>> {
  return {
    '/kind/version': {text: `${version}\n`},
    '/kind/manifests/default-storage.yaml': {text: JSON.stringify(STORAGE_CLASS)},
    '/kind/import-images': {text: IMPORT_IMAGES, executable: true},
    '/usr/local/bin/entrypoint': {text: ENTRYPOINT, executable: true},
    '/etc/cni/net.d/10-bridge.conflist': {text: JSON.stringify(POD_NETWORK_CONFIGURATION)},
    '/etc/containerd/config.toml': {text: containerdConfiguration(pauseImage)},
    '/etc/systemd/system/containerd.service': {text: CONTAINERD_SERVICE},
    '/etc/systemd/system/kubelet.service': {text: KUBELET_SERVICE},
    '/etc/systemd/journald.conf.d/node.conf': {text: '[Journal]\nReadKMsg=no\nStorage=volatile\n'},
  }
}

/** kind applies one at the end; claims of tests bind to static volumes, so nothing provisions. */
const STORAGE_CLASS = {
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: {name: 'standard', annotations: {'storageclass.kubernetes.io/is-default-class': 'true'}},
  provisioner: 'kubernetes.io/no-provisioner',
}

const POD_NETWORK_CONFIGURATION = {
  cniVersion: '1.0.0',
  name: 'pods',
  plugins: [
    {
      type: 'bridge',
      bridge: 'cni0',
      isGateway: true,
      ipMasq: true,
      hairpinMode: true,
      ipam: {type: 'host-local', ranges: [[{subnet: POD_NETWORK}]], routes: [{dst: '0.0.0.0/0'}]},
    },
    {type: 'portmap', capabilities: {portMappings: true}},
  ],
}

/** No registry is asked at boot: what kubeadm wants is in the node already. */
const IMPORT_IMAGES = `#!/bin/sh
set -e
[ -e /var/lib/containerd/.imported ] && exit 0
for archive in /kind/images/*.tar; do ctr -n k8s.io images import "$archive"; done
touch /var/lib/containerd/.imported
`

/** What must be set up before systemd starts, for a container is not quite a machine. */
const ENTRYPOINT = `#!/bin/bash
set -e
mount -o remount,ro /sys || true
mount --make-rshared /
mount --make-rprivate /sys/fs/cgroup
rm -f /etc/machine-id
systemd-machine-id-setup
# The engine's own resolver is on loopback, where pods cannot reach it and where CoreDNS would ask itself.
echo "nameserver $(ip -4 route show default | cut -d' ' -f3)" >/kind/resolv.conf
# kind waits for this very line, or for systemd's multi-user target.
[ -f /sys/fs/cgroup/cgroup.controllers ] || echo 'detected cgroup v1'
exec "$@"
`

function containerdConfiguration(pauseImage: string): string {
  return `version = 3
[plugins."io.containerd.cri.v1.images"]
snapshotter = "overlayfs"
[plugins."io.containerd.cri.v1.images".pinned_images]
sandbox = "${pauseImage}"
[plugins."io.containerd.cri.v1.runtime"]
restrict_oom_score_adj = true
tolerate_missing_hugetlb_controller = true
[plugins."io.containerd.cri.v1.runtime".cni]
bin_dirs = ["/usr/lib/cni"]
conf_dir = "/etc/cni/net.d"
[plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"
[plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc.options]
SystemdCgroup = false
`
}

const CONTAINERD_SERVICE = `[Unit]
Description=containerd
[Service]
Type=notify
Environment=PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
ExecStart=/usr/local/bin/containerd
ExecStartPost=/kind/import-images
Delegate=yes
KillMode=process
Restart=always
RestartSec=1
TimeoutStartSec=300
TasksMax=infinity
[Install]
WantedBy=multi-user.target
`

/** kubeadm writes both files that it reads, and then restarts it. */
const KUBELET_SERVICE = `[Unit]
Description=kubelet
After=containerd.service
Wants=containerd.service
ConditionPathExists=/var/lib/kubelet/config.yaml
[Service]
EnvironmentFile=-/var/lib/kubelet/kubeadm-flags.env
ExecStart=/usr/bin/kubelet --bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf \\
  --kubeconfig=/etc/kubernetes/kubelet.conf --config=/var/lib/kubelet/config.yaml $KUBELET_KUBEADM_ARGS
Restart=always
RestartSec=1
KillMode=process
[Install]
WantedBy=multi-user.target
`
