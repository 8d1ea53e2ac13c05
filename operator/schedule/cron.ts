// When a CronJob will start its next runs: the CronJob controller's own answer, clock changes included. Kubernetes asks robfig/cron v3,
// so what that library does is right here, also where one would wish otherwise; test/golden/cron holds its answers.
import {zoneOffset} from '../../crds/zone.ts'
import {has, isEmpty, parseCron} from './cron-spec.ts'
import type {FieldSchedule} from './cron-spec.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
/** How far the library looks ahead; a leap day across 2100 is out of its sight. */
const YEARS_AHEAD = 5

/**
 * The next `count` times strictly after `from`, ascending; fewer, or none, where the schedule does not fire within five years
 * (`0 0 31 2 *`). Throws a RangeError, naming what would be right, for a schedule or time zone that Kubernetes refuses.
 */
export function nextRuns(schedule: string, timeZone: string, from: Date, count: number): Date[] {
  const spec = parseCron(schedule)
  checkTimeZone(timeZone)
  const runs: Date[] = []
  let last = from.getTime()
  while (runs.length < count) {
    const next = spec.kind === 'interval' ? Math.floor(last / SECOND) * SECOND + spec.milliseconds : nextTime(spec, timeZone, last)
    if (next === undefined) {
      break
    }
    runs.push(new Date(next))
    last = next
  }
  return runs
}

/** Whether a CronJob with that schedule and time zone would be accepted. */
export function isKubernetesSchedule(schedule: string, timeZone: string): boolean {
  try {
    nextRuns(schedule, timeZone, new Date(0), 0)
    return true
  } catch (error) {
    if (error instanceof RangeError) {
      return false
    }
    throw error
  }
}

function checkTimeZone(timeZone: string): void {
  const parts = timeZone.split('/')
  const wellFormed = parts.every((part) => /^[A-Za-z_0-9+.][A-Za-z_0-9+.-]{0,13}$/.test(part) && part !== '.' && part !== '..')
  if (!wellFormed || timeZone.toLowerCase() === 'local' || !isKnownZone(timeZone)) {
    throw new RangeError(`time zone "${timeZone}" is not known: write an IANA name such as Europe/Berlin or UTC`)
  }
}

function isKnownZone(timeZone: string): boolean {
  // Intl would take offsets ("+01:00") too; no zone file begins so.
  if (!/^[A-Za-z]/.test(timeZone)) {
    return false
  }
  try {
    zoneOffset(0, timeZone)
    return true
  } catch {
    return false
  }
}

/** A walk from field to field that carries one position and whether it has left the starting time. */
interface Walk {
  readonly spec: FieldSchedule
  readonly timeZone: string
  /** Milliseconds since 1970. */
  at: number
  moved: boolean
}

/**
 * The first matching time after `after`. The walk goes down from months to seconds; whenever a step carries into the next larger unit
 * it begins again at the top. Hours are steps of absolute time: so an hour that a clock change skips does not fire, and one that comes
 * twice fires twice.
 */
function nextTime(spec: FieldSchedule, timeZone: string, after: number): number | undefined {
  if ([spec.minute, spec.hour, spec.month].some(isEmpty)) {
    return undefined
  }
  const walk: Walk = {spec, timeZone, at: Math.floor(after / SECOND) * SECOND + SECOND, moved: false}
  const lastYear = wall(walk).getUTCFullYear() + YEARS_AHEAD
  while (wall(walk).getUTCFullYear() <= lastYear) {
    if (toMonth(walk) && toDay(walk) && toHour(walk) && toMinute(walk) && toSecond(walk)) {
      return walk.at
    }
  }
  return undefined
}

/** Each of these steps to the first match and says true, or false where it carried over and all must be looked at again. */
function toMonth(walk: Walk): boolean {
  while (!has(walk.spec.month, wall(walk).getUTCMonth() + 1)) {
    const now = wall(walk)
    leave(walk, () => Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1))
    const then = wall(walk)
    walk.at = fromWall(walk, then.setUTCMonth(then.getUTCMonth() + 1))
    if (wall(walk).getUTCMonth() === 0) {
      return false
    }
  }
  return true
}

function toDay(walk: Walk): boolean {
  while (!dayMatches(walk.spec, wall(walk))) {
    const now = wall(walk)
    leave(walk, () => Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()))
    const then = walk.at
    addDays(walk, 1)
    if (walk.at <= then) {
      // The next day does not exist (Apia, 2011-12-30). The library never comes back from here.
      addDays(walk, 2)
    }
    if (wall(walk).getUTCDate() === 1) {
      return false
    }
  }
  return true
}

function addDays(walk: Walk, days: number): void {
  const day = wall(walk)
  walk.at = fromWall(walk, day.setUTCDate(day.getUTCDate() + days))
  // A midnight that a clock change skipped has become 23:00 or 01:00.
  const hour = wall(walk).getUTCHours()
  walk.at += (hour > 12 ? 24 - hour : -hour) * HOUR
}

function toHour(walk: Walk): boolean {
  while (!has(walk.spec.hour, wall(walk).getUTCHours())) {
    const now = wall(walk)
    leave(walk, () => now.setUTCMinutes(0, 0, 0))
    walk.at += HOUR
    if (wall(walk).getUTCHours() === 0) {
      return false
    }
  }
  return true
}

function toMinute(walk: Walk): boolean {
  while (!has(walk.spec.minute, wall(walk).getUTCMinutes())) {
    walk.at = (walk.moved ? walk.at : Math.floor(walk.at / MINUTE) * MINUTE) + MINUTE
    walk.moved = true
    if (wall(walk).getUTCMinutes() === 0) {
      return false
    }
  }
  return true
}

function toSecond(walk: Walk): boolean {
  const seconds = wall(walk).getUTCSeconds()
  if (seconds === 0) {
    return true
  }
  walk.moved = true
  walk.at += MINUTE - seconds * SECOND
  return false
}

/** On the first step away from the starting time, everything smaller than the field begins anew. */
function leave(walk: Walk, beginning: () => number): void {
  if (!walk.moved) {
    walk.moved = true
    walk.at = fromWall(walk, beginning())
  }
}

/** Both must match where one of them is a star; else either will do. */
function dayMatches({dayOfMonth, dayOfWeek}: FieldSchedule, day: Date): boolean {
  const date = has(dayOfMonth, day.getUTCDate())
  const weekday = has(dayOfWeek, day.getUTCDay())
  return dayOfMonth.star || dayOfWeek.star ? date && weekday : date || weekday
}

/** What the wall clock shows, in the UTC fields of a Date. */
function wall({at, timeZone}: Walk): Date {
  return new Date(at + zoneOffset(at, timeZone))
}

/**
 * The instant of a wall clock time, resolved as Go's time.Date does: by the offset at the instant that the offset at "that time in UTC"
 * leads to. In a gap this lands before or after it, in an overlap on either; which one depends on the zone.
 */
function fromWall({timeZone}: Walk, clock: number): number {
  const guess = zoneOffset(clock, timeZone)
  return guess === 0 ? clock : clock - zoneOffset(clock - guess, timeZone)
}
