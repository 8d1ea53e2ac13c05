import {mkdir, mkdtemp, readFile, readdir, rm, stat, symlink, utimes, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {describeDestination} from './testing/contract.ts'
import type {DestinationHarness} from './testing/contract.ts'
import {FILES, KEY, OTHER_SLOT, manifestFor, sealFiles, stageFiles} from './testing/fixtures.ts'
import {closeLeftHandles, failingFs} from './testing/failing-fs.ts'
import type {Destination} from './types.ts'
import {createVolumeDestination} from './volume.ts'
import type {VolumeOptions} from './volume.ts'
import {realFs} from './volume/files.ts'
import type {VolumeFs} from './volume/files.ts'

const NOW = new Date('2026-11-01T05:00:30Z')
let root: string

function open(options: Partial<VolumeOptions> = {}): Promise<Destination> {
  return createVolumeDestination({claimName: 'exports', root, path: 'datev/2026', owner: 'acme/datev-monthly', now: () => NOW, ...options})
}

function namesIn(...path: string[]): Promise<string[]> {
  return readdir(join(root, ...path)).then(
    (names) => names.toSorted(),
    () => [],
  )
}

/** What is staged: everything in the staging folder but the lists of folders. */
async function staged(): Promise<string[]> {
  return (await namesIn('.scheduled-export')).filter((name) => !name.endsWith('-published'))
}

function daysLater(days: number): Date {
  return new Date(NOW.getTime() + days * 86_400_000)
}

async function harness(): Promise<DestinationHarness> {
  root = await mkdtemp(join(tmpdir(), 'volume-'))
  const folder = join(root, 'datev', '2026')
  return {
    destination: () => open(),
    visible: () => namesIn('datev', '2026'),
    read: (name) => readFile(join(folder, name)),
    async put(name, bytes) {
      await mkdir(folder, {recursive: true})
      await writeFile(join(folder, name), bytes)
    },
    leftovers: staged,
    dispose: () => rm(root, {recursive: true}),
  }
}

describe('a volume as a destination', () => {
  describeDestination(harness)
})

describe('a volume', () => {
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'volume-'))
  })
  afterEach(async () => {
    await closeLeftHandles()
    await rm(root, {recursive: true})
  })

  it('names its files by claim and path', async () => {
    const published = await (await sealFiles(await open({path: 'für den Berater'}), KEY)).publish()
    expect(published.files[0]?.uri).toBe('volume://exports/f%C3%BCr%20den%20Berater/EXTF_a.csv')
    expect(published.manifestRef.uri).toBe('volume://exports/f%C3%BCr%20den%20Berater/datev-monthly_2026-10.manifest.json')
  })

  it('writes into the root of the volume where there is no path', async () => {
    await (await sealFiles(await open({path: ''}), KEY)).publish()
    expect(await namesIn()).toEqual(['.scheduled-export', 'EXTF_a.csv', 'EXTF_b.csv', 'datev-monthly_2026-10.manifest.json'])
  })

  it.each(['../x', 'a/../../x', '/etc', 'a\\b', '.scheduled-export/x', 'a\nb', 'a/. /b', 'x'.repeat(256)])('refuses the path %j', async (path) => {
    await expect(open({path})).rejects.toMatchObject({code: 'PathNotAllowed', message: expect.stringContaining('spec.destination.volume.path')})
  })

  it('does not follow a symbolic link out of the volume', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'outside-'))
    await symlink(outside, join(root, 'datev'))
    const destination = await open()
    await expect(destination.stage(KEY)).rejects.toMatchObject({code: 'PathNotAllowed'})
    await expect(destination.recover(KEY)).resolves.toBeUndefined()
    expect(await readdir(outside)).toEqual([])
    await mkdir(join(outside, '2026'))
    await expect(destination.recover(KEY)).rejects.toMatchObject({code: 'PathNotAllowed'})
    await rm(outside, {recursive: true})
  })

  it('follows a symbolic link that stays in the volume', async () => {
    await mkdir(join(root, 'real', '2026'), {recursive: true})
    await symlink('real', join(root, 'datev'))
    await (await sealFiles(await open(), KEY)).publish()
    expect(await namesIn('real', '2026')).toContain('EXTF_a.csv')
  })

  it('does not stage through a symbolic link that somebody put in its place', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'outside-'))
    await symlink(outside, join(root, '.scheduled-export'))
    await expect((await open()).stage(KEY)).rejects.toMatchObject({code: 'PathNotAllowed'})
    await rm(outside, {recursive: true})
  })

  it('says so when nothing is mounted', async () => {
    await expect(open({root: join(root, 'missing')})).rejects.toMatchObject({code: 'VolumeMissing', transient: false})
  })

  it('says so when a file stands where the folder should', async () => {
    await writeFile(join(root, 'datev'), '')
    await expect((await open()).stage(KEY)).rejects.toMatchObject({code: 'PathNotAllowed'})
  })

  it.each([
    ['ENOSPC', 'VolumeFull', true],
    ['EDQUOT', 'VolumeFull', true],
    ['EROFS', 'VolumeReadOnly', false],
    ['EACCES', 'VolumeAccessDenied', false],
    ['EIO', 'VolumeUnavailable', true],
  ])('turns %s while writing into %s', async (errno, code, transient) => {
    const destination = await open({fs: failingFs('write', errno)})
    await expect(stageFiles(destination, KEY)).rejects.toMatchObject({code, transient})
  })

  it('says so when the file system has no hard links', async () => {
    const staging = await sealFiles(await open({fs: failingFs('link', 'EPERM')}), KEY)
    await expect(staging.publish()).rejects.toMatchObject({code: 'HardLinksUnsupported', transient: false})
  })

  it('does without fsync of folders where the file system has none', async () => {
    await (await sealFiles(await open({fs: failingFs('syncFolder', 'EINVAL')}), KEY)).publish()
    expect(await namesIn('datev', '2026')).toContain('EXTF_a.csv')
  })

  it('will not write beside a manifest that it cannot read', async () => {
    await mkdir(join(root, 'datev', '2026'), {recursive: true})
    await writeFile(join(root, 'datev', '2026', 'datev-monthly_2026-10.manifest.json'), '{"version": 1')
    const destination = await open()
    await expect(destination.recover(KEY)).rejects.toMatchObject({code: 'ManifestUnreadable', transient: false})
    await expect(destination.revisions(KEY)).rejects.toMatchObject({code: 'ManifestUnreadable'})
  })

  it("sweeps the same export's open folders after eight days, and nobody else's", async () => {
    await stageFiles(await open(), OTHER_SLOT)
    await stageFiles(await open({owner: 'acme/weekly'}), {slot: 'weekly', stem: 'weekly'})
    const before = await namesIn('.scheduled-export')
    for (const name of before) await utimes(join(root, '.scheduled-export', name), NOW, NOW)
    await (await (await open({now: () => daysLater(7.9)})).stage(KEY)).discard()
    expect(await namesIn('.scheduled-export')).toEqual(before)
    await (await (await open({now: () => daysLater(8.1)})).stage(KEY)).discard()
    expect(await namesIn('.scheduled-export')).toHaveLength(1)
    await (await (await open({owner: 'acme/weekly', now: () => daysLater(8.1)})).stage(KEY)).discard()
    expect(await namesIn('.scheduled-export')).toEqual([])
  })

  it('sweeps sealed sets after eight days, but none of which a file can be seen without its manifest', async () => {
    const [forgotten, half] = ['datev-monthly_2026-08', 'datev-monthly_2026-09'].map((stem) => ({slot: stem, stem}))
    await sealFiles(await open(), forgotten!, {'a.csv': 'forgotten'})
    await expect((await sealFiles(await open({fs: failingFs('link', 'EIO', 3)}), half!, {'b.csv': 'half'})).publish()).rejects.toThrow('EIO')
    expect(await namesIn('datev', '2026')).toEqual(['b.csv'])
    const before = await staged()
    for (const name of before) await utimes(join(root, '.scheduled-export', name), NOW, NOW)
    await (await (await open({now: () => daysLater(7.9)})).stage(KEY)).discard()
    expect(await staged()).toEqual(before)
    await (await (await open({now: () => daysLater(8.1)})).stage(KEY)).discard()
    expect(await staged()).toHaveLength(1)
    expect((await (await open()).recover(half!))?.files.map(({name}) => name)).toEqual(['b.csv'])
  })

  it('finishes what an attempt left half visible when its attempts ran out, in the folder that it was made for', async () => {
    const failing = await open({fs: failingFs('link', 'EIO', 4)})
    await expect((await sealFiles(failing, KEY)).publish()).rejects.toMatchObject({code: 'VolumeUnavailable'})
    expect(await namesIn('datev', '2026')).toEqual(['EXTF_a.csv', 'EXTF_b.csv'])
    const moved = await open({path: 'elsewhere'})
    expect(await moved.recover(OTHER_SLOT)).toBeUndefined()
    await moved.revisions(OTHER_SLOT)
    expect(await namesIn('datev', '2026')).toEqual(['EXTF_a.csv', 'EXTF_b.csv', 'datev-monthly_2026-10.manifest.json'])
    expect(await namesIn('elsewhere')).toEqual([])
    expect((await (await open()).revisions(OTHER_SLOT)).map(({slot}) => slot)).toEqual([KEY.slot])
  })

  it('knows what it published in another folder, before the path of the spec was changed', async () => {
    const published = await (await sealFiles(await open({path: 'datev/2026-11-01T05:00'.replaceAll(':', '')}), KEY)).publish()
    const moved = await open({path: 'tax adviser'})
    expect((await moved.revisions(OTHER_SLOT)).map(({slot}) => slot)).toEqual([KEY.slot])
    expect(await moved.recover(KEY)).toEqual(published)
    expect(await moved.revisions({...OTHER_SLOT, stem: 'datev-monthly_2026-1'})).toEqual([])
    const second = await stageFiles(moved, OTHER_SLOT, {'EXTF_a-r2.csv': 'more'})
    await second.seal(manifestFor(OTHER_SLOT, second, 2))
    await second.publish()
    expect((await (await open({path: ''})).revisions({...KEY, slot: 'third'})).map(({revision}) => revision)).toEqual([1, 2])
  })

  it("asks for an export's own folders only, and forgets what was taken away from them", async () => {
    await (await sealFiles(await open(), KEY)).publish()
    expect(await (await open({path: 'x', owner: 'acme/other'})).revisions(OTHER_SLOT)).toEqual([])
    await rm(join(root, 'datev'), {recursive: true})
    expect(await (await open({path: 'x'})).revisions(OTHER_SLOT)).toEqual([])
  })

  it('finds its set published where another run has finished it under its hands', async () => {
    const helper = await open()
    let helped = false
    const link: VolumeFs['link'] = async (from, to) => {
      if (!helped) await helper.revisions(OTHER_SLOT)
      helped = true
      return realFs.link(from, to)
    }
    const published = await (await sealFiles(await open({fs: {...realFs, link}}), KEY)).publish()
    expect(published.manifest.slot).toBe(KEY.slot)
    expect(await staged()).toEqual([])
  })

  it('never seals over what an attempt that was believed dead has sealed', async () => {
    const believedDead = await stageFiles(await open(), KEY, {'EXTF_a.csv': 'of the first'})
    // Its successor removes the folder; on another node the first may have held it open all the same.
    const successor = await stageFiles(await open(), KEY)
    await expect(believedDead.seal(manifestFor(KEY, believedDead))).rejects.toMatchObject({code: 'VolumeChanged', transient: true})
    await successor.seal(manifestFor(KEY, successor))
    const third = await stageFiles(await open(), KEY)
    await expect(third.seal(manifestFor(KEY, third))).rejects.toMatchObject({code: 'SealedMeanwhile', transient: true})
    await third.discard()
    expect((await (await open()).recover(KEY))?.files.map(({name}) => name)).toEqual(Object.keys(FILES))
  })

  it('leaves a set to the next attempt when only the sync after the seal failed', async () => {
    // Three folders are made, the open one is synced, then comes the one that holds the sealed name.
    const staging = await stageFiles(await open({fs: failingFs('syncFolder', 'EIO', 5)}), KEY)
    await expect(staging.seal(manifestFor(KEY, staging))).rejects.toMatchObject({code: 'VolumeUnavailable', transient: true})
    expect(await namesIn('.scheduled-export')).toEqual([expect.stringMatching(/sealed$/)])
    await staging.discard()
    expect((await (await open()).recover(KEY))?.files.map(({name}) => name)).toEqual(Object.keys(FILES))
  })

  it("keeps another slot's file that has the same bytes, when it must take its own back", async () => {
    const slow = await sealFiles(await open(), KEY, {'EXTF_a.csv': 'same', 'EXTF_b.csv': 'same'})
    const fast = await sealFiles(await open(), OTHER_SLOT, {'EXTF_a.csv': 'same', 'EXTF_b.csv': 'same'})
    await fast.publish()
    await expect(slow.publish()).rejects.toMatchObject({code: 'AlreadyPublished'})
    expect(await namesIn('datev', '2026')).toEqual(['EXTF_a.csv', 'EXTF_b.csv', 'datev-monthly_2026-10.manifest.json'])
  })

  it('leaves each file once: the staged name is gone', async () => {
    await (await sealFiles(await open(), KEY)).publish()
    expect((await stat(join(root, 'datev', '2026', 'EXTF_a.csv'))).nlink).toBe(1)
  })
})
