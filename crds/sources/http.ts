// An HTTP API as a source.
import {z} from 'zod'
import {DATASET_NAMES, datasetsOf} from '../datasets.ts'
import {SecretKeyRef, duration, exactlyOneOf, line, withPlaceholders, withRule} from '../fields.ts'
import {VALUE_FIELDS, withTwoSigns} from './columns.ts'
import {JSON_FIELDS} from './ndjson.ts'

/** Scheme, host and perhaps a port, no user and no placeholder in them; then a path, in which placeholders may stand. */
const URL_PATTERN = '^https?://[A-Za-z0-9.:_\\[\\]-]+(/([^#?{}\\s]|\\{\\{[^{}]*\\}\\})*)?$'

const Url = withRule(withPlaceholders(line(512).min(8)), {
  cel: `self.matches('${URL_PATTERN.replaceAll('\\', '\\\\')}')`,
  message: 'must be an http or https URL such as https://api.example.com/v1/bookings, without user, query, fragment and blanks: query parameters belong into query, placeholders behind the host',
  test: (value) => new RegExp(URL_PATTERN).test(value),
})

function parameterName(): z.ZodString {
  return withRule(z.string().min(1).max(128), {
    cel: String.raw`self.matches('^[A-Za-z0-9_.\\[\\]$-]+$')`,
    message: 'must be the name of a query parameter: letters, digits and _ . [ ] $ -',
    test: (value) => /^[A-Za-z0-9_.[\]$-]+$/.test(value),
  })
}

/** Keys with dots between them: where something is in a JSON document. */
function jsonPath(): z.ZodString {
  return withRule(line(255).min(1), {
    cel: String.raw`!self.startsWith('.') && !self.endsWith('.') && !self.contains('..')`,
    message: 'must be keys with dots between them, such as data.items',
    test: (value) => !value.startsWith('.') && !value.endsWith('.') && !value.includes('..'),
  })
}

const Cursor = z.strictObject({
  path: jsonPath().describe('Where the cursor of the next page is in the body; null or an empty text ends the pages.'),
  parameter: parameterName().describe('The query parameter that carries it in the next request.'),
  absent: z
    .enum(['Fail', 'End'])
    .default('Fail')
    .describe('When the body has no such key: Fail the run, for a misspelt path would lose every page but the first; or End the pages.'),
})

const PageNumber = z.strictObject({
  parameter: parameterName().default('page').describe('The query parameter that carries the number.'),
  first: z.int().min(0).max(1).default(1).describe('Number of the first page.'),
})

const Pagination = exactlyOneOf(
  z.strictObject({
    link: z.strictObject({}).optional().describe('The next page is the Link header with rel="next" (RFC 8288), on the same host; without one the pages end.'),
    cursor: Cursor.optional().describe('A cursor in the body leads to the next page.'),
    pageNumber: PageNumber.optional().describe('Pages are numbered; the first one without rows ends them.'),
  }),
  ['link', 'cursor', 'pageNumber'],
)

const QueryParameter = z.strictObject({
  name: parameterName().describe('Its name.'),
  value: withPlaceholders(line(256)).describe('Its value, with placeholders; we percent-encode it.'),
})

const HttpDataset = z.strictObject({
  url: Url.describe('https://host/path, with placeholders in the path; http only to private addresses.'),
  query: z
    .array(QueryParameter)
    .max(20)
    .refine((all) => new Set(all.map(({name}) => name)).size === all.length, 'names a parameter twice: leave one out')
    .default([])
    .meta({'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name']})
    .describe('Query parameters.'),
  rowsPath: jsonPath().optional().describe('Where the array of rows is in a JSON body: data.items. Left out: it is the body.'),
  ...JSON_FIELDS,
})
export type HttpDataset = z.infer<typeof HttpDataset>

const Basic = z.strictObject({
  usernameSecretRef: SecretKeyRef.describe('The user.'),
  passwordSecretRef: SecretKeyRef.describe('The password.'),
})

const Auth = exactlyOneOf(
  z.strictObject({
    bearer: z.strictObject({tokenSecretRef: SecretKeyRef.describe('The token, without the word Bearer.')}).optional().describe('Authorization: Bearer.'),
    basic: Basic.optional().describe('Authorization: Basic.'),
  }),
  ['bearer', 'basic'],
)

/** "An array has no room for a cursor beside it", for the API server and for zod. */
function withRoomForCursor<S extends z.ZodType<{pagination?: {cursor?: unknown} | undefined; datasets: object}>>(schema: S): S {
  const bare = DATASET_NAMES.map((name) => `(has(self.datasets.${name}) && !has(self.datasets.${name}.rowsPath))`)
  return withRule(schema, {
    cel: `!has(self.pagination) || !has(self.pagination.cursor) || ![${bare.join(', ')}].exists(x, x)`,
    message: 'with a cursor every dataset needs rowsPath, for the body is an object then',
    test: ({pagination, datasets}) =>
      pagination?.cursor === undefined || Object.values(datasets).every((dataset: object | undefined) => dataset === undefined || 'rowsPath' in dataset),
  })
}

/** Rows from an HTTP API: GET, JSON or NDJSON, page by page. */
export const HttpSource = withRule(
  withRoomForCursor(withTwoSigns(
    z.strictObject({
      auth: Auth.optional().describe('How requests are authorized; each dataset goes to the same API.'),
      caSecretRef: SecretKeyRef.optional().describe('PEM certificates of the only authorities to trust. Left out: those that Node knows.'),
      body: z.enum(['Json', 'Ndjson']).default('Json').describe('Json: an array of objects, at rowsPath; Ndjson: one object a line.'),
      pagination: Pagination.optional().describe('How the next page is found. Left out: there is one.'),
      timeout: duration('1s', '10m').default('60s').describe('How long the API may be silent.'),
      maxPages: z.int().min(1).max(100_000).default(10_000).describe('More pages in a dataset fail the run.'),
      maxMebibytes: z.int().min(1).max(1_048_576).default(4_096).describe('More than this in a dataset (all pages, unpacked) fails the run.'),
      ...VALUE_FIELDS,
      datasets: datasetsOf(() => HttpDataset).describe('One address for each dataset that the format needs.'),
    }),
  )),
  {
    cel: "self.body == 'Json' || !has(self.pagination) || !has(self.pagination.cursor)",
    message: 'a cursor can only be read from a body of the kind Json',
    test: ({body, pagination}) => body === 'Json' || pagination?.cursor === undefined,
  },
)
export type HttpSource = z.infer<typeof HttpSource>
