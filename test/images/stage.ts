// Stages a program: the folder that becomes /app in its image. The Dockerfiles run this in their build stage, and build.ts runs it where
// there is no container engine, so that both make the same image.
// As a command: node test/images/stage.ts operator|job FOLDER
import {cp, mkdir, rename, rm, writeFile} from 'node:fs/promises'
import {join, resolve} from 'node:path'
import {run} from '../cluster/run.ts'
import {step} from '../cluster/say.ts'
import {checkImports} from './imports.ts'
import {ensureModules} from './modules.ts'
import {PARTS, type ProgramPart} from './parts.ts'

const ROOT = resolve(import.meta.dirname, '../..')

/** Makes `folder` anew with dist/, node_modules/ and package.json, and checks that everything the program imports is in it. */
export async function stage(part: ProgramPart, folder: string, cache = join(ROOT, 'build', 'modules')): Promise<void> {
  await rm(folder, {recursive: true, force: true})
  await mkdir(folder, {recursive: true})
  const [modules] = await Promise.all([ensureModules(ROOT, part, cache), step(`Compiling ${part.workspace}`, () => compile(part, folder))])
  await cp(modules, join(folder, 'node_modules'), {recursive: true})
  // Node reads from it that these files are ES modules.
  const description = {name: `scheduled-export-${part.name}`, private: true, type: 'module'}
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(description, null, 2)}\n`)
  await checkImports(folder, join('dist', part.entry))
}

/** The compiler writes all programs; only this one and what all share stays. */
async function compile(part: ProgramPart, folder: string): Promise<void> {
  const all = join(folder, '.compiled')
  const compiler = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc')
  await run(process.execPath, [compiler, '-p', join(ROOT, 'tsconfig.build.json'), '--outDir', all])
  const dist = join(folder, 'dist')
  await mkdir(dist)
  for (const name of ['crds', part.workspace]) await rename(join(all, name), join(dist, name))
  await rm(all, {recursive: true})
}

if (import.meta.main) {
  const [name, folder] = process.argv.slice(2)
  const part = Object.values(PARTS).find((one) => one.name === name)
  if (part === undefined || folder === undefined) throw new Error('usage: node test/images/stage.ts operator|job FOLDER')
  await stage(part, resolve(folder))
}
