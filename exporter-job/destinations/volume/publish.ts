// From a sealed staging folder to visible files. Every step can be the last one before a crash, and may be done again:
//
//   crash …                          what the next attempt at the slot finds and does
//   while files are written          an open folder: removed, everything is written afresh
//   after the manifest, before the   the same: only the rename makes a set complete
//     rename to …sealed
//   after the rename                 a sealed folder: the steps below, with the bytes that are there
//   after the place was noted         the same; a folder in the list without a manifest in it means nothing
//   between two links                the same; a name that is this very file (or has its bytes) is done already
//   before the manifest's link       the same; the files can be seen, but nothing yet says that they are whole
//   after the manifest's link        the manifest with the slot in it: reported as published, the sealed folder is removed
//
// Where there is no next attempt, the next run of the same period does the same for a sealed folder (see volume/unfinished.ts).
import {createHash, randomUUID} from 'node:crypto'
import {basename, join} from 'node:path'
import {Rejection} from '../../errors.ts'
import type {Manifest} from '../../../crds/run.ts'
import {STAGING_FOLDER, pathSegments} from '../../paths.ts'
import type {Published} from '../types.ts'
import {volumeFault} from './faults.ts'
import {errnoOf, makeFolders, orAbsent, syncFolder} from './files.ts'
import type {VolumeFs} from './files.ts'
import {TARGET_NAME, isManifestName, isOpenName, openNameFromSealed} from './names.ts'
import {notePlace} from './places.ts'
import type {Place} from './places.ts'
import {parseManifest, publishedFrom, readManifestBytes} from './published.ts'
import type {FoundManifest} from './published.ts'

/**
 * Publishes what a sealed folder holds, where it was to go when it was sealed, and removes the folder. Two may do so at a time: who
 * comes second finds links that are made, or the folder gone (ENOENT).
 * @throws Rejection FileExists, AlreadyPublished
 */
export async function publishSealed(own: Place, sealed: string, stem: string): Promise<Published> {
  const place = await targetOf(own, sealed)
  const {fs} = place
  const staged = await stagedManifest(place, sealed)
  // The seal's own sync may have failed: the sealed name is durable before anything of it can be seen.
  await syncFolder(fs, join(place.root, STAGING_FOLDER))
  const folder = await makeFolders(fs, place.root, place.segments)
  const names = filesOf(staged.manifest).map((file) => file.name)
  const taken = await firstTaken(fs, {sealed, folder}, [staged.name, ...names])
  // Looked at before the first link, so that a clash which is there from the beginning makes no file visible at all.
  if (taken !== undefined) return settleClash(place, {sealed, folder, staged, taken})
  await notePlace(place, sealed, stem)
  for (const name of names) {
    if (!(await linkOnlyIfAbsent(fs, {sealed, folder}, name))) return settleClash(place, {sealed, folder, staged, taken: name})
  }
  // The names of the files are durable before the name that says they are complete.
  await syncFolder(fs, folder)
  if (!(await linkOnlyIfAbsent(fs, {sealed, folder}, staged.name))) {
    return settleClash(place, {sealed, folder, staged, taken: staged.name})
  }
  await syncFolder(fs, folder)
  await removeStaging(place, sealed)
  return publishedFrom(staged)
}

/** Everything that is published before the manifest: the format's files and what people read. */
function filesOf({files, protocol}: Manifest): readonly {readonly name: string; readonly sha256: string}[] {
  return [...files, ...protocol]
}

/** The spec's path may be another one by now. */
async function targetOf(place: Place, sealed: string): Promise<Place> {
  const path = await place.fs.readFile(join(sealed, TARGET_NAME), 'utf8')
  return {...place, segments: pathSegments(path, `${STAGING_FOLDER}/${basename(sealed)}/${TARGET_NAME}`)}
}

async function stagedManifest(place: Place, sealed: string): Promise<FoundManifest> {
  const {fs} = place
  const name = (await fs.readdir(sealed)).find(isManifestName)
  if (name === undefined) throw new Error(`no manifest in the sealed folder ${sealed}`)
  const bytes = await readManifestBytes(fs, sealed, name)
  return {name, bytes, manifest: parseManifest(name, bytes), place}
}

interface Folders {
  readonly sealed: string
  readonly folder: string
}

async function firstTaken(fs: VolumeFs, folders: Folders, names: readonly string[]): Promise<string | undefined> {
  for (const name of names) {
    if ((await occupant(fs, folders, name)) === 'other') return name
  }
  return undefined
}

