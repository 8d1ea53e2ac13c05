// What a failure of an API, or of the way to it, means for the run.
import {PermanentFault, RunFault, TransientFault} from '../../errors.ts'

interface Policy {
  readonly code: string
  readonly transient: boolean
  readonly says: string
}

function transient(code: string, says: string): Policy {
  return {code, transient: true, says}
}

function permanent(code: string, says: string): Policy {
  return {code, transient: false, says}
}

const LOST = transient('ConnectionLost', 'the connection was lost')
const NO_ROUTE = transient('HostUnreachable', 'there is no way to the host')
const NO_NAME = transient('HostNotFound', 'the name of the host has no address')
const UNTRUSTED = permanent('CertificateNotTrusted', "the server's certificate is not trusted: give caSecretRef, or a certificate of a known authority")
const NO_HTTP = permanent('HttpInvalid', 'what answers does not speak HTTP as the URL says (http or https)')

/** By the system's, OpenSSL's and the HTTP parser's codes. */
const BY_CODE: Readonly<Record<string, Policy>> = {
  ECONNREFUSED: transient('ConnectionRefused', 'nothing accepts connections at the address'),
  ECONNRESET: LOST,
  EPIPE: LOST,
  ETIMEDOUT: transient('ConnectionTimeout', 'the host did not answer'),
  EHOSTUNREACH: NO_ROUTE,
  ENETUNREACH: NO_ROUTE,
  EADDRNOTAVAIL: NO_ROUTE,
  EAI_AGAIN: NO_NAME,
  ENOTFOUND: NO_NAME,
  ENODATA: NO_NAME,
  EAI_FAIL: NO_NAME,
  CERT_HAS_EXPIRED: UNTRUSTED,
  CERT_NOT_YET_VALID: UNTRUSTED,
  DEPTH_ZERO_SELF_SIGNED_CERT: UNTRUSTED,
  SELF_SIGNED_CERT_IN_CHAIN: UNTRUSTED,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNTRUSTED,
  ERR_TLS_CERT_ALTNAME_INVALID: UNTRUSTED,
  EPROTO: NO_HTTP,
}

/** The fault of a failed request; `where` names it. An error that nobody foresaw stays as it is. */
export function requestFault(error: unknown, where: string): unknown {
  if (error instanceof RunFault || !(error instanceof Error)) return error
  const {code} = firstOf(error) as NodeJS.ErrnoException
  const policy = code === undefined ? undefined : code.startsWith('HPE_') || code.startsWith('ERR_SSL_') ? NO_HTTP : BY_CODE[code]
  if (policy === undefined) return error
  const Fault = policy.transient ? TransientFault : PermanentFault
  return new Fault(policy.code, `${where}: ${policy.says} (${code})`, {cause: error})
}

/** A host with several addresses fails with an error for each of them. */
function firstOf(error: Error): Error {
  const [first] = error instanceof AggregateError ? (error.errors as unknown[]) : []
  return first instanceof Error ? first : error
}

/** Answers that may be another one the next time; every 5xx is such. */
const RETRIED = new Set([408, 425, 429])

/** The fault of an answer that is not 200. What the body says stays unread: it may quote rows. */
export function statusFault(status: number, where: string): RunFault {
  if (RETRIED.has(status) || status >= 500) return new TransientFault('HttpUnavailable', `${where}: the API answered ${status}`)
  if (status === 401 || status === 403) return new PermanentFault('HttpDenied', `${where}: the API answered ${status}: compare the Secret that auth names`)
  if (status === 404 || status === 410) return new PermanentFault('HttpNotFound', `${where}: the API answered ${status}: correct the url`)
  if (status >= 300 && status < 400) {
    return new PermanentFault('HttpRedirected', `${where}: the API redirects (${status}), which is not followed: write the address that it leads to into url`)
  }
  return new PermanentFault('HttpRefused', `${where}: the API answered ${status}: it does not take this request`)
}
