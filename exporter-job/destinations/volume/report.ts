// A report about a run that publishes nothing, such as its list of errors.
import {randomUUID} from 'node:crypto'
import {basename, dirname, join} from 'node:path'
import {reportName} from './names.ts'
import {makeFolders, syncFolder, writeDurably} from './files.ts'
import {STAGING_FOLDER} from '../../paths.ts'
import {publishedUri} from './published.ts'
import type {Place} from './places.ts'

/** Writes it beside the files of a run, whole: a reader sees the old one or the new one. Gives its URI. */
export async function writeReport(place: Place, name: string, bytes: Uint8Array): Promise<string> {
  const {fs, root, segments} = place
  const folders = dirname(name) === '.' ? segments : [...segments, dirname(name)]
  const folder = await makeFolders(fs, root, folders)
  const parent = await makeFolders(fs, root, [STAGING_FOLDER])
  // Named like a staging folder, so that a later run sweeps what a crash leaves.
  const staged = join(parent, reportName(place.list, randomUUID()))
  try {
    await writeDurably(fs, staged, bytes)
    await fs.rename(staged, join(folder, basename(name)))
  } catch (error) {
    await fs.rm(staged, {force: true})
    throw error
  }
  await syncFolder(fs, folder)
  return publishedUri(place, name)
}
