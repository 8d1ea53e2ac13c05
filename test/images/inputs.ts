// What the images are made of, as one checksum: unchanged inputs need no new images.
import {createHash} from 'node:crypto'
import {readdir, readFile} from 'node:fs/promises'
import {join, resolve} from 'node:path'

const ROOT = resolve(import.meta.dirname, '../..')
const FOLDERS = ['crds', 'operator', 'exporter-job', 'test/images']
const FILES = [
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'Dockerfile.operator',
  'Dockerfile.job',
  '.dockerignore',
  'test/cluster/tar.ts',
  'test/cluster/archive.ts',
]

/** SHA-256 over the names and bytes of all inputs, and over `more`. */
export async function inputsChecksum(more: string): Promise<string> {
  const names = [...FILES]
  for (const folder of FOLDERS) {
    const entries = await readdir(join(ROOT, folder), {recursive: true})
    names.push(...entries.filter(isInput).map((entry) => join(folder, entry)))
  }
  const hash = createHash('sha256').update(more)
  for (const name of names.toSorted()) hash.update(`\0${name}\0`).update(await readFile(join(ROOT, name)))
  return hash.digest('hex')
}

function isInput(path: string): boolean {
  return /(?:\.ts|^package\.json)$/.test(path) && !path.endsWith('.test.ts') && !path.includes('node_modules')
}
