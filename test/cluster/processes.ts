// Long-running processes that outlive the command that starts them. What runs is read from /proc, not from files with process ids:
// ids are reused, files go stale.
import {spawn} from 'node:child_process'
import {closeSync, openSync} from 'node:fs'
import {readdir, readFile, readlink} from 'node:fs/promises'
import {homedir} from 'node:os'
import {basename} from 'node:path'
import {waitFor} from './wait.ts'

export interface RunningProcess {
  readonly pid: number
  /** Base name of its program. */
  readonly name: string
  readonly arguments: readonly string[]
}

/** Starts a program in a session of its own, its output appended to a file. */
export function startDaemon(program: string, args: readonly string[], log: string): void {
  const output = openSync(log, 'a')
  try {
    // A program that cannot start shows in what is waited for; the listener only keeps the event from ending this process.
    spawn(program, args, {detached: true, stdio: ['ignore', output, output], cwd: '/', env: daemonEnvironment()})
      .on('error', () => {})
      .unref()
  } finally {
    closeSync(output)
  }
}

/** Nothing of whoever starts it leaks in; root's tools, which are not on everyone's path, are found. */
function daemonEnvironment(): NodeJS.ProcessEnv {
  return {HOME: homedir(), PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'}
}

/** The processes whose program lies in `folder` and of whose arguments one contains `text`. */
export async function findProcesses(folder: string, text: string): Promise<RunningProcess[]> {
  const found = await Promise.all((await readdir('/proc')).filter(isNumber).map((pid) => describe(Number(pid), folder)))
  return found.filter((one): one is RunningProcess => one?.arguments.some((argument) => argument.includes(text)) === true)
}

/** Sends SIGKILL to the processes and all that descend from them, and waits until they are gone. */
export async function killTrees(pids: readonly number[]): Promise<void> {
  const all = await withDescendants(pids)
  for (const pid of all) kill(pid)
  await waitFor(
    'the killed processes are gone',
    async () => {
      const states = await Promise.all(all.map(isRunning))
      return !states.includes(true)
    },
    {seconds: 20, interval: 50},
  )
}

async function describe(pid: number, folder: string): Promise<RunningProcess | undefined> {
  try {
    const program = await readlink(`/proc/${pid}/exe`)
    if (!program.startsWith(`${folder}/`)) return undefined
    const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8')
    // A program that was replaced while it runs is shown as "NAME (deleted)".
    return {pid, name: basename(program).replace(/ \(deleted\)$/, ''), arguments: commandLine.split('\0')}
  } catch {
    // It has ended meanwhile, or is the kernel's own.
    return undefined
  }
}

/** The processes and what they started, as far as it is still their child: containers are children of their shim. */
async function withDescendants(pids: readonly number[]): Promise<number[]> {
  const all = [...pids]
  for (const pid of all) all.push(...(await childrenOf(pid)).filter((child) => !all.includes(child)))
  return all
}

async function childrenOf(pid: number): Promise<number[]> {
  try {
    const threads = await readdir(`/proc/${pid}/task`)
    const lists = await Promise.all(threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/children`, 'utf8')))
    return lists.flatMap((list) => list.split(' ')).filter(isNumber).map(Number)
  } catch {
    return []
  }
}

/** False also for a zombie: that one holds nothing any more and waits for its parent only. */
async function isRunning(pid: number): Promise<boolean> {
  try {
    const status = await readFile(`/proc/${pid}/stat`, 'utf8')
    return !/\) [ZX] /.test(status)
  } catch {
    return false
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // Gone already.
  }
}

function isNumber(text: string): boolean {
  return /^\d+$/.test(text)
}
