// The parameters of a dataset's query. COPY takes no bind parameters, so a :name becomes a typed current_setting(), which the
// session fills by set_config(): no value is ever put into SQL text. Text that is not code (literals, quoted names, comments) stays.
import type {ParameterType, SqlParameter} from '../sql/parameters.ts'
import {asItStands, rewriteQuery, unknownParameter} from '../sql/rewrite.ts'
import type {Begun, Dialect} from '../sql/rewrite.ts'

const SQL_TYPES: Readonly<Record<ParameterType, string>> = {
  text: 'text',
  integer: 'bigint',
  numeric: 'numeric',
  date: 'date',
  boolean: 'boolean',
  instant: 'timestamptz',
}

/**
 * What a position in the text can begin, in this order: comments, literals, quoted names, casts and assignments, words and
 * numbers, a parameter. An escape string (E'…') goes on in the next line's literal. A dollar quote may not follow a word.
 */
const PATTERN = new RegExp(
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

const POSTGRES: Dialect = {pattern: PATTERN, whole}

/**
 * The setting that carries a parameter, by its place in the list: PostgreSQL does not tell the settings sx.a and sx.A apart.
 */
export function settingOf(index: number): string {
  return `sx.parameter_${index + 1}`
}

/**
 * The query with its parameters as settings, and without the semicolon at its end.
 * @throws PermanentFault UnknownParameter, MultipleStatements
 */
export function bindParameters(query: string, parameters: readonly Pick<SqlParameter, 'name' | 'type'>[]): string {
  return rewriteQuery(query, POSTGRES, (token) => {
    if (token.kind !== 'parameter') return token.text
    const index = parameters.findIndex(({name}) => name === token.text)
    const parameter = parameters[index]
    if (parameter === undefined) {
      throw unknownParameter(token.text, parameters.map(({name}) => name), 'an array slice needs a space after its ":"')
    }
    return `(current_setting('${settingOf(index)}')::${SQL_TYPES[parameter.type]})`
  })
}

/** The query without the semicolon and the comments at its end, its parameters as they are. @throws PermanentFault MultipleStatements */
export function withoutEnd(query: string): string {
  return rewriteQuery(query, POSTGRES, asItStands)
}

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
