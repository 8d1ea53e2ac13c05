// npm run build: the programs as JavaScript, in few files. Node resolves, reads and compiles every module by itself: joined, a program of
// three hundred modules starts in two thirds of the time. What is imported when used stays a file of its own (a chunk).
import {dirname, join, resolve} from 'node:path'
import {build} from 'rolldown'
import type {Plugin} from 'rolldown'
import {PARTS} from './parts.ts'

const ROOT = resolve(import.meta.dirname, '../..')

/** Packages of hundreds of small modules, of which few are used. The others stay packages, with their native parts. */
const JOINED = /^(?:zod|yaml)(?:\/|$)/
const PACKAGE = /^[^./\0]/

/** The programs of the images, and `npm run export`. */
export const PROGRAMS = [...Object.values(PARTS).map(({entry}) => entry), 'exporter-job/cli.js'] as const

/** A module of the project that stands in for another one, both as paths. */
export interface Replacement {
  readonly of: string
  readonly by: string
}

/** Writes programs below a folder, which is emptied before. `programs` are paths in it; their sources are found by the same names. */
export async function bundle(programs: readonly string[], folder: string, replacement?: Replacement): Promise<void> {
  const input = Object.fromEntries(programs.map((program) => [program.replace(/\.js$/, ''), join(ROOT, program.replace(/\.js$/, '.ts'))]))
  await build({
    input,
    cwd: ROOT,
    platform: 'node',
    logLevel: 'warn',
    plugins: replacement === undefined ? [] : [replacing(replacement)],
    external: (name, importer) => importer !== undefined && PACKAGE.test(name) && !JOINED.test(name),
    output: {dir: folder, cleanDir: true, format: 'esm', comments: {jsdoc: false, annotation: false, legal: true}, chunkFileNames: 'chunks/[name]-[hash].js'},
  })
}

/** What stands in may import what it stands in for. */
function replacing({of, by}: Replacement): Plugin {
  const [replaced, stand] = [join(ROOT, of), join(ROOT, by)]
  return {
    name: 'replace',
    resolveId: (name, importer) => (importer !== undefined && importer !== stand && name.startsWith('.') && join(dirname(importer), name) === replaced ? stand : null),
  }
}

if (import.meta.main) await bundle(PROGRAMS, join(ROOT, 'dist'))
