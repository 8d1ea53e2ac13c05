// Reads a schedule as Kubernetes does (robfig/cron v3, ParseStandard): what it takes is taken, what it refuses is refused.

/** A set of small numbers as bits, and whether it came from a bare star: days of month and week combine differently then. */
export interface FieldSet {
  /** Bit n is set where n belongs to the set; 60 values at most, so two words: 0–29 and 30–59. */
  readonly low: number
  readonly high: number
  readonly star: boolean
}

/** Five fields. */
export interface FieldSchedule {
  readonly kind: 'fields'
  readonly minute: FieldSet
  readonly hour: FieldSet
  readonly dayOfMonth: FieldSet
  readonly month: FieldSet
  readonly dayOfWeek: FieldSet
}

/** "@every 90m", which a CronJob takes and a ScheduledExport does not. */
export interface IntervalSchedule {
  readonly kind: 'interval'
  readonly milliseconds: number
}

export type CronSpec = FieldSchedule | IntervalSchedule

interface Bounds {
  readonly name: string
  readonly min: number
  readonly max: number
  readonly names?: readonly string[]
}

const WORD = 30
const MINUTE: Bounds = {name: 'minute', min: 0, max: 59}
const HOUR: Bounds = {name: 'hour', min: 0, max: 23}
const DAY_OF_MONTH: Bounds = {name: 'day of month', min: 1, max: 31}
const MONTHS = ['', 'jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const MONTH: Bounds = {name: 'month', min: 1, max: 12, names: MONTHS}
const DAY_OF_WEEK: Bounds = {name: 'day of week', min: 0, max: 6, names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']}

const MACROS: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
}

/** White space as Go's unicode.IsSpace has it. */
const SPACE = /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/

/** Whether the set holds that value. */
export function has(set: FieldSet, value: number): boolean {
  return value < WORD ? (set.low & (1 << value)) !== 0 : (set.high & (1 << (value - WORD))) !== 0
}

/** Whether the set holds nothing, which a field of commas alone makes: such a schedule is accepted and never fires. */
export function isEmpty(set: FieldSet): boolean {
  return set.low === 0 && set.high === 0
}

/** The schedule as sets of values; throws a RangeError naming the field and what would be right, for all that Kubernetes refuses. */
export function parseCron(schedule: string): CronSpec {
  if (schedule.includes('TZ')) {
    throw new RangeError(`schedule "${schedule}" must not name a time zone: set spec.timeZone instead`)
  }
  if (schedule.startsWith('@every ')) {
    return {kind: 'interval', milliseconds: parseInterval(schedule)}
  }
  if (schedule.startsWith('@') && !Object.hasOwn(MACROS, schedule)) {
    throw new RangeError(`schedule "${schedule}" is not known: write five fields or one of ${Object.keys(MACROS).join(', ')}`)
  }
  return parseFields(MACROS[schedule] ?? schedule)
}

function parseFields(schedule: string): FieldSchedule {
  const fields = schedule.split(SPACE).filter((field) => field !== '')
  const [minute, hour, dayOfMonth, month, dayOfWeek] = fields
  if (minute === undefined || hour === undefined || dayOfMonth === undefined || month === undefined || dayOfWeek === undefined || fields.length > 5) {
    throw new RangeError(
      `schedule "${schedule}" has ${fields.length} fields: write five (minute hour day-of-month month day-of-week), such as "0 6 1 * *"`,
    )
  }
  return {
    kind: 'fields',
    minute: parseField(minute, MINUTE),
    hour: parseField(hour, HOUR),
    dayOfMonth: parseField(dayOfMonth, DAY_OF_MONTH),
    month: parseField(month, MONTH),
    dayOfWeek: parseField(dayOfWeek, DAY_OF_WEEK),
  }
}

/** A list; empty places ("1,,2", even ",") count for nothing. */
function parseField(field: string, bounds: Bounds): FieldSet {
  let set: FieldSet = {low: 0, high: 0, star: false}
  for (const item of field.split(',')) {
    if (item !== '') {
      const more = parseItem(item, bounds)
      set = {low: set.low | more.low, high: set.high | more.high, star: set.star || more.star}
    }
  }
  return set
}

/** "*", "?", a value, a range, each with or without a step; "5/20" means 5-MAX/20. */
function parseItem(item: string, bounds: Bounds): FieldSet {
  const [range = '', stepText, ...moreSteps] = item.split('/')
  const [first = '', last, ...moreDashes] = range.split('-')
  const star = first === '*' || first === '?'
  // What follows "*-" is not looked at by Kubernetes either.
  if (moreSteps.length > 0 || (!star && moreDashes.length > 0)) {
    throw refusal(item, bounds, 'has too many "/" or "-"')
  }
  const start = star ? bounds.min : parseValue(first, item, bounds)
  const openEnd = star || (last === undefined && stepText !== undefined)
  const named = last === undefined || star ? start : parseValue(last, item, bounds)
  const end = openEnd ? bounds.max : named
  const step = stepText === undefined ? 1 : parseNumber(stepText)
  if (start < bounds.min || end > bounds.max || start > end) {
    throw refusal(item, bounds, start > end ? 'begins after it ends' : 'is out of range')
  }
  if (step === undefined || step < 1) {
    throw refusal(item, bounds, 'has a step that is not a positive number')
  }
  return bits({start, end, step}, star && step === 1)
}

function parseValue(text: string, item: string, bounds: Bounds): number {
  const named = text === '' ? -1 : (bounds.names?.indexOf(text.toLowerCase()) ?? -1)
  const value = named >= 0 ? named : parseNumber(text)
  if (value === undefined) {
    throw refusal(item, bounds, 'is not a number')
  }
  return value
}

/** As Go's Atoi: a sign is allowed, and more than 64 bits are not. Negative numbers are refused by Kubernetes. */
function parseNumber(text: string): number | undefined {
  const value = /^[+-]?[0-9]+$/.test(text) ? BigInt(text.replace('+', '')) : -1n
  return value < 0n || value >= 2n ** 63n ? undefined : Number(value)
}

function refusal(item: string, {name, min, max, names}: Bounds, fault: string): RangeError {
  const words = names === undefined ? '' : ` or ${names[min]!.toUpperCase()} to ${names[max]!.toUpperCase()}`
  return new RangeError(`schedule: "${item}" ${fault}: the ${name} is ${min} to ${max}${words}, as *, 5, 1,15, 1-5 or */2`)
}

function bits({start, end, step}: {start: number; end: number; step: number}, star: boolean): FieldSet {
  let [low, high] = [0, 0]
  for (let value = start; value <= end; value += step) {
    if (value < WORD) {
      low |= 1 << value
    } else {
      high |= 1 << (value - WORD)
    }
  }
  return {low, high, star}
}

const DURATION_UNITS: Readonly<Record<string, number>> = {
  ns: 1e-6, us: 1e-3, 'µs': 1e-3, 'μs': 1e-3, ms: 1, s: 1_000, m: 60_000, h: 3_600_000,
}

/** Whole seconds, at least one, as the library rounds. */
function parseInterval(schedule: string): number {
  const match = /^@every ([+-]?)(0|(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:ns|us|µs|μs|ms|s|m|h))+)$/.exec(schedule)
  let milliseconds = 0
  for (const [, count, unit = ''] of (match?.[2] ?? '').matchAll(/([0-9.]+)([a-zµμ]+)/g)) {
    milliseconds += Number(count) * (DURATION_UNITS[unit] ?? Number.NaN)
  }
  if (match === null || milliseconds > 2 ** 63 / 1e6) {
    throw new RangeError(`schedule "${schedule}" has no duration: write one such as @every 90m`)
  }
  return match[1] === '-' ? 1_000 : Math.max(1_000, Math.floor(milliseconds / 1_000) * 1_000)
}
