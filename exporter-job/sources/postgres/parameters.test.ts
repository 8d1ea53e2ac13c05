import {describe, expect, it} from 'vitest'
import {bindParameters as bind, withoutEnd} from './parameters.ts'

const PARAMETERS = [
  {name: 'periodStart', type: 'date'},
  {name: 'periodEnd', type: 'date'},
  {name: 'periodStartAt', type: 'instant'},
  {name: 'periodEndAt', type: 'instant'},
  {name: 'rate', type: 'numeric'},
  {name: 'Rate', type: 'integer'},
  {name: 'who', type: 'text'},
  {name: 'open_only', type: 'boolean'},
] as const
const START = "(current_setting('sx.parameter_1')::date)"

function bindParameters(query: string): string {
  return bind(query, PARAMETERS)
}

describe('parameters of a query', () => {
  it.each([
    ['a date', 'where d >= :periodStart', `where d >= ${START}`],
    ['the end', 'd<:periodEnd', "d<(current_setting('sx.parameter_2')::date)"],
    ['an instant', ':periodStartAt', "(current_setting('sx.parameter_3')::timestamptz)"],
    ['the last instant', ':periodEndAt', "(current_setting('sx.parameter_4')::timestamptz)"],
    ['a number', '19 * :rate', "19 * (current_setting('sx.parameter_5')::numeric)"],
    ['a name that differs in case only', ':Rate', "(current_setting('sx.parameter_6')::bigint)"],
    ['a text', 'name=:who', "name=(current_setting('sx.parameter_7')::text)"],
    ['a truth', 'not :open_only', "not (current_setting('sx.parameter_8')::boolean)"],
    ['a cast after it', ':periodStart::text', `${START}::text`],
    ['a cast before it', "x::date >= :periodStart", `x::date >= ${START}`],
    ['a literal', "select ':periodStart', :periodStart", `select ':periodStart', ${START}`],
    ['a doubled quote in a literal', "'it''s :periodStart' || :periodStart", `'it''s :periodStart' || ${START}`],
    ['a backslash at the end of a literal', String.raw`'\' || :periodStart`, String.raw`'\' || ` + START],
    ['an escape string', String.raw`E'\':periodStart' || :periodStart`, String.raw`E'\':periodStart' || ` + START],
    ['an escape string that goes on in the next line', "e'a'\n  '\\':periodStart' || :periodStart", `e'a'\n  '\\':periodStart' || ${START}`],
    ['a word that ends in e before a literal', String.raw`some'\' || :periodStart`, String.raw`some'\' || ` + START],
    ['a quoted name', 'select "a:periodStart""b" = :periodStart', `select "a:periodStart""b" = ${START}`],
    ['a dollar quote', '$$:periodStart$$ || :periodStart', `$$:periodStart$$ || ${START}`],
    ['a tagged dollar quote', '$q$ $$ :periodStart $q$ || :periodStart', `$q$ $$ :periodStart $q$ || ${START}`],
    ['a dollar in a name, which opens no quote', 'a$b$ = :periodStart', `a$b$ = ${START}`],
    ['a line comment', '1 -- :periodStart\n+ :periodStart', `1 -- :periodStart\n+ ${START}`],
    ['a nested comment', '1 /* /* :periodStart */ :x */ + :periodStart', `1 /* /* :periodStart */ :x */ + ${START}`],
    ['a named argument', 'f(a := 1, b => :periodStart)', `f(a := 1, b => ${START})`],
    ['an array slice', 'a[1:2], a[1: b]', 'a[1:2], a[1: b]'],
    ['umlauts', "ä = 'ö' and ü > :periodStart", `ä = 'ö' and ü > ${START}`],
    ['a semicolon at the end', 'select 1 ;', 'select 1'],
    ['semicolons, comments and blanks at the end', 'select 1; -- done\n ; /* really */ \n', 'select 1'],
    ['a comment at the end', 'select 1 -- one', 'select 1'],
    ['a semicolon in a literal', "select ';' ;", "select ';'"],
    ['a literal that is not closed, which PostgreSQL will refuse', "select 'a :periodStart", "select 'a :periodStart"],
    ['a comment that is not closed', 'select 1 /* :periodStart', 'select 1 /* :periodStart'],
  ])('%s', (_what, query, bound) => {
    expect(bindParameters(query)).toBe(bound)
  })

  it('refuses a name that is not known, and says which there are', () => {
    expect(() => bindParameters('select :periodstart')).toThrow(
      expect.objectContaining({
        code: 'UnknownParameter',
        message: expect.stringMatching(/:periodstart; there are :periodStart, :periodEnd, :periodStartAt, :periodEndAt, :rate, :Rate, :who, :open_only/),
      }),
    )
    expect(() => bindParameters('select :constructor')).toThrow(/UnknownParameter|:constructor/)
    expect(() => bindParameters('select a[:n]')).toThrow(/space after/)
  })

  it('refuses a second statement', () => {
    expect(() => bindParameters('select 1; drop table x')).toThrow(expect.objectContaining({code: 'MultipleStatements'}))
  })

  it.each([
    ['a semicolon', 'select :periodStart ; ', 'select :periodStart'],
    ['a comment', 'select 1 -- one', 'select 1'],
    ['a comment after a semicolon', "select ';' as a; /* that's it */ -- really", "select ';' as a"],
    ['nothing', "select ':x', :who::text", "select ':x', :who::text"],
  ])('can be left in a query of which %s is taken off the end', (_what, query, left) => {
    expect(withoutEnd(query)).toBe(left)
  })

  it('are the same in a query and in the query without its end', () => {
    const query = "with x as (select 1 /* ; */) select * from x where d = :periodStart and ':who' = :who; -- end"
    expect(bindParameters(withoutEnd(query))).toBe(bindParameters(query))
    expect(() => withoutEnd('select 1; select 2')).toThrow(expect.objectContaining({code: 'MultipleStatements'}))
  })

  it('is quick with a long query, whatever it is made of', () => {
    const pieces = ["'", '"', '/*', '$$', '$a$', 'a', ':periodStart ', "e'\\", ' ', '-']
    const slow = pieces.filter((piece) => {
      const started = performance.now()
      bindParameters(piece.repeat(16_384 / piece.length))
      return performance.now() - started > 500
    })
    expect(slow).toEqual([])
  })
})
