// What is wrong with rows, collected in one pass: an accountant corrects a hundred values at once rather than one a run.
import {PermanentFault} from '../errors.ts'

/** A value that broke a rule, or that deserves a look. */
export interface Finding {
  readonly dataset: string
  /** From 1, in the order of the dataset. */
  readonly row: number
  /** The row's key, where the dataset has a column for it (booking_id, transaction_id …). */
  readonly key?: {readonly column: string; readonly value: string}
  /** As the dataset calls it, and what the format calls it: "amount (Umsatz, 1)"; empty where the whole row is meant. */
  readonly column: string
  /** Code of the rule, as in docs/errors.md. */
  readonly rule: string
  /** What would be right. It goes into status, so it holds nothing of the value. */
  readonly right: string
  /** What a person who has the list may know besides: which character, how many of them. */
  readonly detail?: string
  /** As the source gave it; undefined for NULL. Only the list has it, no status, no log. */
  readonly value?: string
}

/** How often a rule was noted. */
export interface NoteCount {
  readonly rule: string
  readonly count: number
}

export interface Findings {
  /** A value that cannot be written. Throws FindingsFull when spec.maxErrors is reached. */
  error(finding: Finding): void
  /** Something to know that keeps nobody from publishing: a skipped row, text that a spreadsheet would run. */
  note(finding: Finding): void
  /** In the order in which they were found. */
  errors(): readonly Finding[]
  /** The first notes; noteCounts has the number of all. */
  notes(): readonly Finding[]
  noteCounts(): readonly NoteCount[]
}

/** Ends the pass over the rows: there are as many errors as were asked for. */
export class FindingsFull extends Error {}

/** Notes kept with their place: further ones are counted. */
const MAX_NOTES = 1_000

export function createFindings(maxErrors: number): Findings {
  const errors: Finding[] = []
  const notes: Finding[] = []
  const counts = new Map<string, number>()
  return {
    error(finding) {
      errors.push(finding)
      if (errors.length >= maxErrors) throw new FindingsFull(`${maxErrors} errors`)
    },
    note(finding) {
      counts.set(finding.rule, (counts.get(finding.rule) ?? 0) + 1)
      if (notes.length < MAX_NOTES) notes.push(finding)
    },
    errors: () => errors,
    notes: () => notes,
    noteCounts: () => [...counts].map(([rule, count]) => ({rule, count})).toSorted((a, b) => (a.rule < b.rule ? -1 : 1)),
  }
}

/** Values named in the fault's message; all of them are in its list. */
const SHOWN = 5

/** The run's rows cannot be written: the message says where and what would be right, without any value. */
export class RowsRefused extends PermanentFault {
  readonly findings: readonly Finding[]

  /** `location` says where the list lies. */
  constructor(findings: readonly Finding[], {full, location}: {full: boolean; location?: string | undefined}) {
    const [first] = findings
    const rules = new Set(findings.map(({rule}) => rule))
    super(rules.size === 1 && first !== undefined ? first.rule : 'RowsRefused', summary(findings, {full, location}))
    this.findings = findings
  }
}

function summary(findings: readonly Finding[], {full, location}: {full: boolean; location?: string | undefined}): string {
  const shown = findings.slice(0, SHOWN).map(sentenceOf).join('; ')
  const more = findings.length > SHOWN ? `; and ${findings.length - SHOWN} more` : ''
  const limit = full ? ' (as many as spec.maxErrors allows; there may be others)' : ''
  const list = location === undefined ? '' : `. All of them, with their values: ${location}`
  return `${findings.length === 1 ? 'one value was' : `${findings.length} values were`} refused${limit}: ${shown}${more}${list}`
}

/** "bookings row 17, column amount (Umsatz, 1): must be greater than 0,00 [AmountIsZero]" */
export function sentenceOf({dataset, row, column, rule, right}: Finding): string {
  return `${dataset} row ${row}${column === '' ? '' : `, column ${column}`}: ${right} [${rule}]`
}

const HEADING = ['dataset', 'row', 'key column', 'key', 'column', 'rule', 'value', 'what would be right', 'detail']

/** The list as CSV (RFC 4180, UTF-8 with BOM). Values are written as JSON, so that no spreadsheet runs one and nothing is invisible. */
export function findingsCsv(findings: readonly Finding[]): string {
  const lines = findings.map(({dataset, row, key, column, rule, value, right, detail}) => [
    dataset,
    String(row),
    key?.column ?? '',
    key === undefined ? '' : JSON.stringify(key.value),
    column,
    rule,
    value === undefined ? 'NULL' : JSON.stringify(value),
    right,
    detail ?? '',
  ])
  return `\uFEFF${[HEADING, ...lines].map((line) => line.map(csvField).join(',')).join('\r\n')}\r\n`
}

function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
