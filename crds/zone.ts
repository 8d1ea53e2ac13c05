// Wall clocks: what a clock on the wall of a time zone shows at an instant, and when a local day begins.

/** What a wall clock shows. month is 1 to 12; offsetMinutes is local time minus UTC. */
export interface LocalTime {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
  readonly offsetMinutes: number
}

interface Zone {
  readonly format: Intl.DateTimeFormat
  /** Offset in milliseconds by UTC day; 'mixed' on a day on which it changes. */
  readonly days: Map<number, number | 'mixed'>
}

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
/** Some three years of days a zone: what schedules look at. Emptied when full. */
const MAX_CACHED_DAYS = 1_200

const zones = new Map<string, Zone>()

/** Local time minus UTC in milliseconds; throws a RangeError for an unknown time zone. */
export function zoneOffset(epochMilliseconds: number, timeZone: string): number {
  const zone = zoneOf(timeZone)
  const day = Math.floor(epochMilliseconds / DAY)
  let cached = zone.days.get(day)
  if (cached === undefined) {
    cached = offsetOfDay(zone.format, day)
    if (zone.days.size >= MAX_CACHED_DAYS) {
      zone.days.clear()
    }
    zone.days.set(day, cached)
  }
  return cached === 'mixed' ? readOffset(zone.format, epochMilliseconds) : cached
}

/** What the wall clock of that zone shows at that instant; throws a RangeError for an unknown time zone. */
export function localTime(instant: Date, timeZone: string): LocalTime {
  const offset = zoneOffset(instant.getTime(), timeZone)
  const wall = new Date(instant.getTime() + offset)
  return {
    year: wall.getUTCFullYear(),
    month: wall.getUTCMonth() + 1,
    day: wall.getUTCDate(),
    hour: wall.getUTCHours(),
    minute: wall.getUTCMinutes(),
    second: wall.getUTCSeconds(),
    offsetMinutes: Math.trunc(offset / MINUTE),
  }
}

/** The local date at that instant, YYYY-MM-DD. */
export function localDate(instant: Date, timeZone: string): string {
  return new Date(instant.getTime() + zoneOffset(instant.getTime(), timeZone)).toISOString().slice(0, 10)
}

/** RFC 3339 with the zone's offset at that instant, to the second: "2026-11-01T06:00:00+01:00"; an offset of zero is "Z". */
export function formatLocal(instant: Date, timeZone: string): string {
  const offset = zoneOffset(instant.getTime(), timeZone)
  const wall = new Date(instant.getTime() + offset).toISOString().slice(0, 19)
  if (offset === 0) {
    return `${wall}Z`
  }
  const minutes = Math.trunc(Math.abs(offset) / MINUTE)
  return `${wall}${offset < 0 ? '-' : '+'}${twoDigits(Math.trunc(minutes / 60))}:${twoDigits(minutes % 60)}`
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0')
}

/**
 * The first instant of a local day (YYYY-MM-DD). Where a clock change skips midnight it is the instant of the change; a day that a
 * zone skipped altogether (Apia, 2011-12-30) is empty, so it begins where the next one does. Throws a RangeError for what is no date.
 */
export function startOfLocalDay(date: string, timeZone: string): Date {
  const midnight = parseLocalDate(date).getTime()
  // Offsets reach from -12:00 to +14:00, so a day on either side sees every offset that midnight could have.
  const offsets = new Set([zoneOffset(midnight - DAY, timeZone), zoneOffset(midnight + DAY, timeZone)])
  const hits = [...offsets].map((offset) => midnight - offset).filter((at) => at + zoneOffset(at, timeZone) === midnight)
  return new Date(hits.length > 0 ? Math.min(...hits) : endOfGap(midnight, timeZone))
}

/** A local date as midnight UTC, for arithmetic on dates; throws a RangeError for what is no date. */
export function parseLocalDate(date: string): Date {
  const parsed = new Date(`${date}T00:00:00Z`)
  if (!/^\d{4}-\d\d-\d\d$/.test(date) || Number.isNaN(parsed.getTime()) || !parsed.toISOString().startsWith(date)) {
    throw new RangeError(`"${date}" is not a day: write YYYY-MM-DD, such as 2026-10-05`)
  }
  return parsed
}

function endOfGap(midnight: number, timeZone: string): number {
  let before = midnight - DAY - 12 * HOUR
  let after = midnight + DAY + 12 * HOUR
  while (after - before > SECOND) {
    const middle = Math.floor((before + after) / 2 / SECOND) * SECOND
    if (middle + zoneOffset(middle, timeZone) >= midnight) {
      after = middle
    } else {
      before = middle
    }
  }
  return after
}

function zoneOf(timeZone: string): Zone {
  let zone = zones.get(timeZone)
  if (zone === undefined) {
    zone = {format: new Intl.DateTimeFormat('en-US', {timeZone, timeZoneName: 'longOffset'}), days: new Map()}
    zones.set(timeZone, zone)
  }
  return zone
}

/** No zone changes its offset twice within a day, so equal offsets at both ends hold for the whole of it. */
function offsetOfDay(format: Intl.DateTimeFormat, day: number): number | 'mixed' {
  const offset = readOffset(format, day * DAY)
  return readOffset(format, (day + 1) * DAY - SECOND) === offset ? offset : 'mixed'
}

/** "…, GMT+01:00", "…, GMT" and, for local mean time, "…, GMT-00:25:21". */
function readOffset(format: Intl.DateTimeFormat, epochMilliseconds: number): number {
  const match = /GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(format.format(epochMilliseconds))
  if (match === null) {
    throw new RangeError(`no offset from UTC in "${format.format(epochMilliseconds)}"`)
  }
  const [, sign, hours = '0', minutes = '0', seconds = '0'] = match
  const size = Number(hours) * HOUR + Number(minutes) * MINUTE + Number(seconds) * SECOND
  return sign === '-' ? -size : size
}
