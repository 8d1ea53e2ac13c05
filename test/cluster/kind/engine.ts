// The container engine: Docker, where its client is on the path and its daemon answers.
import {attempt, run} from '../run.ts'

/** How a running engine is spoken to. */
export interface Engine {
  /** For every command that speaks to it: docker, kind. */
  readonly env: NodeJS.ProcessEnv
}

/** The engine that the environment names; undefined where none answers. */
export async function findEngine(env: NodeJS.ProcessEnv = process.env): Promise<Engine | undefined> {
  const answer = await attempt('docker', ['version', '--format', '{{.Server.Version}}'], {env}).catch(() => undefined)
  return answer?.code === 0 ? {env} : undefined
}

export function docker(engine: Engine, args: readonly string[]): Promise<string> {
  return run('docker', args, {env: engine.env})
}

/** Whether an image is there or can be pulled. Pulls it. */
export async function hasImage(engine: Engine, image: string): Promise<boolean> {
  const there = await attempt('docker', ['image', 'inspect', image], {env: engine.env})
  if (there.code === 0) return true
  const pulled = await attempt('docker', ['pull', '--quiet', image], {env: engine.env})
  return pulled.code === 0
}
