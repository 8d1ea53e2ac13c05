// Cost centres and projects: in the master files, and in the lines that are assigned to them.
import {describe, expect, test} from 'vitest'
import {LUXEMBOURG, NORWAY, ROMANIA, changed, read, without, write} from './testing/changes.ts'
import {writeAudit} from './testing/write.ts'
import {all, readXml, textAt} from './testing/xml.ts'

describe.each([
  [NORWAY, 'AVD', 'PROSJEKT'],
  [ROMANIA, 'CC', 'PROIECT'],
  [LUXEMBOURG, 'CC', 'PROJET'],
] as const)('analysis: %#', (sample, costCenter, project) => {
  const {cost_centers, projects, journal_lines} = sample.ledger

  test('has every cost centre and project in one table, each with its type', async () => {
    const table = all(await read(sample), 'MasterFiles/AnalysisTypeTable')
    expect(table).toHaveLength(1)
    const entries = all(table[0]!, 'AnalysisTypeTableEntry')
    expect(entries.map((entry) => [textAt(entry, 'AnalysisType'), textAt(entry, 'AnalysisID'), textAt(entry, 'AnalysisIDDescription')])).toEqual([
      ...cost_centers.map(({id, name}) => [costCenter, id, name]),
      ...projects.map(({id}) => [project, id, id]),
    ])
  })

  test('has in every line what it is assigned to, and nothing where it is not', async () => {
    const lines = all(await read(sample), `GeneralLedgerEntries/Journal/Transaction/${sample === ROMANIA ? 'TransactionLine' : 'Line'}`)
    const written = lines.map((line) => all(line, 'Analysis').map((each) => [textAt(each, 'AnalysisType'), textAt(each, 'AnalysisID')]))
    const pairs = journal_lines.map((row) => [
      [costCenter, row['cost_center']],
      [project, row['project']],
    ])
    expect(written).toEqual(pairs.map((pair) => pair.filter(([, id]) => (id ?? null) !== null)))
  })

  test.each(['cost_center', 'project'])('refuses a %s that its dataset does not have', async (column) => {
    const {findings} = await write(sample, {journal_lines: changed(journal_lines, 1, {[column]: 'X'})})
    expect(findings.errors().map(({row, rule, column: named}) => [row, rule, named.split(' ')[0]])).toEqual([[1, 'NotInMasterFiles', column]])
  })

  test('refuses a cost centre that comes twice', async () => {
    const {findings} = await write(sample, {cost_centers: [...cost_centers, cost_centers[0]!]})
    expect(findings.errors().map(({dataset, row, rule}) => [dataset, row, rule])).toEqual([['cost_centers', 5, 'DuplicateId']])
  })
})

test.each([NORWAY, LUXEMBOURG])('without cost centres and projects there is no table of them: %#', async (sample) => {
  const {accounts, customers, suppliers, tax_codes, journal_lines} = sample.ledger
  const datasets = {accounts, customers, suppliers, tax_codes, journal_lines: journal_lines.map((row) => without(row, 'cost_center', 'project'))}
  const {sink, findings} = await writeAudit(datasets, {spec: {...sample.spec, profile: sample.profile}, context: sample.context ?? {}})
  expect(findings.errors()).toEqual([])
  expect(all(readXml(sink.bytes(0)), 'MasterFiles/AnalysisTypeTable')).toEqual([])
})
