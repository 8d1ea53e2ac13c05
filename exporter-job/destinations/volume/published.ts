// What is published already: the manifests in the final folder are the only record there is.
import {createHash} from 'node:crypto'
import {join} from 'node:path'
import {Manifest} from '../../../crds/run.ts'
import {PermanentFault} from '../../errors.ts'
import {realpathInside} from '../../paths.ts'
import type {PublicationKey, Published} from '../types.ts'
import {namesIn, orAbsent} from './files.ts'
import type {VolumeFs} from './files.ts'
import {revisionOf} from './names.ts'

/** A manifest names at most a few hundred files; anything larger is not ours. */
const MAX_MANIFEST_BYTES = 4 << 20

/** Where the files of a run go. */
export interface Place {
  readonly fs: VolumeFs
  /** The volume's root, a real path. */
  readonly root: string
  /** Folders of the rendered path below it. */
  readonly segments: readonly string[]
  readonly claimName: string
}

/** A manifest as found, with the bytes that its checksum is of. */
export interface FoundManifest {
  readonly name: string
  readonly bytes: Buffer
  readonly manifest: Manifest
}

/** The final folder's real path; undefined while nobody has made it. */
export function existingFolder(place: Place): Promise<string | undefined> {
  return orAbsent(realpathInside(place.fs.realpath, {root: place.root, segments: place.segments, what: 'destination volume'}))
}

/** All manifests of a stem, by revision ascending. */
export async function manifestsOf(place: Place, key: PublicationKey): Promise<readonly FoundManifest[]> {
  const folder = await existingFolder(place)
  if (folder === undefined) return []
  const named = (await namesIn(place.fs, folder))
    .map((name) => ({name, revision: revisionOf(key.stem, name)}))
    .filter((found) => found.revision !== undefined)
    .toSorted((a, b) => a.revision! - b.revision!)
  const found: FoundManifest[] = []
  for (const {name} of named) {
    const bytes = await orAbsent(readManifestBytes(place.fs, folder, name))
    if (bytes !== undefined) found.push({name, bytes, manifest: parseManifest(name, bytes)})
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
export function publishedFrom(place: Place, found: FoundManifest): Published {
  const uri = (name: string): string => publishedUri(place, name)
  return {
    manifest: found.manifest,
    manifestRef: {uri: uri(found.name), sha256: sha256(found.bytes)},
    files: found.manifest.files.map((file) => ({...file, uri: uri(file.name)})),
  }
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
