// Secrets are taken out of whole log lines: whatever the key, however deep, and also inside messages of others.

const MASK = '[redacted]'

const SECRET_WORDS = 'password|passwd|secret|token|authorization|cookie|credential|private[-_]?key|client[-_]?key|api[-_]?key|tls\\.key'
/** Names of fields whose text is secret; "tokens" (a count) and "secretName" are not. */
const SECRET_NAME = new RegExp(`(?:${SECRET_WORDS})(?:[-_]?data)?$`, 'i')

const RULES: readonly (readonly [RegExp, string])[] = [
  // scheme://user:password@host; the user stays, for it helps.
  [/(\b[a-z][a-z0-9+.-]{0,31}:\/\/[^\s/:@"]{0,256}:)[^\s"/@]{1,1024}(?=@)/gi, `$1${MASK}`],
  [/(\b(?:bearer|basic)\s+)[\w.~+/=-]{4,}/gi, `$1${MASK}`],
  // A JSON Web Token, with or without its signature.
  [/\beyJ[\w-]{4,}\.[\w-]{4,}(?:\.[\w-]*)?/g, MASK],
  [/([?&;\s](?:[\w-]{0,32}(?:password|passwd|token|secret)|sig|signature)=)[^\s&;"]+/gi, `$1${MASK}`],
  [/-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|$)/g, MASK],
  // JSON that somebody put into a message.
  [new RegExp(`("[\\w.-]{0,64}(?:${SECRET_WORDS})(?:[-_]?data)?"\\s*:\\s*")(?:[^"\\\\]|\\\\.)*`, 'gi'), `$1${MASK}`],
]

/** The text with every secret masked that can be recognized by what stands around it. */
export function redact(text: string): string {
  let clean = text
  for (const [pattern, mask] of RULES) clean = clean.replace(pattern, mask)
  return clean
}

/** One line of JSON with its secrets masked; it stays JSON. */
export function redactLine(line: string): string {
  try {
    return `${JSON.stringify(JSON.parse(line, redactValue))}\n`
  } catch {
    return redact(line)
  }
}

/** As JSON.parse's reviver: the innermost values come first, so lists of secrets are masked text by the time their key is seen. */
function redactValue(key: string, value: unknown): unknown {
  if (SECRET_NAME.test(key)) {
    if (typeof value === 'string' && value !== '') return MASK
    if (Array.isArray(value)) return value.map((one: unknown) => (typeof one === 'string' ? MASK : one))
  }
  return typeof value === 'string' ? redact(value) : value
}
