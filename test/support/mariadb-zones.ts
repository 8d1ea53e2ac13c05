// The time zone tables of a MariaDB server, as mariadb-tzinfo-to-sql fills them; that program is in a package that starts a service.
import {zoneOffset} from '../../crds/zone.ts'

const DAY = 86_400_000
const FIRST = Date.UTC(1970, 0, 1)
const LAST = Date.UTC(2038, 0, 1)

/** Statements that make the server know these zones by name. */
export function zoneTables(timeZones: readonly string[]): string[] {
  return timeZones.flatMap((timeZone, index) => {
    const id = index + 1
    const changes = [{at: FIRST, offset: zoneOffset(FIRST, timeZone)}, ...changesOf(timeZone)]
    const offsets = [...new Set(changes.map(({offset}) => offset))]
    const types = offsets.map((offset, type) => `(${id}, ${type}, ${offset / 1000}, 0, 'T${type}')`)
    const transitions = changes.map(({at, offset}) => `(${id}, ${at / 1000}, ${offsets.indexOf(offset)})`)
    return [
      `insert into mysql.time_zone (time_zone_id, use_leap_seconds) values (${id}, 'N')`,
      `insert into mysql.time_zone_name (name, time_zone_id) values ('${timeZone}', ${id})`,
      'insert into mysql.time_zone_transition_type (time_zone_id, transition_type_id, `offset`, is_dst, abbreviation) values ' + types.join(', '),
      `insert into mysql.time_zone_transition (time_zone_id, transition_time, transition_type_id) values ${transitions.join(', ')}`,
    ]
  })
}

interface Change {
  readonly at: number
  readonly offset: number
}

function changesOf(timeZone: string): Change[] {
  const changes: Change[] = []
  for (let day = FIRST; day < LAST; day += DAY) {
    if (zoneOffset(day, timeZone) !== zoneOffset(day + DAY, timeZone)) changes.push(changeBetween(day, day + DAY, timeZone))
  }
  return changes
}

function changeBetween(from: number, to: number, timeZone: string): Change {
  const before = zoneOffset(from, timeZone)
  let [low, high] = [from, to]
  while (high - low > 1000) {
    const middle = Math.floor((low + high) / 2000) * 1000
    if (zoneOffset(middle, timeZone) === before) low = middle
    else high = middle
  }
  return {at: high, offset: zoneOffset(high, timeZone)}
}
