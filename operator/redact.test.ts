import {expect, test} from 'vitest'
import {createLogger} from './log.ts'
import {redact} from './redact.ts'

const CANARY = 'c4n4ry-Zx9'
const JWT = `eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.${CANARY}`

const cases: {name: string; fields: object; message?: string}[] = [
  {name: 'a field called password', fields: {password: CANARY}},
  {name: 'a deep field called token', fields: {a: {b: [{c: {userToken: CANARY}}]}}},
  {name: 'an authorization header of any scheme', fields: {headers: {Authorization: `Custom ${CANARY}`}}},
  {name: 'a value with quotes and backslashes in it', fields: {password: `a"b\\${CANARY}\\`}},
  {name: 'the password of a URL', fields: {url: `postgres://reader:${CANARY}@db/ledger`}},
  {name: 'a bearer token in a message', fields: {}, message: `sent Bearer ${CANARY} and got 401`},
  {name: 'a JSON Web Token anywhere', fields: {note: `token was ${JWT}.`}},
  {name: 'a password in a query', fields: {url: `https://h/p?x=1&password=${CANARY}&y=2`}},
  {name: 'a libpq connection string', fields: {}, message: `host=db password=${CANARY} user=x`},
  {name: 'a private key', fields: {pem: `-----BEGIN EC PRIVATE KEY-----\n${CANARY}\n-----END EC PRIVATE KEY-----\n`}},
  {name: 'a private key that was cut', fields: {}, message: `-----BEGIN PRIVATE KEY-----\n${CANARY}`},
  {name: 'key data of a kubeconfig', fields: {user: {'client-key-data': CANARY}}},
  {name: 'a list of tokens', fields: {token: [CANARY, CANARY]}},
  {name: 'JSON inside a string', fields: {body: JSON.stringify({secret: CANARY, a: 1})}},
  {name: 'an error and its cause', fields: {err: new Error(`postgres://u:${CANARY}@h/d`, {cause: new Error(`Bearer ${CANARY}`)})}},
]

test.each(cases)('$name is not in the log', ({fields, message = 'message'}) => {
  const lines: string[] = []
  const log = createLogger({level: 'debug', write: (line) => lines.push(line)})
  log.info(fields, message)
  log.child({...fields}).warn({}, message)
  expect(lines).toHaveLength(2)
  for (const line of lines) {
    expect(line).not.toContain(CANARY)
    expect(line).toContain('[redacted]')
    expect(JSON.parse(line)).toMatchObject({time: expect.any(String)})
  }
})

test('what is no secret stays', () => {
  const line = '{"level":"info","tokens":3,"name":"datev-monthly","url":"https://10.96.0.1:443/api","message":"reconciled acme/one"}'
  expect(redact(line)).toBe(line)
  expect(redact('postgres://reader:pw@db/ledger')).toBe('postgres://reader:[redacted]@db/ledger')
})

test('a long line takes no long time', () => {
  const started = performance.now()
  for (const bit of ['"password', 'a://', 'eyJa', '-----BEGIN ', '\\"', 'bearer ', 'x:y@']) redact(bit.repeat(20_000))
  expect(performance.now() - started).toBeLessThan(2000)
})
