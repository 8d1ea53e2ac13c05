import {describe, expect, it} from 'vitest'
import type {SqlParameter} from '../sql/parameters.ts'
import {bindParameters, variableValue, withoutEnd} from './parameters.ts'

const PARAMETERS: readonly SqlParameter[] = [
  {name: 'periodStart', type: 'date', value: '2026-10-01'},
  {name: 'periodEnd', type: 'date', value: '2026-11-01'},
  {name: 'periodStartAt', type: 'instant', value: '2026-09-30T22:00:00.000Z'},
  {name: 'rate', type: 'numeric', value: '-19.00'},
  {name: 'whole', type: 'numeric', value: '7'},
  {name: 'account', type: 'integer', value: '4711'},
  {name: 'who', type: 'text', value: "O'Neill"},
  {name: 'open_only', type: 'boolean', value: 'true'},
]
const START = 'cast(? as date)'

describe('parameters of a query for MySQL', () => {
  it.each([
    ['a date', 'd >= :periodStart', `d >= ${START}`],
    ['an instant', ':periodStartAt', 'from_unixtime(cast(? as signed))'],
    ['a number, with its digits', ':rate', 'cast(? as decimal(4, 2))'],
    ['a number without decimals', ':whole', 'cast(? as decimal(1, 0))'],
    ['a whole number', ':account', 'cast(? as signed)'],
    ['a truth', ':open_only', 'cast(? as signed)'],
    ['a text', 'name=:who', 'name=?'],
    ['a literal', "select ':periodStart', :periodStart", `select ':periodStart', ${START}`],
    ['a doubled quote in a literal', "'it''s :periodStart' = :periodStart", `'it''s :periodStart' = ${START}`],
    ['a backslash in a literal', String.raw`'\':periodStart\\' = :periodStart`, String.raw`'\':periodStart\\' = ` + START],
    ['a literal in double quotes', String.raw`"\":periodStart""" = :periodStart`, String.raw`"\":periodStart""" = ` + START],
    ['a name in backticks, where a backslash is itself', '`:periodStart``\\` = :periodStart', `\`:periodStart\`\`\\\` = ${START}`],
    ['a comment to the end of the line', '1 -- :periodStart\n+ :periodStart', `1 -- :periodStart\n+ ${START}`],
    ['a comment without text', '1 --\n+ :periodStart', `1 --\n+ ${START}`],
    ['two minuses that are no comment', '1--:account', '1--cast(? as signed)'],
    ['a comment after #', '1 # :x ?\n+ :periodStart', `1 # :x ?\n+ ${START}`],
    ['a comment in between, which does not nest', '1 /* /* :x */ + :periodStart', `1 /* /* :x */ + ${START}`],
    ['an optimizer hint', 'select /*+ x */ :periodStart', `select /*+ x */ ${START}`],
    ['an assignment', '@n := :account', '@n := cast(? as signed)'],
    ['a user variable and one of the server', '@x, @@session.time_zone', '@x, @@session.time_zone'],
    ['umlauts', "ä = 'ö' and ü > :periodStart", `ä = 'ö' and ü > ${START}`],
    ['semicolons, comments and blanks at the end', 'select 1; -- done\n ; # really\n /* it is */ \n', 'select 1'],
    ['a literal that is not closed, which MySQL will refuse', "select 'a :periodStart", "select 'a :periodStart"],
    ['a comment that is not closed', 'select 1 /* :periodStart', 'select 1 /* :periodStart'],
  ])('%s', (_what, query, bound) => {
    expect(bindParameters(query, PARAMETERS).text).toBe(bound)
  })

  it('are filled in the order in which the query uses them, also twice', () => {
    const {text, variables} = bindParameters("select :who, ':rate', :account, :who", PARAMETERS)
    expect(text).toBe("select ?, ':rate', cast(? as signed), ?")
    expect(variables).toEqual(['@sx_parameter_7', '@sx_parameter_6', '@sx_parameter_7'])
  })

  it('have values that every server reads', () => {
    expect(PARAMETERS.map(variableValue)).toEqual(['2026-10-01', '2026-11-01', '1790805600', '-19.00', '7', '4711', "O'Neill", '1'])
    expect(variableValue({name: 'a', type: 'boolean', value: 'false'})).toBe('0')
  })

  it.each([
    ['a name that is not known', 'select :periodstart', 'UnknownParameter', /:periodstart; there are :periodStart, .*:open_only/],
    ['a second statement', 'select 1; drop table x', 'MultipleStatements', /something follows/],
    ['a placeholder', 'select ?', 'QueryInvalid', /"\?"/],
    ['a comment that is executed', 'select 1 /*!40000 + :account */', 'QueryInvalid', /executes?/],
    ['a comment that MariaDB executes', 'select 1 /*M!100000 + 1 */', 'QueryInvalid', /executes?/],
  ])('refuse %s', (_what, query, code, message) => {
    const fault = expect.objectContaining({code, message: expect.stringMatching(message)})
    expect(() => bindParameters(query, PARAMETERS)).toThrow(fault)
  })

  it('stay as they are in a query that only loses its end', () => {
    expect(withoutEnd("select ':x', :who from t; -- end")).toBe("select ':x', :who from t")
    expect(() => withoutEnd('select 1 /*! x */')).toThrow(expect.objectContaining({code: 'QueryInvalid'}))
  })
})
