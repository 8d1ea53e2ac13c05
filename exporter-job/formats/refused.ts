// What sources could not read in a pass, and what formats need not say of it again.
import type {Finding, Refusal} from './findings.ts'

export interface Refused {
  /** Once, however often a dataset is read. */
  add(finding: Finding, covers: Refusal['covers']): void
  any(): boolean
  all(): readonly Finding[]
  /** Whether the finding is of something that was refused. */
  covers(finding: Finding): boolean
  /** How many there are that a format which has come to the finding's row has met. */
  countUpTo(finding: Finding): number
}

interface Entry {
  readonly finding: Finding
  readonly covers: Refusal['covers']
}

export function createRefused(): Refused {
  const all: Finding[] = []
  const byRow = new Map<string, Entry[]>()

  function ofRow({dataset, row}: Finding): readonly Entry[] {
    return byRow.get(`${dataset} ${row}`) ?? []
  }

  return {
    add(finding, covers) {
      const known = ofRow(finding)
      if (known.some((entry) => entry.finding.column === finding.column && entry.finding.rule === finding.rule)) return
      byRow.set(`${finding.dataset} ${finding.row}`, [...known, {finding, covers}])
      all.push(finding)
    },
    any: () => all.length > 0,
    all: () => all,
    covers: (finding) => ofRow(finding).some(({covers}) => isCovered(covers, finding.column)),
    countUpTo: ({dataset, row}) => all.reduce((count, each) => (each.dataset !== dataset || each.row <= row ? count + 1 : count), 0),
  }
}

/** `column` is as formats write it: "amount (Umsatz, 1)". */
function isCovered(covers: Refusal['covers'], column: string): boolean {
  if (typeof covers === 'string') return covers === 'row'
  return column === covers.column || column.startsWith(`${covers.column} (`)
}
