// The grammar of spec.schedule, once as CEL for the API server and once in TypeScript.
// Source: robfig/cron v3 ParseStandard, with which Kubernetes reads a CronJob. Where a typing mistake slips through its parser
// ("*-x" is read as "*"), the rule refuses.

const MACRO = '^@(yearly|annually|monthly|weekly|daily|midnight|hourly)$'
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
/** Every name in the order in which a range may run. */
const NAMES = [...MONTHS, ...WEEKDAYS].join(' ')

const MINUTE = '[+]?0*[1-5]?[0-9]'
const HOUR = '[+]?0*(1?[0-9]|2[0-3])'
const DAY_OF_MONTH = '[+]?0*([1-9]|[12][0-9]|3[01])'
const MONTH = `[+]?0*([1-9]|1[0-2])|${MONTHS.join('|')}`
const DAY_OF_WEEK = `[+]?0*[0-6]|${WEEKDAYS.join('|')}`

const FIELDS = `^[ \\t]*${[MINUTE, HOUR, DAY_OF_MONTH, MONTH, DAY_OF_WEEK].map(field).join('[ \\t]+')}[ \\t]*$`
const NUMBER_RANGE = '[0-9]+-[+]?[0-9]+'
const NAME_RANGE = '[a-z]{3}-[a-z]{3}'

/** A list of "*", "?", values and ranges, each with or without a step, over lower case; empty places do not count. */
function field(value: string): string {
  const item = `([*?]|(${value})(-(${value}))?)(/[+]?0*[1-9][0-9]{0,5})?`
  return `,*${item}(,+${item})*,*`
}

/**
 * The rule as CEL. A range that runs backwards between a number and a name ("FRI-1") is left to the operator, which
 * reads the schedule again and says Stalled; so is a schedule that never fires, which Kubernetes accepts.
 */
export const SCHEDULE_CEL =
  `self.matches('${MACRO}') || (self.lowerAscii().matches('${FIELDS.replaceAll('\\', '\\\\')}')` +
  ` && self.findAll('${NUMBER_RANGE}').all(r, int(r.split('-')[0]) <= int(r.split('-')[1]))` +
  ` && self.lowerAscii().findAll('${NAME_RANGE}').all(r, '${NAMES}'.indexOf(r.substring(0, 3)) <= '${NAMES}'.indexOf(r.substring(4))))`

export const SCHEDULE_MESSAGE =
  'must be five fields separated by spaces: minute (0-59), hour (0-23), day of month (1-31), month (1-12 or JAN-DEC), ' +
  'day of week (0-6 or SUN-SAT, 0 is Sunday), such as "0 6 1 * *", or one of @yearly, @monthly, @weekly, @daily, @hourly; ' +
  'L, W, #, H, seconds, @every and TZ= are not known to Kubernetes (the time zone is spec.timeZone)'

/** Whether the schedule keeps SCHEDULE_CEL. */
export function isSchedule(schedule: string): boolean {
  if (new RegExp(MACRO).test(schedule)) return true
  const lower = schedule.toLowerCase()
  return new RegExp(FIELDS).test(lower) && ranges(lower, NUMBER_RANGE, Number) && ranges(lower, NAME_RANGE, (name) => NAMES.indexOf(name))
}

/** Whether every range of that form begins no later than it ends. */
function ranges(schedule: string, form: string, rank: (value: string) => number): boolean {
  return [...schedule.matchAll(new RegExp(form, 'g'))].every(([range]) => {
    const [from, to] = range.split('-')
    return rank(from!) <= rank(to!)
  })
}
