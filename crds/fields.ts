// Building blocks of the spec's schema. A rule is written once and holds twice: as CEL in the API server, in zod everywhere else.
import {z} from 'zod'
import {DURATION_PATTERN, parseDuration} from './duration.ts'
import {checkTemplate} from './template.ts'

/** A rule of the resource, with the message that both the API server and zod give. */
export interface Rule<T> {
  /** CEL over `self`, as in x-kubernetes-validations. */
  readonly cel: string
  /** What would be right, as a sentence without the field's path (the API server and zod both name it). */
  readonly message: string
  /** The same rule in TypeScript; left out where zod's own check already says it. */
  readonly test?: (value: T) => boolean
}

/** One entry of x-kubernetes-validations. */
export interface CelValidation {
  readonly rule: string
  readonly message: string
}

/** Key under which a schema's metadata carries its CEL rules; copied into the CRD as it is. */
export const CEL_KEY = 'x-kubernetes-validations'

declare module 'zod' {
  interface GlobalMeta {
    [CEL_KEY]?: readonly CelValidation[]
  }
}

/** Adds a rule to a schema, for zod (test) and for the API server (cel). */
export function withRule<S extends z.ZodType>(schema: S, rule: Rule<z.output<S>>): S {
  const {test, message, cel} = rule
  const refined = test === undefined ? schema : schema.refine(test, {message})
  return refined.meta({[CEL_KEY]: [...(schema.meta()?.[CEL_KEY] ?? []), {rule: cel, message}]})
}

/** "Exactly one of these optional siblings": structural schemas allow no types inside oneOf, so it is a CEL rule. */
export function exactlyOneOf<S extends z.ZodObject>(schema: S, keys: readonly [string, ...string[]]): S {
  const list = keys.map((key) => `has(self.${key})`).join(', ')
  const message = keys.length === 1 ? `set ${keys[0]}, the only one there is` : `set exactly one of ${keys.join(', ')}`
  return withRule(schema, {
    cel: `[${list}].filter(x, x).size() == 1`,
    message,
    test: (value) => Object.entries(value).filter(([key, sibling]) => keys.includes(key) && sibling !== undefined).length === 1,
  })
}

/** One line of text of at most `max` characters, without control characters. */
export function line(max: number): z.ZodString {
  return withRule(z.string().max(max), {
    cel: String.raw`!self.matches('[\\x00-\\x1f\\x7f]')`,
    message: 'must be one line without control characters',
    test: (value) => !/[\x00-\x1f\x7f]/.test(value),
  })
}

/** The name of an object in the export's own namespace (RFC 1123 subdomain). */
export function objectName(): z.ZodString {
  return withRule(z.string().min(1).max(253), {
    cel: String.raw`self.matches('^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$')`,
    message: 'must be the name of an object in this namespace: lower-case letters, digits, "-" and "."',
    test: (value) => /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(value),
  })
}

/** A reference to one key of a Secret of the same namespace. Only the kubelet ever reads it. */
export const SecretKeyRef = z
  .strictObject({
    name: objectName().describe('Name of a Secret in the same namespace.'),
    key: withRule(z.string().min(1).max(253), {
      cel: String.raw`self.matches('^[-._a-zA-Z0-9]+$')`,
      message: 'must be a key of the Secret: letters, digits, "-", "_" and "."',
      test: (value) => /^[-._a-zA-Z0-9]+$/.test(value),
    }).describe('Key of the Secret that holds the value.'),
  })
  // Name and key belong together: two appliers must not own one each.
  .meta({'x-kubernetes-map-type': 'atomic'})
export type SecretKeyRef = z.infer<typeof SecretKeyRef>

/** A Go-style duration between two bounds (both inclusive, Go-style too). */
export function duration(min: string, max: string): z.ZodString {
  const [lowest, highest] = [parseDuration(min), parseDuration(max)]
  return withRule(z.string().min(2).max(24), {
    cel: `self.matches('${DURATION_PATTERN}') && duration(self) >= duration('${min}') && duration(self) <= duration('${max}')`,
    message: `must be a duration of whole hours, minutes and seconds from ${min} to ${max}, such as 90s, 15m or 1h30m`,
    test: (value) => new RegExp(DURATION_PATTERN).test(value) && parseDuration(value) >= lowest && parseDuration(value) <= highest,
  })
}

