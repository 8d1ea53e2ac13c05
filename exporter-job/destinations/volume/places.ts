// Which folders an export has published a period in. The manifests there are the record of what is published; this is only a list
// of where to look, for a spec's path may change, or have the run's own time in it.
import {join} from 'node:path'
import {STAGING_FOLDER, pathSegments} from '../../paths.ts'
import type {PublicationKey} from '../types.ts'
import {volumeFault} from './faults.ts'
import {errnoOf, makeFolders, namesIn, orAbsent, syncFolder} from './files.ts'
import type {VolumeFs} from './files.ts'
import {TARGET_NAME, isPlaceNameOf, placeName} from './names.ts'

/** Where the files of a run go. */
export interface Place {
  readonly fs: VolumeFs
  /** The volume's root, a real path. */
  readonly root: string
  /** Folders of the rendered path below it. */
  readonly segments: readonly string[]
  readonly claimName: string
  /** Name of the export's list of folders, in the staging folder. */
  readonly list: string
}

/**
 * Notes the place before anything can be seen there: a crash leaves a folder too much in the list, never one too few. The set's own
 * note of its target is linked, so that an entry appears whole.
 */
export async function notePlace(place: Place, sealed: string, stem: string): Promise<void> {
  const {fs, root, segments} = place
  const list = await makeFolders(fs, root, [STAGING_FOLDER, place.list])
  try {
    await fs.link(join(sealed, TARGET_NAME), join(list, placeName(stem, segments.join('/'))))
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') throw error
    // There already: the name says what is in it.
    if (errnoOf(error) !== 'EEXIST') throw volumeFault(error, 'link')
  }
  await syncFolder(fs, list)
}

/** Every place where files of the stem may be: the spec's own first. */
export async function placesOf(place: Place, {stem}: Pick<PublicationKey, 'stem'>): Promise<readonly Place[]> {
  const {fs} = place
  const list = join(place.root, STAGING_FOLDER, place.list)
  const paths = new Set([place.segments.join('/')])
  for (const name of await namesIn(fs, list)) {
    const path = isPlaceNameOf(stem, name) ? await orAbsent(fs.readFile(join(list, name), 'utf8')) : undefined
    if (path !== undefined) paths.add(path)
  }
  return [...paths].map((path) => ({...place, segments: pathSegments(path, `${STAGING_FOLDER}/${place.list}`)}))
}
