// The parameters of a dataset's query. A :name becomes the placeholder of a prepared statement, with a cast to its type: no value is
// ever put into SQL text, and a text compares with columns of any collation as a literal would.
import {PermanentFault} from '../../errors.ts'
import type {SqlParameter} from '../sql/parameters.ts'
import {asItStands, rewriteQuery, unknownParameter} from '../sql/rewrite.ts'
import type {Begun, Dialect} from '../sql/rewrite.ts'

/**
 * What a position in the text can begin, in this order: comments (-- wants a blank behind it), literals, quoted names, assignments,
 * words and numbers, a parameter. The session's sql_mode sees to it that a backslash escapes and that "…" is a literal.
 */
const PATTERN = new RegExp(
  [
    String.raw`(?<executed>\/\*M?!)`,
    String.raw`(?<comment>--(?=[\s\x00-\x1f]|$)[^\n]*|#[^\n]*|\/\*)`,
    String.raw`(?<literal>'(?:[^'\\]|\\[\s\S]|'')*'?|"(?:[^"\\]|\\[\s\S]|"")*"?)`,
    '(?<name>`(?:[^`]|``)*`?)',
    String.raw`(?<word>[A-Za-z_$\u0080-\uffff][\w$\u0080-\uffff]*|\d[\w.]*)`,
    String.raw`(?<operator>:=)`,
    String.raw`:(?<parameter>[A-Za-z_]\w*)`,
    String.raw`(?<placeholder>\?)`,
    String.raw`(?<end>;)`,
    String.raw`(?<other>\s+|[\s\S])`,
  ].join('|'),
  'y',
)

const MYSQL: Dialect = {pattern: PATTERN, whole}

export interface BoundQuery {
  /** With a placeholder for each use of a parameter. */
  readonly text: string
  /** The user variables that fill them, in this order. */
  readonly variables: readonly string[]
}

/** The user variable that carries a parameter, by its place in the list. */
export function variableOf(index: number): string {
  return `@sx_parameter_${index + 1}`
}

/** A value as its user variable has it. */
export function variableValue({type, value}: SqlParameter): string {
  if (type === 'boolean') return value === 'true' ? '1' : '0'
  return type === 'instant' ? String(Date.parse(value) / 1000) : value
}

/** @throws PermanentFault UnknownParameter, MultipleStatements, QueryInvalid */
export function bindParameters(query: string, parameters: readonly SqlParameter[]): BoundQuery {
  const variables: string[] = []
  const text = rewriteQuery(query, MYSQL, (token) => {
    refuse(token.kind)
    if (token.kind !== 'parameter') return token.text
    const index = parameters.findIndex(({name}) => name === token.text)
    const parameter = parameters[index]
    if (parameter === undefined) throw unknownParameter(token.text, parameters.map(({name}) => name), 'anything else with a ":" belongs into quotes')
    variables.push(variableOf(index))
    return placeholderOf(parameter)
  })
  return {text, variables}
}

/** The query without the semicolon and the comments at its end, its parameters as they are. @throws PermanentFault as {@link bindParameters} */
export function withoutEnd(query: string): string {
  return rewriteQuery(query, MYSQL, (token) => {
    refuse(token.kind)
    return asItStands(token)
  })
}

function placeholderOf({type, value}: SqlParameter): string {
  switch (type) {
    case 'text':
      return '?'
    case 'integer':
    case 'boolean':
      return 'cast(? as signed)'
    case 'numeric': {
      const [digits = '', decimals = ''] = value.replace('-', '').split('.')
      return `cast(? as decimal(${digits.length + decimals.length}, ${decimals.length}))`
    }
    case 'date':
      return 'cast(? as date)'
    case 'instant':
      return 'from_unixtime(cast(? as signed))'
    default:
      return type satisfies never
  }
}

function refuse(kind: string): void {
  if (kind === 'executed') throw invalid('it has a comment that MySQL would execute (/*! … */): write its content as code')
  if (kind === 'placeholder') throw invalid('it has a "?": name parameters as :name')
}

function invalid(problem: string): PermanentFault {
  return new PermanentFault('QueryInvalid', `the query is not taken: ${problem}`)
}

/** Block comments do not nest. */
function whole(query: string, at: number, {kind, found}: Begun): string {
  if (kind !== 'comment' || found !== '/*') return found
  const close = query.indexOf('*/', at + 2)
  return close < 0 ? query.slice(at) : query.slice(at, close + 2)
}
