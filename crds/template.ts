// Placeholders in paths: {{ variable }} or {{ variable | date: '%Y-%m' }}. Fixed variables, one filter, nothing that could reach further.
import {isoWeek, lastDay} from './period.ts'
import type {LocalPeriod} from './run.ts'
import {localDate, parseLocalDate} from './zone.ts'

/** What a path may name. */
export interface TemplateValues {
  readonly name: string
  readonly namespace: string
  readonly period: LocalPeriod
  readonly scheduledTime: Date
  /** In which scheduledTime is a day. */
  readonly timeZone: string
}

/** Characters that a rendered text may have. */
export const MAX_RENDERED_LENGTH = 1_024

/** Each variable's value: text, or a local day, which the filter `date` can write otherwise. */
const VARIABLES = {
  'period.start': ({period}: TemplateValues) => parseLocalDate(period.start),
  /** The last day covered, as people name a period; LocalPeriod.end is the day after it. */
  'period.end': ({period}: TemplateValues) => parseLocalDate(lastDay(period)),
  scheduledTime: ({scheduledTime, timeZone}: TemplateValues) => parseLocalDate(localDate(scheduledTime, timeZone)),
  name: ({name}: TemplateValues) => name,
  namespace: ({namespace}: TemplateValues) => namespace,
} as const
type Variable = keyof typeof VARIABLES
const DATES: readonly string[] = ['period.start', 'period.end', 'scheduledTime'] satisfies Variable[]

const DIRECTIVES: Readonly<Record<string, (day: Date) => string>> = {
  Y: (day) => String(day.getUTCFullYear()).padStart(4, '0'),
  m: (day) => String(day.getUTCMonth() + 1).padStart(2, '0'),
  d: (day) => String(day.getUTCDate()).padStart(2, '0'),
  j: (day) => String(1 + (day.getTime() - Date.UTC(day.getUTCFullYear(), 0, 1)) / 86_400_000).padStart(3, '0'),
  V: (day) => String(isoWeek(day).week).padStart(2, '0'),
  G: (day) => String(isoWeek(day).year),
  q: (day) => String(Math.floor(day.getUTCMonth() / 3) + 1),
}
const DIRECTIVE_HELP = '%Y year, %m month, %d day, %j day of the year, %V ISO week, %G its year, %q quarter'

interface Placeholder {
  readonly variable: Variable
  readonly format?: string
}

/** Throws a RangeError that names what is unknown and what there is. */
export function checkTemplate(text: string): void {
  parse(text)
}

/** The text with its placeholders filled in; throws a RangeError as {@link checkTemplate}, and for a result that is too long. */
export function renderTemplate(text: string, values: TemplateValues): string {
  const rendered = parse(text)
    .map((part) => (typeof part === 'string' ? part : fill(part, values)))
    .join('')
  if (rendered.length > MAX_RENDERED_LENGTH) {
    throw new RangeError(`"${text}" becomes longer than ${MAX_RENDERED_LENGTH} characters`)
  }
  return rendered
}

/** Literal text and placeholders in turn. */
function parse(text: string): (string | Placeholder)[] {
  const parts: (string | Placeholder)[] = []
  let rest = text
  while (rest !== '') {
    const open = rest.indexOf('{{')
    const literal = open < 0 ? rest : rest.slice(0, open)
    if (literal.includes('}}')) {
      throw new RangeError(`"${text}" closes a placeholder that was not opened: write {{ period.start }}`)
    }
    parts.push(literal)
    if (open < 0) {
      break
    }
    const close = rest.indexOf('}}', open)
    if (close < 0) {
      throw new RangeError(`"${text}" opens a placeholder that is not closed: write {{ period.start }}`)
    }
    parts.push(parsePlaceholder(rest.slice(open + 2, close).trim()))
    rest = rest.slice(close + 2)
  }
  return parts
}

function parsePlaceholder(text: string): Placeholder {
  const match = /^([^|\s]+)(?:\s*\|\s*([A-Za-z_]+)\s*(?::\s*(?:'([^']*)'|"([^"]*)"))?)?$/.exec(text)
  if (match === null) {
    throw new RangeError(`{{ ${text} }} is not a placeholder: write {{ period.start }} or {{ period.start | date: '%Y-%m' }}`)
  }
  const [, variable = '', filter, single, double] = match
  if (!isVariable(variable)) {
    throw new RangeError(`{{ ${text} }} names "${variable}", which is not known: there are ${Object.keys(VARIABLES).join(', ')}`)
  }
  if (filter === undefined) {
    return {variable}
  }
  return {variable, format: checkFilter({text, variable, filter, format: single ?? double})}
}

function checkFilter({text, variable, filter, format}: {text: string; variable: string; filter: string; format: string | undefined}): string {
  if (filter !== 'date') {
    throw new RangeError(`{{ ${text} }} uses the filter "${filter}", which is not known: there is date: '%Y-%m'`)
  }
  if (!DATES.includes(variable)) {
    throw new RangeError(`{{ ${text} }}: ${variable} is not a date; the filter date is for ${DATES.join(', ')}`)
  }
  if (format === undefined || format === '') {
    throw new RangeError(`{{ ${text} }}: the filter date needs a format, such as date: '%Y-%m'`)
  }
  for (const [directive, letter = ''] of format.matchAll(/%(.?)/gu)) {
    if (!Object.hasOwn(DIRECTIVES, letter)) {
      throw new RangeError(`{{ ${text} }}: "${directive}" is not known: there are ${DIRECTIVE_HELP}`)
    }
  }
  return format
}

function fill({variable, format = '%Y-%m-%d'}: Placeholder, values: TemplateValues): string {
  const value = VARIABLES[variable](values)
  return typeof value === 'string' ? value : format.replaceAll(/%(.)/g, (_, letter: string) => DIRECTIVES[letter]?.(value) ?? '')
}

function isVariable(name: string): name is Variable {
  return Object.hasOwn(VARIABLES, name)
}
