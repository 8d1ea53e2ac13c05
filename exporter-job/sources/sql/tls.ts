// TLS as the spec wants it, for every source that speaks SQL.
import {X509Certificate} from 'node:crypto'
import type {ConnectionOptions} from 'node:tls'
import type {Tls} from '../../../crds/sources/sql.ts'
import {PermanentFault} from '../../errors.ts'

export interface TlsOptions {
  readonly mode: Tls['mode']
  /** PEM; without it the authorities that Node.js knows. */
  readonly ca?: string | undefined
  /** Where the PEM comes from, for messages: "Secret ledger-ca, key ca.crt". */
  readonly caOrigin?: string | undefined
}

/** For tls.connect, beside the host that it compares with; undefined where there is to be no TLS. @throws PermanentFault CaInvalid */
export function tlsConnectionOptions({mode, ca, caOrigin = ''}: TlsOptions): ConnectionOptions | undefined {
  const trust = ca === undefined ? {} : {ca: checkedCa(ca, caOrigin)}
  switch (mode) {
    case 'VerifyFull':
      return {...trust, rejectUnauthorized: true}
    case 'VerifyCA':
      return {...trust, rejectUnauthorized: true, checkServerIdentity: () => undefined}
    case 'Require':
      return {rejectUnauthorized: false}
    case 'Disable':
      return undefined
    default:
      return mode satisfies never
  }
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g

/** OpenSSL passes over what it cannot read, and then trusts nobody. */
function checkedCa(pem: string, origin: string): string {
  const certificates = pem.match(CERTIFICATE) ?? []
  try {
    for (const certificate of certificates) void new X509Certificate(certificate)
    if (certificates.length > 0) return pem
  } catch {
    // Said below.
  }
  throw new PermanentFault('CaInvalid', `${origin} does not hold certificates in PEM form (-----BEGIN CERTIFICATE----- …)`)
}
