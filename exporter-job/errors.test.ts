import {readFileSync, readdirSync} from 'node:fs'
import {describe, expect, it} from 'vitest'
import {PermanentFault, Rejection, TransientFault} from './errors.ts'

const HERE = new URL('.', import.meta.url)
const ERRORS = readFileSync(new URL('../docs/errors.md', HERE), 'utf8')

/** The codes that stand in the code: the first argument of a fault or of a policy, and `code:` in a table of policies. */
function codesInUse(): string[] {
  const sources = readdirSync(HERE, {recursive: true, encoding: 'utf8'}).filter((path) => /^(sources|destinations|run|cli|paths|regular-file|environment)\b.*\.ts$/.test(path))
  const own = sources.filter((path) => !/testing|\.test\.ts$/.test(path))
  const text = own.map((path) => readFileSync(new URL(path, HERE), 'utf8')).join('\n')
  const found = [...text.matchAll(/(?:(?:Fault|Rejection|transient|permanent)\(\s*|\bcode\??: |\bcode = |\brule: )'([A-Z][A-Za-z]+)'/g)]
  return [...new Set(found.map(([, code]) => code ?? ''))].toSorted((a, b) => a.localeCompare(b))
}

describe('docs/errors.md', () => {
  it('is held against the code', () => {
    expect(codesInUse().length).toBeGreaterThan(40)
  })

  it.each(codesInUse())('explains %s', (code) => {
    expect(ERRORS).toContain(`| \`${code}\` |`)
  })
})

describe('a fault', () => {
  it('carries its policy in its class', () => {
    expect(new TransientFault('A', 'a').transient).toBe(true)
    expect(new PermanentFault('A', 'a').transient).toBe(false)
    expect(new Rejection('A', 'a')).toBeInstanceOf(PermanentFault)
  })

  it('cuts its message to what status takes', () => {
    const {code, message} = new PermanentFault('LongStory', 'x'.repeat(5000)).toRunError()
    expect(code).toBe('LongStory')
    expect(message).toHaveLength(2048)
    expect(message.endsWith('…')).toBe(true)
  })
})
