// Secrets never leave the process: whatever is logged or reported passes through here.
import type {Secrets} from '../crds/secrets.ts'

/** Shorter ones would garble every message they happen to occur in; they are left out of messages by construction alone. */
const MIN_LENGTH = 4

export type Redact = (text: string) => string

/** A function that puts *** in the place of each secret, in every form in which a message could repeat it. */
export function redactor(secrets: Iterable<string>): Redact {
  const forms = new Set<string>()
  for (const secret of secrets) {
    for (const form of [secret, encodeURIComponent(secret), encodeURI(secret), JSON.stringify(secret).slice(1, -1)]) {
      if (form.length >= MIN_LENGTH) forms.add(form)
    }
  }
  const longestFirst = [...forms].toSorted((a, b) => b.length - a.length)
  return (text) => longestFirst.reduce((rest, form) => rest.replaceAll(form, '***'), text)
}

/** The secret parts of a connection URL: the URL itself and its passwords, as they stand there and decoded. */
export function secretsOfUrl(url: string): string[] {
  const authority = /^[a-z]+:\/\/([^/?#]*)@/i.exec(url)?.[1] ?? ''
  const colon = authority.indexOf(':')
  const inAuthority = colon < 0 ? [] : [authority.slice(colon + 1)]
  const inQuery = [...url.matchAll(/[?&](?:password|sslpassword)=([^&#]*)/gi)].map(([, value]) => value ?? '')
  return [url, ...[...inAuthority, ...inQuery].flatMap((password) => [password, decoded(password)])].filter((secret) => secret !== '')
}

/** Every secret of a run in every form that a message could repeat: URLs with their passwords, anything else as it is. */
export function secretTexts(secrets: Secrets): string[] {
  return Object.values(secrets).flatMap((secret) => (/^[a-z]+:\/\//i.test(secret) ? secretsOfUrl(secret) : secret))
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
