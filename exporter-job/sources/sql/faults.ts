// What failures mean that all database servers have in common: those of the way there.
import type {Redact} from '../../redact.ts'
import {PermanentFault, TransientFault} from '../../errors.ts'

export interface Policy {
  readonly code: string
  readonly transient: boolean
  /** What is wrong, in front of the server's own words. */
  readonly says: string
}

export function transient(code: string, says: string): Policy {
  return {code, transient: true, says}
}

export function permanent(code: string, says: string): Policy {
  return {code, transient: false, says}
}

/** The fault of a policy; `words` are the server's own. */
export function faultOf({code, transient: passes, says}: Policy, {subject, words, redact, cause}: FaultDetails): PermanentFault | TransientFault {
  const message = redact(`${subject === undefined ? '' : `${subject}: `}${says} (${words})`)
  const Fault = passes ? TransientFault : PermanentFault
  return new Fault(code, message, {cause})
}

export interface FaultDetails {
  /** "dataset bookings", where one was being read. */
  readonly subject: string | undefined
  readonly words: string
  readonly redact: Redact
  readonly cause: unknown
}

/** The words of an error. A host with several addresses fails with an error for each of them. */
export function wordsOf(error: Error): string {
  const words = error instanceof AggregateError ? error.errors.map((each) => (each instanceof Error ? each.message : '')).join('; ') : error.message
  return words.slice(0, 1000)
}

export interface NetworkPolicies {
  readonly lost: Policy
  readonly timeout: Policy
  readonly noTls: Policy
  /** By the system's and by OpenSSL's error code. */
  readonly bySystemCode: Readonly<Record<string, Policy>>
}

/** `server` is what messages call it: "PostgreSQL". A name without an address is transient: a Service may be on its way. */
export function networkPolicies(server: string, withoutTls: string): NetworkPolicies {
  const lost = transient('ConnectionLost', `the connection to ${server} was lost`)
  const timeout = transient('ConnectionTimeout', `${server} did not answer`)
  const noTls = permanent('TlsRefused', `${server} has no TLS: turn it on there, or ${withoutTls}`)
  const noRoute = transient('HostUnreachable', `there is no way to ${server}'s host`)
  const noName = transient('HostNotFound', `the name of ${server}'s host has no address`)
  const untrusted = permanent(
    'CertificateNotTrusted',
    `${server}'s certificate is not trusted: give its authority's as tls.caSecretRef, and in the URL a host that the certificate names`,
  )
  const bySystemCode = {
    ECONNREFUSED: transient('ConnectionRefused', `nothing accepts connections at the address of ${server}`),
    ECONNRESET: lost,
    EPIPE: lost,
    ETIMEDOUT: timeout,
    EHOSTUNREACH: noRoute,
    ENETUNREACH: noRoute,
    EADDRNOTAVAIL: noRoute,
    EAI_AGAIN: noName,
    ENOTFOUND: noName,
    EAI_FAIL: noName,
    EACCES: permanent('ConnectionRefused', `the connection to ${server} is forbidden`),
    CERT_HAS_EXPIRED: untrusted,
    DEPTH_ZERO_SELF_SIGNED_CERT: untrusted,
    SELF_SIGNED_CERT_IN_CHAIN: untrusted,
    UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
    UNABLE_TO_GET_ISSUER_CERT: untrusted,
    UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
    CERT_SIGNATURE_FAILURE: untrusted,
    CERT_NOT_YET_VALID: untrusted,
    ERR_TLS_CERT_ALTNAME_INVALID: untrusted,
    EPROTO: noTls,
  }
  return {lost, timeout, noTls, bySystemCode}
}
