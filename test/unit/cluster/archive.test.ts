import {execFileSync} from 'node:child_process'
import {createHash} from 'node:crypto'
import {mkdirSync, mkdtempSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, beforeEach, expect, test} from 'vitest'
import {z} from 'zod'
import {writeImageArchive} from '../../cluster/archive.ts'
import {bytesEntry, writeTar} from '../../cluster/tar.ts'

const Blob = z.object({digest: z.string(), size: z.number()})
const Index = z.object({manifests: z.array(Blob.extend({annotations: z.record(z.string(), z.string())}))})
const Manifest = z.object({config: Blob, layers: z.array(Blob)})
const Config = z.object({config: z.object({Entrypoint: z.array(z.string())}), rootfs: z.object({diff_ids: z.array(z.string())})})
const DockerManifest = z.array(z.object({Config: z.string(), RepoTags: z.array(z.string()), Layers: z.array(z.string())}))

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'archive-test-'))
})
afterEach(() => rmSync(folder, {recursive: true}))

async function twoImages(): Promise<string> {
  const shared = await writeTar(join(folder, 'shared.tar'), [bytesEntry('shared', '1')])
  const own = await writeTar(join(folder, 'own.tar'), [bytesEntry('own', '2')])
  await writeImageArchive(join(folder, 'image.tar'), [
    {names: ['localhost/one:1', 'localhost/uno:1'], config: {Entrypoint: ['/one']}, layers: [shared]},
    {names: ['localhost/two:2'], config: {Entrypoint: ['/two']}, layers: [shared, own]},
  ])
  const out = join(folder, 'out')
  mkdirSync(out)
  execFileSync('tar', ['--extract', '--file', join(folder, 'image.tar'), '--directory', out])
  return out
}

test('every blob is what its digest says, from index to layers', async () => {
  const out = await twoImages()
  const blob = (digest: string): Buffer => readFileSync(join(out, 'blobs', digest.replace(':', '/')))
  const json = (path: string): unknown => JSON.parse(readFileSync(join(out, path), 'utf8'))
  const index = Index.parse(json('index.json'))
  expect(index.manifests.map(({annotations}) => annotations['io.containerd.image.name'])).toEqual([
    'localhost/one:1',
    'localhost/uno:1',
    'localhost/two:2',
  ])
  for (const {digest, size} of index.manifests) {
    const manifest = Manifest.parse(JSON.parse(blob(digest).toString()))
    expect(blob(digest)).toHaveLength(size)
    for (const part of [manifest.config, ...manifest.layers]) {
      expect(`sha256:${createHash('sha256').update(blob(part.digest)).digest('hex')}`).toBe(part.digest)
      expect(blob(part.digest)).toHaveLength(part.size)
    }
    const config = Config.parse(JSON.parse(blob(manifest.config.digest).toString()))
    expect(config.rootfs.diff_ids).toEqual(manifest.layers.map((layer) => layer.digest))
  }
})

test('the engines that read manifest.json find the same images', async () => {
  const out = await twoImages()
  const manifest = DockerManifest.parse(JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')))
  expect(manifest.map(({RepoTags, Layers}) => [RepoTags, Layers.length])).toEqual([
    [['localhost/one:1', 'localhost/uno:1'], 1],
    [['localhost/two:2'], 2],
  ])
  expect(manifest[0]?.Layers[0]).toBe(manifest[1]?.Layers[0])
  for (const {Config: config} of manifest) expect(Config.parse(JSON.parse(readFileSync(join(out, config), 'utf8'))).config.Entrypoint).toHaveLength(1)
})
