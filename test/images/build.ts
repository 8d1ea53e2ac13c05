// npm run images: both images, by a container engine where there is one, else as archives from the same staged folders.
import {existsSync} from 'node:fs'
import {mkdir, readFile, writeFile} from 'node:fs/promises'
import {join, relative, resolve} from 'node:path'
import {z} from 'zod'
import {withLock} from '../cluster/lock.ts'
import {say} from '../cluster/say.ts'
import {writeProgramImage} from './archives.ts'
import {baseFingerprint} from './base.ts'
import {buildByDockerfile, engineFor} from './engine.ts'
import {inputsChecksum} from './inputs.ts'
import {PARTS, type PartName, type ProgramPart} from './parts.ts'
import {unpackedBytes} from './size.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const BUILD = join(ROOT, 'build')

export interface BuiltImage {
  /** With tag, as pods name it. */
  readonly name: string
  /** Path of its archive, for Cluster.loadImage. */
  readonly archive: string
}

/** Builds both images, unless those that are there were made of the same inputs. */
export async function buildImages(): Promise<Readonly<Record<PartName, BuiltImage>>> {
  await mkdir(BUILD, {recursive: true})
  await withLock(`images ${BUILD}`, async () => {
    const checksum = await inputsChecksum(await baseFingerprint())
    if (await isBuilt(checksum)) return
    for (const part of Object.values(PARTS)) await build(part)
    await writeFile(recordPath(), JSON.stringify({checksum}))
  })
  return {operator: builtImage(PARTS.operator), job: builtImage(PARTS.job)}
}

async function build(part: ProgramPart): Promise<void> {
  const {archive} = builtImage(part)
  const engine = await engineFor(ROOT, part)
  if (engine === undefined) await writeProgramImage(part, BUILD, archive)
  else await buildByDockerfile(engine, part, {root: ROOT, archive})
}

const BuildRecord = z.object({checksum: z.string()})

async function isBuilt(checksum: string): Promise<boolean> {
  if (!Object.values(PARTS).every((part) => existsSync(builtImage(part).archive))) return false
  const text = await readFile(recordPath(), 'utf8').catch(() => '{"checksum": ""}')
  return BuildRecord.parse(JSON.parse(text)).checksum === checksum
}

function recordPath(): string {
  return join(BUILD, 'images.json')
}

function builtImage(part: ProgramPart): BuiltImage {
  return {name: part.image, archive: join(BUILD, `${part.name}.tar`)}
}

async function report({name, archive}: BuiltImage): Promise<void> {
  const megabytes = (await unpackedBytes(archive)) / 1e6
  say(`${name}  ${megabytes.toFixed(1)} MB unpacked  ${relative(process.cwd(), archive)}`)
}

if (import.meta.main) {
  const images = await buildImages()
  for (const image of Object.values(images)) await report(image)
}
