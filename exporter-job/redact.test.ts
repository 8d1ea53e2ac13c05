import {describe, expect, it} from 'vitest'
import {redactor, secretsOfUrl} from './redact.ts'

const PASSWORD = 'c@nary/p"ss%word'

describe('redaction', () => {
  it.each([
    ['the URL', (url: string) => `cannot use ${url}`],
    ['the password as it stands in the URL', () => `bad: ${encodeURIComponent(PASSWORD)}!`],
    ['the password itself', () => `password ${PASSWORD} is wrong`],
    ['the password in JSON', () => JSON.stringify({message: `password ${PASSWORD}`})],
    ['the URL in JSON', (url: string) => JSON.stringify({nested: [{url}]})],
  ])('takes out %s', (_what, say) => {
    const url = `postgres://reader:${encodeURIComponent(PASSWORD)}@db.example:5432/ledger?sslmode=verify-full`
    const clean = redactor(secretsOfUrl(url))(say(url))
    expect(clean).toContain('***')
    expect(clean).not.toMatch(/c(@|%40)nary/i)
  })

  it('takes out a password that is given as a parameter', () => {
    const clean = redactor(secretsOfUrl('postgres:///ledger?host=/run&password=canary-1&user=x'))('with canary-1 and /run')
    expect(clean).toBe('with *** and /run')
  })

  it('leaves everything else as it is', () => {
    const url = 'postgres://reader:canary-1@db.example/ledger'
    expect(redactor(secretsOfUrl(url))('reader at db.example: ledger')).toBe('reader at db.example: ledger')
  })

  it('knows no secret in a URL without a password', () => {
    expect(redactor(secretsOfUrl('postgres://reader@db.example/ledger'))('reader@db')).toBe('reader@db')
    expect(redactor(secretsOfUrl('%'))('100 %')).toBe('100 %')
  })
})
