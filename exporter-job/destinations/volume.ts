// A folder on a mounted volume. Files are written into `.scheduled-export/` at the volume's root, on the same file system, and
// appear in the final folder by hard links, whole and only if absent (see volume/publish.ts for what a crash leaves).
import {randomUUID} from 'node:crypto'
import {dirname, join} from 'node:path'
import type {Manifest} from '../../crds/run.ts'
import {PermanentFault, TransientFault} from '../errors.ts'
import type {FileWriter} from '../formats/types.ts'
import {STAGING_FOLDER, pathSegments} from '../paths.ts'
import type {Destination, PublicationKey, StagedFile, Staging} from './types.ts'
import {guarded} from './volume/faults.ts'
import {errnoOf, makeFolders, namesIn, orAbsent, realFs, syncFolder, writeDurably} from './volume/files.ts'
import type {VolumeFs} from './volume/files.ts'
import {TARGET_NAME, isPlainFileName, manifestName, openName, stagingNames} from './volume/names.ts'
import type {StagingNames} from './volume/names.ts'
import {publishSealed, removeStaging} from './volume/publish.ts'
import {writeReport} from './volume/report.ts'
import {manifestsOf, publishedFrom} from './volume/published.ts'
import type {Place} from './volume/places.ts'
import {finishOthers, sweep} from './volume/unfinished.ts'
import {createStagedFile} from './volume/writer.ts'
import type {StagedWriter} from './volume/writer.ts'

export interface VolumeOptions {
  readonly claimName: string
  /** Where the volume is mounted. */
  readonly root: string
  /** Folder below it, placeholders filled in. */
  readonly path: string
  /** The export, `namespace/name`: whose abandoned staging folders are swept. */
  readonly owner: string
  readonly now: () => Date
  readonly fs?: VolumeFs
}

/** @throws PermanentFault PathNotAllowed, VolumeMissing */
export async function createVolumeDestination(options: VolumeOptions): Promise<Destination> {
  const {claimName, path, owner, now, fs = realFs} = options
  const segments = pathSegments(path, 'spec.destination.volume.path')
  const root = await orAbsent(fs.realpath(options.root))
  if (root === undefined) throw new PermanentFault('VolumeMissing', `nothing is mounted at ${options.root}`)
  const place: Place = {fs, root, segments, claimName, list: stagingNames(owner, '').list}
  return {
    recover: (key) => guarded('look for published files', () => recover(place, stagingNames(owner, key.slot), key)),
    revisions: (key) =>
      guarded('look for published files', async () => {
        await finishOthers(place, stagingNames(owner, key.slot), key)
        const manifests = (await manifestsOf(place, key)).map((found) => found.manifest)
        return manifests.filter((manifest) => manifest.slot !== key.slot)
      }),
    report: (name, bytes) => guarded(`write ${name}`, () => writeReport(place, name, bytes)),
    stage: (key) => guarded('make a staging folder', () => stage(place, stagingNames(owner, key.slot), {key, now})),
  }
}

async function recover(place: Place, names: StagingNames, key: PublicationKey): ReturnType<Destination['recover']> {
  const sealed = join(place.root, STAGING_FOLDER, names.sealed)
  // Looked at first: another run that finishes the set (see finishOthers) writes its manifest before the sealed folder goes.
  const isSealed = (await orAbsent(place.fs.lstat(sealed))) !== undefined
  const own = await publishedBy(place, key)
  if (own !== undefined) {
    await removeAllOf(place, names)
    return own
  }
  if (!isSealed) return undefined
  try {
    return await publishSealed(place, sealed, key.stem)
  } catch (error) {
    const finished = errnoOf(error) === 'ENOENT' ? await publishedBy(place, key) : undefined
    if (finished === undefined) throw error
    return finished
  }
}

/** What this slot has published, by its manifest. */
async function publishedBy(place: Place, key: PublicationKey): ReturnType<Destination['recover']> {
  const own = (await manifestsOf(place, key)).find((found) => found.manifest.slot === key.slot)
  return own && publishedFrom(own)
}

/** What the attempt that published could not clean up any more. */
async function removeAllOf(place: Place, names: StagingNames): Promise<void> {
  const parent = join(place.root, STAGING_FOLDER)
  for (const name of await namesIn(place.fs, parent)) {
    if (name.startsWith(names.ofSlot)) await removeStaging(place, join(parent, name))
  }
}

interface StageContext {
  readonly key: PublicationKey
  readonly now: () => Date
}

async function stage(place: Place, names: StagingNames, {key, now}: StageContext): Promise<Staging> {
  // Made first, although nothing is written there yet: a path that cannot be had is found before the rows are read.
  await makeFolders(place.fs, place.root, place.segments)
  const parent = await makeFolders(place.fs, place.root, [STAGING_FOLDER])
  await sweep(place, names, now())
  const folder = join(parent, openName(names, randomUUID()))
  await place.fs.mkdir(folder)
  return openStaging(place, folder, {names, key})
}

interface StagingContext {
  readonly names: StagingNames
  readonly key: PublicationKey
}

function openStaging(place: Place, folder: string, {names, key}: StagingContext): Staging {
  const {fs} = place
  const sealed = join(place.root, STAGING_FOLDER, names.sealed)
  const closed: StagedFile[] = []
  const open = new Set<StagedWriter>()
  return {
    files: () => closed,
    async create(name) {
      if (!isPlainFileName(name)) throw new PermanentFault('FileNameNotAllowed', `a format may not name a file ${JSON.stringify(name)}`)
      const writer = await guarded(`create ${name}`, () => createStagedFile(fs, {folder, name}, (file) => closed.push(file)))
      open.add(writer)
      return guardedWriter(writer, name, () => open.delete(writer))
    },
    seal: (manifest) =>
      guarded('seal the staged files', async () => {
        if (open.size > 0) throw new Error('a staged file is still open')
        await writeDurably(fs, join(folder, TARGET_NAME), Buffer.from(place.segments.join('/')))
        await writeDurably(fs, join(folder, manifestName(key.stem, manifest.revision)), manifestBytes(manifest))
        await seal(fs, folder, sealed)
      }),
    publish: () =>
      guarded('publish', async () => {
        const published = await recover(place, names, key)
        if (published === undefined) throw new Error('publish() before seal()')
        return published
      }),
    discard: () =>
      guarded('discard the staged files', async () => {
        for (const writer of open) await writer.abandon()
        // Never the sealed folder: it may be another attempt's, and one that is complete is there to be published.
        if ((await orAbsent(fs.lstat(folder))) !== undefined) await removeStaging(place, folder)
      }),
  }
}

function guardedWriter(writer: StagedWriter, name: string, closed: () => void): FileWriter {
  return {
    write: (chunk) => guarded(`write ${name}`, () => writer.write(chunk)),
    close: (rows) =>
      guarded(`write ${name}`, async () => {
        await writer.close(rows)
        closed()
      }),
  }
}

function manifestBytes(manifest: Manifest): Buffer {
  return Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`)
}

/** The rename makes the set complete: before it a crash means "discard", after it "publish". */
async function seal(fs: VolumeFs, folder: string, sealed: string): Promise<void> {
  await syncFolder(fs, folder)
  try {
    await fs.rename(folder, sealed)
  } catch (error) {
    // Another attempt at this slot was not as dead as it seemed and has sealed its files: they are the ones to publish.
    if (errnoOf(error) !== 'ENOTEMPTY' && errnoOf(error) !== 'EEXIST') throw error
    throw new TransientFault('SealedMeanwhile', 'another attempt at this run has completed its files; they are published next')
  }
  await syncFolder(fs, dirname(sealed))
}
