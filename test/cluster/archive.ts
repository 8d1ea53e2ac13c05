// Writes image archives without a container engine: an OCI image layout that is at the same time what `docker load` reads, so that
// containerd, Docker and Podman all import it.
import {createHash} from 'node:crypto'
import {bytesEntry, fileEntry, writeTar, type TarEntry, type TarFile} from './tar.ts'

export interface ImageConfig {
  readonly Entrypoint: readonly string[]
  readonly Env?: readonly string[]
  readonly User?: string
  readonly WorkingDir?: string
  readonly Labels?: Readonly<Record<string, string>>
}

export interface Image {
  /** With registry and tag, as in "localhost/name:tag"; several names share one image. */
  readonly names: readonly string[]
  readonly config: ImageConfig
  /** Uncompressed tar archives, lowest first. */
  readonly layers: readonly TarFile[]
}

interface Blob {
  readonly mediaType: string
  readonly digest: string
  readonly size: number
}

const MEDIA = 'application/vnd.oci.image'

/** Writes one archive with all the images; layers that they share are in it once. */
export async function writeImageArchive(path: string, images: readonly Image[]): Promise<TarFile> {
  const blobs = new Map<string, TarEntry>()
  const index: unknown[] = []
  const dockerManifest: unknown[] = []
  for (const image of images) {
    const {manifest, config} = await addImage(blobs, image)
    for (const name of image.names) index.push({...manifest, annotations: annotationsOf(name)})
    dockerManifest.push({
      Config: blobPath(config.digest),
      RepoTags: image.names,
      Layers: image.layers.map((layer) => blobPath(`sha256:${layer.sha256}`)),
    })
  }
  return writeTar(path, [
    {type: 'folder', path: 'blobs/', mode: 0o755},
    {type: 'folder', path: 'blobs/sha256/', mode: 0o755},
    ...[...blobs.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry),
    bytesEntry('index.json', JSON.stringify({schemaVersion: 2, mediaType: `${MEDIA}.index.v1+json`, manifests: index})),
    bytesEntry('manifest.json', JSON.stringify(dockerManifest)),
    bytesEntry('oci-layout', JSON.stringify({imageLayoutVersion: '1.0.0'})),
  ])
}

async function addImage(blobs: Map<string, TarEntry>, image: Image): Promise<{manifest: Blob; config: Blob}> {
  const config = addJson(blobs, `${MEDIA}.config.v1+json`, {
    architecture: process.arch === 'x64' ? 'amd64' : process.arch,
    os: 'linux',
    config: image.config,
    rootfs: {type: 'layers', diff_ids: image.layers.map((layer) => `sha256:${layer.sha256}`)},
  })
  const layers: Blob[] = []
  for (const layer of image.layers) {
    const blob = {mediaType: `${MEDIA}.layer.v1.tar`, digest: `sha256:${layer.sha256}`, size: layer.size}
    layers.push(blob)
    blobs.set(blob.digest, await fileEntry(blobPath(blob.digest), layer.path))
  }
  const manifest = {schemaVersion: 2, mediaType: `${MEDIA}.manifest.v1+json`, config, layers}
  return {config, manifest: addJson(blobs, manifest.mediaType, manifest)}
}

function addJson(blobs: Map<string, TarEntry>, mediaType: string, value: unknown): Blob {
  const text = JSON.stringify(value)
  const digest = `sha256:${createHash('sha256').update(text).digest('hex')}`
  blobs.set(digest, bytesEntry(blobPath(digest), text))
  return {mediaType, digest, size: Buffer.byteLength(text)}
}

function annotationsOf(name: string): Record<string, string> {
  // The first is containerd's and Docker's, the second the specification's.
  return {'io.containerd.image.name': name, 'org.opencontainers.image.ref.name': name.split(':').at(-1) ?? name}
}

function blobPath(digest: string): string {
  return `blobs/${digest.replace(':', '/')}`
}
