// Checks that a staged program is complete before it becomes an image, rather than when a pod starts.
import {existsSync} from 'node:fs'
import {readFile} from 'node:fs/promises'
import {isBuiltin} from 'node:module'
import {dirname, join, relative} from 'node:path'

const IMPORT = /(?:^|[\s;}])(?:import|export)\s*(?:[\w*{}\s,$]+\s*from\s*)?["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']\s*\)/gm

/** Follows the imports of compiled JavaScript from its entry. Throws an error that names every one that leads nowhere. */
export async function checkImports(folder: string, entry: string): Promise<void> {
  const missing: string[] = []
  const seen = new Set([join(folder, entry)])
  for (const file of seen) {
    if (!existsSync(file)) {
      missing.push(relative(folder, file))
      continue
    }
    for (const name of importsOf(await readFile(file, 'utf8'))) {
      if (name.startsWith('.')) seen.add(join(dirname(file), name))
      else if (!isBuiltin(name) && !existsSync(join(folder, 'node_modules', packageOf(name)))) {
        missing.push(`package ${packageOf(name)}, imported by ${relative(folder, file)}`)
      }
    }
  }
  if (missing.length > 0) throw new Error(`not in the image of ${entry}: ${missing.join('; ')}`)
}

/** What a module's source imports, statically or by a literal. */
export function importsOf(source: string): string[] {
  return [...source.matchAll(IMPORT)].map((match) => match[1] ?? match[2] ?? '')
}

/** "@scope/name/file.js" is of package "@scope/name". */
export function packageOf(specifier: string): string {
  const [first = '', second = ''] = specifier.split('/')
  return first.startsWith('@') ? `${first}/${second}` : first
}
