// A crash after every single file-system call: whatever is left, the next attempt ends with exactly one published set.
import {existsSync} from 'node:fs'
import {mkdtemp, readFile, readdir, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {Crash, closeLeftHandles, crashingFs} from './testing/failing-fs.ts'
import {FILES, KEY, OTHER_SLOT, manifestFor, stageFiles} from './testing/fixtures.ts'
import type {FileSet} from './testing/fixtures.ts'
import type {Destination, PublicationKey} from './types.ts'
import {createVolumeDestination} from './volume.ts'
import {realFs} from './volume/files.ts'
import type {VolumeFs} from './volume/files.ts'

const NOW = new Date('2026-11-01T05:00:30Z')
const MANIFEST = 'datev-monthly_2026-10.manifest.json'
/** The second attempt reads other rows: a mixture of both sets could not go unnoticed. */
const LATER: FileSet = {'EXTF_a.csv': 'later;rows\r\n', 'EXTF_b.csv': 'other;later;rows\r\n'}

let root: string

beforeEach(renewRoot)
afterEach(() => rm(root, {recursive: true}))

/** In memory where there is such a folder: hundreds of runs, and what fsync costs is not the question here. */
async function renewRoot(): Promise<void> {
  await closeLeftHandles()
  if (root !== undefined) await rm(root, {recursive: true, force: true})
  root = await mkdtemp(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'crash-'))
}

/** One attempt at the slot, as the run makes it. */
function attempt(fs: VolumeFs, files: FileSet): Promise<void> {
  return attemptOf(KEY, files, fs)
}

function openDestination(fs: VolumeFs, path = 'datev/2026'): Promise<Destination> {
  return createVolumeDestination({claimName: 'exports', root, path, owner: 'acme/datev-monthly', now: () => NOW, fs})
}

async function attemptOf(key: PublicationKey, files: FileSet, fs: VolumeFs = realFs): Promise<void> {
  const destination = await openDestination(fs)
  if ((await destination.recover(key)) !== undefined) return
  if ((await destination.revisions(key)).length > 0) return
  const staging = await stageFiles(destination, key, files)
  await staging.seal(manifestFor(key, staging))
  await staging.publish()
}

async function dyingAttempt(lives: number): Promise<unknown> {
  return attempt(crashingFs(lives).fs, FILES).catch((error: unknown) => error)
}

interface Visible {
  readonly manifest: string | undefined
  readonly files: Readonly<Record<string, string>>
}

async function visible(): Promise<Visible> {
  const folder = join(root, 'datev', '2026')
  const files: Record<string, string> = {}
  for (const name of await readdir(folder).catch(() => [])) files[name] = await readFile(join(folder, name), 'utf8')
  const {[MANIFEST]: manifest, ...rest} = files
  return {manifest, files: rest}
}

/** What is staged: everything in the staging folder but the list of folders. */
async function staged(): Promise<string[]> {
  return (await readdir(join(root, '.scheduled-export'))).filter((name) => !name.endsWith('-published'))
}

async function callsOfAnUndisturbedRun(): Promise<number> {
  const undisturbed = crashingFs(Number.POSITIVE_INFINITY)
  await attempt(undisturbed.fs, FILES)
  await renewRoot()
  return undisturbed.calls()
}

// Hundreds of runs: on a busy machine they take longer than the usual five seconds.
describe('a crash after the n-th file-system call', {timeout: 30_000}, () => {
  it('leaves one published set after the next attempt, of one attempt only, wherever it came', async () => {
    const calls = await callsOfAnUndisturbedRun()
    expect(calls).toBeGreaterThan(40)
    const published: string[] = []
    for (let lives = 0; lives < calls; lives++) {
      expect(await dyingAttempt(lives)).toBeInstanceOf(Crash)
      await attempt(realFs, LATER)
      const {manifest, files} = await visible()
      const whose = files['EXTF_a.csv'] === FILES['EXTF_a.csv'] ? 'first' : 'second'
      published.push(whose)
      expect(files, `crash after ${lives}`).toEqual(whose === 'first' ? FILES : LATER)
      expect(JSON.parse(manifest ?? 'null')).toMatchObject({slot: KEY.slot, files: [{name: 'EXTF_a.csv'}, {name: 'EXTF_b.csv'}]})
      expect(await staged(), `crash after ${lives}`).toEqual([])
      await renewRoot()
    }
    // Afresh as long as the set was not sealed, and from then on never again: one turning point.
    expect(published.lastIndexOf('second')).toBeLessThan(published.indexOf('first'))
    expect(published.filter((whose) => whose === 'first').length).toBeGreaterThan(10)
  })

  it('is also survived when further attempts die while they repair it', async () => {
    const calls = await callsOfAnUndisturbedRun()
    for (let first = 0; first < calls; first += 3) {
      await dyingAttempt(first)
      for (let second = 0; second < 24; second += 5) await dyingAttempt(second)
      await attempt(realFs, FILES)
      const {manifest, files} = await visible()
      expect(files, `crash after ${first}`).toEqual(FILES)
      expect(manifest).toBeDefined()
      await renewRoot()
    }
  })

  it('is survived by a run of another slot, which publishes the set of the first or its own', async () => {
    const calls = await callsOfAnUndisturbedRun()
    // In the first third nothing is sealed yet, and one crash is like another.
    for (let lives = 0; lives < calls; lives += lives < calls / 3 ? 5 : 1) {
      await dyingAttempt(lives)
      await attemptOf(OTHER_SLOT, LATER)
      const {manifest, files} = await visible()
      const {slot} = JSON.parse(manifest ?? '{}') as {slot?: string}
      expect(files, `crash after ${lives}`).toEqual(slot === KEY.slot ? FILES : LATER)
      expect([KEY.slot, OTHER_SLOT.slot]).toContain(slot)
      await renewRoot()
    }
  })

  it('shows no half file, no manifest before every file that it names, and nothing that a run with another path does not know', async () => {
    const calls = await callsOfAnUndisturbedRun()
    const names = Object.keys(FILES)
    for (let lives = 0; lives < calls; lives++) {
      await dyingAttempt(lives)
      const {manifest, files} = await visible()
      expect(FILES, `crash after ${lives}`).toMatchObject(files)
      expect(manifest === undefined || names.every((name) => name in files), `crash after ${lives}`).toBe(true)
      const known = await (await openDestination(realFs, 'another/path')).revisions(OTHER_SLOT)
      expect(known.length === 1 || Object.keys(files).length === 0, `found under another path, crash after ${lives}`).toBe(true)
      await renewRoot()
    }
  })
})