/** Who has the final name: nobody, the staged file itself or one with the same bytes, or another file. */
async function occupant(fs: VolumeFs, {sealed, folder}: Folders, name: string): Promise<'nobody' | 'same' | 'other'> {
  const final = await orAbsent(fs.lstat(join(folder, name)))
  if (final === undefined) return 'nobody'
  const staged = await fs.lstat(join(sealed, name))
  if (final.ino === staged.ino && final.dev === staged.dev) return 'same'
  if (!final.isFile() || final.size !== staged.size) return 'other'
  return (await hashFile(fs, join(folder, name))) === (await hashFile(fs, join(sealed, name))) ? 'same' : 'other'
}

async function hashFile(fs: VolumeFs, path: string): Promise<string> {
  const handle = await fs.open(path, 'r')
  try {
    const hash = createHash('sha256')
    const buffer = Buffer.allocUnsafeSlow(1 << 20)
    let length: number
    while ((length = (await handle.read(buffer)).bytesRead) > 0) hash.update(buffer.subarray(0, length))
    return hash.digest('hex')
  } finally {
    await handle.close()
  }
}

/**
 * link(2) makes a whole file visible at once, and only if the name is free. False where another file has the name.
 * NFS may answer EEXIST to its own repeated request, although the link was made: hence the look at who has it.
 */
async function linkOnlyIfAbsent(fs: VolumeFs, folders: Folders, name: string): Promise<boolean> {
  try {
    await fs.link(join(folders.sealed, name), join(folders.folder, name))
    return true
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') throw error
    if (errnoOf(error) !== 'EEXIST') throw volumeFault(error, 'link')
    return (await occupant(fs, folders, name)) === 'same'
  }
}

interface Clash extends Folders {
  readonly staged: FoundManifest
  readonly taken: string
}

/** Another file has one of the names: takes back what this slot has linked, and says whose the name is. */
async function settleClash(place: Place, clash: Clash): Promise<Published> {
  const {fs} = place
  const other = await publishedInstead(place, clash)
  for (const file of filesOf(clash.staged.manifest)) {
    const needed = other !== undefined && filesOf(other.manifest).some(({name, sha256}) => name === file.name && sha256 === file.sha256)
    if (!needed) await unlinkOurs(fs, clash, file.name)
  }
  await syncFolder(fs, clash.folder)
  await removeStaging(place, clash.sealed)
  // The same slot, by an attempt that was believed dead: its files are the published ones.
  if (other?.manifest.slot === clash.staged.manifest.slot) return publishedFrom(other)
  if (other !== undefined) {
    throw new Rejection('AlreadyPublished', `${other.name} was published meanwhile by the run of slot ${other.manifest.slot}`)
  }
  throw new Rejection(
    'FileExists',
    `${clash.taken} exists at the destination and is not of this run (other bytes, no manifest of this period): ` +
      'it was left as it is; move it away, or give the export a folder of its own',
  )
}

/** The other manifest of the same name, where there is one. */
async function publishedInstead(place: Place, {folder, staged}: Clash): Promise<FoundManifest | undefined> {
  const bytes = await orAbsent(readManifestBytes(place.fs, folder, staged.name))
  return bytes && {name: staged.name, bytes, manifest: parseManifest(staged.name, bytes), place}
}

/** Only a name that is the staged file itself was linked by this slot; a file with the same bytes may be somebody's own. */
async function unlinkOurs(fs: VolumeFs, {sealed, folder}: Folders, name: string): Promise<void> {
  const final = await orAbsent(fs.lstat(join(folder, name)))
  const staged = await fs.lstat(join(sealed, name))
  if (final !== undefined && final.ino === staged.ino && final.dev === staged.dev) await fs.unlink(join(folder, name))
}

/**
 * Removes a staging folder, sealed or not. It stops being a sealed one by a rename, before its files go one by one: a crash in
 * between must not leave a sealed folder without its files.
 */
export async function removeStaging(place: Place, folder: string): Promise<void> {
  const {fs} = place
  const parent = join(place.root, STAGING_FOLDER)
  const doomed = isOpenName(folder) ? folder : join(parent, openNameFromSealed(basename(folder), randomUUID()))
  if (doomed !== folder) await fs.rename(folder, doomed)
  await fs.rm(doomed, {recursive: true, force: true})
  await syncFolder(fs, parent)
}
