import {describe, expect, it} from 'vitest'
import {parseEndpoint} from '../../../crds/endpoints.ts'
import {PermanentFault} from '../../errors.ts'
import {checkAddresses, kindOf} from './addresses.ts'
import {nextLink} from './link.ts'
import {retryAfter} from './retry.ts'

describe('an address', () => {
  it.each([
    ['public', '93.184.215.14 8.8.8.8 172.15.0.1 172.32.0.1 100.128.0.1 169.253.0.1 2a00:1450::1 2606:4700:4700::1111 64:ff9b::808:808 ::ffff:8.8.8.8 2002:808:808::1'],
    ['private', '10.0.0.1 10.255.255.255 172.16.0.1 172.31.255.255 192.168.1.1 100.64.0.1 fc00::1 fd12:3456::1 ::ffff:10.0.0.1 64:ff9b::a00:1 2002:a00:1::1'],
    ['special', '0.0.0.0 127.0.0.1 127.255.255.255 169.254.169.254 224.0.0.1 255.255.255.255 192.0.2.1 :: ::1 fe80::1 fe80::1%eth0 ff02::1 fd00:ec2::254 2001:db8::1'],
    ['special', '::ffff:127.0.0.1 ::ffff:7f00:1 0:0:0:0:0:ffff:a9fe:a9fe 64:ff9b::7f00:1 64:ff9b::169.254.169.254 2002:7f00:1::1 ::127.0.0.1'],
    ['special', '::ffff:0:7f00:1 64:ff9b:1::7f00:1 100::1 5f00::1 3fff::1 4000::1 fec0::1 fe00::1 ff0e::1'],
  ])('is %s: %s', (kind, addresses) => {
    for (const address of addresses.split(' ')) expect([address, kindOf(address)]).toEqual([address, kind])
  })
})

/** The code of the fault and the host that it names; undefined where the address may be reached. */
function refusalOf(host: string, address: string, endpoints: readonly string[]): string | undefined {
  try {
    checkAddresses(host, [{address, family: 4}], {endpoints, namespace: 'acme'})
    return undefined
  } catch (error) {
    if (!(error instanceof PermanentFault)) throw error
    return `${error.code} ${error.message.split(' ')[0]}`
  }
}

describe('an address may be reached', () => {
  it.each([
    ['a public one', true, 'api.example.com', '93.184.215.14', []],
    ['a private one', false, 'api.example.com', '10.1.2.3', []],
    ['this machine', false, 'localhost', '127.0.0.1', []],
    ["a Service of the export's own namespace", true, 'ledger.acme.svc', '10.96.0.7', []],
    ['the same by its full name', true, 'ledger.acme.svc.cluster.local.', '10.96.0.7', []],
    ['the same in capitals', true, 'Ledger.ACME.svc', '10.96.0.7', []],
    ['a pod behind it', true, 'ledger-0.ledger.acme.svc.cluster.local', '10.244.0.9', []],
    ["another namespace's Service", false, 'ledger.other.svc', '10.96.0.8', []],
    ['a name that only ends alike', false, 'ledger.xacme.svc', '10.96.0.8', []],
    ['a short name, which could be found elsewhere', false, 'ledger', '10.96.0.7', []],
    ['a Service that leads to the metadata service', false, 'ledger.acme.svc', '169.254.169.254', []],
    ['a network of the configuration', true, 'erp.example.com', '10.20.3.4', ['10.20.0.0/16']],
    ['beside that network', false, 'erp.example.com', '10.21.3.4', ['10.20.0.0/16']],
    ['an address of the configuration', true, 'erp.example.com', '10.20.3.4', ['10.20.3.4']],
    ['an address of the configuration in IPv6', true, 'erp.example.com', 'fd12::7', ['fd12::/64']],
    ['an address of the configuration, mapped into IPv6', true, 'erp.example.com', '::ffff:10.20.3.4', ['10.20.0.0/16']],
    ['this machine, where the configuration says so', true, 'localhost', '127.0.0.1', ['127.0.0.0/8']],
    ['a host of the configuration', true, 'erp.internal', '10.20.3.4', ['erp.internal']],
    ['a host below one of the configuration', true, 'a.b.finance.svc', '10.20.3.4', ['*.finance.svc']],
    ['the host itself is not below itself', false, 'finance.svc', '10.20.3.4', ['*.finance.svc']],
    ['a host of the configuration that leads to this machine', false, 'erp.internal', '127.0.0.1', ['erp.internal']],
  ])('%s: %s', (...[, allowed, host, address, endpoints]) => {
    expect(refusalOf(host, address, endpoints)).toBe(allowed ? undefined : `AddressNotAllowed ${host}`)
  })

  it('only if all addresses of the name may', () => {
    const addresses = ['93.184.215.14', '10.0.0.1'].map((address) => ({address, family: 4}))
    expect(() => checkAddresses('api.example.com', addresses, {endpoints: [], namespace: 'acme'})).toThrow('10.0.0.1')
  })
})

