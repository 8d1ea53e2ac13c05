// What an image takes on a node: its layers, unpacked. An archive's own size says so only where nothing in it is compressed, as
// `docker save` does with some stores.
import {open} from 'node:fs/promises'
import type {FileHandle} from 'node:fs/promises'
import {Readable} from 'node:stream'
import {createGunzip} from 'node:zlib'
import {z} from 'zod'

const BLOCK = 512
const GZIP = Buffer.from([0x1f, 0x8b])
const ZSTD = Buffer.from([0x28, 0xb5, 0x2f, 0xfd])

/** What `docker load` reads; every engine's archive has it. */
const DockerManifest = z.array(z.object({Layers: z.array(z.string()).min(1)})).length(1)

interface Member {
  readonly offset: number
  readonly size: number
}

/** Bytes of the layers of the one image in an archive, unpacked. Throws where it is no such archive, or packed by an unknown method. */
export async function unpackedBytes(archive: string): Promise<number> {
  const handle = await open(archive)
  try {
    const members = await membersOf(handle)
    const manifest = await contentOf(handle, memberNamed(members, 'manifest.json'))
    const [image] = DockerManifest.parse(JSON.parse(manifest.toString('utf8')))
    let bytes = 0
    for (const layer of image!.Layers) bytes += await layerBytes(handle, memberNamed(members, layer))
    return bytes
  } finally {
    await handle.close()
  }
}

function memberNamed(members: ReadonlyMap<string, Member>, name: string): Member {
  const member = members.get(name)
  if (member === undefined) throw new Error(`the archive holds no ${name}`)
  return member
}

/** Where each file of a tar archive lies. */
async function membersOf(handle: FileHandle): Promise<Map<string, Member>> {
  const members = new Map<string, Member>()
  const {size: end} = await handle.stat()
  for (let at = 0; at + BLOCK <= end; ) {
    const header = await contentOf(handle, {offset: at, size: BLOCK})
    if (header[0] === 0) break
    const size = Number.parseInt(text(header, 124, 12), 8)
    const [prefix, name] = [text(header, 345, 155), text(header, 0, 100)]
    members.set(prefix === '' ? name : `${prefix}/${name}`, {offset: at + BLOCK, size})
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK
  }
  return members
}

function text(header: Buffer, from: number, length: number): string {
  const field = header.toString('latin1', from, from + length)
  return field.replace(/[\0 ].*$/s, '')
}

async function contentOf(handle: FileHandle, {offset, size}: Member): Promise<Buffer> {
  const buffer = Buffer.alloc(size)
  await handle.read(buffer, 0, size, offset)
  return buffer
}

async function layerBytes(handle: FileHandle, {offset, size}: Member): Promise<number> {
  const start = await contentOf(handle, {offset, size: Math.min(size, 4)})
  if (start.equals(ZSTD)) throw new Error('a layer is packed with zstd, which is not read here')
  if (!start.subarray(0, 2).equals(GZIP)) return size
  let bytes = 0
  const packed = Readable.from(partsOf(handle, {offset, size}))
  for await (const chunk of packed.pipe(createGunzip())) bytes += (chunk as Buffer).length
  return bytes
}

async function* partsOf(handle: FileHandle, {offset, size}: Member): AsyncGenerator<Buffer> {
  const most = 1 << 20
  for (let done = 0; done < size; done += most) yield await contentOf(handle, {offset: offset + done, size: Math.min(most, size - done)})
}
