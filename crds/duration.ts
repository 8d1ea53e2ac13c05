// Go-style durations ("90s", "15m", "1h30m"), the form Kubernetes users know.

const UNITS: Readonly<Record<string, number>> = {h: 3_600_000, m: 60_000, s: 1_000}
export const DURATION_PATTERN = '^([0-9]{1,6}h)?([0-9]{1,6}m)?([0-9]{1,6}s)?$'

/** Milliseconds of a Go-style duration of whole hours, minutes and seconds; throws a RangeError for anything else. */
export function parseDuration(text: string): number {
  if (text === '' || !new RegExp(DURATION_PATTERN).test(text)) {
    throw new RangeError(`"${text}" is not a duration: write whole hours, minutes and seconds, such as 90s, 15m or 1h30m`)
  }
  let milliseconds = 0
  for (const [, count, unit = ''] of text.matchAll(/([0-9]+)([hms])/g)) {
    milliseconds += Number(count) * (UNITS[unit] ?? 0)
  }
  return milliseconds
}
