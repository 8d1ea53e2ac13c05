// The commands a cluster is made of, each from a pinned Go module, and where they are kept once built.
import {createHash} from 'node:crypto'
import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {readSettings} from '../settings.ts'

type ModuleName = 'kubernetes' | 'etcd' | 'containerd' | 'pause' | 'runc-lowcap'

/** A command of a module that this folder pins with all that it depends on: tools/NAME/go.mod. */
interface PinnedCommand {
  readonly module: ModuleName
  readonly package: string
}

/** A command whose module says itself what it depends on; `go install package@version`. */
interface InstalledCommand {
  readonly package: string
  readonly version: string
}

export type Recipe = PinnedCommand | InstalledCommand

const RECIPES = {
  etcd: {module: 'etcd', package: 'go.etcd.io/etcd/server/v3'},
  'kube-apiserver': {module: 'kubernetes', package: 'k8s.io/kubernetes/cmd/kube-apiserver'},
  'kube-controller-manager': {module: 'kubernetes', package: 'k8s.io/kubernetes/cmd/kube-controller-manager'},
  'kube-scheduler': {module: 'kubernetes', package: 'k8s.io/kubernetes/cmd/kube-scheduler'},
  kubelet: {module: 'kubernetes', package: 'k8s.io/kubernetes/cmd/kubelet'},
  'kube-proxy': {module: 'kubernetes', package: 'k8s.io/kubernetes/cmd/kube-proxy'},
  kubectl: {module: 'kubernetes', package: 'k8s.io/kubernetes/cmd/kubectl'},
  kubeadm: {module: 'kubernetes', package: 'k8s.io/kubernetes/cmd/kubeadm'},
  containerd: {module: 'containerd', package: 'github.com/containerd/containerd/v2/cmd/containerd'},
  'containerd-shim-runc-v2': {module: 'containerd', package: 'github.com/containerd/containerd/v2/cmd/containerd-shim-runc-v2'},
  ctr: {module: 'containerd', package: 'github.com/containerd/containerd/v2/cmd/ctr'},
  pause: {module: 'pause', package: '.'},
  'runc-lowcap': {module: 'runc-lowcap', package: '.'},
  coredns: {package: 'github.com/coredns/coredns', version: 'v1.15.0'},
  helm: {package: 'helm.sh/helm/v4/cmd/helm', version: 'v4.3.1'},
  kind: {package: 'sigs.k8s.io/kind', version: 'v0.33.0'},
} as const satisfies Record<string, Recipe>

/** The module whose version names the folder; none for this project's own. */
const MAIN_MODULES: Readonly<Record<ModuleName, string | undefined>> = {
  kubernetes: 'k8s.io/kubernetes',
  etcd: 'go.etcd.io/etcd/server/v3',
  containerd: 'github.com/containerd/containerd/v2',
  pause: undefined,
  'runc-lowcap': undefined,
}

export type CommandName = keyof typeof RECIPES

export function recipeOf(name: CommandName): Recipe {
  return RECIPES[name]
}

/** Where a command is, once it is built. The folder carries version and pins, so that an updated pin is another folder. */
export function commandPath(name: CommandName): string {
  const recipe: Recipe = RECIPES[name]
  const folder = 'module' in recipe ? moduleFolder(recipe.module) : `${name}-${recipe.version}`
  return join(readSettings().cache, 'bin', folder, name)
}

/** The source folder of a pinned module. */
export function moduleSource(module: ModuleName): string {
  return join(import.meta.dirname, '..', 'tools', module)
}

/** The version of Kubernetes that is pinned, as in "v1.36.3". */
export function kubernetesVersion(): string {
  return pinnedVersion('kubernetes', goMod('kubernetes'))
}

function moduleFolder(module: ModuleName): string {
  const text = goMod(module)
  const own = MAIN_MODULES[module] === undefined ? readFileSync(join(moduleSource(module), 'main.go'), 'utf8') : ''
  const pins = createHash('sha256').update(text).update(own).digest('hex').slice(0, 8)
  return `${module}-${pinnedVersion(module, text)}-${pins}`
}

function goMod(module: ModuleName): string {
  return readFileSync(join(moduleSource(module), 'go.mod'), 'utf8')
}

function pinnedVersion(module: ModuleName, text: string): string {
  const main = MAIN_MODULES[module]
  if (main === undefined) return 'v1'
  const version = text.match(new RegExp(`^(?:require )?\\s*${main.replaceAll('.', '[.]')} (v\\S+)$`, 'm'))?.[1]
  if (version === undefined) throw new Error(`tools/${module}/go.mod requires no ${main}`)
  return version
}
