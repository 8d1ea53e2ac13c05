// Which addresses the http source connects to, and whose certificates it trusts.
import {mkdtemp, readFile, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, it} from 'vitest'
import {makeAuthority} from '../../cluster/pki.ts'
import {answerInTurn, startApi} from '../../support/api.ts'
import type {Api} from '../../support/api.ts'
import {httpSource, readBookings} from './source.ts'
import type {Given} from './source.ts'

const CURSOR = {pagination: {cursor: {path: 'next', parameter: 'after'}}}

let api: Api
beforeEach(async () => {
  api = await startApi()
})
afterEach(() => api.stop())

function answers(...bodies: readonly unknown[]): void {
  answerInTurn(api, bodies)
}

/** A name that has these addresses, of which the configuration allows none. */
function to(...addresses: readonly string[]): NonNullable<Given['options']> {
  return {
    allowedPrivateEndpoints: [],
    resolve: async () => addresses.map((address) => ({address, family: address.includes(':') ? 6 : 4})),
  }
}

async function notFound(): Promise<never> {
  throw Object.assign(new Error('getaddrinfo ENOTFOUND api.test'), {code: 'ENOTFOUND'})
}

describe('addresses', () => {
  it.each([
    ['this machine', to('127.0.0.1')],
    ['this machine, behind a public one', to('93.184.215.14', '127.0.0.1')],
    ["a cloud's metadata", to('169.254.169.254')],
    ["another namespace's Service", to('10.96.3.4')],
    ['this machine in IPv6', to('::1')],
    ['this machine mapped into IPv6', to('::ffff:127.0.0.1')],
  ])('are refused before anything is sent: %s', async (_what, options) => {
    await expect(readBookings(`${api.origin}/`, {options})).rejects.toMatchObject({code: 'AddressNotAllowed', transient: false})
    expect(api.requests).toEqual([])
  })

  it.each(['http://127.0.0.1', 'http://2130706433', 'http://0x7f.1', 'http://127.1', 'http://[::1]', 'http://[::ffff:7f00:1]', 'http://[::ffff:169.254.169.254]'])(
    'are refused as they stand in a URL: %s',
    async (host) => {
      const {port} = new URL(api.origin)
      await expect(readBookings(`${host}:${port}/`, {options: to('93.184.215.14')})).rejects.toMatchObject({code: 'AddressNotAllowed', transient: false})
      expect(api.requests).toEqual([])
    },
  )

  it('that were checked are the ones that are connected to, though the name has others by then', async () => {
    answers({data: [{a: 1}], next: 'x'}, {data: [], next: null})
    let lookups = 0
    const resolve = async (): Promise<{address: string; family: number}[]> => [{address: lookups++ === 0 ? '127.0.0.1' : '169.254.169.254', family: 4}]
    expect(await readBookings(`${api.origin}/`, {spec: CURSOR, dataset: {rowsPath: 'data'}, options: {resolve}})).toBe('1\n')
    expect([lookups, api.requests.length]).toEqual([1, 2])
  })

  it('that are public are not sent clear text', async () => {
    await expect(readBookings(`${api.origin}/`, {options: to('93.184.215.14')})).rejects.toMatchObject({code: 'HttpClearText', transient: false})
  })

  it('of a name that is not known may come to be', async () => {
    await expect(readBookings(`${api.origin}/`, {options: {resolve: notFound}})).rejects.toMatchObject({code: 'HostNotFound', transient: true})
  })
})

describe('TLS', () => {
  let folder: string
  let ca: string
  let secure: Api

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'http-tls-'))
    const authority = await makeAuthority(folder)
    ca = await readFile(authority.certificate, 'utf8')
    secure = await startApi({tls: await authority.issue('api', {user: 'api', names: ['DNS:api.test']})})
    secure.answer((_request, response) => void response.writeHead(200).end('[{"a":1}]'))
  })
  afterAll(async () => {
    await secure.stop()
    await rm(folder, {recursive: true})
  })

  const spec = {caSecretRef: {name: 'api', key: 'ca.crt'}}

  it("trusts the Secret's authority", async () => {
    expect(await readBookings(`${secure.origin}/`, {spec, secrets: {httpCa: ca}})).toBe('1\n')
  })

  it('trusts nobody else, and no other name', async () => {
    const denied = {code: 'CertificateNotTrusted', transient: false}
    await expect(readBookings(`${secure.origin}/`)).rejects.toMatchObject(denied)
    await expect(readBookings(`${secure.origin.replace('api.test', 'other.test')}/`, {spec, secrets: {httpCa: ca}})).rejects.toMatchObject(denied)
    await expect(readBookings(`${secure.origin.replace('api.test', '127.0.0.1')}/`, {spec, secrets: {httpCa: ca}})).rejects.toMatchObject(denied)
  })

  it('says that a server has none, or should have none', async () => {
    answers([{a: 1}])
    await expect(readBookings(`${api.origin.replace('http:', 'https:')}/`)).rejects.toMatchObject({code: 'HttpInvalid', transient: false})
    await expect(readBookings(`${secure.origin.replace('https:', 'http:')}/`)).rejects.toMatchObject({transient: expect.any(Boolean), code: expect.stringMatching(/^(HttpInvalid|HttpRefused|ConnectionLost)$/)})
  })

  it('needs certificates in the Secret', () => {
    expect(() => httpSource(`${secure.origin}/`, {spec})).toThrow(expect.objectContaining({code: 'CaMissing'}))
    expect(() => httpSource(`${secure.origin}/`, {spec, secrets: {httpCa: 'none'}})).toThrow(expect.objectContaining({code: 'CaInvalid'}))
  })
})
