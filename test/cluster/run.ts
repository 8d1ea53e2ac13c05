// Runs commands to their end.
import {spawn} from 'node:child_process'

export interface RunOptions {
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
  /** Bytes for the command's stdin. */
  readonly input?: string
}

export interface RunResult {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs a command and gives its exit code and output. Throws only where the command is not there. */
export async function attempt(command: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const child = spawn(command, args, {cwd: options.cwd, env: options.env ?? process.env, stdio: 'pipe'})
  const stdout: Buffer[] = []
  const stderr: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk))
  // A command that ends without reading its input is no error of ours: its exit code tells.
  child.stdin.on('error', () => {})
  child.stdin.end(options.input ?? '')
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (exit, signal) => resolve(exit ?? (signal === null ? 1 : 128)))
  })
  return {code, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString()}
}

/** Runs a command and gives its stdout; an exit code other than 0 is an error that carries what the command said. */
export async function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const {code, stdout, stderr} = await attempt(command, args, options)
  if (code !== 0) {
    throw new Error(`${command} ${args.join(' ')} ended with ${code}: ${(stderr || stdout).trim().slice(-4000)}`)
  }
  return stdout
}
