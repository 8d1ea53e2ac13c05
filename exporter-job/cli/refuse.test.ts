// What a script sees of `npm run export` when the call itself is at fault: always one JSON line, and a code that it knows.
import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {redactor} from '../redact.ts'
import {UsageError} from './arguments.ts'
import {readManifest} from './manifest.ts'
import {refusalOf} from './refuse.ts'

describe('a manifest that is no plain YAML', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'manifest-'))
  })
  afterEach(() => rm(folder, {recursive: true}))

  it.each([
    ['an alias without an anchor', 'kind: ScheduledExport\nspec: *nowhere\n', 'nowhere'],
    ['aliases that grow without end', `a: &a [x]\n${grown('a', 'b')}${grown('b', 'c')}${grown('c', 'd')}kind: ScheduledExport\n`, 'alias'],
    ['a key that stands twice', 'kind: ScheduledExport\nkind: ScheduledExport\n', 'unique'],
  ])('is refused for %s', async (_what, text, part) => {
    const file = join(folder, 'export.yaml')
    await writeFile(file, text)
    const error = await readManifest(file).catch((fault: unknown) => fault)
    expect(error).toBeInstanceOf(UsageError)
    expect(error).toMatchObject({code: 'Usage', message: expect.stringContaining(part)})
    expect((error as Error).message).toContain(file)
  })
})

describe('a manifest', () => {
  it('with a name that there is not is told the nearest, not all of them', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'manifest-')), 'export.yaml')
    const columns = [{from: 'project', to: 'datev_95_auftragsnr'}]
    await writeFile(file, JSON.stringify({apiVersion: 'scheduledexport.dev/v1alpha1', kind: 'ScheduledExport', metadata: {name: 'x'}, spec: {format: {datev: {columns}}}}))
    const error = await readManifest(file).catch((fault: unknown) => fault)
    await rm(dirname(file), {recursive: true})
    expect((error as Error).message).toContain('spec.format.datev.columns.0.to: must be one of the 125 names in docs/reference.md (nearest: datev_95_auftragsnummer)\n')
  })
})

function grown(from: string, to: string): string {
  return `${to}: &${to} [${Array.from({length: 12}, () => `*${from}`).join(', ')}]\n`
}

describe('a refusal', () => {
  const redact = redactor(['canary-secret'])

  it('of a call says what would be right, and ends with 2', () => {
    const {stderr, stdout, exitCode} = refusalOf(new UsageError('--file is missing', {showUsage: true}), redact)
    expect(stderr).toMatch(/^--file is missing\n\nusage: npm run export/)
    expect(JSON.parse(stdout)).toEqual({phase: 'Failed', error: {code: 'Usage', message: '--file is missing'}})
    expect(exitCode).toBe(2)
  })

  it.each([
    ['an error', new TypeError('x of canary-secret is undefined')],
    ['something else that was thrown', 'x of canary-secret is undefined'],
  ])('of %s that nobody foresaw is one JSON line too, without secrets, and ends with 3', (_what, thrown) => {
    const {stderr, stdout, exitCode} = refusalOf(thrown, redact)
    expect(JSON.parse(stdout)).toEqual({phase: 'Failed', error: {code: 'Unexpected', message: 'unexpected: x of *** is undefined'}})
    expect(stdout.trimEnd()).not.toContain('\n')
    expect(stderr).toContain('x of *** is undefined')
    expect(exitCode).toBe(3)
  })
})
