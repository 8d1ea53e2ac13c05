// What the Secrets of an http source hold.
import type {SecretKeyRef} from '../../../crds/fields.ts'
import type {Secrets} from '../../../crds/secrets.ts'
import type {HttpSource} from '../../../crds/sources/http.ts'
import {PermanentFault} from '../../errors.ts'

/** The value of the header Authorization. @throws PermanentFault CredentialsMissing, CredentialsInvalid */
export function authorizationOf({auth}: HttpSource, secrets: Secrets): string | undefined {
  if (auth?.bearer !== undefined) {
    const token = secretOf(auth.bearer.tokenSecretRef, secrets.httpToken)
    if (!/^[\x21-\x7e]+$/.test(token)) throw invalid(auth.bearer.tokenSecretRef, 'is no token: it must be one word of ASCII')
    return `Bearer ${token}`
  }
  if (auth?.basic !== undefined) {
    const {usernameSecretRef, passwordSecretRef} = auth.basic
    const username = secretOf(usernameSecretRef, secrets.httpUsername)
    if (username.includes(':')) throw invalid(usernameSecretRef, 'holds a colon, which no user of basic authorization may have')
    return `Basic ${Buffer.from(`${username}:${secretOf(passwordSecretRef, secrets.httpPassword)}`).toString('base64')}`
  }
  return undefined
}

/** The certificates to trust. @throws PermanentFault CaMissing, CaInvalid */
export function caOf({caSecretRef}: HttpSource, {httpCa}: Secrets): string | undefined {
  if (caSecretRef === undefined) return undefined
  if (httpCa === undefined) throw new PermanentFault('CaMissing', `the certificates to trust (${originOf(caSecretRef)}) were not given`)
  if (!httpCa.includes('-----BEGIN CERTIFICATE-----')) throw new PermanentFault('CaInvalid', `${originOf(caSecretRef)} holds no PEM certificate`)
  return httpCa
}

/** A line end behind the value is an editor's, not the Secret's. */
function secretOf(ref: SecretKeyRef, value: string | undefined): string {
  if (value === undefined) throw new PermanentFault('CredentialsMissing', `the credentials of the API (${originOf(ref)}) were not given`)
  return value.replace(/\r?\n$/, '')
}

function invalid(ref: SecretKeyRef, problem: string): PermanentFault {
  return new PermanentFault('CredentialsInvalid', `${originOf(ref)} ${problem}`)
}

function originOf({name, key}: SecretKeyRef): string {
  return `Secret ${name}, key ${key}`
}
