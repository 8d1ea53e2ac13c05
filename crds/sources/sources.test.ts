import {describe, expect, test} from 'vitest'
import {Source, sourcePaths} from '../source.ts'

/** What zod says of a source; empty where it is right. */
function problems(source: unknown): string[] {
  const result = Source.safeParse(source)
  return result.success ? [] : result.error.issues.map(({path, message}) => `${path.join('.')}: ${message}`)
}

function csv(more: object = {}, dataset: object = {}): unknown {
  return {csv: {claimName: 'inbox', ...more, datasets: {bookings: {path: 'a.csv', ...dataset}}}}
}

function http(more: object = {}, dataset: object = {}): unknown {
  return {http: {...more, datasets: {bookings: {url: 'https://api.example.com/v1/bookings', ...dataset}}}}
}

describe('a source', () => {
  test.each([
    ['csv as it was', csv({delimiter: ';'})],
    ['csv of a German program', csv({decimalSign: ',', thousandsSeparator: '.', dateFormat: 'DD.MM.YYYY', encoding: 'Windows1252', nullText: '-'})],
    ['csv without a heading', csv({}, {heading: false, columns: [{name: 'amount', type: 'numeric'}]})],
    ['csv of which some columns are read', csv({}, {otherColumns: 'Drop', columns: [{name: 'amount', from: 'Betrag (EUR)'}]})],
    ['ndjson', {ndjson: {claimName: 'inbox', datasets: {bookings: {path: "b-{{ period.start | date: '%Y' }}.ndjson"}}}}],
    ['http', http()],
    ['http with a port and placeholders', http({}, {url: "http://ledger.acme.svc:8080/v1/{{ period.start | date: '%Y/%m' }}/bookings"})],
    ['http to an IPv6 address', http({}, {url: 'https://[2a00:1450::1]/x'})],
    ['http with a cursor', http({pagination: {cursor: {path: 'meta.next', parameter: 'after'}}}, {rowsPath: 'data'})],
    ['http with links', http({pagination: {link: {}}, body: 'Ndjson'})],
    ['http with a token', http({auth: {bearer: {tokenSecretRef: {name: 'api', key: 'token'}}}, caSecretRef: {name: 'api', key: 'ca.crt'}})],
    ['http with parameters', http({}, {query: [{name: 'filter[date][gte]', value: '{{ period.start }}'}, {name: '$top', value: '500'}]})],
  ])('may be %s', (_what, source) => {
    expect(problems(source)).toEqual([])
  })

  test.each([
    ['two kinds', {...(csv() as object), ...(http() as object)}, 'set exactly one of'],
    ['signs that are the same', csv({decimalSign: ',', thousandsSeparator: ','}), 'csv: thousandsSeparator and decimalSign must differ'],
    ['no names for a file without a heading', csv({}, {heading: false}), 'csv.datasets.bookings: columns must name columns'],
    ['no names for the columns that are kept', csv({}, {otherColumns: 'Drop'}), 'csv.datasets.bookings: columns must name columns'],
    ['a column twice', csv({}, {columns: [{name: 'a'}, {name: 'a', from: 'b'}]}), 'names a column twice'],
    ['a column read twice', csv({}, {columns: [{name: 'a'}, {name: 'b', from: 'a'}]}), 'reads a column twice'],
    ['a type that is not known', csv({}, {columns: [{name: 'a', type: 'float'}]}), 'csv.datasets.bookings.columns.0.type'],
    ['a path out of the volume', {ndjson: {claimName: 'inbox', datasets: {bookings: {path: '../x'}}}}, 'must stay inside the volume'],
    ['another scheme', http({}, {url: 'file:///etc/passwd'}), 'must be an http or https URL'],
    ['a user in the URL', http({}, {url: 'https://user:secret@api.example.com/'}), 'must be an http or https URL'],
    ['a query in the URL', http({}, {url: 'https://api.example.com/?a=1'}), 'must be an http or https URL'],
    ['a fragment in the URL', http({}, {url: 'https://api.example.com/#a'}), 'must be an http or https URL'],
    ['a placeholder for a host', http({}, {url: 'https://{{ name }}.example.com/'}), 'must be an http or https URL'],
    ['a placeholder that is not known', http({}, {url: 'https://api.example.com/{{ secret }}'}), 'may hold the placeholders'],
    ['a placeholder that is not known in a parameter', http({}, {query: [{name: 'a', value: '{{ secret }}'}]}), 'may hold the placeholders'],
    ['a parameter twice', http({}, {query: [{name: 'a', value: '1'}, {name: 'a', value: '2'}]}), 'names a parameter twice'],
    ['two ways to be authorized', http({auth: {bearer: {tokenSecretRef: {name: 'a', key: 'b'}}, basic: {usernameSecretRef: {name: 'a', key: 'u'}, passwordSecretRef: {name: 'a', key: 'p'}}}}), 'http.auth: set exactly one of'],
    ['two kinds of pages', http({pagination: {link: {}, pageNumber: {}}}), 'http.pagination: set exactly one of'],
    ['a cursor beside an array', http({pagination: {cursor: {path: 'next', parameter: 'after'}}}), 'every dataset needs rowsPath'],
    ['a cursor beside lines', http({body: 'Ndjson', pagination: {cursor: {path: 'next', parameter: 'after'}}}, {rowsPath: 'x'}), 'a cursor can only be read from a body of the kind Json'],
    ['an empty key in a path', http({}, {rowsPath: 'a..b'}), 'must be keys with dots between them'],
    ['allowed addresses of its own', http({allowedPrivateEndpoints: ['10.0.0.0/8']}), 'Unrecognized key'],
  ])('may not have %s', (_what, source, message) => {
    expect(problems(source).join('\n')).toContain(message)
  })

  test('says which paths it has, so that their placeholders are checked', () => {
    expect(sourcePaths(Source.parse({ndjson: {claimName: 'inbox', datasets: {bookings: {path: 'a'}, accounts: {path: 'b'}}}}))).toEqual(['a', 'b'])
    expect(sourcePaths(Source.parse(http()))).toEqual([])
  })
})
