// Progress at most a few times a second, however fast rows are written.

const INTERVAL_MS = 250

/** Passes a count on when the last one passed on is at least a quarter of a second old. `now` is a monotonic clock in milliseconds. */
export function throttledProgress(report: (rows: number) => void, now: () => number = () => performance.now()): (rows: number) => void {
  let last = now()
  return (rows) => {
    const time = now()
    if (time - last < INTERVAL_MS) return
    last = time
    report(rows)
  }
}
