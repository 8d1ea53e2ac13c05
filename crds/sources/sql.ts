// What every source that speaks SQL has: queries and their parameters.
import {z} from 'zod'
import {SecretKeyRef, duration, line, withRule} from '../fields.ts'

const CONTROL_IN_QUERY = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/

/** One SELECT statement. */
export const Query = withRule(
  withRule(z.string().min(1).max(16_384), {
    cel: String.raw`self.matches('\\S')`,
    message: 'must be a SELECT statement, not blank',
    test: (value) => /\S/.test(value),
  }),
  {
    cel: String.raw`!self.matches('[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f]')`,
    message: 'must hold no control characters but line breaks and tabs',
    test: (value) => !CONTROL_IN_QUERY.test(value),
  },
)

/** One query. */
export const QueryDataset = z.strictObject({query: Query.describe('One SELECT statement; datasets says which parameters it may name.')})

/** Said once, not of every dataset: a CRD has them all. */
export const QUERIES =
  'One query for each dataset that the format needs. In it :periodStart and :periodEnd are local dates (the end exclusive), :periodStartAt and ' +
  ':periodEndAt instants, :NAME a parameter of the source; the session time zone is spec.timeZone. It runs in a read-only transaction.'

export const PARAMETER_TYPES = ['text', 'integer', 'numeric', 'date', 'boolean'] as const

const Parameter = z.strictObject({
  name: withRule(z.string().min(1).max(63), {
    cel: "self.matches('^[A-Za-z_][A-Za-z0-9_]*$') && !self.startsWith('period')",
    message: 'must be letters, digits and "_", and not begin with "period"',
    test: (value) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(value) && !value.startsWith('period'),
  }).describe('Queries name it :NAME.'),
  type: z.enum(PARAMETER_TYPES).default('text').describe('The type that the value has in the query.'),
  value: line(1_024).describe('The value as text: 4711, 19.00, 2026-10-31, true.'),
})
export type Parameter = z.infer<typeof Parameter>

/** Values that queries name. */
export const Parameters = z
  .array(Parameter)
  .max(50)
  .refine((all) => new Set(all.map(({name}) => name)).size === all.length, 'names a parameter twice: leave one out')
  .default([])
  .meta({'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name']})
  .describe('Values that the queries name as :NAME; they never become part of the SQL text.')

export const TLS_MODES = ['VerifyFull', 'VerifyCA', 'Require', 'Disable'] as const

/** How the way to the server is secured. */
export const Tls = withRule(
  z.strictObject({
    mode: z
      .enum(TLS_MODES)
      .default('VerifyFull')
      .describe(
        "VerifyFull: the server's certificate is of a known authority and names the URL's host. VerifyCA: of a known authority, whatever it names. " +
          'Require: encrypted, but with whom is not asked. Disable: not encrypted.',
      ),
    caSecretRef: SecretKeyRef.optional().describe(
      'The certificates of the authorities to trust (PEM), instead of those that Node.js knows. At most about 100 KiB.',
    ),
  }),
  {
    cel: "!has(self.caSecretRef) || self.mode.startsWith('Verify')",
    message: 'caSecretRef needs the mode VerifyFull or VerifyCA: the others ask nobody',
    test: ({mode, caSecretRef}) => caSecretRef === undefined || mode.startsWith('Verify'),
  },
)
export type Tls = z.infer<typeof Tls>

/** What every source that speaks SQL lets one set beside its queries. */
export const SQL_OPTIONS = {
  parameters: Parameters,
  statementTimeout: duration('1s', '168h')
    .optional()
    .describe('The longest that one query may take; a longer one is ended and tried again with spec.retry. Default: spec.activeDeadline.'),
  lockTimeout: duration('1s', '1h').default('30s').describe('The longest that a query may wait for a lock; then the run is tried again with spec.retry.'),
}
