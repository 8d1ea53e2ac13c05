// Private addresses that the operator's configuration lets exports reach. A spec cannot name them: they are not of the export's choosing.
import {isIP} from 'node:net'
import {z} from 'zod'

const HOST = /^(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/

/** An address or a network (10.0.0.0/8, fd00::1), or a host's name, perhaps with every name below it (*.finance.svc). */
export const PrivateEndpoint = z
  .string()
  .max(253)
  .refine((text) => parseEndpoint(text) !== undefined, 'must be a network such as 10.96.0.0/12, an address, or a host such as ledger.internal or *.finance.svc')

export const PrivateEndpoints = z.array(PrivateEndpoint).max(100)

export type Endpoint =
  | {readonly kind: 'network'; readonly address: string; readonly family: 'ipv4' | 'ipv6'; readonly prefix: number}
  /** `below`: names that end with it, and not the name itself. */
  | {readonly kind: 'host'; readonly name: string; readonly below: boolean}

/** Undefined for what is neither. */
export function parseEndpoint(text: string): Endpoint | undefined {
  const [address = '', prefix, ...rest] = text.split('/')
  const version = isIP(address)
  if (version !== 0 && rest.length === 0) {
    const longest = version === 4 ? 32 : 128
    const length = prefix === undefined ? longest : /^\d{1,3}$/.test(prefix) ? Number(prefix) : Number.NaN
    return length <= longest ? {kind: 'network', address, family: version === 4 ? 'ipv4' : 'ipv6', prefix: length} : undefined
  }
  // What looks like an address and is none must not pass for a host's name.
  if (!HOST.test(text) || /^[\d.]+$/.test(text)) return undefined
  const below = text.startsWith('*.')
  return {kind: 'host', name: below ? text.slice(2) : text, below}
}