describe('an entry of allowedPrivateEndpoints', () => {
  it.each([
    ['10.0.0.0/8', {kind: 'network', address: '10.0.0.0', family: 'ipv4', prefix: 8}],
    ['10.1.2.3', {kind: 'network', address: '10.1.2.3', family: 'ipv4', prefix: 32}],
    ['fd00::/8', {kind: 'network', address: 'fd00::', family: 'ipv6', prefix: 8}],
    ['ledger', {kind: 'host', name: 'ledger', below: false}],
    ['*.finance.svc', {kind: 'host', name: 'finance.svc', below: true}],
  ])('%s', (text, expected) => {
    expect(parseEndpoint(text)).toEqual(expected)
  })

  it.each(['', '*', '*.', '10.0.0.0/33', '10.0.0/8', '10.0.0.256', '10.0.0.0/', '10.0.0.0/8/8', 'http://x', 'a b', 'a..b', 'fd00::/129', 'a.*.b', 'A.b', 'x/8'])('is none: %j', (text) => {
    expect(parseEndpoint(text)).toBeUndefined()
  })
})

describe('the Link header', () => {
  it.each([
    ['one link', '<https://a/b?x=1>; rel="next"', 'https://a/b?x=1'],
    ['without quotes', '</b>; rel=next', '/b'],
    ['several links', '</a>; rel="first", </b>; rel="next", </c>; rel="last"', '/b'],
    ['several relations', '</b>; title="x"; rel="last next"', '/b'],
    ['a comma and a semicolon in the target', '</b?x=1,2;3>; rel="next"', '/b?x=1,2;3'],
    ['a comma in a quoted parameter', '</a>; title="x, <y>; rel=next"; rel=prev, </b>; rel=next', '/b'],
    ['an escaped quote', String.raw`</a>; title="\", <z>; rel=next"; rel=prev, </b>; rel=next`, '/b'],
    ['in capitals', '</b>; REL="NEXT"', '/b'],
    ['no next', '</a>; rel="prev"', undefined],
    ['a relation that only begins so', '</a>; rel="nextish"', undefined],
    ['nothing', '', undefined],
    ['apostrophes for quotation marks', "</b>; rel='next'", '/b'],
    ['blanks wherever they may be', '  </a> ; rel = "prev" ;\t, ,\t</b> ;x ; rel = next ; ', '/b'],
    ['two relations of one link, of which the first one counts', '</a>; rel=prev; rel=next, </b>; rel=next', '/b'],
  ])('with %s', (_what, header, expected) => {
    expect(nextLink(header)).toBe(expected)
  })

  it.each(['next', '<a; rel=next', '</a>; rel="prev"x, </b>; rel=next', 'x, </b>; rel=next', '</a>; rel=prev </b>; rel=next', '</a>; rel="next'])(
    'that is none is no end of the pages: %s',
    (header) => {
      expect(() => nextLink(header)).toThrow(SyntaxError)
    },
  )

  it.each([
    ['parameters', `<a>${'; x'.repeat(5_000)}"`],
    ['backslashes', `<a>; rel="${'\\'.repeat(10_001)}`],
    ['blanks between parameters', `<a>${`;a${' '.repeat(20)}`.repeat(500)}\u0001`],
    ['blanks', `<a>${' '.repeat(15_000)}x`],
    ['targets', '<'.repeat(15_000)],
  ])('that is nonsense takes no time: %s', (_what, header) => {
    expect(() => nextLink(header)).toThrow(SyntaxError)
  })
})

describe('Retry-After', () => {
  const now = new Date('2026-11-01T05:00:00Z')
  it.each([
    ['10', 10_000],
    [' 0 ', 0],
    ['Sun, 01 Nov 2026 05:01:00 GMT', 60_000],
    ['Sat, 31 Oct 2026 05:01:00 GMT', 0],
    ['soon', undefined],
    // JavaScript would read a day of 2001 in it.
    ['in 5', undefined],
    ['-5', undefined],
    [undefined, undefined],
  ])('%s is %s ms', (header, expected) => {
    expect(retryAfter(header, now)).toBe(expected)
  })
})
