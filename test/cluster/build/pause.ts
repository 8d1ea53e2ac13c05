// The image of every pod's first process, as an archive.
import {existsSync} from 'node:fs'
import {mkdtemp, rename, rm} from 'node:fs/promises'
import {dirname, join} from 'node:path'
import {writeImageArchive} from '../archive.ts'
import {fileEntry, writeTar} from '../tar.ts'
import {ensureCommands} from './build.ts'
import {commandPath} from './commands.ts'

/** Makes an archive with `name` where there is none yet, beside the command, and gives its path. */
export async function ensurePauseImage(name: string): Promise<string> {
  const archive = join(dirname(commandPath('pause')), `${name.replaceAll(/[^a-z0-9.]/g, '-')}.tar`)
  if (existsSync(archive)) return archive
  const {pause} = await ensureCommands(['pause'])
  const work = await mkdtemp(join(dirname(archive), '.image-'))
  try {
    const layer = await writeTar(join(work, 'layer.tar'), [await fileEntry('pause', pause)])
    await writeImageArchive(join(work, 'image.tar'), [{names: [name], config: {Entrypoint: ['/pause'], User: '65535:65535'}, layers: [layer]}])
    await rename(join(work, 'image.tar'), archive)
  } finally {
    await rm(work, {recursive: true, force: true})
  }
  return archive
}
