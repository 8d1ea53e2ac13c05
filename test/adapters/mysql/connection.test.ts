// How MariaDB as a source comes to a connection: what keeps it from one, and TLS. Each with a real server.
import {mkdtemp, readFile, rm} from 'node:fs/promises'
import {createServer} from 'node:net'
import type {AddressInfo, Socket} from 'node:net'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import {PermanentFault} from '../../../exporter-job/errors.ts'
import {readAll} from '../../../exporter-job/sources/testing/contract.ts'
import type {TlsOptions} from '../../../exporter-job/sources/sql/tls.ts'
import {makeAuthority} from '../../cluster/pki.ts'
import {ALIVE, place} from './source.ts'
import type {Place} from './source.ts'

const {server, source, read, connections} = place({timeZones: []})
const CANARY = 'canary-p@ss/w0rd%'
const encoded = encodeURIComponent(CANARY)

beforeAll(async () => {
  await server().query("create user elsewhere@'10.9.8.7' identified by 'x'")
  await server().query("create user secure@'%' identified by 'x' require ssl")
})

describe('a connection that does not come about', () => {
  type Case = readonly [why: string, url: () => string, code: string, transient: boolean, message: RegExp]
  it.each<Case>([
    ['nobody listens', () => `mysql://u:${encoded}@127.0.0.1:1/db`, 'ConnectionRefused', true, /127\.0\.0\.1:1/],
    ['the name is unknown', () => `mysql://u:${encoded}@no-such-host.invalid/db`, 'HostNotFound', true, /no-such-host\.invalid/],
    ['the password is wrong', () => urlOf(`reader:${encoded}`), 'AuthenticationFailed', false, /error 1045/],
    ['the password is missing', () => urlOf('reader'), 'AuthenticationFailed', false, /password/],
    ['the user is unknown', () => urlOf(`nobody:${encoded}`), 'AuthenticationFailed', false, /nobody/],
    ['the user may come from elsewhere only', () => urlOf(`elsewhere:${encoded}`), 'AuthenticationFailed', false, /elsewhere/],
    ['the user may come by TLS only', () => urlOf('secure:x'), 'AuthenticationFailed', false, /secure/],
    ['the database is missing', () => server().url.replace('/ledger', '/nowhere'), 'DatabaseNotFound', false, /nowhere/],
    ['the database is not the user’s', () => urlOf('reader:reader-canary', 'mysql').replace('canary', 'canary'), 'PermissionDenied', false, /mysql/],
    ['TLS is asked for and not there', () => urlOf('reader:reader-canary'), 'TlsRefused', false, /tls/],
    ['it is not a URL', () => `ledger.example ${CANARY}`, 'ConnectionUrlInvalid', false, /Secret ledger-db, key url/],
    ['it is a URL of something else', () => `postgres://u:${encoded}@db/x`, 'ConnectionUrlInvalid', false, /mysql:\/\/user/],
    ['the URL has an impossible port', () => `mysql://u:${encoded}@db:99999999/x`, 'ConnectionUrlInvalid', false, /percent-encoded/],
    ['the URL has a password that is not encoded', () => 'mysql://u:canary%@db/x', 'ConnectionUrlInvalid', false, /percent-encoded/],
    ['the URL has options', () => `mysql://u:${encoded}@db/x?multipleStatements=true`, 'ConnectionUrlInvalid', false, /leave it out/],
    ['the URL has no user', () => 'mysql://db/x', 'ConnectionUrlInvalid', false, /host and user/],
    ['it is empty', () => '', 'ConnectionUrlInvalid', false, /Secret/],
  ])('because %s: the message says so, and no secret', async (...[why, url, code, transient, message]) => {
    const tls = why.startsWith('TLS') ? {tls: {mode: 'Require'} as const} : {}
    const failure = await source('select 1 as a', {url: url(), ...tls}).snapshot(ALIVE).catch((error: unknown) => error)
    expect(failure).toMatchObject({code, transient, message: expect.stringMatching(message)})
    const said = failure instanceof Error ? `${failure.message}\n${failure.stack}` : ''
    expect(said).not.toContain('canary')
    await expect.poll(connections).toBe(0)
  })

  it('because nobody answers is transient', async () => {
    await using silent = await serve(() => undefined)
    const connecting = source('select 1 as a', {url: `mysql://u:p@127.0.0.1:${silent.port}/db`, connectTimeoutMs: 100}).snapshot(ALIVE)
    await expect(connecting).rejects.toMatchObject({code: 'ConnectionTimeout', transient: true})
  })

  it('can be called off while it waits for an answer', async () => {
    const run = new AbortController()
    await using silent = await serve(() => run.abort(new Error('called off')))
    await expect(source('select 1 as a', {url: `mysql://u:p@127.0.0.1:${silent.port}/db`}).snapshot(run.signal)).rejects.toThrow('called off')
  })
})