/** What {@link checkTemplate} takes between braces, as a regular expression inside a CEL string. */
const PLACEHOLDER = placeholderPattern().replaceAll('\\', '\\\\')

function placeholderPattern(): string {
  const directive = '%[YmdjVGq]'
  const format = [String.raw`\x27`, String.raw`\x22`].map((quote) => `${quote}([^%{}${quote}]|${directive})+${quote}`).join('|')
  const date = String.raw`(period\.start|period\.end|scheduledTime)(\s*\|\s*date\s*:\s*(${format}))?`
  return String.raw`\{\{\s*(name|namespace|${date})\s*\}\}`
}

function isTemplate(text: string): boolean {
  try {
    checkTemplate(text)
    return true
  } catch {
    return false
  }
}

/**
 * A relative path on a volume, in which {@link file://./template.ts} placeholders may stand. The rendered path is
 * checked again before use (exporter-job/destinations): a rule on the template alone could be got round.
 */
export function volumePath(): z.ZodString {
  const path = line(512)
  const relative = withRule(path, {
    cel: "!self.startsWith('/')",
    message: 'must be relative to the volume: leave the leading "/" out',
    test: (value) => !value.startsWith('/'),
  })
  const inside = withRule(relative, {
    cel: String.raw`!self.contains('\\') && !self.split('/').exists(part, part == '..')`,
    message: 'must stay inside the volume: no ".." and no backslash',
    test: (value) => !value.includes('\\') && !value.split('/').includes('..'),
  })
  return withPlaceholders(inside)
}

/** A text in which {@link file://./template.ts} placeholders may stand. */
export function withPlaceholders<S extends z.ZodType<string>>(text: S): S {
  return withRule(text, {
    // The pattern stands here once: the rule is repeated for every dataset of every source.
    cel: `self.split('{{').size() == self.split('}}').size() && self.findAll('${PLACEHOLDER}').size() == self.split('{{').size() - 1`,
    message:
      'may hold the placeholders {{ period.start }}, {{ period.end }}, {{ scheduledTime }} ' +
      "(each also as {{ period.start | date: '%Y-%m' }}), {{ name }} and {{ namespace }}, and no others; " +
      'there are %Y %m %d, %j day of the year, %q quarter, %G and %V ISO year and week',
    test: isTemplate,
  })
}

/** A placeholder whose value can stand in a file name whatever the run. */
const STEM_PLACEHOLDER = (() => {
  const format = [String.raw`\x27`, String.raw`\x22`].map((quote) => `${quote}([A-Za-z0-9._-]|%[YmdjVGq])+${quote}`).join('|')
  const date = String.raw`(period\.start|period\.end|scheduledTime)(\s*\|\s*date\s*:\s*(${format}))?`
  return String.raw`\{\{\s*(name|${date})\s*\}\}`
})()
const FILE_STEM = `^([A-Za-z0-9_]|${STEM_PLACEHOLDER})([A-Za-z0-9._-]|${STEM_PLACEHOLDER})*$`

/** A file's name without its ending: letters, digits and placeholders whose values are such. */
export function fileStem(): z.ZodString {
  return withRule(z.string().min(1).max(120), {
    cel: `self.matches('${FILE_STEM.replaceAll('\\', '\\\\')}')`,
    message:
      'must be a file name without its ending, of A-Z a-z 0-9 "." "_" and "-", and may hold the placeholders {{ name }}, {{ period.start }}, ' +
      "{{ period.end }} and {{ scheduledTime }}, the last three also as {{ period.start | date: '%Y-%m' }}",
    test: (value) => new RegExp(FILE_STEM).test(value) && isTemplate(value),
  })
}

/** An ISO 4217 code. */
export function currencyCode(): z.ZodString {
  return withRule(z.string().length(3), {
    cel: "self.matches('^[A-Z]{3}$')",
    message: 'must be an ISO 4217 code such as EUR',
    test: (value) => /^[A-Z]{3}$/.test(value),
  })
}
