// npm run generate: writes the generated files. With --check it writes nothing, names those that are stale and ends with 1.
import {mkdir, readFile, writeFile} from 'node:fs/promises'
import {dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {parseArgs} from 'node:util'
import {generatedFiles, type GeneratedFile} from './files.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

async function isStale({path, content}: GeneratedFile): Promise<boolean> {
  try {
    return (await readFile(join(ROOT, path), 'utf8')) !== content
  } catch {
    return true
  }
}

async function write({path, content}: GeneratedFile): Promise<void> {
  await mkdir(dirname(join(ROOT, path)), {recursive: true})
  await writeFile(join(ROOT, path), content)
}

async function main(): Promise<number> {
  const {values} = parseArgs({options: {check: {type: 'boolean', default: false}}})
  const files = generatedFiles()
  const stale = await Promise.all(files.map(isStale))
  const changed = files.filter((_, index) => stale[index])
  if (!values.check) await Promise.all(changed.map(write))
  for (const {path} of changed) console.log(values.check ? `${path} is stale: run npm run generate` : `wrote ${path}`)
  if (changed.length === 0) console.log(`${files.length} generated files are as they should be`)
  return values.check && changed.length > 0 ? 1 : 0
}

process.exitCode = await main()