describe('a server that asks for a file of ours', () => {
  it('gets nothing, and the run fails', async () => {
    const heard: Buffer[] = []
    await using rogue = await serve((socket) => {
      socket.write(packet(0, GREETING))
      socket.once('data', () => {
        socket.write(packet(2, OK))
        socket.on('data', (chunk: Buffer) => {
          heard.push(chunk)
          socket.write(heard.length === 1 ? packet(1, Buffer.from('\xfb/etc/passwd', 'latin1')) : packet(3, OK))
        })
      })
    })
    const failure = await source('select 1 as a', {url: `mysql://u:p@127.0.0.1:${rogue.port}/db`}).snapshot(ALIVE).catch((error: unknown) => error)
    expect(failure).toMatchObject({code: 'QueryFailed', transient: false, message: expect.stringMatching(/asked for a file.*\/etc\/passwd/)})
    expect(Buffer.concat(heard).toString('latin1')).toContain('connection_id')
    expect(Buffer.concat(heard).toString('latin1')).not.toContain('root:')
  })
})

describe('a server without time zone tables', () => {
  it('is not read in a zone that it does not know: its days would be others', async () => {
    await expect(read('select 1 as a')).rejects.toMatchObject({
      code: 'TimeZoneUnknown',
      transient: false,
      message: expect.stringMatching(/time zone tables.*Europe\/Berlin/),
    })
    await expect.poll(connections).toBe(0)
  })

  it('knows UTC', async () => {
    expect(await read("select from_unixtime(0) as a", {timeZone: 'UTC'})).toBe('1970-01-01 00:00:00\n')
  })
})

