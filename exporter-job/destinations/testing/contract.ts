// What every destination must do. Each adapter's test calls this with its own harness, in a describe block of its own.
import {createHash} from 'node:crypto'
import {afterEach, beforeEach, expect, it} from 'vitest'
import {Rejection} from '../../errors.ts'
import type {Destination} from '../types.ts'
import {FILES, KEY, OTHER_EXPORT, OTHER_SLOT, manifestFor, sealFiles, stageFiles} from './fixtures.ts'

/** One empty place to publish to, seen from outside. */
export interface DestinationHarness {
  /** A destination as a new process would make it; all of one harness publish to the same place. */
  destination(): Promise<Destination>
  /** Names that a user sees there, sorted; the manifests among them. */
  visible(): Promise<readonly string[]>
  read(name: string): Promise<Buffer>
  /** Puts somebody else's file there. */
  put(name: string, bytes: string): Promise<void>
  /** Whatever is kept for unpublished files: must be empty when nothing is under way. */
  leftovers(): Promise<readonly string[]>
  dispose(): Promise<void>
}

const NAMES = ['EXTF_a.csv', 'EXTF_b.csv']
const MANIFEST = 'datev-monthly_2026-10.manifest.json'

export function describeDestination(open: () => Promise<DestinationHarness>): void {
  let place: DestinationHarness
  let destination: Destination

  beforeEach(async () => {
    place = await open()
    destination = await place.destination()
  })
  afterEach(() => place.dispose())

  async function publish(key = KEY, files = FILES): Promise<void> {
    await (await sealFiles(destination, key, files)).publish()
  }

  it('shows nothing before publication and everything after it', async () => {
    const staging = await sealFiles(destination, KEY)
    expect(await place.visible()).toEqual([])
    const published = await staging.publish()
    expect(await place.visible()).toEqual([...NAMES, MANIFEST])
    expect((await place.read('EXTF_b.csv')).toString()).toBe('second;file\r\n')
    expect(JSON.parse((await place.read(MANIFEST)).toString())).toEqual(published.manifest)
    expect(await place.leftovers()).toEqual([])
  })

  it('reports size, rows and checksum of what is really there', async () => {
    const published = await (await sealFiles(destination, KEY)).publish()
    for (const file of published.files) {
      const bytes = await place.read(file.name)
      expect(file).toMatchObject({bytes: bytes.length, rows: 1, sha256: createHash('sha256').update(bytes).digest('hex')})
      expect(file.uri.endsWith(`/${file.name}`)).toBe(true)
    }
    const manifest = createHash('sha256').update(await place.read(MANIFEST)).digest('hex')
    expect(published.manifestRef.sha256).toBe(manifest)
  })

  it('takes large files in chunks that the caller uses again', async () => {
    const staging = await destination.stage(KEY)
    const writer = await staging.create('large.csv')
    const chunk = Buffer.alloc(70_001)
    const expected = createHash('sha256')
    for (let i = 0; i < 80; i++) {
      chunk.fill(i)
      expected.update(chunk)
      await writer.write(chunk)
    }
    await writer.close(80)
    await staging.seal(manifestFor(KEY, staging))
    const published = await staging.publish()
    expect(published.files[0]).toMatchObject({bytes: 80 * 70_001, sha256: expected.digest('hex')})
  })

  it('forgets what was discarded, files still open among it', async () => {
    const staging = await stageFiles(destination, KEY)
    const writer = await staging.create('EXTF_c.csv')
    await writer.write(Buffer.from('half'))
    await staging.discard()
    expect(await place.visible()).toEqual([])
    expect(await place.leftovers()).toEqual([])
    expect(await destination.recover(KEY)).toBeUndefined()
  })

  it('drops what an unsealed attempt left and begins afresh', async () => {
    await stageFiles(destination, KEY, {'EXTF_a.csv': 'of the dead attempt'})
    const next = await place.destination()
    expect(await next.recover(KEY)).toBeUndefined()
    await (await sealFiles(next, KEY)).publish()
    expect((await place.read('EXTF_a.csv')).toString()).toBe(FILES['EXTF_a.csv'])
    expect(await place.leftovers()).toEqual([])
  })

  it('publishes what a dead attempt had sealed, with its bytes', async () => {
    await sealFiles(destination, KEY)
    const next = await place.destination()
    const published = await next.recover(KEY)
    expect(published?.manifest.slot).toBe(KEY.slot)
    expect(await place.visible()).toEqual([...NAMES, MANIFEST])
    expect(await place.leftovers()).toEqual([])
  })

  it('finishes what another run of the same period had sealed, and then counts it', async () => {
    await sealFiles(destination, KEY)
    const next = await place.destination()
    expect(await next.recover(OTHER_SLOT)).toBeUndefined()
    expect((await next.revisions(OTHER_SLOT)).map(({slot}) => slot)).toEqual([KEY.slot])
    expect(await place.visible()).toEqual([...NAMES, MANIFEST])
    expect(await place.leftovers()).toEqual([])
  })

  it("leaves another period's sealed set, and another export's, to their own runs", async () => {
    await sealFiles(destination, {...OTHER_SLOT, stem: 'datev-monthly_2026-11'})
    await sealFiles(destination, OTHER_EXPORT, {'weekly.csv': 'w'})
    expect(await destination.revisions(KEY)).toEqual([])
    expect(await place.visible()).toEqual([])
  })

  it("gives up another run's sealed set whose name is taken, and leaves the foreign file", async () => {
    await place.put('EXTF_b.csv', 'somebody wrote this')
    await sealFiles(destination, KEY)
    expect(await (await place.destination()).revisions(OTHER_SLOT)).toEqual([])
    expect(await place.visible()).toEqual(['EXTF_b.csv'])
    expect(await place.leftovers()).toEqual([])
  })

  it('says the same again for a slot that is published, and writes nothing', async () => {
    const staging = await sealFiles(destination, KEY)
    const published = await staging.publish()
    expect(await staging.publish()).toEqual(published)
    expect(await (await place.destination()).recover(KEY)).toEqual(published)
  })

  it("lists other slots' revisions of the stem, ascending, and no other stem's", async () => {
    await publish()
    const second = await stageFiles(destination, OTHER_SLOT, {'EXTF_a-r2.csv': 'more'})
    await second.seal(manifestFor(OTHER_SLOT, second, 2))
    await second.publish()
    await publish(OTHER_EXPORT, {'weekly.csv': 'x'})
    expect((await destination.revisions({...KEY, slot: 'a third one'})).map(({revision}) => revision)).toEqual([1, 2])
    expect((await destination.revisions(OTHER_SLOT)).map(({slot}) => slot)).toEqual([KEY.slot])
    expect(await destination.revisions({slot: 'x', stem: 'datev-monthly_2026-1'})).toEqual([])
  })

  it('leaves a foreign file of the same name as it is, and shows none of its own', async () => {
    await place.put('EXTF_b.csv', 'somebody wrote this')
    const staging = await sealFiles(destination, KEY)
    const failure = await staging.publish().catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(Rejection)
    expect(failure).toMatchObject({code: 'FileExists', message: expect.stringContaining('EXTF_b.csv')})
    expect(await place.visible()).toEqual(['EXTF_b.csv'])
    expect((await place.read('EXTF_b.csv')).toString()).toBe('somebody wrote this')
    expect(await place.leftovers()).toEqual([])
  })

  it('takes a file of the same name and bytes for its own', async () => {
    await place.put('EXTF_b.csv', FILES['EXTF_b.csv']!)
    await publish()
    expect(await place.visible()).toEqual([...NAMES, MANIFEST])
  })

  it('never overwrites what another slot published meanwhile', async () => {
    const late = await sealFiles(destination, OTHER_SLOT, {'EXTF_a.csv': 'other rows', 'EXTF_b.csv': FILES['EXTF_b.csv']!})
    await publish()
    await expect(late.publish()).rejects.toMatchObject({code: 'AlreadyPublished', message: expect.stringContaining(KEY.slot)})
    expect(await place.visible()).toEqual([...NAMES, MANIFEST])
    expect((await place.read('EXTF_a.csv')).toString()).toBe(FILES['EXTF_a.csv'])
  })

  it('keeps two exports at work in the same place apart', async () => {
    const [a, b] = [await stageFiles(destination, KEY), await stageFiles(destination, OTHER_EXPORT, {'weekly.csv': 'w'})]
    await (await place.destination()).stage(OTHER_SLOT)
    await a.seal(manifestFor(KEY, a))
    await b.seal(manifestFor(OTHER_EXPORT, b))
    await a.publish()
    await b.publish()
    expect(await place.visible()).toEqual([...NAMES, MANIFEST, 'weekly.csv', 'weekly_2026-W44.manifest.json'])
  })

  it.each(['..', '.hidden', 'a/b', '', ' a', 'a ', 'a  b', 'a\tb', 'x.manifest.json', 'ü.csv', 'n'.repeat(201)])('refuses the file name %j', async (bad) => {
    const staging = await destination.stage(KEY)
    await expect(staging.create(bad)).rejects.toMatchObject({code: 'FileNameNotAllowed'})
  })

  it('takes a blank inside a file name, for an authority wants one', async () => {
    const staging = await destination.stage(KEY)
    await expect(staging.create('SAF-T Financial_999999999_20261101060000_1_1.xml')).resolves.toBeDefined()
  })
}
