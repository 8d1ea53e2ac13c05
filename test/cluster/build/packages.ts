// Debian packages that the harness needs and a bare machine lacks.
import {existsSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {delimiter, join} from 'node:path'
import {run} from '../run.ts'
import {step} from '../say.ts'

/** A need, and how its presence is seen: a command on the path, or a file. */
const NEEDS = {
  go: {command: 'go', package: 'golang-go'},
  openssl: {command: 'openssl', package: 'openssl'},
  dockerd: {command: 'dockerd', package: 'docker.io'},
  debootstrap: {command: 'debootstrap', package: 'debootstrap'},
  strip: {command: 'strip', package: 'binutils'},
  runc: {command: 'runc', package: 'runc'},
  iptables: {command: 'iptables', package: 'iptables'},
  conntrack: {command: 'conntrack', package: 'conntrack'},
  ip: {command: 'ip', package: 'iproute2'},
  mount: {command: 'mount', package: 'mount'},
  cni: {file: '/usr/lib/cni/bridge', package: 'containernetworking-plugins'},
  certificates: {file: '/etc/ssl/certs/ca-certificates.crt', package: 'ca-certificates'},
  mariadbd: {command: 'mariadbd', package: 'mariadb-server-core'},
  mariadb: {command: 'mariadb', package: 'mariadb-client-core'},
  xmllint: {command: 'xmllint', package: 'libxml2-utils'},
  unzip: {command: 'unzip', package: 'unzip'},
  zoneinfo: {file: '/usr/share/zoneinfo/Europe/Berlin', package: 'tzdata'},
} as const satisfies Record<string, {package: string} & ({command: string} | {file: string})>

export type Need = keyof typeof NEEDS

/** Test files run side by side, and apt-get does not wait for another one. */
const LOCK = join(tmpdir(), 'scheduled-export-apt-get.lock')

/** Installs, with apt-get, the packages of those needs that are not met. Needs root only where something is missing. */
export async function ensurePackages(needs: readonly Need[]): Promise<void> {
  const packages = needs.filter((need) => !isMet(need)).flatMap((need) => NEEDS[need].package.split(' '))
  if (packages.length === 0) return
  // At run level 1 no package starts the service that it brings.
  const env = {...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1'}
  await step(`Installing Debian packages ${packages.join(' ')}`, async () => {
    await run('flock', [LOCK, 'apt-get', 'update', '-qq'], {env})
    await run('flock', [LOCK, 'apt-get', 'install', '-y', '-qq', '--no-install-recommends', ...packages], {env})
  })
}

function isMet(need: Need): boolean {
  const wanted = NEEDS[need]
  return 'file' in wanted ? existsSync(wanted.file) : commandOnPath(wanted.command) !== undefined
}

/** Where a command is, looking also where root's tools are, which is not on everyone's path. */
export function commandOnPath(command: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin']
  return folders.map((folder) => join(folder, command)).find((path) => existsSync(path))
}
