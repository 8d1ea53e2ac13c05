// What every source that speaks SQL has: queries and their parameters.
import {z} from 'zod'
import {line, withRule} from '../fields.ts'

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
).describe(
  'One SELECT statement. :periodStart and :periodEnd are local dates (the end exclusive), :periodStartAt and :periodEndAt ' +
    'instants, :NAME a parameter of the source; the session time zone is spec.timeZone. It runs in a read-only transaction.',
)

/** One query. */
export const QueryDataset = z.strictObject({query: Query})

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
