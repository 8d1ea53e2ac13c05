// What the http source asks for, and how one page leads to the next.
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {createFindings} from '../../../exporter-job/formats/findings.ts'
import {readAll} from '../../../exporter-job/sources/testing/contract.ts'
import {answerInTurn, startApi} from '../../support/api.ts'
import type {Api} from '../../support/api.ts'
import {httpSource, readBookings} from './source.ts'
import type {Given} from './source.ts'

const ALIVE = new AbortController().signal
const CURSOR = {pagination: {cursor: {path: 'next', parameter: 'after'}}}

let api: Api
beforeEach(async () => {
  api = await startApi()
})
afterEach(() => api.stop())

function answers(...bodies: readonly unknown[]): void {
  answerInTurn(api, bodies)
}

function linked(link: string): void {
  api.answer((_request, response) => void response.writeHead(200, {link}).end('[{"a":1}]'))
}

function asked(): string[] {
  return api.requests.map(({url}) => `${url.pathname}${url.search}`)
}

function ref(key: string): object {
  return {name: 'api', key}
}

describe('requests', () => {
  it('carry the period in path and query, percent-encoded', async () => {
    answers([{a: 1}])
    const query = [
      {name: 'from', value: '{{ period.start }}'},
      {name: 'to', value: "{{ period.end | date: '%d.%m.%Y' }}"},
      {name: 'filter[text]', value: 'Müller & Söhne=1+1'},
    ]
    await readBookings(`${api.origin}/v1/{{ period.start | date: '%Y/%m' }}/bookings`, {dataset: {query}})
    const [request] = api.requests
    expect(request?.url.pathname).toBe('/v1/2026/10/bookings')
    expect(Object.fromEntries(request?.url.searchParams ?? [])).toEqual({from: '2026-10-01', to: '31.10.2026', 'filter[text]': 'Müller & Söhne=1+1'})
    expect(request?.headers).toMatchObject({accept: 'application/json', 'accept-encoding': 'gzip', host: new URL(api.origin).host})
    expect(request?.headers.authorization).toBeUndefined()
  })

  it.each([
    ['a token', {bearer: {tokenSecretRef: ref('token')}}, {httpToken: 'canary-token\n'}, 'Bearer canary-token'],
    ['user and password', {basic: {usernameSecretRef: ref('user'), passwordSecretRef: ref('password')}}, {httpUsername: 'reader', httpPassword: 'pä:ss'}, `Basic ${Buffer.from('reader:pä:ss').toString('base64')}`],
  ])('carry %s', async (_what, auth, secrets, header) => {
    answers([{a: 1}])
    await readBookings(`${api.origin}/`, {spec: {auth}, secrets})
    expect(api.requests[0]?.headers.authorization).toBe(header)
  })

  it('keep the token out of what is said of them', async () => {
    api.answer((request, response) => void response.writeHead(401, {'www-authenticate': request.headers.authorization ?? ''}).end(request.headers.authorization))
    const reading = readBookings(`${api.origin}/`, {spec: {auth: {bearer: {tokenSecretRef: ref('token')}}}, secrets: {httpToken: 'canary-token'}})
    await expect(reading).rejects.toMatchObject({code: 'HttpDenied', transient: false})
    await expect(reading).rejects.not.toMatchObject({message: expect.stringContaining('canary-token')})
  })

  it.each([
    ['no token', {bearer: {tokenSecretRef: ref('token')}}, {}, 'CredentialsMissing', 'Secret api, key token'],
    ['a token of two lines', {bearer: {tokenSecretRef: ref('token')}}, {httpToken: 'a\r\nHost: evil'}, 'CredentialsInvalid', 'one word'],
    ['a user with a colon', {basic: {usernameSecretRef: ref('user'), passwordSecretRef: ref('password')}}, {httpUsername: 'a:b', httpPassword: 'x'}, 'CredentialsInvalid', 'colon'],
  ])('are not made with %s', (...[, auth, secrets, code, words]) => {
    expect(() => httpSource(`${api.origin}/`, {spec: {auth}, secrets})).toThrow(expect.objectContaining({code, transient: false, message: expect.stringContaining(words)}))
    expect(api.requests).toEqual([])
  })

  it('go over one connection, page after page and dataset after dataset', async () => {
    answers({data: [{a: 1}], next: 'x'}, {data: [{a: 2}], next: ''})
    await using snapshot = await httpSource(`${api.origin}/`, {spec: CURSOR, dataset: {rowsPath: 'data'}}).snapshot(ALIVE)
    expect((await readAll(await snapshot.open('bookings'))).toString()).toBe('1\n2\n')
    expect(await api.connections()).toBe(1)
  })
})

