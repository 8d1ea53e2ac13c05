import {describe, expect, it} from 'vitest'
import {bindParameters} from './parameters.ts'

const START = "(current_setting('sx.period_start')::date)"

describe('parameters of a query', () => {
  it.each([
    ['a date', 'where d >= :periodStart', `where d >= ${START}`],
    ['the end', 'd<:periodEnd', "d<(current_setting('sx.period_end')::date)"],
    ['an instant', ':periodStartAt', "(current_setting('sx.period_start_at')::timestamptz)"],
    ['the last instant', ':periodEndAt', "(current_setting('sx.period_end_at')::timestamptz)"],
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
        message: expect.stringMatching(/:periodstart; there are :periodStart, :periodEnd, :periodStartAt, :periodEndAt/),
      }),
    )
    expect(() => bindParameters('select :constructor')).toThrow(/UnknownParameter|:constructor/)
    expect(() => bindParameters('select a[:n]')).toThrow(/space after/)
  })

  it('refuses a second statement', () => {
    expect(() => bindParameters('select 1; drop table x')).toThrow(expect.objectContaining({code: 'MultipleStatements'}))
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
