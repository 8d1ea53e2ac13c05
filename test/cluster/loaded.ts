// Loading an image takes seconds, and tests and demo ask for the same ones again and again: what a cluster has got is noted in its folder,
// which goes with the cluster.
import {mkdir, readFile, stat, writeFile} from 'node:fs/promises'
import {basename, join} from 'node:path'
import {step} from './say.ts'

/** Calls `load` unless this very file (by path, size and time of change) was loaded before. `folder` is the cluster's. */
export async function loadOnce(folder: string, archive: string, load: (archive: string) => Promise<unknown>): Promise<void> {
  const {size, mtimeMs} = await stat(archive)
  const notes = join(folder, 'loaded')
  // By name alone: another checkout's image of that name takes this one's place.
  const note = join(notes, basename(archive))
  const state = `${archive} ${size} ${mtimeMs}`
  if ((await readFile(note, 'utf8').catch(() => '')) === state) return
  await step(`Loading ${archive} into the cluster`, () => load(archive))
  await mkdir(notes, {recursive: true})
  await writeFile(note, state)
}
