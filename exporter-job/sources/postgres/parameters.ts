// The parameters of a dataset's query. COPY takes no bind parameters, so a :name becomes a typed current_setting(), which the
// session fills by set_config(): no value is ever put into SQL text. Text that is not code (literals, quoted names, comments) stays.
import {PermanentFault} from '../../errors.ts'

/** A parameter: the setting that carries it, and its type in SQL. */
interface Parameter {
  readonly setting: string
  readonly type: 'date' | 'timestamptz'
}

export const PARAMETERS = {
  periodStart: {setting: 'sx.period_start', type: 'date'},
  periodEnd: {setting: 'sx.period_end', type: 'date'},
  periodStartAt: {setting: 'sx.period_start_at', type: 'timestamptz'},
  periodEndAt: {setting: 'sx.period_end_at', type: 'timestamptz'},
} as const satisfies Readonly<Record<string, Parameter>>

export type ParameterName = keyof typeof PARAMETERS

/**
 * What a position in the text can begin, in this order: comments, literals, quoted names, casts and assignments, words and
 * numbers, a parameter. An escape string (E'…') goes on in the next line's literal. A dollar quote may not follow a word.
 */
const TOKEN = new RegExp(
  [
    String.raw`(?<comment>--[^\n]*|\/\*)`,
    String.raw`(?<escaped>[eE]'(?:[^'\\]|\\[\s\S]|''|'[ \t\r\f\v]*\n\s*')*'?)`,
    String.raw`(?<literal>'(?:[^']|'')*'?|"(?:[^"]|"")*"?)`,
    String.raw`(?<dollar>\$(?<tag>[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$)`,
    String.raw`(?<word>[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*|\d[\w.]*)`,
    String.raw`(?<operator>::|:=)`,
    String.raw`:(?<parameter>[A-Za-z_]\w*)`,
    String.raw`(?<end>;)`,
    String.raw`(?<other>\s+|[\s\S])`,
  ].join('|'),
  'y',
)

interface Token {
  readonly kind: string
  readonly text: string
}

/**
 * The query with its parameters as settings, and without the semicolon at its end.
 * @throws PermanentFault UnknownParameter, MultipleStatements
 */
export function bindParameters(query: string): string {
  return rewritten(query, settingOf)
}

/** The query without the semicolon and the comments at its end, its parameters as they are. @throws PermanentFault MultipleStatements */
export function withoutEnd(query: string): string {
  return rewritten(query, (name) => `:${name}`)
}

function rewritten(query: string, parameter: (name: string) => string): string {
  const bound: string[] = []
  let end = 0
  let ended = false
  for (const {kind, text} of tokens(query)) {
    const blank = kind === 'comment' || (kind === 'other' && text.trim() === '')
    if (kind === 'end') ended = true
    else if (!blank && ended) throw new PermanentFault('MultipleStatements', 'the query must be one statement: something follows its ";"')
    bound.push(kind === 'parameter' ? parameter(text) : text)
    if (!blank && kind !== 'end') end = bound.length
  }
  return bound.slice(0, end).join('')
}

function settingOf(name: string): string {
  if (!Object.hasOwn(PARAMETERS, name)) {
    const known = Object.keys(PARAMETERS).map((each) => `:${each}`).join(', ')
    const message = `the query names the parameter :${name}; there are ${known} (an array slice needs a space after its ":")`
    throw new PermanentFault('UnknownParameter', message)
  }
  const {setting, type}: Parameter = PARAMETERS[name as ParameterName]
  return `(current_setting('${setting}')::${type})`
}

/** The tokens of a query, which are the whole of its text (a parameter without its colon). */
function* tokens(query: string): Generator<Token> {
  let at = 0
  while (at < query.length) {
    TOKEN.lastIndex = at
    const groups = TOKEN.exec(query)?.groups
    const [kind, found] = Object.entries(groups ?? {}).find(([, text]) => text !== undefined) ?? ['other', query[at]!]
    const text = whole(query, at, {kind, found: found ?? '', tag: groups?.['tag']})
    at += text.length + (kind === 'parameter' ? 1 : 0)
    // A comment that is not closed stays where it is, for PostgreSQL to refuse.
    yield text.startsWith('/*') && !text.endsWith('*/') ? {kind: 'unclosed', text} : {kind, text}
  }
}

interface Begun {
  readonly kind: string
  readonly found: string
  readonly tag: string | undefined
}

/** The whole of a token of which a regular expression can find the beginning only. */
function whole(query: string, at: number, {kind, found, tag}: Begun): string {
  if (kind === 'comment' && found === '/*') return query.slice(at, endOfComment(query, at))
  if (kind !== 'dollar') return found
  const quote = `$${tag ?? ''}$`
  const close = query.indexOf(quote, at + quote.length)
  return close < 0 ? query.slice(at) : query.slice(at, close + quote.length)
}

/** Block comments nest in PostgreSQL. */
function endOfComment(query: string, at: number): number {
  let depth = 0
  for (const mark of query.slice(at).matchAll(/\/\*|\*\//g)) {
    depth += mark[0] === '/*' ? 1 : -1
    if (depth === 0) return at + mark.index + 2
  }
  return query.length
}
