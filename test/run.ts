// npm test: every check in the order in which failures are cheapest to find, then a summary. `npm test -- unit lint` runs parts.
import {spawn} from 'node:child_process'
import {mkdir, readFile, rm} from 'node:fs/promises'
import {delimiter, join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {duration} from './cluster/say.ts'
import {NOTHING, add, sentence, tallyOfPart, tallyOfReport} from './tally.ts'
import type {Tally} from './tally.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const REPORTS = join(ROOT, 'build', 'reports')

interface Part {
  readonly what: string
  readonly command: readonly [program: string, ...args: string[]]
  /** Where its JSON report lies; none for a check that only passes or fails. */
  readonly report?: string
}

const PARTS: Readonly<Record<string, Part>> = {
  generate: {what: 'generated files are fresh', command: [process.execPath, 'crds/generate/generate.ts', '--check']},
  typecheck: {what: 'types', command: ['tsc', '-p', 'tsconfig.json']},
  lint: {what: 'lint', command: ['oxlint']},
  unit: vitest('unit', 'unit tests'),
  adapters: vitest('adapters', 'against real servers and tools'),
  integration: vitest('integration', 'against a real API server'),
  e2e: vitest('e2e', 'real pods in a real cluster', 'e2e*'),
}

interface Outcome {
  readonly name: string
  readonly exitCode: number
  readonly tally: Tally
  readonly milliseconds: number
}

async function main(args: readonly string[]): Promise<number> {
  const unknown = args.find((name) => !(name in PARTS))
  if (unknown !== undefined) {
    console.error(`there is no part "${unknown}"; the parts are ${Object.keys(PARTS).join(', ')}`)
    return 2
  }
  await mkdir(REPORTS, {recursive: true})
  const outcomes: Outcome[] = []
  for (const [name, part] of Object.entries(PARTS)) {
    if (args.length === 0 || args.includes(name)) outcomes.push(await runPart(name, part))
  }
  summarise(outcomes)
  return outcomes.every(({exitCode, tally}) => exitCode === 0 && tally.failed === 0) ? 0 : 1
}

/** `projects` names the vitest projects, as a pattern where there are several. */
function vitest(name: string, what: string, projects = name): Part {
  const report = join(REPORTS, `${name}.json`)
  return {what, command: ['vitest', 'run', '--project', projects, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`], report}
}

async function runPart(name: string, {what, command, report}: Part): Promise<Outcome> {
  console.log(`\n── ${name}: ${what}`)
  if (report !== undefined) await rm(report, {force: true})
  const start = performance.now()
  const exitCode = await execute(command)
  const text = report === undefined ? undefined : await readFile(report, 'utf8').catch(() => undefined)
  const tally = tallyOfPart(exitCode, text === undefined ? undefined : tallyOfReport(text))
  return {name, exitCode, tally, milliseconds: performance.now() - start}
}

/** Runs a command with our output and no input; its exit code, 1 when a signal ended it. */
async function execute([program, ...args]: Part['command']): Promise<number> {
  const PATH = join(ROOT, 'node_modules', '.bin') + delimiter + (process.env['PATH'] ?? '')
  const child = spawn(program, args, {cwd: ROOT, env: {...process.env, PATH}, stdio: ['ignore', 'inherit', 'inherit']})
  return new Promise((resolve, reject) => child.once('error', reject).once('exit', (code) => resolve(code ?? 1)))
}

function summarise(outcomes: readonly Outcome[]): void {
  console.log('\n── summary')
  for (const {name, exitCode, tally, milliseconds} of outcomes) {
    console.log(`${exitCode === 0 ? 'ok    ' : 'FAILED'} ${name.padEnd(12)} ${duration(milliseconds).padStart(12)}   ${sentence(tally)}`)
  }
  console.log(sentence(outcomes.map(({tally}) => tally).reduce(add, NOTHING)))
}

process.exitCode = await main(process.argv.slice(2))
