// The exporter without any cluster: the same program, the same manifest, a local database.
import {readFile, readdir, rm} from 'node:fs/promises'
import {dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {SECRET_ENV} from '../../crds/secrets.ts'
import {Manifest} from '../../crds/run.ts'
import {attempt} from '../cluster/run.ts'
import {DemoFault, block, firstLines, grouped, line} from './show.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const OUT = join(ROOT, 'out', 'demo')

/** Exports one month ("2026-10") into out/demo and shows what came of it. */
export async function exportAlone(readerUrl: string, month: string): Promise<void> {
  // An earlier demo's file would be found and reported as published already.
  await rm(OUT, {recursive: true, force: true})
  const args = ['--file', 'examples/datev-monthly.yaml', '--period', month, '--out', 'out/demo']
  block(`$ npm run export -- ${args.join(' ')}`)
  await runExporter(args, readerUrl)
  const {manifest, folder} = await publishedManifest()
  for (const file of manifest.files) {
    const bytes = await readFile(join(folder, file.name))
    line(`\n${join('out', 'demo', folder.slice(OUT.length + 1), file.name)} – ${grouped(file.rows)} bookings, ${grouped(bytes.length)} bytes:\n`)
    block(firstLines(new TextDecoder('windows-1252').decode(bytes), 5))
    line(`\nsha256 ${file.sha256}, as in the manifest beside it`)
  }
}

/** Its log goes to stderr, one JSON object a line: of interest only where something went wrong. */
async function runExporter(args: readonly string[], readerUrl: string): Promise<void> {
  const env = {...process.env, [SECRET_ENV.postgresUrl]: readerUrl}
  const {code, stdout, stderr} = await attempt(process.execPath, ['exporter-job/cli.ts', ...args], {cwd: ROOT, env})
  if (code !== 0) {
    throw new DemoFault(`the exporter ended with exit code ${code}:\n${stderr}${stdout}`, 'Exit codes and what to do: docs/operating.md#exit-codes')
  }
}

async function publishedManifest(): Promise<{manifest: Manifest; folder: string}> {
  const entries = await readdir(OUT, {recursive: true})
  const name = entries.find((entry) => entry.endsWith('.manifest.json'))
  if (name === undefined) throw new DemoFault(`the exporter left no manifest in ${OUT}`, 'That should not be possible: please report it.')
  return {manifest: Manifest.parse(JSON.parse(await readFile(join(OUT, name), 'utf8'))), folder: dirname(join(OUT, name))}
}
