// Polling for a state, which is how everything here waits.
import {setTimeout as delay} from 'node:timers/promises'

/** Thrown by a look when waiting longer cannot help. */
export class Hopeless extends Error {}

export interface WaitOptions {
  /** Seconds until it is an error; 60 where not said. */
  readonly seconds?: number
  /** Milliseconds between two looks; 200 where not said. */
  readonly interval?: number
  /** Called before each look; throws Hopeless where there is nothing more to wait for. */
  readonly check?: () => Promise<void>
  /** Read into the error's text when the time is over: where to look. */
  readonly hint?: () => string
}

/** Calls `look` until it gives something other than undefined or false; an exception counts as "not yet" (unless it is Hopeless) and its message ends up in the error. */
export async function waitFor<T>(
  what: string,
  look: () => Promise<T | undefined | false> | T | undefined | false,
  options: WaitOptions = {},
): Promise<T> {
  const deadline = performance.now() + (options.seconds ?? 60) * 1000
  let last = ''
  while (performance.now() < deadline) {
    await options.check?.()
    try {
      const found = await look()
      if (found !== undefined && found !== false) return found
    } catch (error) {
      if (error instanceof Hopeless) throw error
      last = error instanceof Error ? error.message : String(error)
    }
    await delay(options.interval ?? 200)
  }
  const details = [last, options.hint?.() ?? ''].filter((part) => part !== '').join('\n')
  throw new Error(`${what}: not so after ${options.seconds ?? 60} s${details === '' ? '' : `\n${details}`}`)
}
