// What is published already: the manifests beside the files are the only record there is.
import {createHash} from 'node:crypto'
import {join} from 'node:path'
import {Manifest} from '../../../crds/run.ts'
import {PermanentFault} from '../../errors.ts'
import {realpathInside} from '../../paths.ts'
import type {PublicationKey, Published} from '../types.ts'
import {namesIn, orAbsent} from './files.ts'
import type {VolumeFs} from './files.ts'
import {revisionOf} from './names.ts'
import {placesOf} from './places.ts'
import type {Place} from './places.ts'

/** A manifest names at most a few hundred files; anything larger is not ours. */
const MAX_MANIFEST_BYTES = 4 << 20

/** A manifest as found, with the bytes that its checksum is of. */
export interface FoundManifest {
  readonly name: string
  readonly bytes: Buffer
  readonly manifest: Manifest
  /** Where its files are too. */
  readonly place: Place
}

/** The final folder's real path; undefined while nobody has made it. */
export function existingFolder(place: Place): Promise<string | undefined> {
  return orAbsent(realpathInside(place.fs.realpath, {root: place.root, segments: place.segments, what: 'destination volume'}))
}

/** All manifests of a stem, by revision ascending, wherever on the volume the export has published it. */
export async function manifestsOf(place: Place, key: PublicationKey): Promise<readonly FoundManifest[]> {
  const found: FoundManifest[] = []
  for (const each of await placesOf(place, key)) found.push(...(await manifestsAt(each, key)))
  return found.toSorted((a, b) => a.manifest.revision - b.manifest.revision)
}

async function manifestsAt(place: Place, key: PublicationKey): Promise<readonly FoundManifest[]> {
  const folder = await existingFolder(place)
  if (folder === undefined) return []
  const found: FoundManifest[] = []
  for (const name of await namesIn(place.fs, folder)) {
    if (revisionOf(key.stem, name) === undefined) continue
    const bytes = await orAbsent(readManifestBytes(place.fs, folder, name))
    if (bytes !== undefined) found.push({name, bytes, manifest: parseManifest(name, bytes), place})
  }
  return found
}

/** @throws PermanentFault ManifestUnreadable */
export async function readManifestBytes(fs: VolumeFs, folder: string, name: string): Promise<Buffer> {
  const path = join(folder, name)
  const stat = await fs.lstat(path)
  if (!stat.isFile() || stat.size > MAX_MANIFEST_BYTES) throw unreadable(name, 'is not a regular file of at most 4 MiB')
  return fs.readFile(path)
}

/** @throws PermanentFault ManifestUnreadable: what was published cannot be known, so nothing is written beside it */
export function parseManifest(name: string, bytes: Buffer): Manifest {
  try {
    const parsed = Manifest.safeParse(JSON.parse(bytes.toString('utf8')))
    if (parsed.success) return parsed.data
    const issue = parsed.error.issues[0]
    throw unreadable(name, `has a wrong ${issue?.path.join('.') ?? 'form'}: ${issue?.message ?? ''}`)
  } catch (error) {
    if (error instanceof SyntaxError) throw unreadable(name, 'is not JSON')
    throw error
  }
}

function unreadable(name: string, problem: string): PermanentFault {
  const message = `${name} at the destination ${problem}; move it away once you know what it stands for`
  return new PermanentFault('ManifestUnreadable', message)
}

/** `volume://<claim>/<path>` of a file there; `name` may have one folder. */
export function publishedUri({claimName, segments}: Place, name: string): string {
  return `volume://${claimName}/${[...segments, ...name.split('/')].map(encodeURIComponent).join('/')}`
}

/** The result of a publication, from its manifest. */
export function publishedFrom(found: FoundManifest): Published {
  const uri = (name: string): string => publishedUri(found.place, name)
  return {
    manifest: found.manifest,
    manifestRef: {uri: uri(found.name), sha256: sha256(found.bytes)},
    files: found.manifest.files.map((file) => ({...file, uri: uri(file.name)})),
  }
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
