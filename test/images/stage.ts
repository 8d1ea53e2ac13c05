// Stages a program: the folder that becomes /app in its image. The Dockerfiles run this in their build stage, and build.ts runs it where
// there is no container engine, so that both make the same image.
// As a command: node test/images/stage.ts operator|job FOLDER
import {cp, mkdir, rm, writeFile} from 'node:fs/promises'
import {join, resolve} from 'node:path'
import {step} from '../cluster/say.ts'
import {bundle} from './bundle.ts'
import {checkImports} from './imports.ts'
import {ensureModules} from './modules.ts'
import {PARTS, type ProgramPart} from './parts.ts'

const ROOT = resolve(import.meta.dirname, '../..')

/** Makes `folder` anew with dist/, node_modules/ and package.json, and checks that everything the program imports is in it. */
export async function stage(part: ProgramPart, folder: string, cache = join(ROOT, 'build', 'modules')): Promise<void> {
  await rm(folder, {recursive: true, force: true})
  await mkdir(folder, {recursive: true})
  const [modules] = await Promise.all([ensureModules(ROOT, part, cache), step(`Compiling ${part.workspace}`, () => bundle([part.entry], join(folder, 'dist')))])
  await cp(modules, join(folder, 'node_modules'), {recursive: true})
  // Node reads from it that these files are ES modules.
  const description = {name: `scheduled-export-${part.name}`, private: true, type: 'module'}
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(description, null, 2)}\n`)
  await checkImports(folder, join('dist', part.entry))
}

if (import.meta.main) {
  const [name, folder] = process.argv.slice(2)
  const part = Object.values(PARTS).find((one) => one.name === name)
  if (part === undefined || folder === undefined) throw new Error('usage: node test/images/stage.ts operator|job FOLDER')
  await stage(part, resolve(folder))
}
