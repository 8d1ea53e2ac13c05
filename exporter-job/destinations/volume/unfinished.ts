// Staging folders that other runs of the same export left behind: sets that are complete, and those that belong to nobody any more.
import {join} from 'node:path'
import {Rejection} from '../../errors.ts'
import {STAGING_FOLDER} from '../../paths.ts'
import type {PublicationKey} from '../types.ts'
import {namesIn, orAbsent} from './files.ts'
import type {VolumeFs} from './files.ts'
import {TARGET_NAME, isManifestName, isOpenName, isSealedName, revisionOf} from './names.ts'
import type {StagingNames} from './names.ts'
import {publishSealed, removeStaging} from './publish.ts'
import type {Place} from './places.ts'

/** Longer than any run may take (168 h): a staging folder that is older belongs to nobody. */
const ABANDONED_AFTER_MS = 8 * 24 * 3_600_000

/**
 * Publishes what other slots of the stem have sealed. A run whose attempts ended between two links has left files that can be seen
 * and no manifest: they would stand in the way of every later run of the period, as files that nobody knows.
 */
export async function finishOthers(place: Place, names: StagingNames, key: PublicationKey): Promise<void> {
  const parent = join(place.root, STAGING_FOLDER)
  for (const name of await namesIn(place.fs, parent)) {
    if (!isSealedName(name) || !name.startsWith(names.ofExport) || name === names.sealed) continue
    const path = join(parent, name)
    if (!(await namesIn(place.fs, path)).some((file) => revisionOf(key.stem, file) !== undefined)) continue
    try {
      // A set that is gone meanwhile was finished by its own run.
      await orAbsent(publishSealed(place, path, key.stem))
    } catch (error) {
      // Its names are another's: it was taken back, and nothing of it can be seen.
      if (!(error instanceof Rejection)) throw error
    }
  }
}

/** Removes what earlier attempts at this slot left unsealed, and the abandoned folders of the same export's other slots. */
export async function sweep(place: Place, names: StagingNames, now: Date): Promise<void> {
  const parent = join(place.root, STAGING_FOLDER)
  for (const name of await namesIn(place.fs, parent)) {
    if (!name.startsWith(names.ofExport) || !(isOpenName(name) || isSealedName(name)) || name === names.sealed) continue
    const path = join(parent, name)
    const stat = await orAbsent(place.fs.lstat(path))
    const abandoned = stat !== undefined && now.getTime() - stat.mtimeMs > ABANDONED_AFTER_MS
    const unwanted = isOpenName(name) ? abandoned || name.startsWith(names.ofSlot) : abandoned && !(await isHalfVisible(place.fs, path))
    if (unwanted) await removeStaging(place, path)
  }
}

/** Whether a file of a sealed set has its final name already, and the manifest has not: then only this folder can finish it. */
async function isHalfVisible(fs: VolumeFs, sealed: string): Promise<boolean> {
  let visible = false
  for (const name of await namesIn(fs, sealed)) {
    if (name === TARGET_NAME) continue
    const linked = ((await orAbsent(fs.lstat(join(sealed, name))))?.nlink ?? 1) > 1
    if (isManifestName(name) && linked) return false
    visible ||= linked
  }
  return visible
}
