import {mkdtempSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {gzipSync} from 'node:zlib'
import {afterEach, beforeEach, expect, test} from 'vitest'
import {writeImageArchive} from '../../cluster/archive.ts'
import {bytesEntry, writeTar} from '../../cluster/tar.ts'
import {unpackedBytes} from '../../images/size.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'size-test-'))
})
afterEach(() => rmSync(folder, {recursive: true}))

test('is that of the layers, and of nothing else in the archive', async () => {
  const layers = [await writeTar(join(folder, 'a.tar'), [bytesEntry('a', 'x'.repeat(10_000))]), await writeTar(join(folder, 'b.tar'), [bytesEntry('b', '')])]
  const archive = join(folder, 'image.tar')
  await writeImageArchive(archive, [{names: ['localhost/a:1'], config: {Entrypoint: ['/a']}, layers}])
  expect(await unpackedBytes(archive)).toBe(layers[0]!.size + layers[1]!.size)
})

test('of packed layers is what they hold', async () => {
  const layer = await writeTar(join(folder, 'layer.tar'), [bytesEntry('a', 'x'.repeat(100_000))])
  const packed = gzipSync(readFileSync(layer.path))
  const entries = [bytesEntry('blobs/sha256/0', packed), bytesEntry('manifest.json', JSON.stringify([{Layers: ['blobs/sha256/0']}]))]
  const archive = await writeTar(join(folder, 'saved.tar'), entries)
  expect(packed.length).toBeLessThan(layer.size / 10)
  expect(await unpackedBytes(archive.path)).toBe(layer.size)
})

test('is refused where the archive is no image, or packed in a way that is not read', async () => {
  const empty = await writeTar(join(folder, 'empty.tar'), [bytesEntry('a', '')])
  await expect(unpackedBytes(empty.path)).rejects.toThrow('holds no manifest.json')
  const zstd = [bytesEntry('0', Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0])), bytesEntry('manifest.json', JSON.stringify([{Layers: ['0']}]))]
  await expect(unpackedBytes((await writeTar(join(folder, 'zstd.tar'), zstd)).path)).rejects.toThrow('zstd')
})
