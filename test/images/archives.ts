// Makes both images without a container engine: base, dependencies and program are a layer each, in an archive that engines import.
import {createReadStream, existsSync} from 'node:fs'
import {mkdir, readdir, rename, rm, stat} from 'node:fs/promises'
import {join} from 'node:path'
import {createHash} from 'node:crypto'
import {writeImageArchive} from '../cluster/archive.ts'
import {step} from '../cluster/say.ts'
import {fileEntry, folderEntries, writeTar, type TarEntry, type TarFile} from '../cluster/tar.ts'
import {baseFingerprint, NODE_IN_IMAGE, writeBaseLayer} from './base.ts'
import {IMAGE_USER, type ProgramPart} from './parts.ts'
import {stage} from './stage.ts'

const APP: TarEntry = {type: 'folder', path: 'app/', mode: 0o755}

/** Stages the program below `build` and writes its image to `archive`. */
export async function writeProgramImage(part: ProgramPart, build: string, archive: string): Promise<void> {
  const base = await ensureBaseLayer(build)
  const staged = join(build, part.name)
  await stage(part, staged)
  await step(`Writing the image ${part.image}`, async () => {
    const layers = join(build, 'layers')
    const modules = await writeTar(join(layers, `${part.name}-modules.tar`), modulesEntries(staged))
    const program = await writeTar(join(layers, `${part.name}-program.tar`), programEntries(staged))
    const config = {
      User: IMAGE_USER,
      Env: ['PATH=/nodejs/bin:/usr/local/bin:/usr/bin:/bin', 'NODE_ENV=production', 'SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt'],
      WorkingDir: '/app',
      Entrypoint: [NODE_IN_IMAGE, ...part.nodeOptions, `/app/dist/${part.entry}`],
      Labels: {'org.opencontainers.image.title': part.title},
    }
    await writeImageArchive(`${archive}.part`, [{names: [part.image], config, layers: [base, modules, program]}])
    await rename(`${archive}.part`, archive)
  })
}

/** The base is the same until Node or the machine's libraries change. */
async function ensureBaseLayer(build: string): Promise<TarFile> {
  const layers = join(build, 'layers')
  await mkdir(layers, {recursive: true})
  const fingerprint = createHash('sha256').update(await baseFingerprint()).digest('hex').slice(0, 16)
  const path = join(layers, `base-${fingerprint}.tar`)
  if (!existsSync(path)) {
    for (const old of (await readdir(layers)).filter((name) => name.startsWith('base-'))) await rm(join(layers, old))
    return writeBaseLayer(path)
  }
  return describeFile(path)
}

async function describeFile(path: string): Promise<TarFile> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array)
  return {path, sha256: hash.digest('hex'), size: (await stat(path)).size}
}

async function* modulesEntries(staged: string): AsyncGenerator<TarEntry> {
  yield APP
  yield {type: 'folder', path: 'app/node_modules/', mode: 0o755}
  yield* folderEntries(join(staged, 'node_modules'), 'app/node_modules/')
}

async function* programEntries(staged: string): AsyncGenerator<TarEntry> {
  yield APP
  yield {type: 'folder', path: 'app/dist/', mode: 0o755}
  yield* folderEntries(join(staged, 'dist'), 'app/dist/')
  yield await fileEntry('app/package.json', join(staged, 'package.json'))
}
