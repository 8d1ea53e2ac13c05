// Which addresses an http source may reach. Whoever writes a spec chooses the host, so that what only the cluster can reach is refused
// unless the operator's configuration allows it (docs/decisions/0031).
import {BlockList, isIPv4} from 'node:net'
import {parseEndpoint} from '../../../crds/endpoints.ts'
import {PermanentFault} from '../../errors.ts'

/** Public: anybody's. Private: an organization's own, also a cluster's. Special: this machine, its link and what serves it, groups. */
export type AddressKind = 'public' | 'private' | 'special'

/** IANA's registries of special-purpose addresses (RFC 6890), IPv4. */
const PRIVATE_V4 = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10']
const SPECIAL_V4 = [
  // This machine, its link (also the metadata service of clouds), groups and what is reserved.
  '0.0.0.0/8',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '224.0.0.0/4',
  '240.0.0.0/4',
  // Protocol assignments, documentation, benchmarks, old relays.
  '192.0.0.0/24',
  '192.0.2.0/24',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '198.18.0.0/15',
  '192.88.99.0/24',
]
/** IPv6. What holds an IPv4 address is looked at as that one, before. */
const PRIVATE_V6 = ['fc00::/7']
/** Of 2000::/3, from which global addresses are; fd00:ec2::/32 is where a cloud puts its metadata service. */
const SPECIAL_IN_USE_V6 = ['2001::/23', '2001:db8::/32', '3fff::/20', 'fd00:ec2::/32']
/** What is neither of 2000::/3 nor of fc00::/7: this machine, its link, groups, translations, and what is not given to anybody. */
const SPECIAL_V6 = [...SPECIAL_IN_USE_V6, '::/3', '4000::/2', '8000::/2', 'c000::/3', 'e000::/4', 'f000::/5', 'f800::/6', 'fe00::/7']

/** A list for each family: one for both would find IPv4 addresses in ::/3. */
const PRIVATE = {ipv4: listOf(PRIVATE_V4), ipv6: listOf(PRIVATE_V6)}
const SPECIAL = {ipv4: listOf(SPECIAL_V4), ipv6: listOf(SPECIAL_V6)}

/** As the resolver gives it. */
export interface Address {
  readonly address: string
  readonly family: number
}

export function kindOf(address: string): AddressKind {
  const plain = embeddedV4(address) ?? address
  const family = isIPv4(plain) ? 'ipv4' : 'ipv6'
  if (isIn(SPECIAL[family], plain)) return 'special'
  return isIn(PRIVATE[family], plain) ? 'private' : 'public'
}

export interface Allowance {
  /** From the operator's configuration. */
  readonly endpoints: readonly string[]
  /** The export's own, whose Services it may reach. */
  readonly namespace: string
}

/**
 * A network of the configuration allows every address in it. A host's name of the configuration, and a Service of the export's own
 * namespace, allow private addresses, never special ones: a name can be made to point anywhere.
 * @throws PermanentFault AddressNotAllowed
 */
export function checkAddresses(host: string, addresses: readonly Address[], allowance: Allowance): void {
  const endpoints = allowance.endpoints.map(parseEndpoint).filter((endpoint) => endpoint !== undefined)
  const networks = new BlockList()
  for (const endpoint of endpoints) if (endpoint.kind === 'network') networks.addSubnet(endpoint.address, endpoint.prefix, endpoint.family)
  const name = host.toLowerCase().replace(/\.$/, '')
  const named = isOwnService(name, allowance.namespace) || endpoints.some((endpoint) => endpoint.kind === 'host' && isNamed(name, endpoint))
  for (const {address} of addresses) {
    const kind = kindOf(address)
    if (kind === 'public' || isIn(networks, embeddedV4(address) ?? withoutZone(address)) || (kind === 'private' && named)) continue
    throw new PermanentFault(
      'AddressNotAllowed',
      `${host} has the ${kind === 'private' ? 'private' : 'local or reserved'} address ${address}, which exports may not reach: ` +
        "ask the cluster's administrator to add it to runner.pod.allowedPrivateEndpoints of the chart",
    )
  }
}

function isNamed(name: string, {name: allowed, below}: {name: string; below: boolean}): boolean {
  return below ? name.endsWith(`.${allowed}`) : name === allowed
}

/** Of the form NAME.NAMESPACE.svc, perhaps with the usual cluster domain: a shorter name could be found elsewhere. */
function isOwnService(name: string, namespace: string): boolean {
  return name.endsWith(`.${namespace}.svc`) || name.endsWith(`.${namespace}.svc.cluster.local`)
}

function listOf(networks: readonly string[]): BlockList {
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', prefix] = network.split('/')
    list.addSubnet(address, Number(prefix), isIPv4(address) ? 'ipv4' : 'ipv6')
  }
  return list
}

function isIn(list: BlockList, address: string): boolean {
  return list.check(withoutZone(address), isIPv4(address) ? 'ipv4' : 'ipv6')
}

function withoutZone(address: string): string {
  return address.replace(/%.*$/, '')
}

/** The IPv4 address in one of IPv6 that stands for it: ::ffff:0:0/96, 64:ff9b::/96 (NAT64), 2002::/16 (6to4). */
function embeddedV4(address: string): string | undefined {
  if (isIPv4(address)) return undefined
  const [a, b, c, d, e, f, g, h] = groupsOf(withoutZone(address)) as unknown as [number, number, number, number, number, number, number, number]
  const zeros = c === 0 && d === 0 && e === 0
  if (a === 0 && b === 0 && zeros && f === 0xffff) return dotted(g, h)
  if (a === 0x64 && b === 0xff9b && zeros && f === 0) return dotted(g, h)
  return a === 0x2002 ? dotted(b, c) : undefined
}

/** The eight groups of an IPv6 address, by the URL parser's canonical form, in which no IPv4 part is left. */
function groupsOf(address: string): readonly number[] {
  const text = new URL(`http://[${address}]/`).hostname.slice(1, -1)
  const [head = '', tail] = text.split('::')
  if (tail === undefined) return groups(head)
  const [front, back] = [groups(head), groups(tail)]
  return [...front, ...Array<number>(8 - front.length - back.length).fill(0), ...back]
}

function groups(part: string): readonly number[] {
  return part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16))
}

function dotted(high: number, low: number): string {
  return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.')
}