describe('TLS', () => {
  let folder: string
  let ca: string
  let otherCa: string
  const flags: string[] = []

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'scheduled-export-tls-'))
    const trusted = await makeAuthority(join(folder, 'trusted'))
    const other = await makeAuthority(join(folder, 'other'))
    const byName = await trusted.issue('server', {user: 'ledger', names: ['DNS:localhost']})
    const byAddress = await trusted.issue('address', {user: 'ledger', names: ['IP:127.0.0.1']})
    ca = await readFile(trusted.certificate, 'utf8')
    otherCa = await readFile(other.certificate, 'utf8')
    flags.push(`--ssl-cert=${byName.certificate}`, `--ssl-key=${byName.key}`)
    addressFlags.push(`--ssl-cert=${byAddress.certificate}`, `--ssl-key=${byAddress.key}`)
  })
  afterAll(() => rm(folder, {recursive: true, force: true}))

  // Filled before the servers start, whose hooks come after the one above.
  const addressFlags: string[] = []
  const named = place({flags, timeZones: ['Europe/Berlin']})
  const addressed = place({flags: addressFlags, timeZones: ['Europe/Berlin']})

  type Case = readonly [what: string, host: string, tls: () => TlsOptions | undefined, outcome: string]
  it.each<Case>([
    ['VerifyFull, the right CA and the right name', 'localhost', () => ({mode: 'VerifyFull', ca}), 'encrypted'],
    ['VerifyFull and several CAs', 'localhost', () => ({mode: 'VerifyFull', ca: `# ours\n${otherCa}\n${ca}`}), 'encrypted'],
    ['VerifyFull and no CA', 'localhost', () => ({mode: 'VerifyFull'}), 'CertificateNotTrusted'],
    ['VerifyFull and another CA', 'localhost', () => ({mode: 'VerifyFull', ca: otherCa}), 'CertificateNotTrusted'],
    ['VerifyFull and another name', '127.0.0.1', () => ({mode: 'VerifyFull', ca}), 'CertificateNotTrusted'],
    ['VerifyFull and no certificate in the Secret', 'localhost', () => ({mode: 'VerifyFull', ca: 'secret'}), 'CaInvalid'],
    ['VerifyCA and another name', '127.0.0.1', () => ({mode: 'VerifyCA', ca}), 'encrypted'],
    ['VerifyCA and another CA', '127.0.0.1', () => ({mode: 'VerifyCA', ca: otherCa}), 'CertificateNotTrusted'],
    ['Require, whoever it is', '127.0.0.1', () => ({mode: 'Require'}), 'encrypted'],
    ['Disable', 'localhost', () => ({mode: 'Disable'}), 'plain'],
    ['nothing said', 'localhost', () => undefined, 'plain'],
  ])('with %s', async (...[, host, tls, outcome]) => {
    expect(await encryption(named, host, tls())).toBe(outcome)
  })

  it('compares an address with the addresses of the certificate', async () => {
    expect(await encryption(addressed, '127.0.0.1', {mode: 'VerifyFull', ca})).toBe('encrypted')
    expect(await encryption(addressed, 'localhost', {mode: 'VerifyFull', ca})).toBe('CertificateNotTrusted')
  })

  it('is missed by a server that lets nobody in without it', async () => {
    await addressed.server().query('set global require_secure_transport = on')
    // MySQL has a number of its own for it, 3159.
    expect(await encryption(addressed, '127.0.0.1', undefined)).toBe('AuthenticationFailed')
    expect(await encryption(addressed, '127.0.0.1', {mode: 'VerifyFull', ca})).toBe('encrypted')
  })

  it('carries many rows, and ends when the run is called off', async () => {
    const run = new AbortController()
    const snapshot = await named.source("select seq, repeat('x', 100) as t from seq_1_to_500000", {url: at(named, 'localhost'), tls: {mode: 'VerifyFull', ca}}).snapshot(run.signal)
    const dataset = await snapshot.open('bookings')
    let bytes = 0
    for await (const chunk of dataset.chunks) bytes += chunk.length
    expect(dataset.rowCount()).toBe(500_000)
    expect(bytes).toBeGreaterThan(51_000_000)
    const reading = readAll(await snapshot.open('bookings'), () => run.abort(new Error('called off')))
    await expect(reading).rejects.toThrow('called off')
    await snapshot[Symbol.asyncDispose]()
    await expect.poll(named.connections).toBe(0)
  })
})

function urlOf(credentials: string, database?: string): string {
  return server().urlOf(credentials, database)
}

function at(where: Place, host: string): string {
  return where.readerUrl().replace('127.0.0.1', host)
}

/** What the server says of the connection; the code of the (permanent) fault where there is none. */
async function encryption(where: Place, host: string, tls: TlsOptions | undefined): Promise<string> {
  const cipher = "select variable_value from information_schema.session_status where variable_name = 'ssl_cipher'"
  try {
    return (await where.read(cipher, {url: at(where, host), ...(tls && {tls})})) === '\n' ? 'plain' : 'encrypted'
  } catch (error) {
    if (!(error instanceof PermanentFault)) throw error
    return error.code
  }
}

interface Rogue extends AsyncDisposable {
  readonly port: number
}

async function serve(then: (socket: Socket) => void): Promise<Rogue> {
  const sockets: Socket[] = []
  const listening = createServer((socket) => {
    sockets.push(socket)
    socket.on('error', () => undefined)
    then(socket)
  })
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve))
  return {
    port: (listening.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      listening.close()
    },
  }
}

/** Protocol::HandshakeV10 of a server with mysql_native_password. */
const GREETING = Buffer.concat([
  Buffer.from([10]),
  Buffer.from('8.0.0\0'),
  // Thread, salt, capabilities, character set, status, more capabilities, length of the salt.
  Buffer.from([1, 0, 0, 0, ...Buffer.from('12345678'), 0, 0xff, 0xf7, 45, 2, 0, 0xff, 0x01, 21]),
  Buffer.alloc(10),
  Buffer.from('123456789012\0'),
  Buffer.from('mysql_native_password\0'),
])
const OK = Buffer.from([0, 0, 0, 2, 0, 0, 0])

function packet(sequence: number, payload: Buffer): Buffer {
  return Buffer.concat([Buffer.from([payload.length, 0, 0, sequence]), payload])
}