describe('pages', () => {
  it('end with a cursor that is null', async () => {
    answers({next: 7, data: [{a: 1}]}, {data: [{a: 2}], next: 'b&c'}, {data: [], next: null})
    expect(await readBookings(`${api.origin}/x`, {spec: CURSOR, dataset: {rowsPath: 'data', query: [{name: 'q', value: '1'}]}})).toBe('1\n2\n')
    expect(asked()).toEqual(['/x?q=1', '/x?q=1&after=7', '/x?q=1&after=b%26c'])
  })

  it('end with the first numbered one without rows, not with a shorter one', async () => {
    answers([{a: 1}, {a: 2}], [{a: 3}], [{a: 4}, {a: 5}], [])
    expect(await readBookings(`${api.origin}/x`, {spec: {pagination: {pageNumber: {parameter: 'p'}}}})).toBe('1\n2\n3\n4\n5\n')
    expect(asked()).toEqual(['/x?p=1', '/x?p=2', '/x?p=3', '/x?p=4'])
  })

  it('of an API that answers 204 have no rows', async () => {
    api.answer((_request, response) => void response.writeHead(204).end())
    expect(await readBookings(`${api.origin}/`, {dataset: {columns: [{name: 'a'}]}})).toBe('')
  })

  it('without rows from the first on are an empty dataset, where the columns are known', async () => {
    answers({data: null, next: null})
    expect(await readBookings(`${api.origin}/`, {spec: CURSOR, dataset: {rowsPath: 'data', columns: [{name: 'a'}]}})).toBe('')
    await expect(readBookings(`${api.origin}/`, {spec: CURSOR, dataset: {rowsPath: 'data'}})).rejects.toMatchObject({code: 'ColumnsUnknown'})
  })

  it.each<[string, () => void, Given, string, RegExp]>([
    ['a cursor that leads back', () => answers({data: [{a: 1}], next: 'x'}), {spec: CURSOR, dataset: {rowsPath: 'data'}}, 'HttpPagingBroken', /read already/],
    ['no cursor at all', () => answers({data: [{a: 1}], nxt: 'x'}), {spec: CURSOR, dataset: {rowsPath: 'data'}}, 'HttpPagingBroken', /no key "next"/],
    ['a cursor that is an object', () => answers({next: {}, data: []}), {spec: CURSOR, dataset: {rowsPath: 'data'}}, 'JsonInvalid', /neither a text nor a number/],
    ['the same numbered page again and again', () => answers([{a: 1}]), {spec: {pagination: {pageNumber: {}}}}, 'HttpPagingBroken', /two pages have the same rows/],
    ['a link to another host', () => linked('<https://evil.test/x>; rel=next'), {spec: {pagination: {link: {}}}}, 'HttpPagingBroken', /another host \(https:\/\/evil\.test\)/],
    ['a Link header that is none', () => linked('page=2; rel=next'), {spec: {pagination: {link: {}}}}, 'HttpPagingBroken', /the Link header is not of the form/],
    ['a link to itself', () => linked('<>; rel="next"'), {spec: {pagination: {link: {}}}}, 'HttpPagingBroken', /read already/],
    ['too many pages', () => answers({data: [{a: 1}], next: 'x'}, {data: [{a: 1}], next: 'y'}, {data: [], next: 'z'}), {spec: {...CURSOR, maxPages: 2}, dataset: {rowsPath: 'data'}}, 'HttpTooMuch', /more than 2 pages/],
    ['too many bytes', () => answers([{a: 'x'.repeat(600_000)}, {a: 'x'.repeat(600_000)}]), {spec: {maxMebibytes: 1}}, 'HttpTooMuch', /more than 1 MiB/],
    ['rows elsewhere', () => answers({items: []}), {dataset: {rowsPath: 'data'}}, 'JsonInvalid', /no array of rows at "data"/],
    ['an object where an array should be', () => answers({data: {}}), {dataset: {rowsPath: 'data'}}, 'JsonInvalid', /"data" is an object/],
    ['an object for a body', () => answers({error: 'no'}), {}, 'JsonInvalid', /the body is an object, not an array of rows: set rowsPath/],
    ['rows that are no objects', () => answers([1]), {}, 'JsonInvalid', /a row must be a JSON object/],
    ['a key that is not expected', () => answers([{a: 1}, {b: 1}]), {}, 'JsonInvalid', /bookings row 2 \(page 1 of http:\/\/api\.test:\d+\/\): key "b"/],
  ])('are refused: %s', async (...[, prepare, given, code, message]) => {
    prepare()
    await expect(readBookings(`${api.origin}/`, given)).rejects.toMatchObject({code, transient: false, message: expect.stringMatching(message)})
  })

  it('that cannot be read are listed with their page, and the others are read on', async () => {
    const columns = [{name: 'a', type: 'date'}]
    const spec = {pagination: {pageNumber: {}}}
    const findings = createFindings(100)
    // The first two pages are the same once marks stand in them.
    answers([{a: 'x'}], [{a: 'y'}], [{a: '2026-10-01'}, {b: 1}], [])
    expect(await readBookings(`${api.origin}/`, {spec, dataset: {columns}, refusals: findings})).toBe('?\n?\n2026-10-01\n?\n')
    expect(findings.errors().map(({row, column, rule, value, place}) => [row, column, rule, value, place])).toEqual([
      [1, 'a', 'NotADate', 'x', `page 1 of ${api.origin}/`],
      [2, 'a', 'NotADate', 'y', `page 2 of ${api.origin}/`],
      [4, '', 'JsonInvalid', undefined, `page 3 of ${api.origin}/`],
    ])
  })

  it('of which one is no JSON end the dataset there, with the rows before it', async () => {
    const findings = createFindings(100)
    let asks = 0
    api.answer((_request, response) => void response.writeHead(200).end(++asks === 1 ? '[{"a":1},{"a":2}]' : '[{"a":3},]'))
    expect(await readBookings(`${api.origin}/`, {spec: {pagination: {pageNumber: {}}}, refusals: findings})).toBe('1\n2\n3\n')
    expect(findings.errors()).toMatchObject([{row: 4, column: '', rule: 'JsonInvalid', right: expect.stringContaining('it is not JSON'), place: `page 2 of ${api.origin}/`}])
  })

  it('may lack the cursor at the end where the spec says so', async () => {
    answers({data: [{a: 1}], next: 'x'}, {data: [{a: 2}]})
    const spec = {pagination: {cursor: {path: 'next', parameter: 'after', absent: 'End'}}}
    expect(await readBookings(`${api.origin}/`, {spec, dataset: {rowsPath: 'data'}})).toBe('1\n2\n')
  })
})

describe('a dataset that is opened again', () => {
  it('is asked for again', async () => {
    answers([{a: 1}])
    await using snapshot = await httpSource(`${api.origin}/`).snapshot(ALIVE)
    for (const _ of [1, 2]) expect((await readAll(await snapshot.open('bookings'))).toString()).toBe('1\n')
    expect(api.requests).toHaveLength(2)
  })

  it('must have the same rows, or the run has a fault that may pass', async () => {
    answers([{a: 1}], [{a: 2}])
    await using snapshot = await httpSource(`${api.origin}/`).snapshot(ALIVE)
    await readAll(await snapshot.open('bookings'))
    await expect(readAll(await snapshot.open('bookings'))).rejects.toMatchObject({code: 'HttpChanged', transient: true})
  })
})
