// What all dialects of SQL have in common in a query's text: pieces of code in which a :name is a parameter, pieces in which it is
// not (literals, quoted names, comments), and an end.
import {PermanentFault} from '../../errors.ts'

/**
 * A piece of a query. Known kinds are 'comment', 'parameter' (its text is the name, without the colon), 'end' (a semicolon) and
 * 'other'; whatever else a dialect distinguishes stays as it is.
 */
export interface Token {
  readonly kind: string
  readonly text: string
}

/** What a pattern has found: the name of its group, its text, and a dollar quote's tag. */
export interface Begun {
  readonly kind: string
  readonly found: string
  readonly tag: string | undefined
}

export interface Dialect {
  /** Sticky; exactly one named group matches at any position (beside `tag`, which may be inside of one). */
  readonly pattern: RegExp
  /** The whole of a token of which a regular expression can find the beginning only. */
  readonly whole: (query: string, at: number, begun: Begun) => string
}

/**
 * The query with something in the place of each parameter, without the semicolons, comments and blanks at its end.
 * @throws PermanentFault MultipleStatements
 */
export function rewriteQuery(query: string, dialect: Dialect, replace: (token: Token) => string): string {
  const pieces: string[] = []
  let end = 0
  let ended = false
  for (const token of tokens(query, dialect)) {
    const {kind, text} = token
    const blank = kind === 'comment' || (kind === 'other' && text.trim() === '')
    if (kind === 'end') ended = true
    else if (!blank && ended) throw new PermanentFault('MultipleStatements', 'the query must be one statement: something follows its ";"')
    pieces.push(replace(token))
    if (!blank && kind !== 'end') end = pieces.length
  }
  return pieces.slice(0, end).join('')
}

/** Everything as it stands. */
export function asItStands({kind, text}: Token): string {
  return kind === 'parameter' ? `:${text}` : text
}

/** The tokens of a query, which are the whole of its text (a parameter without its colon). */
function* tokens(query: string, {pattern, whole}: Dialect): Generator<Token> {
  let at = 0
  while (at < query.length) {
    pattern.lastIndex = at
    const groups = pattern.exec(query)?.groups
    const [kind, found] = Object.entries(groups ?? {}).find(([, text]) => text !== undefined) ?? ['other', query[at]!]
    const text = whole(query, at, {kind, found: found ?? '', tag: groups?.['tag']})
    at += text.length + (kind === 'parameter' ? 1 : 0)
    // A comment that is not closed stays where it is, for the server to refuse.
    yield kind === 'comment' && text.startsWith('/*') && !text.endsWith('*/') ? {kind: 'unclosed', text} : {kind, text}
  }
}

/** @throws PermanentFault UnknownParameter, listing those that there are */
export function unknownParameter(name: string, known: readonly string[], hint: string): PermanentFault {
  const list = known.map((each) => `:${each}`).join(', ')
  return new PermanentFault('UnknownParameter', `the query names the parameter :${name}; there are ${list} (${hint})`)
}
