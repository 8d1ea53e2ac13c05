// Progress for a person who waits: one line a step on stderr, with the time it took.

/** "850 ms", "12 s", "3 min 20 s". */
export function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`
  const seconds = Math.round(milliseconds / 1000)
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}

export function say(message: string): void {
  process.stderr.write(`${message}\n`)
}

/** Says what is being done, does it, and says how long it took. */
export async function step<T>(what: string, act: () => Promise<T>): Promise<T> {
  const start = performance.now()
  say(`${what} …`)
  const result = await act()
  say(`${what}: ${duration(performance.now() - start)}`)
  return result
}
