import {mkdtemp, readFile, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {describe, expect, it} from 'vitest'
import {MAX_TERMINATION_BYTES, TerminationMessage} from '../../crds/run.ts'
import type {LastRun} from '../../crds/status.ts'
import {terminationMessage, writeTerminationMessage} from './termination.ts'

const RUN: LastRun = {name: 'datev-monthly-29696220', trigger: 'Schedule', phase: 'Completed', attempts: 1, rows: 2, bytes: 9}
const MANIFEST = {uri: 'volume://exports/m.json', sha256: 'c'.repeat(64)}

function files(count: number): NonNullable<LastRun['files']> {
  return Array.from({length: count}, (_, index) => ({name: `${index}.csv`, uri: `volume://exports/ä/${index}.csv`, bytes: 1, rows: 1, sha256: 'a'.repeat(64)}))
}

describe('the termination message', () => {
  it('holds the run, its manifest and its files', () => {
    const message = TerminationMessage.parse(JSON.parse(terminationMessage({...RUN, manifest: MANIFEST, files: files(2)})))
    expect(message).toEqual({entry: RUN, manifest: MANIFEST, files: files(2)})
  })

  it.each<readonly [string, LastRun]>([
    ['twenty files', {...RUN, manifest: MANIFEST, files: files(20)}],
    ['a long error of wide characters', {...RUN, phase: 'Failed', error: {code: 'QueryFailed', message: '語'.repeat(2048)}}],
    ['a long error and many files', {...RUN, manifest: MANIFEST, files: files(20), error: {code: 'X', message: '"\n'.repeat(1024)}}],
  ])('stays in its bounds with %s, and can be read', (_what, run) => {
    const text = terminationMessage(run)
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(MAX_TERMINATION_BYTES)
    const {entry} = TerminationMessage.parse(JSON.parse(text))
    expect(entry).toMatchObject({name: RUN.name, phase: run.phase})
  })

  it('keeps the manifest when files have to go', () => {
    const message = TerminationMessage.parse(JSON.parse(terminationMessage({...RUN, manifest: MANIFEST, files: files(20)})))
    expect(message.manifest).toEqual(MANIFEST)
    expect(message.files?.length).toBeGreaterThan(5)
  })

  it('is written over what was there, and a place that cannot be written to is no fault', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'words-'))
    const path = join(folder, 'termination-log')
    await writeTerminationMessage(path, {...RUN, manifest: MANIFEST, files: files(20)})
    await writeTerminationMessage(path, RUN)
    expect(TerminationMessage.parse(JSON.parse(await readFile(path, 'utf8'))).entry).toEqual(RUN)
    await expect(writeTerminationMessage(join(folder, 'missing', 'log'), RUN)).resolves.toBeUndefined()
    await rm(folder, {recursive: true})
  })
})
